import { describe, expect, test } from "vitest";
import { outOfSyncReplicas } from "../../../lib/protocol/broker/isr-shrink.js";
import { BrokerUnderTest, logTo, T } from "./broker-under-test.js";

/** Lag 100, leader LEO 20, ISR 1,2; replica 2 fetched offset 0 when the leader's log was empty, at T. */
function given() {
  const leader = new BrokerUnderTest({ replicas: [1, 2], settings: { replicaLagTimeMaxMs: 100 } });
  leader.fetch(2, 0);
  leader.produce(1, 20);
  return leader;
}

function outOfSync(leader: BrokerUnderTest, nowMs: number) {
  return outOfSyncReplicas(leader.broker, leader.leader, nowMs, leader.rules);
}

describe("A. who is out of sync", () => {
  test("A-11 stuck follower", () => {
    const leader = given();
    leader.fetch(2, 19);
    expect(outOfSync(leader, T)).toEqual([]);
    expect(outOfSync(leader, T + 150)).toEqual([2]);
  });

  test("A-12 no fetch at all", () => {
    expect(outOfSync(given(), T + 150)).toEqual([2]);
  });

  test("A-13 slow follower that keeps fetching", () => {
    const leader = given();
    leader.fetch(2, 18);
    expect(outOfSync(leader, T)).toEqual([]);
    leader.at(T + 75).fetch(2, 19);
    expect(outOfSync(leader, T + 75)).toEqual([]);
    expect(outOfSync(leader, T + 150)).toEqual([2]);
    leader.at(T + 150).fetch(2, 20);
    expect(outOfSync(leader, T + 150)).toEqual([]);
  });

  test("A-14 silent but caught-up follower", () => {
    const leader = given();
    leader.fetch(2, 20);
    expect(outOfSync(leader, T)).toEqual([]);
    expect(outOfSync(leader, T + 150)).toEqual([]);
  });

  test("a member that is not assigned has no notes and counts as out of sync", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1, 2, 9], log: logTo(5) });
    expect(outOfSync(leader, T)).toEqual([9]);
  });
});
