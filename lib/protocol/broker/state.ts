import type { BrokerId, NodeName, TopicPartition } from "../ids.js";
import type { ReplicaLog } from "../log/log.js";
import type { FetchRequest, ProduceRequest, WriteTxnMarkersRequest } from "../message.js";
import type { MetadataImage } from "../metadata/image.js";
import type { Channel } from "../step.js";

/** Static settings of one broker that replication reads. Milliseconds where the name says so. */
export interface BrokerSettings {
  readonly replicaLagTimeMaxMs: number;
  readonly replicaFetchWaitMaxMs: number;
  readonly replicaFetchMinBytes: number;
  /** Records in one fetch answer: the model counts records where Kafka counts bytes. */
  readonly replicaFetchMaxRecords: number;
  readonly replicaFetchBackoffMs: number;
  readonly replicaSocketTimeoutMs: number;
  readonly replicaHighWatermarkCheckpointIntervalMs: number;
  readonly brokerHeartbeatIntervalMs: number;
  /** The broker only derives its patience with the controller from it; sessions are the controller's. */
  readonly brokerSessionTimeoutMs: number;
  readonly initialBrokerRegistrationTimeoutMs: number;
  readonly controllerSocketTimeoutMs: number;
  readonly producerIdExpirationMs: number;
  readonly controlledShutdownEnable: boolean;
  /** `rack-aware` is org.apache.kafka.common.replica.RackAwareReplicaSelector. KIP-392. */
  readonly replicaSelector: "leader" | "rack-aware";
}

/**
 * One broker: what is on its disk and, while its process runs, what it has in memory. It knows other nodes only by what
 * their messages told it.
 */
export interface Broker {
  readonly brokerId: BrokerId;
  readonly rack: string | null;
  readonly settings: BrokerSettings;
  /** `down` keeps only what is on the disk: every other field is as a fresh start would make it. */
  readonly process: "running" | "down";
  /** One per process start. */
  readonly incarnationId: number;
  /** Identity of the disk; a replaced disk has a new one. */
  readonly directoryId: number;
  /** On disk: the broker epoch that a clean shutdown wrote; deleted at the next start. KAFKA-18635. */
  readonly cleanShutdownBrokerEpoch: number | null;
  readonly lifecycle: Lifecycle;
  /** The conversation with the controller that registers the broker and keeps its session alive. */
  readonly controllerChannel: ControllerChannel;
  /** Given by the controller at registration; `noBrokerEpoch` before. */
  readonly brokerEpoch: number;
  /** The metadata log as far as this broker has read it (on disk too, so it survives a crash). */
  readonly metadata: MetadataImage;
  /** Copies hosted here, sorted by partition. */
  readonly replicas: readonly Replica[];
  readonly alterPartition: AlterPartitionQueue;
  readonly directoryAssignment: DirectoryAssignment;
  readonly dueMs: BrokerDueTimes;
  /** Counts only: no rule reads them, so a search may leave them out of what makes two states different. */
  readonly meters: BrokerMeters;
}

/** Kafka's BrokerState, as far as it matters here. A broker accepts connections from `running` on. */
export type Lifecycle =
  /** Asks the controller to accept this incarnation. */
  | { readonly state: "registering"; readonly sinceMs: number; readonly previousBrokerEpoch: number }
  /** Registered; reads the metadata log up to its own registration and does not know its roles yet. */
  | { readonly state: "starting" }
  /** Leads and follows as the metadata says, and waits for the controller to unfence it. */
  | { readonly state: "fenced" }
  /** Has been unfenced once. It stays `running` when the controller fences it later, and goes on serving. */
  | { readonly state: "running" }
  | { readonly state: "controlled-shutdown"; readonly sinceMs: number; readonly answered: boolean };

export interface ControllerChannel {
  /** A registration or heartbeat is out and unanswered; at most one is. */
  readonly awaitingAnswer: boolean;
  /** The next request follows its answer at once. */
  readonly nextAtOnce: boolean;
  /** Failures in a row; the wait before a retry doubles with each. */
  readonly failedAttempts: number;
}

/** When each task runs next, in virtual milliseconds; `neverMs` while there is none. */
export interface BrokerDueTimes {
  /** To register, or to give up waiting for the answer. */
  readonly registration: number;
  /** To send a heartbeat, or to give up waiting for the answer. */
  readonly heartbeat: number;
  /** The process ends by itself: registration took too long, or so did the controlled shutdown. */
  readonly lifecycleTimeout: number;
  readonly isrExpiration: number;
  readonly highWatermarkCheckpoint: number;
  readonly producerIdExpiration: number;
  /** To send what is queued, or to give up waiting for the answer. */
  readonly alterPartition: number;
  readonly directoryAssignment: number;
}

/** ISR proposals on their way to the controller (Kafka: `AlterPartitionManager`). */
export interface AlterPartitionQueue {
  /** Sent and not answered. One at a time. */
  readonly inFlight: AlterPartitionProposal | null;
  /** In order. Invariant: a partition has at most one proposal here and in flight together. */
  readonly queued: readonly AlterPartitionProposal[];
}

/**
 * What a leader asks for, fixed when it asks: a retry sends the same. The members' broker epochs above all must be those
 * that the leader judged by, or a replica that has lost its disk meanwhile would be admitted. KIP-903.
 */
export interface AlterPartitionProposal {
  readonly partition: TopicPartition;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** In the order in which it will be stored. */
  readonly newIsr: readonly { readonly brokerId: BrokerId; readonly brokerEpoch: number }[];
}

