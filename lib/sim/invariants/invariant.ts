import type { BrokerId, TopicPartition } from "../../protocol/ids.js";
import type { World } from "../world.js";

/** A broken invariant is a result, not an exception: finding one is the lesson. */
export interface Breach {
  readonly invariant: InvariantName;
  readonly partition: TopicPartition;
  /** One sentence with the values that break it. */
  readonly sentence: string;
  readonly brokers: readonly BrokerId[];
}

/** What must hold of a world, or of a step from one world to the next. */
export interface WorldInvariant {
  readonly name: InvariantName;
  /** What must hold, in one sentence. */
  readonly claim: string;
  readonly source: string;
  /** `before` is null for the first world. The first breach found, or null. */
  readonly breach: (before: World | null, after: World) => Breach | null;
}

export type InvariantName =
  | "LogMatching"
  | "SameEpochSameRecord"
  | "LeaderCompleteness"
  | "LeaderCandidateCompleteness"
  | "ReplicationQuorumSuperset"
  | "ConsistentRead"
  | "ValidHighWatermark"
  | "MetadataShape"
  | "EpochsNeverDecrease"
  | "OneLeaderPerEpoch"
  | "LeaderHighWatermarkMonotonic"
  | "OffsetsInOrder"
  | "NoCommittedRecordLost"
  | "AckedIsCommitted";
