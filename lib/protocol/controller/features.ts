import { eligibleLeaderReplicasSupport, type Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import type { MetadataImage } from "../metadata/image.js";
import { minInsyncReplicasKey, resolveTopicConfig } from "../metadata/topic-configs.js";
import type { RuleId } from "../rules/index.js";
import { type AdminAnswer, refused } from "./admin-answer.js";
import { configDecision } from "./configs.js";
import type { Decision } from "./decision.js";
import type { AdminCommand } from "./event.js";
import { elrFeature } from "./partition-context.js";

type UpdateFeature = Extract<AdminCommand, { readonly type: "updateFeature" }>;

/**
 * Changes the level of a feature (`kafka-features`). Switching eligible leader replicas on first gives the cluster a
 * value of `min.insync.replicas` and takes away those of single brokers. Source: FeatureControlManager,
 * ConfigurationControlManager.maybeGenerateElrSafetyRecords.
 */
export function updateFeature(
  image: MetadataImage,
  { feature, level }: UpdateFeature,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const complaint = complaintAbout(feature, level, rules);
  if (complaint !== null) {
    const message = `Invalid update version ${level} for feature ${feature}. ${complaint}`;
    return { decisions: [], answer: refused("INVALID_UPDATE_VERSION", message) };
  }
  return {
    decisions: [
      ...(level > 0 ? elrSafetyDecisions(image, rules) : []),
      levelDecision(image, level, "feature.level-changed"),
    ],
    answer: { type: "featureUpdated", feature, level },
  };
}

/** The records with which a cluster begins that was formatted with eligible leader replicas on. */
export function formatDecisions(image: MetadataImage, rules: Rules): readonly Decision[] {
  if (!rules.eligibleLeaderReplicas) return [];
  return [levelDecision(image, 1, "feature.level-at-format"), ...elrSafetyDecisions(image, rules)];
}

function complaintAbout(feature: string, level: number, rules: Rules): string | null {
  if (level < 0) return "A feature version cannot be less than 0.";
  const support = eligibleLeaderReplicasSupport(rules.version);
  const levelMax = feature === elrFeature && (support === "opt-in" || support === "default") ? 1 : 0;
  if (level <= levelMax && feature === elrFeature) return null;
  return levelMax === 0
    ? "Local controller does not support this feature."
    : `Local controller only supports versions 0-${levelMax}`;
}

/** With ELR on every reader must know the same minimum: one value for the cluster, none for single brokers. */
function elrSafetyDecisions(image: MetadataImage, rules: Rules): readonly Decision[] {
  if (!rules.minInsyncReplicasChangeClearsElr) return [];
  const decisions: Decision[] = [];
  if (image.clusterConfigs[minInsyncReplicasKey] === undefined) {
    const value = resolveTopicConfig(image, {}, minInsyncReplicasKey, null) ?? "1";
    decisions.push(
      configDecision({ kind: "cluster" }, minInsyncReplicasKey, value, {}, "elr.cluster-min-isr-always-set"),
    );
  }
  for (const [name, configs] of Object.entries(image.brokerConfigs)) {
    if (configs[minInsyncReplicasKey] === undefined) continue;
    const scope = { kind: "broker", brokerId: Number(name) } as const;
    decisions.push(configDecision(scope, minInsyncReplicasKey, null, configs, "elr.no-broker-min-isr"));
  }
  return decisions;
}

function levelDecision(image: MetadataImage, level: number, rule: RuleId): Decision {
  const from = image.features[elrFeature] ?? 0;
  return {
    record: { type: "FeatureLevelRecord", feature: elrFeature, level },
    changes:
      from === level ? [] : [{ fact: fact.feature(elrFeature), from, to: level, rule, numbers: {}, because: [] }],
  };
}
