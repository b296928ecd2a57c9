import { invariant } from "../core/assert.js";
import { type SteadyRules, steadyRules } from "./broken-rules.js";
import { isAtLeast, type KafkaVersion, valueIn } from "./releases.js";
import { type RuleName, type RuleValues, ruleTable } from "./rule-table.js";
import { type VariantId, variants } from "./variants.js";

export { type BrokenRuleId, brokenRuleIds, type SteadyRules } from "./broken-rules.js";
export { defaultKafkaVersion, isAtLeast, isKafkaVersion, type KafkaVersion, kafkaVersions } from "./releases.js";
export { type RuleName, type RuleValues, ruleTable } from "./rule-table.js";
export { historicalBugIds, isVariantId, type Variant, type VariantId, variantIds, variants } from "./variants.js";

/** The rules of one cluster: what every handler is given and consults. Plain data, equal for equal arguments. */
export interface Rules extends RuleValues, SteadyRules {
  readonly version: KafkaVersion;
  /** The historical bug or broken rule in force, if any. */
  readonly variant: VariantId | undefined;
}

export interface RulesOptions {
  /** The cluster feature `eligible.leader.replicas.version`; absent means as in a freshly formatted cluster. */
  readonly eligibleLeaderReplicas?: boolean;
}

/**
 * How far a release knows eligible leader replicas: not at all, as a preview without support, on request, or from
 * the start in newly formatted clusters.
 */
export function eligibleLeaderReplicasSupport(version: KafkaVersion): "none" | "preview" | "opt-in" | "default" {
  if (!isAtLeast(version, "3.9")) return "none";
  if (!isAtLeast(version, "4.0")) return "preview";
  return isAtLeast(version, "4.1") ? "default" : "opt-in";
}

/**
 * The rules of a release, with the ELR feature as asked for, and with the values that `variant` overrides.
 *
 * @throws InvariantError when eligible leader replicas are asked for in a release that does not have them
 */
export function rulesFor(version: KafkaVersion, options: RulesOptions = {}, variant?: VariantId): Rules {
  const asked = options.eligibleLeaderReplicas;
  invariant(
    asked !== true || eligibleLeaderReplicasSupport(version) !== "none",
    `Kafka ${version} has no eligible leader replicas`,
  );
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(ruleTable))
    values[name] = valueIn<unknown>(ruleTable[name as RuleName].values, version);
  if (asked !== undefined) values.eligibleLeaderReplicas = asked;
  Object.assign(values, variant === undefined ? {} : variants[variant].rules);
  // The loop above filled in every key of the table, whose type names every rule.
  return { ...steadyRules, ...(values as unknown as RuleValues), version, variant };
}
