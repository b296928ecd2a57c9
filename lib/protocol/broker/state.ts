import type { BrokerId, NodeName, TopicPartition } from "../ids.js";
import type { ReplicaLog } from "../log/log.js";
import type { FetchRequest, ProduceRequest } from "../message.js";
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
  readonly initialBrokerRegistrationTimeoutMs: number;
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
  /** On disk: the broker epoch that a clean shutdown wrote; read and deleted at start. KAFKA-18635. */
  readonly cleanShutdownBrokerEpoch: number | null;
  readonly lifecycle: Lifecycle;
  /** Given by the controller at registration; `noBrokerEpoch` before. */
  readonly brokerEpoch: number;
  /** The metadata log as far as this broker has read it. */
  readonly metadata: MetadataImage;
  /** Copies hosted here, sorted by partition. */
  readonly replicas: readonly Replica[];
  /** ISR proposals: at most one request is under way, at most one waits per partition. */
  readonly alterPartition: AlterPartitionQueue;
  readonly dueMs: BrokerDueTimes;
}

/** Kafka's BrokerState, as far as it matters here. */
export type Lifecycle =
  /** Asking the controller to accept this incarnation; started at `sinceMs`. */
  | { readonly state: "registering"; readonly sinceMs: number; readonly awaitingAnswer: boolean }
  /** Registered and fenced until the metadata log has been read up to the registration. */
  | { readonly state: "fenced" }
  | { readonly state: "running" }
  | { readonly state: "controlled-shutdown" };

/** When each periodic task runs next, in virtual milliseconds. */
export interface BrokerDueTimes {
  readonly registration: number;
  readonly heartbeat: number;
  readonly isrExpiration: number;
  readonly highWatermarkCheckpoint: number;
  readonly alterPartition: number;
}

export interface AlterPartitionQueue {
  /** The partition whose proposal has been sent and not answered. */
  readonly inFlight: TopicPartition | null;
  /** Partitions whose proposal waits for the one in flight, in order. */
  readonly queued: readonly TopicPartition[];
}

/** This broker's copy of one partition. */
export type Replica = LeaderReplica | FollowerReplica | OfflineReplica;

interface ReplicaBase {
  readonly partition: TopicPartition;
  readonly topic: string;
  /** On disk. */
  readonly log: ReplicaLog;
  /** Exclusive end of what this replica knows to be committed. logStartOffset ≤ highWatermark ≤ log end. */
  readonly highWatermark: number;
  /** On disk: where the high watermark starts again after a restart. */
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

/** The ISR as committed, and what has been proposed. The rule of `maximalIsr` lives in the type. KIP-497. */
export type IsrState =
  | { readonly state: "committed"; readonly isr: readonly BrokerId[] }
  | { readonly state: "pendingExpand"; readonly isr: readonly BrokerId[]; readonly newInSyncReplica: BrokerId }
  | {
      readonly state: "pendingShrink";
      readonly isr: readonly BrokerId[];
      readonly outOfSyncReplicas: readonly BrokerId[];
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
  readonly brokerEpoch: number;
}

export interface WaitingProduce {
  readonly from: NodeName;
  readonly channel: Channel;
  readonly request: ProduceRequest;
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
  /** Waits for metadata: no leader, or this epoch was fenced. */
  | { readonly state: "stopped"; readonly reason: "no-leader" | "fenced-epoch" };

/** On disk, but its role is not known yet: the process is down or has not read its metadata. */
export interface OfflineReplica extends ReplicaBase {
  readonly role: "offline";
}
