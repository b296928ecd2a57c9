import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { BrokerUnderTest, type Given, logTo, T } from "./broker-under-test.js";

const transaction = { transactional: true, producer: { producerId: 7, producerEpoch: 0, sequence: 0 } };

function marker(leader: BrokerUnderTest, outcome: "commit" | "abort" = "commit") {
  return leader.request("coordinator", "markers", {
    type: "WriteTxnMarkersRequest",
    partition: "orders-0",
    producerId: 7,
    producerEpoch: 0,
    outcome,
  });
}

describe("T. what consumers see", () => {
  test("T-01 latest offset per isolation", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.produce(1, 3, transaction);
    const ends = () => [
      leader.listOffsets("latest", { replicaId: 2 })?.offset,
      leader.listOffsets("latest")?.offset,
      leader.listOffsets("latest", { isolation: "txnCommitted" })?.offset,
    ];
    expect(ends()).toEqual([3, 0, 0]);
    leader.fetch(2, 1);
    expect(ends()).toEqual([3, 1, 0]);
    expect(leader.listOffsets("earliest")?.offset).toBe(0);
  });

  /** T-02: five records by two batches, HW 2, in epoch 8. */
  function twoCommittedOfFive(rules = rulesFor("4.3")) {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 3], leaderEpoch: 8, rules });
    const at = (timestampMs: number) => ({ value: `t${timestampMs}`, timestampMs });
    leader.produce(1, 2, { records: [at(10), at(11)] });
    leader.produce(1, 3, { records: [at(20), at(20), at(20)] });
    leader.fetch(2, 0);
    leader.fetch(2, 2);
    leader.fetch(3, 0);
    leader.fetch(3, 2);
    leader.alterPartition({ partitionEpoch: 2, isr: [1, 2, 3] });
    expect([leader.highWatermark, leader.isr]).toEqual([2, "1,2,3"]);
    return leader;
  }

  function elected(leader: BrokerUnderTest) {
    leader.metadata({ leader: 3, leaderEpoch: 9, partitionEpoch: 4 });
    leader.metadata({ leader: 1, leaderEpoch: 10, partitionEpoch: 5, isr: [1, 2, 3] });
    expect(leader.leader.leaderEpochStartOffset).toBe(5);
  }

  test("T-02 end offsets do not go backwards over an election", () => {
    const leader = twoCommittedOfFive();
    expect(leader.listOffsets("latest", { replicaId: 2 })?.offset).toBe(5);
    expect(leader.listOffsets("latest")?.offset).toBe(2);
    expect(leader.listOffsets({ timestampMs: 30 })).toMatchObject({ error: "NONE", offset: -1 });
    // The first record of that time stands at offset 2, which is not committed.
    expect(leader.listOffsets({ timestampMs: 20 })).toMatchObject({ error: "NONE", offset: -1 });
    elected(leader);
    expect(leader.listOffsets("latest")?.error).toBe("OFFSET_NOT_AVAILABLE");
    expect(leader.listOffsets("latest", { replicaId: 2 })?.offset).toBe(5);
    expect(leader.listOffsets("earliest")).toMatchObject({ error: "NONE", offset: 0 });
    expect(leader.listOffsets({ timestampMs: 11 })).toMatchObject({ error: "NONE", offset: 1, leaderEpoch: 8 });
    expect(leader.listOffsets({ timestampMs: 100 })?.error).toBe("OFFSET_NOT_AVAILABLE");
    leader.fetch(2, 5);
    leader.fetch(3, 5);
    expect(leader.listOffsets("latest")).toMatchObject({ error: "NONE", offset: 5, leaderEpoch: 10 });
    expect(leader.listOffsets({ timestampMs: 100 })).toMatchObject({ error: "NONE", offset: -1 });
  });

  test("T-02 before KIP-207 they do", () => {
    const leader = twoCommittedOfFive(rulesFor("4.3", {}, "offsets-go-backwards"));
    elected(leader);
    expect(leader.listOffsets("latest")).toMatchObject({ error: "NONE", offset: 2 });
  });

  test.each([
    ["latest", 7, "FENCED_LEADER_EPOCH"],
    ["latest", 9, "UNKNOWN_LEADER_EPOCH"],
    ["earliest", 8, "NONE"],
  ] as const)("ListOffsets %s with epoch %i: %s", (target, currentLeaderEpoch, error) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 8 });
    expect(leader.listOffsets(target, { currentLeaderEpoch })?.error).toBe(error);
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, leaderEpoch: 8 });
    const expected = error === "NONE" ? "NOT_LEADER_OR_FOLLOWER" : error;
    expect(follower.listOffsets(target, { currentLeaderEpoch })?.error).toBe(expected);
  });

  test("T-03 last stable offset", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    const readCommitted = () => {
      const { lastStableOffset, records } = leader.consume(0, { isolation: "txnCommitted" }) ?? {};
      return [lastStableOffset, records?.length];
    };
    leader.produce(1, 3, transaction);
    leader.fetch(2, 3);
    expect(leader.highWatermark).toBe(3);
    expect(readCommitted()).toEqual([0, 0]);
    marker(leader);
    expect(leader.replies).toEqual([]);
    expect(leader.logEnd).toBe(4);
    expect(readCommitted()).toEqual([0, 0]);
    leader.fetch(2, 4);
    expect(leader.replyTo("coordinator")).toMatchObject({ error: "NONE" });
    expect(readCommitted()).toEqual([4, 4]);
  });

  test("aborted transactions are told to those who read committed", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1] });
    leader.produce(1, 2, transaction);
    marker(leader, "abort");
    const aborted = [{ producerId: 7, firstOffset: 0 }];
    expect(leader.consume(0, { isolation: "txnCommitted" })?.abortedTransactions).toEqual(aborted);
    expect(leader.consume(0)?.abortedTransactions).toEqual([]);
  });

  test.each([
    ["under min ISR", { isr: [1], minInsyncReplicas: 2 }, "NOT_ENOUGH_REPLICAS"],
    ["on a follower", { leader: 2 }, "NOT_LEADER_OR_FOLLOWER"],
  ])("a marker %s is refused", (_, given, error) => {
    const broker = new BrokerUnderTest({ replicas: [1, 2], ...given });
    expect(marker(broker).replyTo("coordinator")).toMatchObject({ error });
    expect(broker.logEnd).toBe(0);
  });

  test("T-04 empty, not error, at the high watermark; the long poll ends when it passes the position", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.produce(1, 4);
    leader.fetch(2, 2);
    for (const offset of [2, 3, 4]) expect(leader.consume(offset)).toMatchObject({ error: "NONE", records: [] });
    expect(leader.consume(3, { maxWaitMs: 500 })).toBeUndefined();
    leader.fetch(2, 3);
    expect(leader.replyTo("c")).toBeUndefined();
    leader.fetch(2, 4);
    // One batch of four: the record at offset 3.
    expect(leader.replyTo("c")).toMatchObject({ records: [{ value: "v3" }] });
  });

  test("T-05 an acks=1 record is visible when the ISR has it", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10), highWatermark: 10 });
    leader.fetch(2, 10);
    leader.fetch(3, 10);
    expect(leader.produce(1)?.baseOffset).toBe(10);
    const seen = () => leader.consume(10)?.records.length;
    expect(seen()).toBe(0);
    leader.fetch(2, 11);
    expect(seen()).toBe(0);
    leader.fetch(3, 11);
    expect(seen()).toBe(1);
  });

  const racks: Given = {
    replicas: [1, 2, 3],
    log: logTo(10),
    racks: { 1: "a", 2: "b", 3: "b" },
    settings: { replicaSelector: "rack-aware" },
  };

  test("T-09 only the leader tells of a preferred replica", () => {
    const follower = new BrokerUnderTest({ ...racks, leader: 3, highWatermark: 10 });
    const answer = follower.consume(0, { rack: "b" });
    expect(answer).toMatchObject({ error: "NONE", preferredReadReplica: null });
    expect(answer?.records).toHaveLength(10);
  });

  test("T-10 a follower outside the ISR is not offered", () => {
    const leader = new BrokerUnderTest({ ...racks, isr: [1] }).learn(2, { fenced: true });
    leader.at(T).fetch(3, 9);
    expect(leader.isr).toBe("1");
    expect(leader.consume(0, { rack: "b" })).toMatchObject({ preferredReadReplica: null, records: { length: 10 } });
  });

  test("T-12 a redirect is answered at once", () => {
    const leader = new BrokerUnderTest(racks);
    leader.fetch(2, 10);
    leader.fetch(3, 9);
    const poll = { rack: "b", maxWaitMs: 60_000, minBytes: 1000 };
    expect(leader.consume(0, poll)).toMatchObject({ error: "NONE", preferredReadReplica: 2, records: [] });
    expect(leader.consume(0, { ...poll, currentLeaderEpoch: 4 })?.error).toBe("FENCED_LEADER_EPOCH");
  });

  test.each([
    ["the leader is in the rack", "a", null],
    ["nobody is in the rack", "z", null],
    ["the most caught-up one of the rack", "b", 2],
  ])("KIP-392: %s", (_, rack, expected) => {
    const leader = new BrokerUnderTest(racks);
    leader.fetch(2, 10);
    leader.fetch(3, 9);
    expect(leader.consume(9, { rack })?.preferredReadReplica).toBe(expected);
  });

  test("KIP-392: only replicas that have the offset, and only with the selector switched on", () => {
    const leader = new BrokerUnderTest(racks);
    leader.fetch(2, 5);
    leader.fetch(3, 4);
    expect(leader.consume(6, { rack: "b" })?.preferredReadReplica).toBeNull();
    const plain = new BrokerUnderTest({ ...racks, settings: { replicaSelector: "leader" } });
    plain.fetch(2, 10);
    expect(plain.consume(0, { rack: "b" })?.preferredReadReplica).toBeNull();
  });

  test("T-11 a follower serves up to its own high watermark", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, log: logTo(10), highWatermark: 8 });
    expect(follower.consume(8)).toMatchObject({ error: "NONE", records: [], highWatermark: 8 });
    expect(follower.consume(7)?.records).toHaveLength(1);
  });

  test("a consumer on a follower waits for the follower's high watermark", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, log: logTo(10), highWatermark: 8 });
    expect(follower.consume(8, { maxWaitMs: 500 })).toBeUndefined();
    follower.timer({ name: "fetch", partition: "orders-0" });
    follower.response("2", "fetch:orders-0", {
      type: "FetchResponse",
      partition: "orders-0",
      error: "NONE",
      fetchOffset: 10,
      records: [],
      highWatermark: 10,
      lastStableOffset: 10,
      logStartOffset: 0,
      divergingEpoch: null,
      currentLeader: null,
      preferredReadReplica: null,
      abortedTransactions: [],
    });
    expect(follower.replyTo("c")).toMatchObject({ records: { length: 2 }, highWatermark: 10 });
  });
});

