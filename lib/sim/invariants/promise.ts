import { topicOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import type { World } from "../world.js";

/**
 * Whether Kafka promises anything about committed records here. Not after an unclean election, and not once as many disks
 * have lost records as must hold every committed one. Without ELR a single such disk is enough, once it is the last
 * member of the ISR; the historical bugs are judged by what is promised today. KIP-966.
 */
export function isPromised(world: World, partition: PartitionRegistration): boolean {
  if (world.history.hadUncleanElection) return false;
  const { rules } = world;
  const lossy = partition.replicas.filter((replica) => world.history.lossyBrokers.includes(replica));
  if (!rules.eligibleLeaderReplicas && rules.variant === undefined) return lossy.length === 0;
  const minimum = topicOf(world.controller.image, partition.topic)?.minInsyncReplicas ?? 1;
  return lossy.length < Math.min(minimum, partition.replicas.length);
}
