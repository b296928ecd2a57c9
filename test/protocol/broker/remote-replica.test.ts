import { describe, expect, test } from "vitest";
import {
  isCaughtUp,
  newRemoteReplica,
  noteFetch,
  resetForNewEpoch,
} from "../../../lib/protocol/broker/remote-replica.js";
import type { RemoteReplica } from "../../../lib/protocol/broker/state.js";
import { longAgoMs } from "../../../lib/protocol/ids.js";
import { BrokerUnderTest, brokerEpochOf, lagMs, logTo, T } from "./broker-under-test.js";

const t1 = T;
const t2 = T + 10;
const t3 = T + 20;

function fetched(remote: RemoteReplica, fetchOffset: number, leaderLogEndOffset: number, fetchTimeMs = T) {
  return noteFetch(remote, { fetchOffset, logStartOffset: 1, leaderLogEndOffset, fetchTimeMs, brokerEpoch: 102 });
}

/** In the order of the cases: LEO, lastCaughtUp, lastFetchLeaderLEO, lastFetchTime. Kafka's 0 is "long ago". */
function notes(remote: RemoteReplica) {
  const { logEndOffset, lastCaughtUpTimeMs, lastFetchLeaderLogEndOffset, lastFetchTimeMs } = remote;
  return [logEndOffset, lastCaughtUpTimeMs, lastFetchLeaderLogEndOffset, lastFetchTimeMs];
}

describe("A. what a leader notes of a follower", () => {
  test("A-01 initial state", () => {
    const fresh = newRemoteReplica(2);
    expect(notes(fresh)).toEqual([-1, longAgoMs, 0, longAgoMs]);
    expect(fresh.logStartOffset).toBe(-1);
    expect(fresh.brokerEpoch).toBeNull();
  });

  test("A-02 fetch progress, three fetches", () => {
    const first = fetched(newRemoteReplica(2), 5, 10, t1);
    expect(notes(first)).toEqual([5, longAgoMs, 10, t1]);
    const second = fetched(first, 10, 15, t2);
    expect(notes(second)).toEqual([10, t1, 15, t2]);
    const third = fetched(second, 15, 15, t3);
    expect(notes(third)).toEqual([15, t3, 15, t3]);
  });

  test.each([
    // case, isNewLeader, isInSync, then: LEO, lastCaughtUp, lastFetchLeaderLEO, lastFetchTime, logStart, broker epoch
    ["A-03 same leader, in the ISR", false, true, [10, t2, 11, t2], 1, 102],
    ["A-04 same leader, not in the ISR", false, false, [10, longAgoMs, 11, longAgoMs], 1, 102],
    ["A-05 new leader, in the ISR", true, true, [-1, t2, -1, longAgoMs], -1, null],
    ["A-06 new leader, not in the ISR", true, false, [-1, longAgoMs, -1, longAgoMs], -1, null],
  ] as const)("%s", (_, isNewLeader, isInSync, expected, logStartOffset, brokerEpoch) => {
    const before = fetched(newRemoteReplica(2), 10, 10, t1);
    const after = resetForNewEpoch(before, { nowMs: t2, leaderLogEndOffset: 11, isNewLeader, isInSync });
    expect(notes(after)).toEqual(expected);
    expect(after.logStartOffset).toBe(logStartOffset);
    expect(after.brokerEpoch).toBe(brokerEpoch);
  });

  test("A-07 caught up by offset never expires", () => {
    const fresh = newRemoteReplica(2);
    expect(isCaughtUp(fresh, 10, T, lagMs)).toBe(false);
    const atEnd = fetched(fresh, 10, 10, T);
    expect(isCaughtUp(atEnd, 10, T, lagMs)).toBe(true);
    expect(isCaughtUp(atEnd, 10, T + lagMs + 1, lagMs)).toBe(true);
  });

  test("A-08 caught up by time expires", () => {
    const behind = fetched(newRemoteReplica(2), 5, 10, T);
    expect(isCaughtUp(behind, 10, T, lagMs)).toBe(false);
    const oneFetchBehind = fetched(behind, 10, 15, T);
    expect(isCaughtUp(oneFetchBehind, 16, T, lagMs)).toBe(true);
    expect(isCaughtUp(oneFetchBehind, 16, T + lagMs, lagMs)).toBe(true);
    expect(isCaughtUp(oneFetchBehind, 16, T + lagMs + 1, lagMs)).toBe(false);
  });

  test("A-09 fetch from a previous incarnation", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) }).learn(2, { brokerEpoch: 2 });
    expect(leader.fetch(2, 5, { brokerEpoch: 2 })?.error).toBe("NONE");
    const noted = leader.remote(2);
    expect(leader.fetch(2, 10, { brokerEpoch: 1 })?.error).toBe("NOT_LEADER_OR_FOLLOWER");
    expect(leader.remote(2)).toBe(noted);
    expect(leader.fetch(2, 10, { brokerEpoch: -1 })?.error).toBe("NONE");
    expect(leader.remote(2).logEndOffset).toBe(10);
  });

  test("A-09 before KIP-903 it is believed", () => {
    const rules = { ...new BrokerUnderTest({ replicas: [1, 2] }).rules, replicaBrokerEpochChecked: false };
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), rules }).learn(2, { brokerEpoch: 2 });
    expect(leader.fetch(2, 10, { brokerEpoch: 1 })?.error).toBe("NONE");
    expect(leader.remote(2).logEndOffset).toBe(10);
  });

  test("A-10 progress inside a partition", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(6, 4) });
    expect(notes(leader.remote(2)).slice(0, 2)).toEqual([-1, T]);
    leader.at(T + 500).fetch(2, 3);
    expect(notes(leader.remote(2)).slice(0, 2)).toEqual([3, T]);
    leader.at(T + 1000).fetch(2, 6);
    expect(notes(leader.remote(2)).slice(0, 2)).toEqual([6, T + 1000]);
    expect(leader.remote(2).brokerEpoch).toBe(brokerEpochOf(2));
  });
});