describe("where a leader epoch ends", () => {
  function epochEnd(broker: BrokerUnderTest, leaderEpoch: number, currentLeaderEpoch = -1) {
    broker.request("c", "consume", {
      type: "OffsetsForLeaderEpochRequest",
      partition: "orders-0",
      replicaId: null,
      currentLeaderEpoch,
      leaderEpoch,
    });
    return broker.replyTo("c");
  }

  test.each([
    [0, { epoch: 0, endOffset: 10 }],
    [3, { epoch: 0, endOffset: 10 }],
    [5, { epoch: 5, endOffset: 10 }],
    [6, null],
  ])("epoch %i", (leaderEpoch, endOffset) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 5, log: logTo(10) });
    expect(epochEnd(leader, leaderEpoch)).toMatchObject({ error: "NONE", endOffset });
  });

  test("before KIP-279 without the epoch", () => {
    const rules = rulesFor("4.3", {}, "kip-101");
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 5, log: logTo(10), rules });
    expect(epochEnd(leader, 3)).toMatchObject({ endOffset: { epoch: -1, endOffset: 10 } });
  });

  test.each([
    [1, 4, "FENCED_LEADER_EPOCH"],
    [1, 6, "UNKNOWN_LEADER_EPOCH"],
    [2, 5, "NOT_LEADER_OR_FOLLOWER"],
  ])("leader %i, epoch %i in the request: %s", (leader, currentLeaderEpoch, error) => {
    const broker = new BrokerUnderTest({ replicas: [1, 2], leader, leaderEpoch: 5 });
    expect(epochEnd(broker, 0, currentLeaderEpoch)).toMatchObject({ error, endOffset: null });
  });
});

