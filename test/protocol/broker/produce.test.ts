import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import type { Acks } from "../../../lib/protocol/ids.js";
import { formatLog } from "../../../lib/protocol/log/text.js";
import { BrokerUnderTest, logTo, T } from "./broker-under-test.js";

describe("J. produce", () => {
  test("J-01 bad acks", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    // No client of ours can send it, but a broker believes no client.
    expect(leader.produce(3 as unknown as Acks)?.error).toBe("INVALID_REQUIRED_ACKS");
    expect(leader.logEnd).toBe(0);
  });

  test("J-02 admission check", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1], minInsyncReplicas: 2, log: logTo(4) });
    expect(leader.produce("all")).toMatchObject({ error: "NOT_ENOUGH_REPLICAS", baseOffset: -1 });
    expect(leader.logEnd).toBe(4);
    expect(leader.produce(1)).toMatchObject({ error: "NONE", baseOffset: 4 });
    leader.produce(0);
    expect(leader.replies).toEqual([null]);
    expect([leader.logEnd, leader.highWatermark]).toEqual([6, 0]);
    expect(leader.broker.meters.failedProduceRequests).toBe(1);
  });

  test("J-02 the refusal tells what it looked at", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1], minInsyncReplicas: 2 });
    leader.produce("all");
    expect(leader.changes).toEqual([
      {
        fact: "refusal/orders-0@1",
        from: null,
        to: "NOT_ENOUGH_REPLICAS",
        rule: "produce.refused-under-min-isr",
        numbers: { acks: "all", isr: [1], minInsyncReplicas: 2 },
        because: [
          "under-min-isr/orders-0@1",
          "isr-state/orders-0@1",
          "config/topic/orders/min.insync.replicas",
          "config/cluster/min.insync.replicas",
        ],
      },
    ]);
  });

  test("J-03 normal acks=all", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3] });
    leader.produce("all");
    leader.fetch(2, 1);
    expect([leader.produced, leader.highWatermark]).toEqual([undefined, 0]);
    leader.fetch(3, 1);
    expect([leader.produced, leader.highWatermark]).toMatchObject([{ error: "NONE", baseOffset: 0 }, 1]);
  });

  test("J-04 a member beyond the minimum still has to acknowledge", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], minInsyncReplicas: 2, nowMs: 0 });
    leader.produce("all");
    leader.fetch(2, 1);
    expect(leader.produced).toBeUndefined();
    leader.at(30_000).timer({ name: "waitingProduce", partition: "orders-0" });
    expect(leader.produced?.error).toBe("REQUEST_TIMED_OUT");
    // 3 was caught up last when this leader began, at 0: 30 s are not more than 30 s.
    leader.checkIsr();
    expect(leader.isr).toBe("1,2,3");
    leader.at(45_000).checkIsr();
    leader.alterPartition();
    expect([leader.isr, leader.highWatermark, leader.logEnd]).toEqual(["1,2", 1, 1]);
  });

  test("J-04 with a smaller ISR the same write is acknowledged", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], minInsyncReplicas: 2 });
    leader.produce("all");
    leader.fetch(2, 1);
    expect(leader.produced?.error).toBe("NONE");
  });

  /** J-05: ISR 1,2 of three, acks=all at offset 10 waits for 2 when the controller fences 2. */
  function fencedWhileWaiting(version: "4.3" | "3.6") {
    const rules = rulesFor(version);
    const given = { replicas: [1, 2, 3], isr: [1, 2], minInsyncReplicas: 2, log: logTo(10), nowMs: 0, rules };
    const leader = new BrokerUnderTest(given).learn(3, { fenced: true });
    leader.fetch(2, 10);
    leader.produce("all");
    expect([leader.logEnd, leader.highWatermark, leader.produced]).toEqual([11, 10, undefined]);
    leader
      .at(5000)
      .learn(2, { fenced: true })
      .metadata({ isr: [1], partitionEpoch: 2 });
    return leader;
  }

  test("J-05 the ISR falls below min while waiting, 3.7 and later: time out, the record stays", () => {
    const leader = fencedWhileWaiting("4.3");
    expect([leader.highWatermark, leader.produced]).toEqual([10, undefined]);
    leader.at(30_000).timer({ name: "waitingProduce", partition: "orders-0" });
    expect(leader.produced).toMatchObject({ error: "REQUEST_TIMED_OUT", baseOffset: 10 });
    expect(leader.logEnd).toBe(11);
  });

  test("J-05 the ISR falls below min while waiting, up to 3.6: NOT_ENOUGH_REPLICAS_AFTER_APPEND", () => {
    const leader = fencedWhileWaiting("3.6");
    expect([leader.highWatermark, leader.produced?.error]).toEqual([11, "NOT_ENOUGH_REPLICAS_AFTER_APPEND"]);
    expect(leader.logEnd).toBe(11);
  });

  test("J-06 a pending expansion satisfies the check after the append", () => {
    const rules = rulesFor("3.6");
    const leader = new BrokerUnderTest({ replicas: [1, 2], minInsyncReplicas: 2, log: logTo(5), rules });
    leader.fetch(2, 5);
    leader.produce("all");
    // 2 leaves and is proposed again before its fetch commits the record: the ISR is {1}, the maximal ISR {1,2}.
    leader.metadata({ isr: [1], partitionEpoch: 2 });
    leader.fetch(2, 5);
    expect([leader.isr, leader.produced]).toEqual(["1 +2", undefined]);
    leader.fetch(2, 6);
    expect(leader.isr).toBe("1 +2");
    expect(leader.produced?.error).toBe("NONE");
  });

  test("J-07 foreign partition and unknown topic (no log directory fails here: KAFKA_STORAGE_ERROR is left out)", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.broker = {
      ...leader.broker,
      metadata: {
        ...leader.broker.metadata,
        partitions: [leader.registration, { ...leader.registration, partition: "orders-1", replicas: [2, 3] }],
      },
    };
    const foreign = leader.produce("all", 1, { partition: "orders-1" });
    expect(foreign).toMatchObject({ error: "NOT_LEADER_OR_FOLLOWER", currentLeader: { leader: 1, leaderEpoch: 5 } });
    expect(leader.produce("all", 1, { partition: "nothing-0" })?.error).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    expect(leader.broker.meters.failedProduceRequests).toBe(0);
  });

  test("J-08 acks=0 failure: nothing appended, the connection is closed", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2 });
    follower.produce(0);
    expect(follower.logEnd).toBe(0);
    expect(follower.replies).toEqual([]);
    expect(follower.effects).toContainEqual({ type: "disconnect", peer: "p", channel: "produce" });
  });

  test("J-09 min.insync.replicas larger than RF", () => {
    const given = { replicas: [1, 2], minInsyncReplicas: 3 };
    const today = new BrokerUnderTest(given);
    expect([today.produce("all"), today.logEnd]).toEqual([undefined, 1]);
    const before = new BrokerUnderTest({ ...given, rules: rulesFor("3.6") });
    expect(before.produce("all")?.error).toBe("NOT_ENOUGH_REPLICAS");
  });

  test("records carry the leader epoch", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(1), leaderEpoch: 7 });
    leader.produce(1, 2);
    expect(formatLog(leader.replica.log)).toBe("0:0.0 7:v1+v2");
  });

  test("a leader alone answers acks=all at once", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1] });
    expect(leader.produce("all")).toMatchObject({ error: "NONE", baseOffset: 0 });
  });
});

