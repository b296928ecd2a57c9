import { stringify } from "yaml";
import { invariant } from "../core/assert.js";
import { statementsOf } from "../sim/scenario/ast.js";
import { type ConfigureAnswer, readConfigureAnswer } from "./configure/answer.js";
import { scenarioFor, valueInForce } from "./configure/build.js";
import type { ConfigureExercise } from "./exercise-format.js";
import type { YamlText } from "./yaml-text.js";

/** A file for a real cluster. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** What the exercise does not know of the reader's own cluster. */
export interface ExportNames {
  /** `metadata.labels["strimzi.io/cluster"]` of the KafkaTopic. */
  readonly strimziCluster: string;
}

interface Topic {
  readonly name: string;
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Keys of the answer, without the replication factor, which no topic configuration has. */
  readonly configs: readonly (readonly [key: string, value: string])[];
}

/**
 * The keys of an answer, and no others, as files that Kafka and its tools read: property files, a Strimzi `KafkaTopic`, a
 * Terraform `kafka_topic` (provider Mongey/kafka). Number of partitions and replication factor are added where a tool demands
 * them; then they are what was in force when the answer was graded.
 *
 * @param text an answer that was graded before
 */
export function exportConfig(exercise: ConfigureExercise, text: YamlText, names: ExportNames): readonly ConfigFile[] {
  const read = readConfigureAnswer(text, exercise);
  invariant(read.ok, "only an answer that was graded is exported");
  const { answer } = read;
  const topics = topicsOf(exercise, answer);
  const keysOf = (group: string) => answer.settings.filter((setting) => setting.group === group);
  const properties = (["producer", "consumer", "broker"] as const).flatMap((group): ConfigFile[] => {
    const settings = keysOf(group);
    if (settings.length === 0) return [];
    const name = group === "broker" ? "server.properties" : `${group}.properties`;
    const lines = settings.map(({ key, value }) => propertyLine(key, value));
    return [{ name, text: [`# From ${exercise.id}: ${exercise.title}`, ...lines, ""].join("\n") }];
  });
  const hasTopicKeys = keysOf("topic").length > 0;
  const topicFiles = hasTopicKeys ? topics.flatMap((topic) => filesOfTopic(topic, exercise, names)) : [];
  return [...properties, ...topicFiles];
}

function topicsOf(exercise: ConfigureExercise, answer: ConfigureAnswer): readonly Topic[] {
  const head = scenarioFor(exercise.given, answer);
  const configs = answer.settings
    .filter(({ group, key }) => group === "topic" && key !== "replication.factor")
    .map(({ key, value }) => [key, value] as const);
  return statementsOf(head).flatMap(({ statement }): Topic[] => {
    if (statement.type !== "topic") return [];
    const setting = (key: string) => statement.settings.find((each) => each.key === key)?.value;
    const replicas = setting("replicas")?.split(",").length;
    const replicationFactor = replicas ?? Number(valueInForce(head, "topic", "replication.factor"));
    return [{ name: statement.name, partitions: Number(setting("partitions") ?? 1), replicationFactor, configs }];
  });
}

function filesOfTopic(topic: Topic, { id, title }: ConfigureExercise, { strimziCluster }: ExportNames): ConfigFile[] {
  const { name, partitions, replicationFactor, configs } = topic;
  const about = `# From ${id}: ${title}`;
  const create = `kafka-topics.sh --bootstrap-server HOST:9092 --create --topic ${name} --partitions ${partitions} --replication-factor ${replicationFactor}`;
  const alter = `kafka-configs.sh --bootstrap-server HOST:9092 --alter --topic ${name} --add-config-file topic-${name}.properties`;
  const properties = [
    about,
    `# ${create}`,
    ...(configs.length === 0 ? [] : [`# ${alter}`]),
    ...configs.map(([key, value]) => propertyLine(key, value)),
    "",
  ];
  return [
    { name: `topic-${name}.properties`, text: properties.join("\n") },
    { name: `kafkatopic-${name}.yaml`, text: `${about}\n${strimziTopic(topic, strimziCluster)}` },
    { name: `topic-${name}.tf`, text: `${about}\n${terraformTopic(topic)}` },
  ];
}

/** A line that `java.util.Properties.load` reads back as it was meant. */
function propertyLine(key: string, value: string): string {
  const escaped = value
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replace(/^ /, "\\ ");
  return `${key}=${escaped}`;
}

/** `kafka.strimzi.io/v1`, which Strimzi serves since 0.49 and alone from 1.0 on. */
function strimziTopic({ name, partitions, replicationFactor, configs }: Topic, cluster: string): string {
  // A resource is named like a host (RFC 1123); where the topic is not, its name stands in the specification.
  const resource = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9.-]/g, "-")
    .replaceAll(/^[.-]+|[.-]+$/g, "");
  return stringify({
    apiVersion: "kafka.strimzi.io/v1",
    kind: "KafkaTopic",
    metadata: { name: resource === "" ? "topic" : resource, labels: { "strimzi.io/cluster": cluster } },
    spec: {
      ...(resource === name ? {} : { topicName: name }),
      partitions,
      replicas: replicationFactor,
      ...(configs.length === 0
        ? {}
        : { config: Object.fromEntries(configs.map(([key, value]) => [key, typed(value)])) }),
    },
  });
}

/** Numbers and true or false as such, as the operator's documentation has them. */
function typed(value: string): string | number | boolean {
  if (value === "true" || value === "false") return value === "true";
  return /^(?:0|-?[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
}

/** A resource of the provider Mongey/kafka; values of its `config` are texts. */
function terraformTopic({ name, partitions, replicationFactor, configs }: Topic): string {
  const label = name.replaceAll(/[^A-Za-z0-9_-]/g, "_").replace(/^(?=[^A-Za-z_])/, "_");
  const width = Math.max(0, ...configs.map(([key]) => quoted(key).length));
  const config = configs.map(([key, value]) => `    ${quoted(key).padEnd(width)} = ${quoted(value)}`);
  return [
    "terraform {",
    "  required_providers {",
    "    kafka = {",
    '      source = "Mongey/kafka"',
    "    }",
    "  }",
    "}",
    "",
    `resource "kafka_topic" ${quoted(label)} {`,
    `  name               = ${quoted(name)}`,
    `  replication_factor = ${replicationFactor}`,
    `  partitions         = ${partitions}`,
    ...(config.length === 0 ? [] : ["", "  config = {", ...config, "  }"]),
    "}",
    "",
  ].join("\n");
}

/** A text of HCL, in which `${` and `%{` would begin a template. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r")
    .replaceAll("\t", "\\t")
    .replaceAll("${", "$${")
    .replaceAll("%{", "%%{");
  return `"${escaped}"`;
}
