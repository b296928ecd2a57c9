import { type BrokerId, noLeader, sortedBrokerIds } from "../ids.js";
import type { PartitionRegistration } from "../metadata/partition.js";

/**
 * The ELR that belongs to a new ISR. While the ISR is below its minimum the high watermark stands still, so that whoever
 * leaves it now holds every committed record: leavers stay eligible. At the minimum or above nobody needs to.
 *
 * A replica whose last shutdown was unclean may have lost its tail and is not eligible. Ascending, as Kafka's sets of
 * small numbers come out. Source: KIP-966, PartitionChangeBuilder.maybePopulateTargetElr.
 */
export function elrOf(
  partition: PartitionRegistration,
  isr: readonly BrokerId[],
  minInsyncReplicas: number,
  uncleanShutdownReplicas: readonly BrokerId[],
): readonly BrokerId[] {
  if (isr.length >= minInsyncReplicas) return [];
  return sortedBrokerIds([...partition.eligibleLeaderReplicas, ...partition.isr]).filter(
    (brokerId) => !isr.includes(brokerId) && !uncleanShutdownReplicas.includes(brokerId),
  );
}

/**
 * The last known leader as a change leaves it, or undefined where it stays as it is: remembered when the partition
 * becomes leaderless, forgotten when it has a leader again. `leader` is undefined when the change names none.
 *
 * Source: PartitionChangeBuilder.maybeUpdateLastKnownLeader, as simplified in 4.2 (pull request 20629).
 */
export function lastKnownElrAfter(
  partition: PartitionRegistration,
  leader: BrokerId | undefined,
): readonly BrokerId[] | undefined {
  if (leader === undefined) return undefined;
  if (leader === noLeader) {
    return partition.lastKnownElr.length === 0 && partition.leader !== noLeader ? [partition.leader] : undefined;
  }
  return partition.lastKnownElr.length > 0 ? [] : undefined;
}
