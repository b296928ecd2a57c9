import { invariant } from "../../core/assert.js";
import { defaultText, findConfig } from "../../kafka/config/catalog.js";
import type { Rules } from "../../kafka/versions.js";
import type { BrokerId } from "../ids.js";
import type { MetadataImage, TopicImage } from "./image.js";

export const minInsyncReplicasKey = "min.insync.replicas";
export const uncleanLeaderElectionKey = "unclean.leader.election.enable";

/** What counts for the keys of a topic that replication reads when neither topic, broker nor cluster says anything. */
export type TopicDefaults = Readonly<Record<string, string>>;

/** The defaults since 0.11. */
export const todaysTopicDefaults: TopicDefaults = {
  [minInsyncReplicasKey]: "1",
  [uncleanLeaderElectionKey]: "false",
};

/** The defaults under these rules: a variant may have had others. */
export function topicDefaults(rules: Rules): TopicDefaults {
  return Object.fromEntries(
    Object.keys(todaysTopicDefaults).map((key) => {
      const definition = findConfig("topic", key);
      invariant(definition !== undefined, () => `${key} is no topic setting`);
      return [key, defaultText(definition, rules) ?? ""];
    }),
  );
}

/**
 * The value in force for a topic: its own, else the dynamic one of the node that asks, else the cluster's, else the
 * static one of `server.properties`, else Kafka's default. A per-broker value concerns only that broker, never the
 * controller: `brokerId` is null there. Source: KafkaConfigSchema.resolveEffectiveTopicConfig.
 */
export function resolveTopicConfig(
  image: Pick<MetadataImage, "clusterConfigs" | "brokerConfigs" | "staticConfigs" | "topicDefaults">,
  topicConfigs: Readonly<Record<string, string>>,
  key: string,
  brokerId: BrokerId | null,
): string | undefined {
  return (
    topicConfigs[key] ??
    (brokerId === null ? undefined : image.brokerConfigs[String(brokerId)]?.[key]) ??
    image.clusterConfigs[key] ??
    image.staticConfigs[key] ??
    image.topicDefaults[key]
  );
}

/** A topic with the two values that replication reads resolved, as the controller reads them. */
export function resolvedTopic(
  image: Pick<MetadataImage, "clusterConfigs" | "brokerConfigs" | "staticConfigs" | "topicDefaults">,
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
