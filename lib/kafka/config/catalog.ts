import { nearest } from "../../core/nearest.js";
import { isAtLeast, type KafkaVersion, valueIn } from "../releases.js";
import { variants } from "../variants.js";
import type { Rules } from "../versions.js";
import { brokerKeys } from "./broker-keys.js";
import { consumerKeys } from "./consumer-keys.js";
import { controllerKeys, featureKeys } from "./controller-keys.js";
import type { ConfigDefinition, ConfigGroup } from "./definition.js";
import { isOtherKey } from "./other-keys.js";
import { producerKeys } from "./producer-keys.js";
import { topicKeys } from "./topic-keys.js";
import { topicStorageKeys } from "./topic-storage-keys.js";

/** Every key this library knows the meaning of, group by group. */
export const configDefinitions: { readonly [G in ConfigGroup]: readonly ConfigDefinition[] } = {
  broker: brokerKeys,
  controller: controllerKeys,
  topic: [...topicKeys, ...topicStorageKeys],
  producer: producerKeys,
  consumer: consumerKeys,
  feature: featureKeys,
};

export const configGroups: readonly ConfigGroup[] = [
  "topic",
  "producer",
  "consumer",
  "broker",
  "controller",
  "feature",
];

const groupTitle: { readonly [G in ConfigGroup]: string } = {
  broker: "a broker setting",
  controller: "a controller setting",
  topic: "a topic setting",
  producer: "a producer setting",
  consumer: "a consumer setting",
  feature: "a cluster feature",
};

/** The keys of `group` that `version` has. */
export function keysOf(group: ConfigGroup, version: KafkaVersion): readonly ConfigDefinition[] {
  return configDefinitions[group].filter((definition) => exists(definition, version));
}

export function findConfig(group: ConfigGroup, name: string): ConfigDefinition | undefined {
  return configDefinitions[group].find((definition) => definition.name === name);
}

/** The default of a key under these rules: that of the release, unless a historical variant had another. */
export function defaultText(definition: ConfigDefinition, rules: Rules): string | null {
  const ofVariant = rules.variant === undefined ? undefined : variants[rules.variant].defaults?.[definition.name];
  if (ofVariant !== undefined) return ofVariant;
  if (definition.group === "feature" && definition.name === "eligible.leader.replicas.version") {
    return rules.eligibleLeaderReplicas ? "1" : "0";
  }
  return valueIn(definition.defaults, rules.version);
}

/** What a name means where it was written. */
export type ConfigLookup =
  | { readonly kind: "known"; readonly definition: ConfigDefinition }
  /** A real key that replication does not depend on. */
  | { readonly kind: "other"; readonly sentence: string }
  /** A key of another group or release, or no key at all. */
  | { readonly kind: "misplaced"; readonly belongsTo: readonly ConfigGroup[]; readonly sentence: string }
  | { readonly kind: "absent"; readonly sentence: string }
  | { readonly kind: "unknown"; readonly nearest: string | null; readonly sentence: string };

/** Looks `name` up among the keys of `groups` (say, broker and controller for a properties file) in one release. */
export function lookUpConfig(name: string, groups: readonly ConfigGroup[], version: KafkaVersion): ConfigLookup {
  for (const group of groups) {
    const definition = findConfig(group, name);
    if (definition === undefined) continue;
    if (exists(definition, version)) return { kind: "known", definition };
    return { kind: "absent", sentence: absence(definition, version) };
  }
  for (const group of groups) {
    if (isOtherKey(group, name)) {
      return { kind: "other", sentence: `${name} is ${groupTitle[group]} that replication does not depend on` };
    }
  }
  const belongsTo = configGroups.filter((group) => findConfig(group, name) !== undefined || isOtherKey(group, name));
  if (belongsTo.length > 0) {
    const title = belongsTo.map((group) => groupTitle[group]).join(" and ");
    return {
      kind: "misplaced",
      belongsTo,
      sentence: `${name} is ${title}, not ${groups.map((group) => groupTitle[group]).join(" or ")}`,
    };
  }
  const here = groups.flatMap((group) => keysOf(group, version).map((definition) => definition.name));
  const meant = nearest(name, here) ?? nearest(name, everyName());
  const sentence = `Kafka has no ${groups.join(" or ")} setting "${name}"`;
  return {
    kind: "unknown",
    nearest: meant,
    sentence: meant === null ? sentence : `${sentence}; the nearest is ${meant}`,
  };
}

function exists({ since, until }: ConfigDefinition, version: KafkaVersion): boolean {
  return (since === undefined || isAtLeast(version, since)) && (until === undefined || !isAtLeast(version, until));
}

function absence({ name, since }: ConfigDefinition, version: KafkaVersion): string {
  return since !== undefined && !isAtLeast(version, since)
    ? `${name} does not exist yet in Kafka ${version}`
    : `${name} does not exist any more in Kafka ${version}`;
}

function everyName(): readonly string[] {
  return configGroups.flatMap((group) => configDefinitions[group].map((definition) => definition.name));
}
