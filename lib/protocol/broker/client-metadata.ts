import { type NodeName, noEpoch, noLeader } from "../ids.js";
import type { MetadataRequest, MetadataResponsePartition } from "../message.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import type { Broker } from "./state.js";

/**
 * What this broker has read of the metadata log, for a client: it may be late. A request without topics asks for all. A
 * topic that this broker does not know gets one entry with UNKNOWN_TOPIC_OR_PARTITION and an empty partition name.
 *
 * Errors per partition: LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION.
 * Source: KafkaApis.handleTopicMetadataRequest, KRaftMetadataCache.getPartitionMetadata.
 */
export function onMetadataRequest(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  { topics }: MetadataRequest,
  { outbox }: StepContext,
): Broker {
  const { metadata } = broker;
  const asked = topics.length === 0 ? metadata.topics.map(({ topic }) => topic) : topics;
  outbox.reply(from, channel, {
    type: "MetadataResponse",
    partitions: asked.flatMap((topic) => {
      const known = metadata.partitions.filter((registration) => registration.topic === topic);
      return known.length === 0 ? [unknownTopic(topic)] : known.map(described);
    }),
    brokers: metadata.brokers.filter(({ fenced }) => !fenced).map(({ brokerId, rack }) => ({ brokerId, rack })),
  });
  return broker;
}

function described(registration: PartitionRegistration): MetadataResponsePartition {
  const { partition, topic, leader, leaderEpoch, replicas, isr } = registration;
  return {
    partition,
    topic,
    error: leader === noLeader ? "LEADER_NOT_AVAILABLE" : "NONE",
    leader,
    leaderEpoch,
    replicas,
    isr,
  };
}

function unknownTopic(topic: string): MetadataResponsePartition {
  return {
    partition: "",
    topic,
    error: "UNKNOWN_TOPIC_OR_PARTITION",
    leader: noLeader,
    leaderEpoch: noEpoch,
    replicas: [],
    isr: [],
  };
}
