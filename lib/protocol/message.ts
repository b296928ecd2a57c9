import type { ErrorCode } from "../kafka/errors.js";
import type { Acks, BrokerId, TopicPartition } from "./ids.js";
import type { LogRecord, ProducerStamp } from "./log/record.js";
import type { LeaderRecoveryState } from "./metadata/partition.js";

/**
 * Requests and their responses, under Kafka's names. One request carries one partition: Kafka batches several into
 * one, which changes when things happen, never what happens (see README.md, "left out").
 */
export type Request =
  | ProduceRequest
  | FetchRequest
  | ListOffsetsRequest
  | OffsetsForLeaderEpochRequest
  | WriteTxnMarkersRequest
  | MetadataRequest
  | AlterPartitionRequest
  | BrokerRegistrationRequest
  | BrokerHeartbeatRequest
  | AssignReplicasToDirsRequest;

export type Response =
  | ProduceResponse
  | FetchResponse
  | ListOffsetsResponse
  | OffsetsForLeaderEpochResponse
  | WriteTxnMarkersResponse
  | MetadataResponse
  | AlterPartitionResponse
  | BrokerRegistrationResponse
  | BrokerHeartbeatResponse
  | AssignReplicasToDirsResponse;

/** One batch for one partition. */
export interface ProduceRequest {
  readonly type: "ProduceRequest";
  readonly partition: TopicPartition;
  readonly acks: Acks;
  /** How long the leader may wait for the ISR: the producer's `request.timeout.ms`. */
  readonly timeoutMs: number;
  readonly records: readonly ProducedRecord[];
  /** Stamp of the first record; the others follow in sequence. Null when the producer is not idempotent. */
  readonly producer: ProducerStamp | null;
  readonly transactional: boolean;
}

export interface ProducedRecord {
  readonly value: string;
  readonly timestampMs: number;
}

export interface ProduceResponse {
  readonly type: "ProduceResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  /** Offset of the first record of the batch, or -1 where the broker does not say. */
  readonly baseOffset: number;
  readonly logStartOffset: number;
  /** Sent with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH: what this broker believes. KIP-951, 3.7. */
  readonly currentLeader: CurrentLeader | null;
}

export interface CurrentLeader {
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
}

/** How far a fetch may read. */
export type FetchIsolation = "logEnd" | "highWatermark" | "txnCommitted";

/** From a follower (`replicaId` is its id) or from a consumer (`replicaId` is null). */
export interface FetchRequest {
  readonly type: "FetchRequest";
  readonly partition: TopicPartition;
  readonly replicaId: BrokerId | null;
  /** Broker epoch of the fetching replica; `noBrokerEpoch` where the version does not send it. KIP-903. */
  readonly brokerEpoch: number;
  readonly fetchOffset: number;
  /** The epoch the sender believes in; `noEpoch` where it does not say. KIP-320. */
  readonly currentLeaderEpoch: number;
  /** Epoch of the last record before `fetchOffset`; `noEpoch` where unknown. KIP-595. */
  readonly lastFetchedEpoch: number;
  readonly isolation: FetchIsolation;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  /** At most so many records in the answer (the model counts records where Kafka counts bytes). */
  readonly maxRecords: number;
  readonly rack: string | null;
}

export interface FetchResponse {
  readonly type: "FetchResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  /** Offset of the first record in `records`: the `fetchOffset` that is answered. */
  readonly fetchOffset: number;
  readonly records: readonly LogRecord[];
  /** The leader's high watermark before this very fetch was counted; -1 with an error. */
  readonly highWatermark: number;
  readonly lastStableOffset: number;
  readonly logStartOffset: number;
  /** Where the logs part; then no records are sent and nothing is learnt of the high watermark. */
  readonly divergingEpoch: EpochEndOffset | null;
  readonly currentLeader: CurrentLeader | null;
  /** KIP-392: read there instead. */
  readonly preferredReadReplica: BrokerId | null;
  /** First offsets of aborted transactions in the range, for `read_committed`. */
  readonly abortedTransactions: readonly { readonly producerId: number; readonly firstOffset: number }[];
}

/** `{ epoch, endOffset }`: the largest epoch not above the one asked for, and where it ends. Exclusive. */
export interface EpochEndOffset {
  readonly epoch: number;
  readonly endOffset: number;
}

