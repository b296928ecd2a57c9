import type { PartitionDescription, TopicDescription } from "../../kafka/admin/topics.js";
import { type ConfigLayers, topicConfigEntries } from "../../kafka/config.js";
import { topicIdOf } from "../../kafka/topic-id.js";
import type { Rules } from "../../kafka/versions.js";
import { noLeader, type TopicPartition } from "../../protocol/ids.js";
import type { MetadataImage } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";

/** A topic as the tools get it from the cluster. */
export function topicDescription(image: MetadataImage, topic: string, rules: Rules): TopicDescription {
  return {
    name: topic,
    topicId: topicIdOf(topic),
    partitions: image.partitions.filter((partition) => partition.topic === topic).map(partitionDescription),
    configs: topicConfigEntries(topicLayers(image, topic), rules),
  };
}

function partitionDescription(registration: PartitionRegistration): PartitionDescription {
  const { partition, leader, replicas, isr, eligibleLeaderReplicas, lastKnownElr } = registration;
  const { addingReplicas: adding, removingReplicas: removing } = registration;
  return {
    partition: splitPartition(partition).partition,
    leader: leader === noLeader ? null : leader,
    replicas,
    isr,
    elr: eligibleLeaderReplicas,
    lastKnownElr,
    ...(adding.length + removing.length > 0 ? { reassignment: { adding, removing } } : {}),
  };
}

/** Where a topic's values may come from. A topic is described without the overrides of single brokers. */
export function topicLayers(image: MetadataImage, topic: string): ConfigLayers {
  return {
    topic: image.topics.find((candidate) => candidate.topic === topic)?.configs ?? {},
    cluster: image.clusterConfigs,
    static: image.staticConfigs,
  };
}

export function brokerLayers(image: MetadataImage, brokerId: number | null): ConfigLayers {
  return {
    broker: brokerId === null ? {} : (image.brokerConfigs[String(brokerId)] ?? {}),
    cluster: image.clusterConfigs,
    static: image.staticConfigs,
  };
}

/** `orders-0` taken apart: topics may have dashes themselves. */
export function splitPartition(partition: TopicPartition): { readonly topic: string; readonly partition: number } {
  const dash = partition.lastIndexOf("-");
  return { topic: partition.slice(0, dash), partition: Number(partition.slice(dash + 1)) };
}

export function topicNames(image: MetadataImage): readonly string[] {
  return image.topics.map(({ topic }) => topic);
}