/** Replicas whose directory the controller does not know yet (Kafka: `AssignmentsManager`). KIP-858. */
export interface DirectoryAssignment {
  /** Sent and not answered; empty if none is under way. */
  readonly inFlight: readonly TopicPartition[];
  readonly queued: readonly TopicPartition[];
  readonly failedAttempts: number;
}

/** Counts since the process started (Kafka's `…PerSec` meters). */
export interface BrokerMeters {
  readonly isrExpands: number;
  readonly isrShrinks: number;
  readonly failedIsrUpdates: number;
  readonly failedProduceRequests: number;
}

/** This broker's copy of one partition. */
export type Replica = LeaderReplica | FollowerReplica | OfflineReplica;

/** A copy whose role is known. */
export type OnlineReplica = LeaderReplica | FollowerReplica;

interface ReplicaBase {
  readonly partition: TopicPartition;
  readonly topic: string;
  /** On disk. */
  readonly log: ReplicaLog;
  /** Exclusive end of what this replica knows to be committed. logStartOffset ≤ highWatermark ≤ log end. */
  readonly highWatermark: number;
  /** On disk: where the high watermark starts again after a restart. May be beyond the log end. */
  readonly highWatermarkCheckpoint: number;
  /** On disk: a power failure cannot take records below it. ≤ log end. */
  readonly flushedEndOffset: number;
  /** -1 before the first metadata has been read. */
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
}

export interface LeaderReplica extends ReplicaBase {
  readonly role: "leader";
  readonly assignment: readonly BrokerId[];
  readonly addingReplicas: readonly BrokerId[];
  /** Log end at the moment this leader epoch began; a follower must reach it to join the ISR. */
  readonly leaderEpochStartOffset: number;
  readonly isrState: IsrState;
  /** What this leader knows of each other replica, sorted by id. */
  readonly remoteReplicas: readonly RemoteReplica[];
  /** acks=all requests that wait for the high watermark, oldest first. */
  readonly waitingProduces: readonly WaitingProduce[];
  /** Long polls, oldest first. */
  readonly waitingFetches: readonly WaitingFetch[];
}

/**
 * The ISR as committed, and what has been proposed. Read it with `isrOf` and `maximalIsr`. KIP-497.
 *
 * `proposedIsr` is the whole ISR asked for, in the order in which it will be stored.
 */
export type IsrState =
  | { readonly state: "committed"; readonly isr: readonly BrokerId[] }
  | {
      readonly state: "pendingExpand";
      readonly isr: readonly BrokerId[];
      readonly newInSyncReplica: BrokerId;
      readonly proposedIsr: readonly BrokerId[];
    }
  | {
      readonly state: "pendingShrink";
      readonly isr: readonly BrokerId[];
      readonly outOfSyncReplicas: readonly BrokerId[];
      readonly proposedIsr: readonly BrokerId[];
    };

/** The leader's notes on one follower (Kafka: `Replica`). */
export interface RemoteReplica {
  readonly replicaId: BrokerId;
  /** -1 until it has fetched in this epoch. */
  readonly logEndOffset: number;
  readonly logStartOffset: number;
  readonly lastFetchTimeMs: number;
  readonly lastFetchLeaderLogEndOffset: number;
  readonly lastCaughtUpTimeMs: number;
  /** Broker epoch of its last fetch, `noBrokerEpoch` if that carried none; null until it has fetched. */
  readonly brokerEpoch: number | null;
}

export interface WaitingProduce {
  readonly from: NodeName;
  readonly channel: Channel;
  readonly request: ProduceRequest | WriteTxnMarkersRequest;
  readonly baseOffset: number;
  /** The high watermark that answers it: last offset + 1. */
  readonly requiredOffset: number;
  readonly expiresAtMs: number;
}

export interface WaitingFetch {
  readonly from: NodeName;
  readonly channel: Channel;
  readonly request: FetchRequest;
  readonly expiresAtMs: number;
}

export interface FollowerReplica extends ReplicaBase {
  readonly role: "follower";
  /** `noLeader` while the partition has none. */
  readonly leader: BrokerId;
  readonly fetcher: Fetcher;
  /** Long polls of consumers that read from this follower. KIP-392. */
  readonly waitingFetches: readonly WaitingFetch[];
}

/** What a follower is doing about its leader. */
export type Fetcher =
  /** The next fetch goes out at `dueMs`. */
  | { readonly state: "idle"; readonly dueMs: number }
  /** A fetch is out, unanswered until `timesOutAtMs`. */
  | { readonly state: "fetching"; readonly fetchOffset: number; readonly timesOutAtMs: number }
  /** After OFFSET_OUT_OF_RANGE: asking where the leader's log ends, then where it starts. */
  | { readonly state: "listingOffsets"; readonly target: "latest" | "earliest"; readonly timesOutAtMs: number }
  /** Before the fetch itself told where logs part: must ask the leader first, at `dueMs`. KIP-101. */
  | { readonly state: "truncating"; readonly dueMs: number }
  /** The question of `truncating` is out. */
  | { readonly state: "askingEpochEnd"; readonly timesOutAtMs: number }
  /** Waits for metadata: no leader, this epoch was fenced, or out of the ISR while shutting down. */
  | { readonly state: "stopped"; readonly reason: "no-leader" | "fenced-epoch" | "controlled-shutdown" };

/** On disk, but its role is not known yet: the process is down or has not read its metadata. */
export interface OfflineReplica extends ReplicaBase {
  readonly role: "offline";
}
