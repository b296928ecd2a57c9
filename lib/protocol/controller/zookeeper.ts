import type { BrokerId } from "../ids.js";
import { isActive, type MetadataImage } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { ControllerSettings } from "./state.js";

// What a ZooKeeper controller does otherwise and is no rule of its own. In this model a registration stands for the
// ephemeral node of a broker and a heartbeat for the pings of its ZooKeeper session: a broker with a node is alive, and
// "fenced" means that its node is gone. Source: kafka.controller.KafkaController of 2.8.

const defaultImbalancePercentage = 10;

/**
 * Partitions that the periodic rebalance would move: those of a broker that leads too few of the partitions it is the
 * preferred replica of, if it is alive and in their ISR. Source: checkAndTriggerAutoLeaderRebalance.
 */
export function imbalancedByPercentage(
  image: MetadataImage,
  { leaderImbalancePerBrokerPercentage = defaultImbalancePercentage }: ControllerSettings,
): readonly PartitionRegistration[] {
  if (
    image.partitions.some(({ addingReplicas, removingReplicas }) => addingReplicas.length + removingReplicas.length > 0)
  )
    return [];
  const ofPreferred = new Map<BrokerId, { all: number; ledByOthers: number }>();
  for (const { replicas, leader } of image.partitions) {
    const [preferred] = replicas;
    if (preferred === undefined) continue;
    const counts = ofPreferred.get(preferred) ?? { all: 0, ledByOthers: 0 };
    ofPreferred.set(preferred, {
      all: counts.all + 1,
      ledByOthers: counts.ledByOthers + (leader === preferred ? 0 : 1),
    });
  }
  return image.partitions.filter(({ replicas, leader, isr }) => {
    const [preferred] = replicas;
    if (preferred === undefined || leader === preferred) return false;
    const { all, ledByOthers } = ofPreferred.get(preferred) ?? { all: 1, ledByOthers: 0 };
    // Compared as whole numbers: a ratio of floating point numbers might differ between machines.
    const tooMany = ledByOthers * 100 > leaderImbalancePerBrokerPercentage * all;
    return tooMany && isr.includes(preferred) && isActive(image, preferred);
  });
}
