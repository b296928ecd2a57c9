import type { BrokerId } from "../ids.js";
import type { PartitionRegistration } from "./partition.js";

/** The controller's view of one broker, as every reader of the metadata log knows it (Kafka: `BrokerRegistration`). */
export interface BrokerRegistration {
  readonly brokerId: BrokerId;
  readonly incarnationId: number;
  /** Offset at which the batch of its registration begins: strictly grows with each process that was accepted. */
  readonly brokerEpoch: number;
  readonly fenced: boolean;
  readonly inControlledShutdown: boolean;
  readonly rack: string | null;
  readonly directoryId: number;
}

/** A topic with the dynamic configuration that replication reads, already resolved over its defaults. */
export interface TopicImage {
  readonly topic: string;
  /** Overrides of this topic, as written. */
  readonly configs: Readonly<Record<string, string>>;
  /** `min.insync.replicas` in force: topic, else cluster, else static; not yet clipped to the number of replicas. */
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElectionEnable: boolean;
}

/**
 * What the metadata log says up to (not including) `nextOffset`. The controller and each broker hold one; a broker's
 * may be older, and that is a lesson of its own.
 *
 * Invariant: arrays are sorted (brokers by id, topics by name, partitions by topic and index).
 */
export interface MetadataImage {
  readonly nextOffset: number;
  readonly brokers: readonly BrokerRegistration[];
  readonly topics: readonly TopicImage[];
  readonly partitions: readonly PartitionRegistration[];
  /** Cluster-wide dynamic defaults (`--entity-default`), as written. */
  readonly clusterConfigs: Readonly<Record<string, string>>;
  /** Per-broker dynamic overrides, as written; key is the broker id. */
  readonly brokerConfigs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Static settings of `server.properties` that dynamic ones fall back to. */
  readonly staticConfigs: Readonly<Record<string, string>>;
  /** What counts for a topic when nobody says anything: Kafka's defaults, of the release or of a variant. */
  readonly topicDefaults: Readonly<Record<string, string>>;
  readonly features: Readonly<Record<string, number>>;
}

export function registrationOf(image: MetadataImage, brokerId: BrokerId): BrokerRegistration | undefined {
  return image.brokers.find((broker) => broker.brokerId === brokerId);
}

export function partitionOf(image: MetadataImage, partition: string): PartitionRegistration | undefined {
  return image.partitions.find((candidate) => candidate.partition === partition);
}

export function topicOf(image: MetadataImage, topic: string): TopicImage | undefined {
  return image.topics.find((candidate) => candidate.topic === topic);
}

/** Registered, unfenced and not shutting down: only such a broker may lead or be added to an ISR. */
export function isActive(image: MetadataImage, brokerId: BrokerId): boolean {
  const registration = registrationOf(image, brokerId);
  return registration !== undefined && !registration.fenced && !registration.inControlledShutdown;
}
