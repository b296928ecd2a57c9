import type { BrokerId, TopicPartition } from "../ids.js";
import type { LeaderRecoveryState } from "./partition.js";

/**
 * The controller's decisions. A decision changes nothing by itself: `applyMetadataRecord` folds it into an image, on
 * the controller at once and on each broker when the record reaches it.
 */
export type MetadataRecord =
  | RegisterBrokerRecord
  | BrokerRegistrationChangeRecord
  | UnregisterBrokerRecord
  | TopicRecord
  | RemoveTopicRecord
  | PartitionRecord
  | PartitionChangeRecord
  | ConfigRecord
  | ClearElrRecord
  | FeatureLevelRecord;

/**
 * A new process of a broker has been accepted. Its broker epoch is the offset at which this record's batch begins: before
 * it may stand what the end of the old process did to partitions.
 */
export interface RegisterBrokerRecord {
  readonly type: "RegisterBrokerRecord";
  readonly brokerId: BrokerId;
  readonly incarnationId: number;
  readonly brokerEpoch: number;
  readonly rack: string | null;
  readonly directoryId: number;
  readonly fenced: boolean;
}

/** Fences or unfences a broker, or marks that it is shutting down. Absent fields stay as they are. */
export interface BrokerRegistrationChangeRecord {
  readonly type: "BrokerRegistrationChangeRecord";
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  readonly fenced?: boolean;
  readonly inControlledShutdown?: boolean;
}

export interface UnregisterBrokerRecord {
  readonly type: "UnregisterBrokerRecord";
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
}

export interface TopicRecord {
  readonly type: "TopicRecord";
  readonly topic: string;
}

export interface RemoveTopicRecord {
  readonly type: "RemoveTopicRecord";
  readonly topic: string;
}

/** A new partition; both epochs start at 0. */
export interface PartitionRecord {
  readonly type: "PartitionRecord";
  readonly topic: string;
  readonly partition: TopicPartition;
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
  readonly leader: BrokerId;
  readonly directories: readonly number[];
}

/** A change of one partition. Absent fields stay as they are; naming a leader, even the same one, bumps its epoch. */
export interface PartitionChangeRecord {
  readonly type: "PartitionChangeRecord";
  readonly partition: TopicPartition;
  readonly isr?: readonly BrokerId[];
  readonly leader?: BrokerId;
  readonly replicas?: readonly BrokerId[];
  readonly removingReplicas?: readonly BrokerId[];
  readonly addingReplicas?: readonly BrokerId[];
  readonly leaderRecoveryState?: LeaderRecoveryState;
  readonly eligibleLeaderReplicas?: readonly BrokerId[];
  readonly lastKnownElr?: readonly BrokerId[];
  readonly directories?: readonly number[];
}

/** A dynamic configuration; `value: null` deletes it. An empty `brokerId` scope name is the cluster-wide default. */
export interface ConfigRecord {
  readonly type: "ConfigRecord";
  readonly scope: ConfigScope;
  readonly key: string;
  readonly value: string | null;
}

export type ConfigScope =
  | { readonly kind: "topic"; readonly topic: string }
  | { readonly kind: "broker"; readonly brokerId: BrokerId }
  | { readonly kind: "cluster" };

/** Clears ELR and last known ELR of a topic's partitions, or of all partitions when `topic` is null. KIP-966. */
export interface ClearElrRecord {
  readonly type: "ClearElrRecord";
  readonly topic: string | null;
}

export interface FeatureLevelRecord {
  readonly type: "FeatureLevelRecord";
  readonly feature: string;
  readonly level: number;
}

/** Records that take effect together: no reader ever sees only some of them. */
export interface MetadataBatch {
  /** Offset of the first record; the next batch begins at `baseOffset + records.length`. */
  readonly baseOffset: number;
  readonly records: readonly MetadataRecord[];
  /** When the controller wrote it, in virtual milliseconds; the delay of its delivery counts from here. */
  readonly appendedAtMs: number;
}