export interface ListOffsetsRequest {
  readonly type: "ListOffsetsRequest";
  readonly partition: TopicPartition;
  readonly replicaId: BrokerId | null;
  readonly currentLeaderEpoch: number;
  readonly isolation: FetchIsolation;
  readonly target: "earliest" | "latest" | { readonly timestampMs: number };
}

export interface ListOffsetsResponse {
  readonly type: "ListOffsetsResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  /** -1 when no record is that young. */
  readonly offset: number;
  readonly leaderEpoch: number;
}

export interface OffsetsForLeaderEpochRequest {
  readonly type: "OffsetsForLeaderEpochRequest";
  readonly partition: TopicPartition;
  readonly replicaId: BrokerId | null;
  readonly currentLeaderEpoch: number;
  readonly leaderEpoch: number;
}

export interface OffsetsForLeaderEpochResponse {
  readonly type: "OffsetsForLeaderEpochResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  /** Null where the epoch is unknown to the leader. */
  readonly endOffset: EpochEndOffset | null;
}

/** Ends a transaction on one partition; the transaction coordinator itself is left out. */
export interface WriteTxnMarkersRequest {
  readonly type: "WriteTxnMarkersRequest";
  readonly partition: TopicPartition;
  readonly producerId: number;
  readonly producerEpoch: number;
  readonly outcome: "commit" | "abort";
}

export interface WriteTxnMarkersResponse {
  readonly type: "WriteTxnMarkersResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
}

export interface MetadataRequest {
  readonly type: "MetadataRequest";
  readonly topics: readonly string[];
}

export interface MetadataResponse {
  readonly type: "MetadataResponse";
  readonly partitions: readonly MetadataResponsePartition[];
  /** Brokers that a client may connect to: the unfenced ones. */
  readonly brokers: readonly { readonly brokerId: BrokerId; readonly rack: string | null }[];
}

export interface MetadataResponsePartition {
  readonly partition: TopicPartition;
  readonly topic: string;
  readonly error: ErrorCode;
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly replicas: readonly BrokerId[];
  readonly isr: readonly BrokerId[];
}

/** The leader wishes to change the ISR. KIP-497; broker epochs of the members since KIP-903. */
export interface AlterPartitionRequest {
  readonly type: "AlterPartitionRequest";
  readonly partition: TopicPartition;
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly newIsr: readonly { readonly brokerId: BrokerId; readonly brokerEpoch: number }[];
  readonly leaderRecoveryState: LeaderRecoveryState;
}

export interface AlterPartitionResponse {
  readonly type: "AlterPartitionResponse";
  readonly partition: TopicPartition;
  readonly error: ErrorCode;
  readonly leader: BrokerId;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly isr: readonly BrokerId[];
  readonly leaderRecoveryState: LeaderRecoveryState;
}

export interface BrokerRegistrationRequest {
  readonly type: "BrokerRegistrationRequest";
  readonly brokerId: BrokerId;
  readonly incarnationId: number;
  /** From the clean-shutdown file; `noBrokerEpoch` without one. KAFKA-18635. */
  readonly previousBrokerEpoch: number;
  readonly rack: string | null;
  readonly directoryId: number;
}

export interface BrokerRegistrationResponse {
  readonly type: "BrokerRegistrationResponse";
  readonly error: ErrorCode;
  readonly brokerEpoch: number;
}

export interface BrokerHeartbeatRequest {
  readonly type: "BrokerHeartbeatRequest";
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  /** Next metadata offset the broker will read. */
  readonly metadataOffset: number;
  readonly wantFence: boolean;
  readonly wantShutDown: boolean;
}

export interface BrokerHeartbeatResponse {
  readonly type: "BrokerHeartbeatResponse";
  readonly error: ErrorCode;
  readonly isCaughtUp: boolean;
  readonly isFenced: boolean;
  readonly shouldShutDown: boolean;
}

/** A replica now lives in another directory, for example after its disk was replaced. KIP-858. */
export interface AssignReplicasToDirsRequest {
  readonly type: "AssignReplicasToDirsRequest";
  readonly brokerId: BrokerId;
  readonly brokerEpoch: number;
  readonly directoryId: number;
  readonly partitions: readonly TopicPartition[];
}

export interface AssignReplicasToDirsResponse {
  readonly type: "AssignReplicasToDirsResponse";
  readonly error: ErrorCode;
}