describe("R. idempotence through the broker", () => {
  const stamp = (sequence: number) => ({ producer: { producerId: 7, producerEpoch: 0, sequence } });

  test("R-07 a gap is refused", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    for (const sequence of [0, 1, 2]) expect(leader.produce(1, 1, stamp(sequence))?.error).toBe("NONE");
    expect(leader.produce(1, 1, stamp(13))?.error).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(leader.logEnd).toBe(3);
    expect(leader.news).toEqual([
      "refusal/orders-0@1: null > OUT_OF_ORDER_SEQUENCE_NUMBER (produce.refused-out-of-sequence)",
    ]);
  });

  test("a duplicate is answered with its first offsets; with acks=all it waits for the high watermark like the first", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.produce("all", 2, stamp(0));
    expect(leader.produce("all", 2, stamp(0))).toBeUndefined();
    expect(leader.logEnd).toBe(2);
    leader.fetch(2, 2);
    expect(leader.replies.filter((reply) => reply?.type === "ProduceResponse")).toMatchObject([
      { error: "NONE", baseOffset: 0 },
      { error: "NONE", baseOffset: 0 },
    ]);
    expect(leader.produce("all", 2, stamp(0))).toMatchObject({ error: "NONE", baseOffset: 0 });
  });

  test("R-08 dedup survives a leader change", () => {
    const next = new BrokerUnderTest({ replicas: [1, 2], leader: 2 });
    next.timer({ name: "fetch", partition: "orders-0" });
    const record = { value: "a", leaderEpoch: 5, timestampMs: 0, kind: "data", startsBatch: true } as const;
    next.response("2", "fetch:orders-0", {
      type: "FetchResponse",
      partition: "orders-0",
      error: "NONE",
      fetchOffset: 0,
      records: [{ ...record, producer: { producerId: 7, producerEpoch: 0, sequence: 4 } }],
      highWatermark: 0,
      lastStableOffset: 0,
      logStartOffset: 0,
      divergingEpoch: null,
      currentLeader: null,
      preferredReadReplica: null,
      abortedTransactions: [],
    });
    next.metadata({ leader: 1, leaderEpoch: 6, partitionEpoch: 2, isr: [1] });
    expect(next.produce("all", 1, stamp(4))).toMatchObject({ error: "NONE", baseOffset: 0 });
    expect(next.logEnd).toBe(1);
    expect(next.produce("all", 1)).toMatchObject({ baseOffset: 1 });
  });

  test("a producer that is silent for long is forgotten", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], nowMs: 0 });
    leader.produce(1, 1, stamp(0));
    leader.at(86_399_999).timer({ name: "producerIdExpiration" });
    expect(leader.produce(1, 1, stamp(5))?.error).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    leader.at(86_400_000).timer({ name: "producerIdExpiration" });
    expect(leader.produce(1, 1, stamp(5))?.error).toBe("NONE");
  });
});

test("waits expire one by one, the earliest first, whatever the clock says", () => {
  const leader = new BrokerUnderTest({ replicas: [1, 2] });
  leader.produce("all", 1, { timeoutMs: 500 });
  leader.request("q", "produce", {
    type: "ProduceRequest",
    partition: "orders-0",
    acks: "all",
    timeoutMs: 100,
    records: [{ value: "x", timestampMs: 0 }],
    producer: null,
    transactional: false,
  });
  leader.at(T).timer({ name: "waitingProduce", partition: "orders-0" });
  expect(leader.replyTo("q")).toMatchObject({ error: "REQUEST_TIMED_OUT" });
  leader.timer({ name: "waitingProduce", partition: "orders-0" });
  expect(leader.replyTo("p")).toMatchObject({ error: "REQUEST_TIMED_OUT" });
});
