import type { BrokerId } from "../ids.js";
import type { MetadataImage } from "../metadata/image.js";
import type { MetadataBatch } from "../metadata/record.js";

export interface ControllerSettings {
  readonly brokerSessionTimeoutMs: number;
  readonly autoLeaderRebalanceEnable: boolean;
  readonly leaderImbalanceCheckIntervalMs: number;
  /** Only a ZooKeeper controller reads it; absent means Kafka's 10. */
  readonly leaderImbalancePerBrokerPercentage?: number;
  readonly uncleanLeaderElectionIntervalMs: number;
}

/** The active controller: one actor with an epoch; the Raft quorum behind it is left out. */
export interface Controller {
  readonly settings: ControllerSettings;
  readonly process: "running" | "down";
  /** Grows with each new active controller. */
  readonly controllerEpoch: number;
  readonly image: MetadataImage;
  /** Every decision, in order. Brokers read it batch by batch. */
  readonly log: readonly MetadataBatch[];
  /** Sorted by broker id: one for each registered broker. Lost with the active controller, as it is in no record. */
  readonly sessions: readonly BrokerSession[];
  readonly dueMs: { readonly preferredRebalance: number; readonly uncleanElection: number };
  readonly metrics: ControllerMetrics;
}

/** What the heartbeats told (Kafka: `BrokerHeartbeatState` and `BrokerHeartbeatTracker`). */
export interface BrokerSession {
  readonly brokerId: BrokerId;
  /** Null while no session runs: before the first heartbeat of an incarnation, and after its session has ended. */
  readonly lastContactTimeMs: number | null;
  /** Next metadata offset the broker said it will read. */
  readonly metadataOffset: number;
  /** Metadata offset that every active broker must reach before this one may stop; null outside a shutdown. */
  readonly controlledShutdownOffset: number | null;
}

/** Counts since the controller became active. */
export interface ControllerMetrics {
  readonly uncleanLeaderElections: number;
  readonly electionsFromEligibleLeaderReplicas: number;
}