describe("metadata for clients", () => {
  const asked = (broker: BrokerUnderTest, topics: readonly string[]) =>
    broker.request("c", "metadata", { type: "MetadataRequest", topics }).replyTo("c");

  test("partitions with their leaders, and the brokers that are not fenced", () => {
    const broker = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 3] }).learn(2, { fenced: true });
    expect(asked(broker, [])).toEqual({
      type: "MetadataResponse",
      partitions: [
        {
          partition: "orders-0",
          topic: "orders",
          error: "NONE",
          leader: 1,
          leaderEpoch: 5,
          replicas: [1, 2, 3],
          isr: [1, 3],
        },
      ],
      brokers: [
        { brokerId: 1, rack: null },
        { brokerId: 3, rack: null },
      ],
    });
  });

  test("a partition without a leader, and an unknown topic", () => {
    const broker = new BrokerUnderTest({ replicas: [1, 2] });
    broker.metadata({ leader: -1, leaderEpoch: 6, partitionEpoch: 2 });
    expect(asked(broker, ["orders", "nothing"])).toMatchObject({
      partitions: [
        { error: "LEADER_NOT_AVAILABLE", leader: -1 },
        { error: "UNKNOWN_TOPIC_OR_PARTITION", topic: "nothing" },
      ],
    });
  });
});
