import type { Rules } from "../versions.js";
import { defaultText, findConfig, keysOf } from "./catalog.js";
import type { ConfigDefinition } from "./definition.js";

/** Where a value comes from, in the order in which sources win (source: ConfigEntry.ConfigSource). */
export const configSources = [
  "DYNAMIC_TOPIC_CONFIG",
  "DYNAMIC_BROKER_CONFIG",
  "DYNAMIC_DEFAULT_BROKER_CONFIG",
  "STATIC_BROKER_CONFIG",
  "DEFAULT_CONFIG",
] as const;

export type ConfigSource = (typeof configSources)[number];

export interface ConfigSynonym {
  readonly source: ConfigSource;
  readonly name: string;
  readonly value: string;
}

/** One line of a configuration description: the value in force and everything it hides. */
export interface ConfigEntry {
  readonly name: string;
  readonly value: string;
  readonly source: ConfigSource;
  /** From the winning source down; empty for a default that has no broker key of its own. */
  readonly synonyms: readonly ConfigSynonym[];
}

type Texts = { readonly [key: string]: string };

/** What was written in each place, by Kafka's key names. */
export interface ConfigLayers {
  readonly topic?: Texts;
  /** Dynamic, of the one broker that answers. */
  readonly broker?: Texts;
  /** Dynamic, for all brokers (`--entity-default`). */
  readonly cluster?: Texts;
  /** Written in the properties file (defaults not repeated). */
  readonly static?: Texts;
}

/** Every topic key in force with its synonyms, sorted by name (source: ConfigHelper.createTopicConfigEntry). */
export function topicConfigEntries(layers: ConfigLayers, rules: Rules): readonly ConfigEntry[] {
  return keysOf("topic", rules.version)
    .filter((definition) => definition.update === "topic")
    .map((definition) => topicEntry(definition, layers, rules))
    .sort(byName);
}

function topicEntry(definition: ConfigDefinition, layers: ConfigLayers, rules: Rules): ConfigEntry {
  const { name, brokerKey } = definition;
  const own = layers.topic?.[name];
  const synonyms: ConfigSynonym[] = own === undefined ? [] : [{ source: "DYNAMIC_TOPIC_CONFIG", name, value: own }];
  const fallback = defaultText(definition, rules) ?? "";
  if (brokerKey !== undefined) synonyms.push(...brokerSynonyms(brokerKey, layers, fallback));
  const first = synonyms[0];
  return { name, value: first?.value ?? fallback, source: first?.source ?? "DEFAULT_CONFIG", synonyms };
}

/**
 * The dynamic settings of one broker, or of the cluster default, with their synonyms, sorted by name
 * (source: ConfigHelper.createBrokerConfigEntry).
 */
export function dynamicBrokerEntries(
  scope: "broker" | "cluster",
  layers: ConfigLayers,
  rules: Rules,
): readonly ConfigEntry[] {
  const written = (scope === "broker" ? layers.broker : layers.cluster) ?? {};
  return Object.entries(written)
    .map(([name, value]): ConfigEntry => {
      const source = scope === "broker" ? "DYNAMIC_BROKER_CONFIG" : "DYNAMIC_DEFAULT_BROKER_CONFIG";
      if (scope === "cluster") return { name, value, source, synonyms: [{ source, name, value }] };
      const definition = findConfig("broker", name);
      const fallback = definition && (defaultText(definition, rules) ?? undefined);
      return { name, value, source, synonyms: brokerSynonyms(name, layers, fallback) };
    })
    .sort(byName);
}

function brokerSynonyms(name: string, layers: ConfigLayers, fallback: string | undefined): ConfigSynonym[] {
  const candidates: readonly (readonly [ConfigSource, string | undefined])[] = [
    ["DYNAMIC_BROKER_CONFIG", layers.broker?.[name]],
    ["DYNAMIC_DEFAULT_BROKER_CONFIG", layers.cluster?.[name]],
    ["STATIC_BROKER_CONFIG", layers.static?.[name]],
    ["DEFAULT_CONFIG", fallback],
  ];
  return candidates.flatMap(([source, value]) => (value === undefined ? [] : [{ source, name, value }]));
}

function byName(left: { readonly name: string }, right: { readonly name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}
