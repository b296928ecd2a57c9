import type { Rules } from "../../kafka/versions.js";
import type { BrokerId } from "../ids.js";
import type { MetadataImage, TopicImage } from "./image.js";

export const minInsyncReplicasKey = "min.insync.replicas";
export const uncleanLeaderElectionKey = "unclean.leader.election.enable";

/** Where topic configurations come from when neither the topic, a broker nor the cluster says anything. */
const defaults: Readonly<Record<string, string>> = {
  [minInsyncReplicasKey]: "1",
  [uncleanLeaderElectionKey]: "false",
};

/**
 * The value in force for a topic: its own, else the dynamic one of the node that asks, else the cluster's, else the
 * static one of `server.properties`, else Kafka's default. A per-broker value concerns only that broker, never the
 * controller: `brokerId` is null there. Source: KafkaConfigSchema.resolveEffectiveTopicConfig.
 */
export function resolveTopicConfig(
  image: Pick<MetadataImage, "clusterConfigs" | "brokerConfigs" | "staticConfigs">,
  topicConfigs: Readonly<Record<string, string>>,
  key: string,
  brokerId: BrokerId | null,
): string | undefined {
  return (
    topicConfigs[key] ??
    (brokerId === null ? undefined : image.brokerConfigs[String(brokerId)]?.[key]) ??
    image.clusterConfigs[key] ??
    image.staticConfigs[key] ??
    defaults[key]
  );
}

/** A topic with the two values that replication reads resolved, as the controller reads them. */
export function resolvedTopic(
  image: Pick<MetadataImage, "clusterConfigs" | "brokerConfigs" | "staticConfigs">,
  topic: string,
  configs: Readonly<Record<string, string>>,
): TopicImage {
  return {
    topic,
    configs,
    minInsyncReplicas: Number(resolveTopicConfig(image, configs, minInsyncReplicasKey, null)),
    uncleanLeaderElectionEnable:
      resolveTopicConfig(image, configs, uncleanLeaderElectionKey, null)?.toLowerCase() === "true",
  };
}

/**
 * `min.insync.replicas` as it counts for a partition with so many replicas: never more than there are, since 3.7
 * (KAFKA-15583); before, a value above the replication factor refused every acks=all write.
 */
export function effectiveMinInsyncReplicas(
  topic: Pick<TopicImage, "minInsyncReplicas">,
  replicaCount: number,
  rules: Pick<Rules, "effectiveMinIsrClippedToReplicas">,
): number {
  return rules.effectiveMinIsrClippedToReplicas
    ? Math.min(topic.minInsyncReplicas, replicaCount)
    : topic.minInsyncReplicas;
}
