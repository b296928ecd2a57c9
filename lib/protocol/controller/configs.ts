import { checkBrokerConfigChange, checkTopicConfigs } from "../../kafka/config/change.js";
import type { Rules } from "../../kafka/versions.js";
import { type Change, type Fact, fact } from "../fact.js";
import { type MetadataImage, registrationOf, topicOf } from "../metadata/image.js";
import type { ClearElrRecord, ConfigScope } from "../metadata/record.js";
import { minInsyncReplicasKey, uncleanLeaderElectionKey } from "../metadata/topic-configs.js";
import type { RuleId } from "../rules/index.js";
import { type AdminAnswer, type Refused, refused } from "./admin-answer.js";
import type { Decision } from "./decision.js";
import type { AdminCommand } from "./event.js";
import { isElrEnabled } from "./partition-context.js";

type AlterConfigs = Extract<AdminCommand, { readonly type: "alterConfigs" }>;

/**
 * Dynamic configuration of a topic, of one broker or of all. A change of `min.insync.replicas` empties the ELRs it
 * reaches: those replicas were eligible under the old minimum. Source: ConfigurationControlManager; KIP-966.
 */
export function alterConfigs(
  image: MetadataImage,
  { scope, changes }: AlterConfigs,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const refusal = configRefusal(image, scope, changes, rules);
  if (refusal !== null) return { decisions: [], answer: refusal };
  const current = configsOf(image, scope);
  // Kafka writes a broker's or the cluster's value even if it is the same, so that brokers load it anew (KAFKA-14136).
  const changed = Object.keys(changes)
    .sort()
    .filter((key) => scope.kind !== "topic" || (current[key] ?? null) !== changes[key]);
  const decisions: Decision[] = changed.map((key) => configDecision(scope, key, changes[key] ?? null, current));
  if (changed.includes(minInsyncReplicasKey) && isElrEnabled(image) && rules.minInsyncReplicasChangeClearsElr)
    decisions.push(clearElrDecision(image, scope.kind === "topic" ? scope.topic : null));
  return {
    decisions,
    answer: {
      type: "altered",
      scope,
      changed: Object.fromEntries(changed.map((key) => [key, changes[key] ?? null])),
    },
  };
}

/** Whether the command may have allowed unclean elections. */
export function touchesUncleanElection({ changes }: AlterConfigs): boolean {
  return Object.hasOwn(changes, uncleanLeaderElectionKey);
}

/** Tells what becomes of each ELR that is emptied. */
export function clearElrDecision(image: MetadataImage, topic: string | null): Decision<ClearElrRecord> {
  const because = [
    topic === null ? fact.clusterConfig(minInsyncReplicasKey) : fact.topicConfig(topic, minInsyncReplicasKey),
  ];
  const changes: Change[] = [];
  const tell = (changed: Fact, from: readonly number[]): void => {
    if (from.length === 0) return;
    changes.push({ fact: changed, from, to: [], rule: "elr.cleared-by-min-isr-change", numbers: {}, because });
  };
  for (const { partition, topic: of, eligibleLeaderReplicas, lastKnownElr } of image.partitions) {
    if (topic !== null && of !== topic) continue;
    tell(fact.elr(partition), eligibleLeaderReplicas);
    tell(fact.lastKnownElr(partition), lastKnownElr);
  }
  return { record: { type: "ClearElrRecord", topic }, changes };
}

/** A record for one key, with the fact it changes. Also written when nothing was configured before. */
export function configDecision(
  scope: ConfigScope,
  key: string,
  value: string | null,
  current: Readonly<Record<string, string>>,
  rule: RuleId = "config.altered",
): Decision {
  const from = current[key] ?? null;
  const changes =
    from === value ? [] : [{ fact: configFact(scope, key), from, to: value, rule, numbers: {}, because: [] }];
  return { record: { type: "ConfigRecord", scope, key, value }, changes };
}

function configFact(scope: ConfigScope, key: string): Fact {
  switch (scope.kind) {
    case "topic":
      return fact.topicConfig(scope.topic, key);
    case "broker":
      return fact.brokerConfig(scope.brokerId, key);
    case "cluster":
      return fact.clusterConfig(key);
  }
}

function configsOf(image: MetadataImage, scope: ConfigScope): Readonly<Record<string, string>> {
  switch (scope.kind) {
    case "topic":
      return topicOf(image, scope.topic)?.configs ?? {};
    case "broker":
      return image.brokerConfigs[String(scope.brokerId)] ?? {};
    case "cluster":
      return image.clusterConfigs;
  }
}

function configRefusal(
  image: MetadataImage,
  scope: ConfigScope,
  changes: AlterConfigs["changes"],
  rules: Rules,
): Refused | null {
  if (scope.kind === "topic") {
    const topic = topicOf(image, scope.topic);
    if (topic === undefined) {
      return refused("UNKNOWN_TOPIC_OR_PARTITION", `The topic '${scope.topic}' does not exist.`);
    }
    const checked = checkTopicConfigs(merged(topic.configs, changes), rules);
    return checked.ok ? null : refused("INVALID_CONFIG", checked.message);
  }
  if (scope.kind === "broker" && registrationOf(image, scope.brokerId) === undefined) {
    return refused("BROKER_ID_NOT_REGISTERED", `No node with id ${scope.brokerId} found.`);
  }
  const checked = checkBrokerConfigChange(
    {
      scope: scope.kind,
      set: Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== null)),
      remove: Object.keys(changes).filter((key) => changes[key] === null),
    },
    // Whether ELR is on is what the log says now, not how the cluster was formatted.
    { ...rules, eligibleLeaderReplicas: isElrEnabled(image) && rules.minInsyncReplicasChangeClearsElr },
  );
  return checked.ok ? null : refused(checked.error, checked.message);
}

function merged(
  configs: Readonly<Record<string, string>>,
  changes: AlterConfigs["changes"],
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries({ ...configs, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
}
