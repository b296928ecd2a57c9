import type { ConfigEntry, ConfigSource } from "../config/entries.js";
import { type ErrorCode, errors, exceptionText } from "../errors.js";
import { isAtLeast } from "../releases.js";
import type { Rules } from "../versions.js";
import { failed, printed, type ToolOutput } from "./output.js";

/** What kafka-configs speaks of: a topic, one broker, or the default for all brokers. */
export type ConfigEntity =
  | { readonly kind: "topic"; readonly name: string }
  | { readonly kind: "broker"; readonly id: number }
  | { readonly kind: "cluster" };

/**
 * What `kafka-configs --describe` prints of one entity. Without `all` only what was set dynamically on the entity itself.
 *
 * Source: ConfigCommand.describeResourceConfig.
 */
export function describeConfigs(entity: ConfigEntity, entries: readonly ConfigEntry[], all = false): ToolOutput {
  const shown = entries.filter((entry) => all || entry.source === dynamicSource(entity));
  return printed(heading(entity, all), ...shown.map(entryLine));
}

/** What `--describe` prints of a topic that does not exist; from 4.3 on it is not an error. */
export function noSuchTopicConfigs(name: string, args: readonly string[], rules: Rules): ToolOutput {
  return isAtLeast(rules.version, "4.3")
    ? printed(`The topic '${name}' doesn't exist and doesn't have dynamic config.`)
    : configsFailed(args, "UNKNOWN_TOPIC_OR_PARTITION");
}

/**
 * What `--alter --delete-config` prints when some keys are not set; undefined if the tool goes on. From 4.3 on it does
 * not look.
 */
export function notSetRefusal(keys: readonly string[], rules: Rules): ToolOutput | undefined {
  if (keys.length === 0 || isAtLeast(rules.version, "4.3")) return undefined;
  return failed(`Invalid config(s): ${keys.join(",")}`);
}

function heading(entity: ConfigEntity, all: boolean): string {
  return entity.kind === "cluster"
    ? "Default configs for brokers in the cluster are:"
    : `${all ? "All" : "Dynamic"} configs for ${entityText(entity)} are:`;
}

function entryLine({ name, value, synonyms }: ConfigEntry): string {
  const listed = synonyms.map((synonym) => `${synonym.source}:${synonym.name}=${synonym.value}`).join(", ");
  return `  ${name}=${value} sensitive=false synonyms={${listed}}`;
}

function dynamicSource(entity: ConfigEntity): ConfigSource {
  if (entity.kind === "topic") return "DYNAMIC_TOPIC_CONFIG";
  return entity.kind === "broker" ? "DYNAMIC_BROKER_CONFIG" : "DYNAMIC_DEFAULT_BROKER_CONFIG";
}

/** What `--alter` prints when the change was stored. */
export function configsAltered(entity: ConfigEntity): ToolOutput {
  return printed(
    entity.kind === "cluster"
      ? "Completed updating default config for brokers in the cluster."
      : `Completed updating config for ${entityText(entity)}.`,
  );
}

/**
 * What the tool prints when the cluster answers with an error.
 *
 * @param args the command line after the tool's name, which Kafka repeats
 */
export function configsFailed(
  args: readonly string[],
  error: Exclude<ErrorCode, "NONE">,
  message: string = errors[error].message ?? "",
): ToolOutput {
  return failed(
    `Error while executing config command with args '${args.join(" ")}'`,
    `java.util.concurrent.ExecutionException: ${exceptionText(error, message)}`,
  );
}

function entityText(entity: Exclude<ConfigEntity, { kind: "cluster" }>): string {
  return entity.kind === "topic" ? `topic ${entity.name}` : `broker ${entity.id}`;
}
