import { type BrokerId, partitionIndexOf, type TopicPartition } from "../ids.js";

/** `recovering` after an unclean election, until the new leader's first ISR change. KIP-704. */
export type LeaderRecoveryState = "recovered" | "recovering";

/**
 * What the metadata log says of one partition (Kafka: `PartitionRegistration`).
 *
 * Invariants: `isr` ⊆ `replicas`; `leader` ∈ `isr` or `leader` is `noLeader`; `eligibleLeaderReplicas` ∩ `isr` = ∅;
 * both epochs never decrease, and `leaderEpoch` never moves without `partitionEpoch`.
 */
export interface PartitionRegistration {
  readonly partition: TopicPartition;
  readonly topic: string;
  /** Assignment in preference order; the first is the preferred replica. Elections follow this order. */
  readonly replicas: readonly BrokerId[];
  /** In stored order, which tools print; elections never look at it. */
  readonly isr: readonly BrokerId[];
  /** Outside the ISR, but known to hold every committed record. KIP-966. Empty when the feature is off. */
  readonly eligibleLeaderReplicas: readonly BrokerId[];
  /** Holds at most one id: the leader at the moment the ISR became empty. */
  readonly lastKnownElr: readonly BrokerId[];
  readonly leader: BrokerId;
  readonly leaderRecoveryState: LeaderRecoveryState;
  /** Bumped by each change record that names a leader, even the same one. */
  readonly leaderEpoch: number;
  /** Bumped by each change record. */
  readonly partitionEpoch: number;
  readonly addingReplicas: readonly BrokerId[];
  readonly removingReplicas: readonly BrokerId[];
  /** Directory of each replica, in the order of `replicas`; a replaced disk has a new one. */
  readonly directories: readonly number[];
}

/**
 * Order of partitions in an image: by topic, then by index as a number (`orders-2` before `orders-10`). Names are
 * compared by code unit, so that the order is the same on every machine.
 */
export function comparePartitions(
  a: Pick<PartitionRegistration, "topic" | "partition">,
  b: Pick<PartitionRegistration, "topic" | "partition">,
): number {
  if (a.topic !== b.topic) return a.topic < b.topic ? -1 : 1;
  return partitionIndexOf(a.partition) - partitionIndexOf(b.partition);
}
