import { describe, expect, test } from "vitest";
import { BrokerUnderTest, lagMs, logTo, T } from "./broker-under-test.js";

/** R=[1,2], ISR={1}, LEO 10, HW 10, pe 1; 2 has fetched from 10 and is proposed. */
function proposing(replicas = [1, 2], isr = [1]) {
  const leader = new BrokerUnderTest({ replicas, isr, log: logTo(10) });
  leader.fetch(replicas[replicas.length - 1] ?? 2, 10);
  expect(leader.proposals).toHaveLength(1);
  return leader;
}

describe("E. answers to AlterPartition", () => {
  test.each([
    ["E-01", "INVALID_REQUEST"],
    ["E-02", "INVALID_UPDATE_VERSION"],
    ["E-03", "UNKNOWN_TOPIC_OR_PARTITION"],
    ["E-04", "NEW_LEADER_ELECTED"],
    ["E-08", "FENCED_LEADER_EPOCH"],
    ["E-03", "UNKNOWN_TOPIC_ID"],
  ] as const)("%s %s: stays pending, is not retried", (_, error) => {
    const leader = proposing();
    leader.alterPartition({ error });
    expect([leader.isr, leader.proposals]).toEqual(["1 +2", []]);
    expect(leader.broker.meters).toMatchObject({ failedIsrUpdates: 1, isrExpands: 0 });
  });

  test("a proposal that was given up: nothing else is proposed before metadata has come, however long that takes", () => {
    const leader = proposing([1, 2, 3], [1, 2]);
    leader.alterPartition({ error: "INVALID_UPDATE_VERSION" });
    leader.fetch(3, 10);
    leader.at(T + lagMs + 1).checkIsr();
    expect([leader.isr, leader.proposals, leader.broker.meters.failedIsrUpdates]).toEqual(["1,2 +3", [], 1]);
    leader.metadata({ partitionEpoch: 2 });
    leader.checkIsr();
    expect(leader.isr).toBe("1,2 -2");
  });

  test("E-08 the high watermark goes on waiting for the proposed member until metadata arrives", () => {
    const leader = proposing();
    leader.alterPartition({ error: "FENCED_LEADER_EPOCH" });
    leader.at(T + lagMs + 1).produce(1);
    expect([leader.logEnd, leader.highWatermark]).toEqual([11, 10]);
    leader.metadata({ partitionEpoch: 2, isr: [1] });
    expect([leader.isr, leader.highWatermark]).toEqual(["1", 11]);
  });

  test.each(["UNKNOWN_SERVER_ERROR", "NOT_CONTROLLER", "NETWORK_EXCEPTION"] as const)(
    "E-05 %s: the same proposal again",
    (error) => {
      const leader = proposing();
      leader.alterPartition({ error });
      expect([leader.isr, leader.proposals.length, leader.broker.meters.failedIsrUpdates]).toEqual(["1 +2", 1, 1]);
      expect(leader.alterPartitionSent?.newIsr.map(({ brokerId }) => brokerId)).toEqual([1, 2]);
    },
  );

  test("E-06 retry then success", () => {
    const leader = proposing([1, 2, 3, 4], [1, 2, 3]);
    leader.alterPartition({ error: "UNKNOWN_SERVER_ERROR" });
    expect(leader.alterPartitionSent).toBeDefined();
    leader.alterPartition({ isr: [1, 2, 3, 4], partitionEpoch: 2 });
    expect([leader.isr, leader.replica.partitionEpoch, leader.proposals]).toEqual(["1,2,3,4", 2, []]);
    expect(leader.alterPartitionSent).toBeUndefined();
  });

  test.each(["OPERATION_NOT_ATTEMPTED", "INELIGIBLE_REPLICA"] as const)("E-07 %s: back to what is stored", (error) => {
    const leader = proposing();
    leader.alterPartition({ error });
    expect([leader.isr, leader.proposals, leader.broker.meters.failedIsrUpdates]).toEqual(["1", [], 1]);
    leader.fetch(2, 10);
    expect([leader.isr, leader.proposals.length]).toEqual(["1 +2", 1]);
  });

  test.each([
    ["an older partition epoch", { partitionEpoch: 4 }, "1 +2", 5, 1],
    ["another leader epoch", { leaderEpoch: 4, partitionEpoch: 6 }, "1 +2", 5, 1],
    ["the same partition epoch", { partitionEpoch: 5 }, "1,2", 5, 0],
    ["the next partition epoch", { partitionEpoch: 6 }, "1,2", 6, 0],
  ])("E-09 success for %s", (_, answer, isr, partitionEpoch, failures) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10), partitionEpoch: 5 });
    leader.fetch(2, 10);
    leader.alterPartition(answer);
    expect([leader.isr, leader.replica.partitionEpoch]).toEqual([isr, partitionEpoch]);
    expect(leader.broker.meters.failedIsrUpdates).toBe(failures);
  });

  test("E-10 success for a replaced state", () => {
    const leader = proposing();
    leader.metadata({ partitionEpoch: 2 });
    expect(leader.isr).toBe("1");
    leader.alterPartition({ partitionEpoch: 3, isr: [1, 2] });
    expect([leader.isr, leader.replica.partitionEpoch, leader.broker.meters.isrExpands]).toEqual(["1", 2, 0]);
    leader.metadata({ partitionEpoch: 3, isr: [1, 2] });
    expect([leader.isr, leader.replica.partitionEpoch]).toEqual(["1,2", 3]);
  });

  test("STALE_BROKER_EPOCH: sent again after 50 ms, not counted as failed", () => {
    const leader = proposing();
    leader.alterPartition({ error: "STALE_BROKER_EPOCH" });
    expect([leader.isr, leader.alterPartitionSent]).toEqual(["1 +2", undefined]);
    expect(leader.broker.dueMs.alterPartition).toBe(T + 50);
    leader.timer({ name: "alterPartition" });
    expect(leader.alterPartitionSent?.partitionEpoch).toBe(1);
    expect(leader.broker.meters.failedIsrUpdates).toBe(0);
  });

  test("a lost connection: sent again after 50 ms", () => {
    const leader = proposing();
    leader.event({ type: "disconnected", peer: "controller", channel: "alter-partition" });
    expect([leader.isr, leader.proposals.length]).toEqual(["1 +2", 1]);
    leader.timer({ name: "alterPartition" });
    expect(leader.alterPartitionSent?.newIsr).toHaveLength(2);
  });

  test("no answer: the channel is closed and the same is sent again", () => {
    const leader = proposing();
    expect(leader.broker.dueMs.alterPartition).toBe(T + 30_000);
    leader.at(T + 30_000).timer({ name: "alterPartition" });
    expect(leader.effects).toEqual([{ type: "disconnect", peer: "controller", channel: "alter-partition" }]);
    leader.timer({ name: "alterPartition" });
    expect(leader.alterPartitionSent).toBeDefined();
  });

  test("an answer that nobody waits for changes nothing", () => {
    const leader = proposing();
    leader.alterPartition();
    const { broker } = leader;
    leader.alterPartition({ partitionEpoch: 9 });
    expect(leader.broker).toBe(broker);
  });

  test("metadata with the partition epoch that an answer brought before discards a proposal made since", () => {
    // Equal partition epochs are accepted (the answer may come before the record); Kafka 4.0-SNAPSHOT does the same.
    const leader = proposing([1, 2, 3], [1, 2]);
    leader.alterPartition({ isr: [1, 2, 3], partitionEpoch: 2 });
    leader.at(T + lagMs + 1).checkIsr();
    expect(leader.isr).toBe("1,2,3 -2");
    leader.metadata({ isr: [1, 2, 3], partitionEpoch: 2 });
    expect([leader.isr, leader.proposals.length]).toEqual(["1,2,3", 1]);
  });

  test("RECOVERED is always sent", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(1) });
    leader.metadata({ leaderRecoveryState: "recovering", leaderEpoch: 6, partitionEpoch: 2 });
    leader.fetch(2, 1);
    expect(leader.alterPartitionSent).toMatchObject({
      brokerId: 1,
      brokerEpoch: 101,
      leaderEpoch: 6,
      partitionEpoch: 2,
      leaderRecoveryState: "recovered",
    });
  });
});
