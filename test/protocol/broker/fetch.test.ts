import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { raiseLogStart } from "../../../lib/protocol/log/truncation.js";
import { logOfEpochs } from "../log/logs.js";
import { BrokerUnderTest, logTo, T } from "./broker-under-test.js";

/** Leader epoch 10; epoch 0 ×2, 3 ×6, 4 ×5, 7 ×1, 9 ×3. */
function leaderOfTenEpochs(logStartOffset = 0) {
  const epochs = [[0, 2] as const, [3, 6] as const, [4, 5] as const, [7, 1] as const, [9, 3] as const];
  const log = logOfEpochs(epochs.flatMap(([epoch, count]) => Array.from({ length: count }, () => epoch)));
  const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 10, log });
  expect(leader.logEnd).toBe(17);
  const { replica } = leader;
  const raised = { ...replica, log: raiseLogStart(replica.log, logStartOffset), highWatermark: logStartOffset };
  leader.broker = { ...leader.broker, replicas: [raised] };
  return leader;
}

describe("G. the leader's checks of a fetch", () => {
  test.each([
    // log start, lastFetchedEpoch, fetch offset, answer
    [0, 2, 5, "diverging 0@2"],
    [0, 0, 4, "diverging 0@2"],
    [0, 6, 6, "diverging 4@13"],
    [0, 5, 9, "diverging 4@13"],
    [0, 10, 18, "diverging 10@17"],
    [0, 0, 2, "records"],
    [0, 7, 14, "records"],
    [0, 9, 17, "nothing new"],
    [0, 10, 17, "nothing new"],
    [0, 11, 5, "OFFSET_OUT_OF_RANGE"],
    [5, 2, 8, "diverging 2@5"],
    [5, 0, 5, "records"],
    [5, 3, 5, "records"],
    [5, 0, 0, "OFFSET_OUT_OF_RANGE"],
    [10, 5, 6, "OFFSET_OUT_OF_RANGE"],
    [10, 3, 6, "OFFSET_OUT_OF_RANGE"],
  ])("G-01 log start %i, epoch %i, offset %i: %s", (logStartOffset, lastFetchedEpoch, fetchOffset, expected) => {
    const answer = leaderOfTenEpochs(logStartOffset).fetch(2, fetchOffset, { lastFetchedEpoch });
    const { error, divergingEpoch: diverging, records = [] } = answer ?? {};
    if (diverging) expect(`diverging ${diverging.epoch}@${diverging.endOffset}`).toBe(expected);
    else if (error !== "NONE") expect(error).toBe(expected);
    else expect(records.length > 0 ? "records" : "nothing new").toBe(expected);
    if (diverging) expect(records).toEqual([]);
  });

  test.each([
    [-1, "NOT_LEADER_OR_FOLLOWER"],
    [8, "NOT_LEADER_OR_FOLLOWER"],
    [9, "UNKNOWN_LEADER_EPOCH"],
    [7, "FENCED_LEADER_EPOCH"],
  ])("G-02 a follower's fetch with epoch %i sent to a follower in epoch 8: %s", (currentLeaderEpoch, error) => {
    const follower = new BrokerUnderTest({ replicas: [1, 2, 3], leader: 3, leaderEpoch: 8 });
    expect(follower.fetch(2, 0, { currentLeaderEpoch })?.error).toBe(error);
  });

  test("G-02 the answer names the leader since KIP-951", () => {
    const given = { replicas: [1, 2, 3], leader: 3, leaderEpoch: 8 };
    const named = new BrokerUnderTest(given).fetch(2, 0, { currentLeaderEpoch: 7 });
    expect(named?.currentLeader).toEqual({ leader: 3, leaderEpoch: 8 });
    const before = new BrokerUnderTest({ ...given, rules: rulesFor("3.6") }).fetch(2, 0, { currentLeaderEpoch: 7 });
    expect(before?.currentLeader).toBeNull();
  });

  test("G-03 failed reads do not count as progress", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 5, log: logTo(5, 5) });
    leader.fetch(2, 0);
    const noted = leader.remote(2);
    expect(leader.fetch(2, 3, { currentLeaderEpoch: 4 })?.error).toBe("FENCED_LEADER_EPOCH");
    const diverging = leader.fetch(2, 3, { lastFetchedEpoch: 4 });
    expect(diverging).toMatchObject({ error: "NONE", divergingEpoch: { epoch: 4, endOffset: 0 } });
    expect(leader.remote(2)).toBe(noted);
    expect(noted.logEndOffset).toBe(0);
  });

  test("G-04 reading above the high watermark", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(2) });
    expect(leader.fetch(2, 1)?.records).toHaveLength(1);
    expect(leader.consume(1)).toMatchObject({ error: "NONE", records: [] });
  });

  test("G-05 a leader becomes follower while acks=all waits", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 0 });
    expect(leader.produce("all")).toBeUndefined();
    leader.metadata({ leader: 2, leaderEpoch: 1, partitionEpoch: 2 });
    expect(leader.produced).toMatchObject({
      error: "NOT_LEADER_OR_FOLLOWER",
      currentLeader: { leader: 2, leaderEpoch: 1 },
    });
  });

  test.each([
    [5, "UNKNOWN_LEADER_EPOCH"],
    [-1, "NOT_LEADER_OR_FOLLOWER"],
  ])("G-06 unknown replica id, epoch %i in the request: %s", (currentLeaderEpoch, error) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 5 });
    expect(leader.fetch(9, 0, { currentLeaderEpoch })?.error).toBe(error);
  });

  test("G-07 offset beyond the log end", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], leaderEpoch: 5, log: logTo(10, 5) });
    const diverging = leader.fetch(2, 11, { lastFetchedEpoch: 5 });
    expect(diverging).toMatchObject({ error: "NONE", divergingEpoch: { epoch: 5, endOffset: 10 } });
    expect(leader.fetch(2, 11)?.error).toBe("OFFSET_OUT_OF_RANGE");
    expect(leader.consume(11)?.error).toBe("OFFSET_OUT_OF_RANGE");
  });

  test("before KIP-320 the epoch of a request is not looked at", () => {
    const rules = rulesFor("4.3", {}, "no-fetch-epoch");
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(3), rules });
    expect(leader.fetch(2, 3, { currentLeaderEpoch: 4 })?.error).toBe("NONE");
    expect(leader.remote(2).logEndOffset).toBe(3);
  });
});

