import type { KafkaVersion } from "./releases.js";

/** A metric as JMX or a client shows it. */
export interface MetricDefinition {
  /** JMX ObjectName; `{…}` stands for a value that differs per bean. */
  readonly objectName: string;
  /** Attribute that carries the number. */
  readonly attribute: string;
  readonly kind: "gauge" | "meter";
  /** Who reports it. */
  readonly reportedBy: "broker" | "controller" | "producer";
  readonly counts: string;
  /** What it does not show, where people expect it to. */
  readonly silentAbout?: string;
  readonly since?: KafkaVersion;
}

const replicaManager = (name: string) => `kafka.server:type=ReplicaManager,name=${name}`;
const partition = (name: string) => `kafka.cluster:type=Partition,name=${name},topic={topic},partition={partition}`;
const controller = (name: string) => `kafka.controller:type=KafkaController,name=${name}`;
const controllerStats = (name: string) => `kafka.controller:type=ControllerStats,name=${name}`;

type Row = Omit<MetricDefinition, "attribute" | "kind" | "reportedBy">;

const gauge = (reportedBy: MetricDefinition["reportedBy"], row: Row): MetricDefinition => ({
  ...row,
  attribute: "Value",
  kind: "gauge",
  reportedBy,
});
const meter = (reportedBy: MetricDefinition["reportedBy"], row: Row): MetricDefinition => ({
  ...row,
  attribute: "Count",
  kind: "meter",
  reportedBy,
});
const producerGauge = (attribute: string, row: Omit<Row, "objectName">): MetricDefinition => ({
  ...row,
  objectName: "kafka.producer:type=producer-metrics,client-id={client-id}",
  attribute,
  kind: "gauge",
  reportedBy: "producer",
});

const leaderlessVanish =
  "A partition without a leader is led by nobody and leaves this count; see OfflinePartitionsCount.";

