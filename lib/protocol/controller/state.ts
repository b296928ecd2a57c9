import type { BrokerId } from "../ids.js";
import type { MetadataImage } from "../metadata/image.js";
import type { MetadataBatch } from "../metadata/record.js";

export interface ControllerSettings {
  readonly brokerSessionTimeoutMs: number;
  readonly autoLeaderRebalanceEnable: boolean;
  readonly leaderImbalanceCheckIntervalMs: number;
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
  /** Sorted by broker id: the brokers that have registered with this controller or may still be alive. */
  readonly sessions: readonly BrokerSession[];
  readonly dueMs: { readonly preferredRebalance: number; readonly uncleanElection: number };
  readonly metrics: ControllerMetrics;
}

/** What the heartbeats told (Kafka: `BrokerHeartbeatState`). */
export interface BrokerSession {
  readonly brokerId: BrokerId;
  readonly lastContactTimeMs: number;
  /** Next metadata offset the broker said it will read. */
  readonly metadataOffset: number;
  /** Metadata offset that every active broker must reach before this one may stop; null outside a shutdown. */
  readonly controlledShutdownOffset: number | null;
}

/** Counts since the controller started. */
export interface ControllerMetrics {
  readonly uncleanLeaderElections: number;
  readonly electionsFromEligibleLeaderReplicas: number;
}
