import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import {
  delayedOperationMetrics,
  partitionMetrics,
  replicaManagerMetrics,
} from "../../../lib/protocol/broker/metrics.js";
import { BrokerUnderTest, current, lagMs, logTo, T } from "./broker-under-test.js";

function metrics(broker: BrokerUnderTest) {
  return replicaManagerMetrics(broker.broker, broker.nowMs, broker.rules);
}

describe("U. metrics of a broker", () => {
  test("U-10 a shrink by the leader counts, one by the controller does not", () => {
    const shrinking = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10) });
    shrinking.fetch(2, 10);
    shrinking.at(T + lagMs + 1).checkIsr();
    expect(metrics(shrinking).IsrShrinksPerSec).toBe(0);
    shrinking.alterPartition();
    expect(metrics(shrinking)).toMatchObject({ IsrShrinksPerSec: 1, UnderReplicatedPartitions: 1 });
    const fencing = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10) });
    fencing.metadata({ isr: [1, 2], partitionEpoch: 2 });
    expect(metrics(fencing)).toMatchObject({ IsrShrinksPerSec: 0, UnderReplicatedPartitions: 1 });
  });

  test("U-10 it undercounts when the metadata overtakes the answer", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.at(T + lagMs + 1).checkIsr();
    leader.metadata({ isr: [1], partitionEpoch: 2 });
    leader.alterPartition({ partitionEpoch: 2, isr: [1] });
    expect([leader.isr, metrics(leader).IsrShrinksPerSec]).toEqual(["1", 0]);
  });

  test.each([
    // |ISR|, then: under-replicated, at min, under min
    [[1, 2, 3], 0, 0, 0],
    [[1, 2], 1, 1, 0],
    [[1], 1, 0, 1],
  ])("U-11 ISR %j of three, min 2", (isr, underReplicated, atMin, underMin) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr, minInsyncReplicas: 2 });
    expect(metrics(leader)).toMatchObject({
      LeaderCount: 1,
      PartitionCount: 1,
      UnderReplicatedPartitions: underReplicated,
      AtMinIsrPartitionCount: atMin,
      UnderMinIsrPartitionCount: underMin,
    });
    expect(partitionMetrics(leader.broker, "orders-0", current)).toEqual({
      UnderReplicated: underReplicated,
      InSyncReplicasCount: isr.length,
      UnderMinIsr: underMin,
      AtMinIsr: atMin,
      ReplicasCount: 3,
      LastStableOffsetLag: 0,
    });
  });

  test("U-11 a leaderless partition is in no gauge of a broker", () => {
    const broker = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1], minInsyncReplicas: 2 });
    broker.metadata({ leader: -1, leaderEpoch: 6, partitionEpoch: 2 });
    expect(metrics(broker)).toMatchObject({
      LeaderCount: 0,
      PartitionCount: 1,
      UnderReplicatedPartitions: 0,
      AtMinIsrPartitionCount: 0,
      UnderMinIsrPartitionCount: 0,
    });
  });

  test("U-07 the metric uses the effective minimum", () => {
    const leader = new BrokerUnderTest({ replicas: [1], minInsyncReplicas: 2 });
    expect(metrics(leader).UnderMinIsrPartitionCount).toBe(0);
    expect(leader.produce("all")?.error).toBe("NONE");
    const before = new BrokerUnderTest({ replicas: [1], minInsyncReplicas: 2, rules: rulesFor("3.6") });
    expect(metrics(before).UnderMinIsrPartitionCount).toBe(1);
  });

  test("a reassignment", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    expect(metrics(leader).ReassigningPartitions).toBe(0);
    leader.metadata({ replicas: [1, 2, 3], addingReplicas: [3], partitionEpoch: 2 });
    expect(metrics(leader)).toMatchObject({ ReassigningPartitions: 1, UnderReplicatedPartitions: 0 });
  });

  test("requests that wait, producers, transactions", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], nowMs: 0 });
    const producer = { producerId: 7, producerEpoch: 0, sequence: 0 };
    leader.fetch(2, 0, { maxWaitMs: 500, minBytes: 9 });
    leader.produce("all", 2, { producer, transactional: true });
    expect(delayedOperationMetrics(leader.broker)).toEqual({
      ProducePurgatorySize: 1,
      FetchPurgatorySize: 1,
      FailedProduceRequestsPerSec: 0,
    });
    leader.fetch(2, 2);
    expect(partitionMetrics(leader.broker, "orders-0", current)?.LastStableOffsetLag).toBe(2);
    expect(metrics(leader)).toMatchObject({ ProducerIdCount: 1, PartitionsWithLateTransactionsCount: 0 });
    expect(metrics(leader.at(1_200_001)).PartitionsWithLateTransactionsCount).toBe(1);
  });
});