/** The metrics that speak of replication, by the short name people use. */
export const metrics = {
  LeaderCount: gauge("broker", { objectName: replicaManager("LeaderCount"), counts: "Partitions this broker leads." }),
  PartitionCount: gauge("broker", {
    objectName: replicaManager("PartitionCount"),
    counts: "Replicas this broker holds, led or followed.",
  }),
  OfflineReplicaCount: gauge("broker", {
    objectName: replicaManager("OfflineReplicaCount"),
    counts: "Replicas of this broker whose log directory failed.",
    silentAbout: "Replicas of a broker that is down: a dead broker reports nothing.",
  }),
  UnderReplicatedPartitions: gauge("broker", {
    objectName: replicaManager("UnderReplicatedPartitions"),
    counts: "Led partitions whose ISR is smaller than the replication factor.",
    silentAbout: leaderlessVanish,
  }),
  UnderMinIsrPartitionCount: gauge("broker", {
    objectName: replicaManager("UnderMinIsrPartitionCount"),
    counts: "Led partitions whose ISR is smaller than the effective min.insync.replicas.",
    silentAbout: `${leaderlessVanish} kafka-topics --under-min-isr-partitions compares with the configured value instead and includes leaderless partitions.`,
  }),
  AtMinIsrPartitionCount: gauge("broker", {
    objectName: replicaManager("AtMinIsrPartitionCount"),
    counts:
      "Led partitions whose ISR has exactly the effective min.insync.replicas: one more loss and acks=all is refused.",
    silentAbout: leaderlessVanish,
  }),
  ReassigningPartitions: gauge("broker", {
    objectName: replicaManager("ReassigningPartitions"),
    counts: "Led partitions that are being reassigned.",
  }),
  IsrShrinksPerSec: meter("broker", {
    objectName: replicaManager("IsrShrinksPerSec"),
    counts: "ISR shrinks that this leader asked for and saw committed.",
    silentAbout:
      "Shrinks made by the controller (fencing, shutdown), and changes whose metadata overtakes the answer: real clusters undercount.",
  }),
  IsrExpandsPerSec: meter("broker", {
    objectName: replicaManager("IsrExpandsPerSec"),
    counts: "ISR expansions that this leader asked for and saw committed.",
    silentAbout: "Changes whose metadata overtakes the answer: real clusters undercount.",
  }),
  FailedIsrUpdatesPerSec: meter("broker", {
    objectName: replicaManager("FailedIsrUpdatesPerSec"),
    counts: "ISR changes that the controller refused or whose answer came too late.",
  }),
  PartitionsWithLateTransactionsCount: gauge("broker", {
    objectName: replicaManager("PartitionsWithLateTransactionsCount"),
    counts: "Led partitions with a transaction open for longer than allowed.",
  }),
  ProducerIdCount: gauge("broker", {
    objectName: replicaManager("ProducerIdCount"),
    counts: "Idempotent producers this broker remembers, over all partitions.",
  }),
  UnderReplicated: gauge("broker", {
    objectName: partition("UnderReplicated"),
    counts: "1 while the ISR is smaller than the replication factor, on the leader.",
    silentAbout: "Followers report 0.",
  }),
  InSyncReplicasCount: gauge("broker", {
    objectName: partition("InSyncReplicasCount"),
    counts: "Size of the ISR, on the leader.",
    silentAbout: "Followers report 0.",
  }),
  UnderMinIsr: gauge("broker", {
    objectName: partition("UnderMinIsr"),
    counts: "1 while the ISR is smaller than the effective min.insync.replicas, on the leader.",
    silentAbout: "Followers report 0.",
  }),
  AtMinIsr: gauge("broker", {
    objectName: partition("AtMinIsr"),
    counts: "1 while the ISR has exactly the effective min.insync.replicas, on the leader.",
    silentAbout: "Followers report 0.",
  }),
  ReplicasCount: gauge("broker", {
    objectName: partition("ReplicasCount"),
    counts: "Size of the assignment, on the leader.",
    silentAbout: "Followers report 0.",
  }),
  LastStableOffsetLag: gauge("broker", {
    objectName: partition("LastStableOffsetLag"),
    counts: "Records between the last stable offset and the high watermark.",
    silentAbout: "Records above the high watermark.",
  }),
  ActiveControllerCount: gauge("controller", {
    objectName: controller("ActiveControllerCount"),
    counts: "1 on the active controller, 0 on the others.",
  }),
  ActiveBrokerCount: gauge("controller", {
    objectName: controller("ActiveBrokerCount"),
    counts: "Registered brokers that are not fenced.",
    silentAbout: "A crashed broker still counts until its session ends.",
    since: "3.6",
  }),
  FencedBrokerCount: gauge("controller", {
    objectName: controller("FencedBrokerCount"),
    counts: "Registered brokers that are fenced.",
    since: "3.6",
  }),
  GlobalTopicCount: gauge("controller", {
    objectName: controller("GlobalTopicCount"),
    counts: "Topics in the cluster.",
  }),
  GlobalPartitionCount: gauge("controller", {
    objectName: controller("GlobalPartitionCount"),
    counts: "Partitions in the cluster.",
  }),
  OfflinePartitionsCount: gauge("controller", {
    objectName: controller("OfflinePartitionsCount"),
    counts: "Partitions without a leader.",
    silentAbout: "Partitions whose leader has crashed and is not fenced yet.",
  }),
  PreferredReplicaImbalanceCount: gauge("controller", {
    objectName: controller("PreferredReplicaImbalanceCount"),
    counts: "Partitions that their preferred replica does not lead, leaderless ones included.",
  }),
  MetadataErrorCount: gauge("controller", {
    objectName: controller("MetadataErrorCount"),
    counts: "Errors while the metadata log was applied.",
    since: "3.6",
  }),
  UncleanLeaderElectionsPerSec: meter("controller", {
    objectName: controllerStats("UncleanLeaderElectionsPerSec"),
    counts:
      "Elections of a replica that was not known to hold everything committed; elections of the last known leader included.",
    silentAbout: "How much was lost, which may be nothing. Before 4.1 elections from the ELR count here too.",
  }),
  ElectionFromEligibleLeaderReplicasPerSec: meter("controller", {
    objectName: controllerStats("ElectionFromEligibleLeaderReplicasPerSec"),
    counts: "Clean elections of an eligible leader replica while the ISR was empty.",
    since: "4.1",
  }),
  MaxLag: gauge("broker", {
    objectName: "kafka.server:type=ReplicaFetcherManager,name=MaxLag,clientId=Replica",
    counts: "The largest number of records that a replica of this broker is behind its leader.",
    silentAbout: "Replicas whose fetcher has stopped: what is not fetched does not lag.",
  }),
  ConsumerLag: gauge("broker", {
    objectName:
      "kafka.server:type=FetcherLagMetrics,name=ConsumerLag,clientId={fetcher},topic={topic},partition={partition}",
    counts:
      "Records that this follower's partition is behind the leader's high watermark. Despite the name, no consumer is involved.",
  }),
  ProducePurgatorySize: gauge("broker", {
    objectName: "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Produce",
    counts: "acks=all requests that wait for the in-sync replicas.",
    silentAbout: "A few completed ones that have not been purged yet are included.",
  }),
  FetchPurgatorySize: gauge("broker", {
    objectName: "kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Fetch",
    counts: "Fetches that wait for new records.",
  }),
  FailedProduceRequestsPerSec: meter("broker", {
    objectName: "kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec",
    counts: "Produce requests that failed in the append itself.",
    silentAbout: "Requests that were appended and then timed out.",
  }),
  FailedFetchRequestsPerSec: meter("broker", {
    objectName: "kafka.server:type=BrokerTopicMetrics,name=FailedFetchRequestsPerSec",
    counts: "Fetch requests that failed.",
  }),
  "record-error-rate": producerGauge("record-error-rate", {
    counts: "Sends that ended with an error, a second.",
    silentAbout: "Sends that are still being retried.",
  }),
  "record-retry-rate": producerGauge("record-retry-rate", {
    counts: "Attempts after the first, a second: the first sign of NOT_ENOUGH_REPLICAS and of elections.",
  }),
  "request-latency-avg": producerGauge("request-latency-avg", {
    counts: "Time from a request to its answer, on average; with acks=all the slowest ISR member decides it.",
    silentAbout: "Requests that got no answer.",
  }),
} as const satisfies { readonly [name: string]: MetricDefinition };

export type MetricName = keyof typeof metrics;

/** The ObjectName with its `{…}` parts filled in; parts without a value stay as they are. */
export function objectNameOf(name: MetricName, parts: { readonly [part: string]: string | number } = {}): string {
  return metrics[name].objectName.replace(/\{([a-z-]+)\}/g, (whole, part: string) =>
    Object.hasOwn(parts, part) ? String(parts[part]) : whole,
  );
}