describe("long polls", () => {
  const parked = { maxWaitMs: 500 };

  test("a follower's is answered by new records, with the high watermark from before it was counted", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    expect(leader.fetch(2, 0, parked)).toBeUndefined();
    leader.produce(1, 2);
    expect(leader.replyTo("2")).toMatchObject({ error: "NONE", highWatermark: 0, records: [{}, {}] });
    expect(leader.leader.waitingFetches).toEqual([]);
  });

  test("it waits for as many records as it asks for, and ends with fewer", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.fetch(2, 0, { maxWaitMs: 500, minBytes: 3 });
    leader.produce(1, 2);
    expect(leader.replyTo("2")).toBeUndefined();
    leader.at(T + 500).timer({ name: "waitingFetch", partition: "orders-0" });
    expect(leader.replyTo("2")).toMatchObject({ records: [{}, {}] });
  });

  test("the progress of a parked fetch is counted once", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.fetch(2, 0, parked);
    leader.at(T + 400).produce(1);
    expect(leader.remote(2).lastFetchTimeMs).toBe(T);
  });

  test("a consumer's is answered when the high watermark moves, and by nothing less", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    expect(leader.consume(0, parked)).toBeUndefined();
    leader.produce(1);
    expect(leader.replyTo("c")).toBeUndefined();
    leader.fetch(2, 1);
    expect(leader.replyTo("c")).toMatchObject({ highWatermark: 1, records: [{ value: "v0" }] });
  });

  test("the one that expires first is answered first", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3] });
    leader.fetch(2, 0, { maxWaitMs: 500 });
    leader.fetch(3, 0, { maxWaitMs: 100 });
    leader.timer({ name: "waitingFetch", partition: "orders-0" });
    expect([leader.replyTo("2"), leader.replyTo("3")]).toMatchObject([undefined, { error: "NONE" }]);
  });

  test("those that wait learn of a new epoch", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], leaderEpoch: 5 });
    leader.fetch(2, 0, parked);
    leader.consume(0, parked);
    leader.metadata({ leader: 2, leaderEpoch: 6, partitionEpoch: 2 });
    expect(leader.replyTo("2")).toMatchObject({ error: "FENCED_LEADER_EPOCH" });
    expect(leader.replyTo("c")).toMatchObject({ error: "FENCED_LEADER_EPOCH" });
  });

  test("before KIP-320 a follower's learns that the leader has changed, a consumer's goes on", () => {
    const rules = rulesFor("4.3", {}, "no-fetch-epoch");
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], rules });
    leader.fetch(2, 0, parked);
    leader.consume(0, parked);
    leader.metadata({ leader: 2, leaderEpoch: 6, partitionEpoch: 2 });
    expect(leader.replyTo("2")).toMatchObject({ error: "NOT_LEADER_OR_FOLLOWER" });
    expect(leader.replyTo("c")).toBeUndefined();
    expect(leader.follower.waitingFetches).toHaveLength(1);
  });

  test("one whose sender has gone is dropped", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.fetch(2, 0, parked);
    leader.produce("all");
    leader.fetch(2, 0, { ...parked, minBytes: 5 });
    leader.event({ type: "disconnected", peer: "2", channel: "fetch:orders-0" });
    expect(leader.leader.waitingFetches).toEqual([]);
    leader.event({ type: "disconnected", peer: "p", channel: "produce" });
    expect(leader.leader.waitingProduces).toEqual([]);
    expect(leader.logEnd).toBe(1);
  });

  test("a deleted partition answers all that wait", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.broker = { ...leader.broker, metadata: { ...leader.broker.metadata, nextOffset: 7 } };
    leader.consume(0, parked);
    leader.produce("all");
    leader.event({
      type: "metadata",
      batch: { baseOffset: 7, records: [{ type: "RemoveTopicRecord", topic: "orders" }], appendedAtMs: T },
    });
    expect(leader.replyTo("c")).toMatchObject({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
    expect(leader.replyTo("p")).toMatchObject({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
    expect(leader.broker.replicas).toEqual([]);
  });
});
