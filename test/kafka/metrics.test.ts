import { describe, expect, test } from "vitest";
import { metrics, objectNameOf } from "../../lib/kafka/metrics.js";

describe("metrics", () => {
  test("section 11 of the reference, complete and by JMX name", () => {
    const byType = (prefix: string) =>
      Object.values(metrics).flatMap((metric) =>
        metric.objectName.startsWith(prefix) ? [/name=([^,]+)/.exec(metric.objectName)?.[1]] : [],
      );
    expect(byType("kafka.server:type=ReplicaManager,")).toEqual([
      "LeaderCount",
      "PartitionCount",
      "OfflineReplicaCount",
      "UnderReplicatedPartitions",
      "UnderMinIsrPartitionCount",
      "AtMinIsrPartitionCount",
      "ReassigningPartitions",
      "IsrShrinksPerSec",
      "IsrExpandsPerSec",
      "FailedIsrUpdatesPerSec",
      "PartitionsWithLateTransactionsCount",
      "ProducerIdCount",
    ]);
    expect(byType("kafka.cluster:type=Partition,")).toEqual([
      "UnderReplicated",
      "InSyncReplicasCount",
      "UnderMinIsr",
      "AtMinIsr",
      "ReplicasCount",
      "LastStableOffsetLag",
    ]);
    expect(byType("kafka.controller:type=KafkaController,")).toEqual([
      "ActiveControllerCount",
      "ActiveBrokerCount",
      "FencedBrokerCount",
      "GlobalTopicCount",
      "GlobalPartitionCount",
      "OfflinePartitionsCount",
      "PreferredReplicaImbalanceCount",
      "MetadataErrorCount",
    ]);
    expect(byType("kafka.controller:type=ControllerStats,")).toEqual([
      "UncleanLeaderElectionsPerSec",
      "ElectionFromEligibleLeaderReplicasPerSec",
    ]);
  });

  test("object names are filled in", () => {
    expect(objectNameOf("UnderMinIsr", { topic: "orders", partition: 0 })).toBe(
      "kafka.cluster:type=Partition,name=UnderMinIsr,topic=orders,partition=0",
    );
    expect(objectNameOf("UnderMinIsr", { topic: "{partition}", partition: 0 })).toContain(
      "topic={partition},partition=0",
    );
    expect(objectNameOf("UnderReplicatedPartitions")).toBe(
      "kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions",
    );
  });
});
