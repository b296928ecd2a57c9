import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { parseDocument } from "yaml";
import type { Configuration } from "../check/guarantees/configuration.js";
import { headOf } from "../check/guarantees/configuration.js";
import { type FaultBudget, parseFaults } from "../check/world/faults.js";
import { type Cli, UserError } from "./cli.js";

/** The options that say which configuration is asked about: `prove` and `find` take them. */
export interface ConfigurationOptions {
  readonly rf?: string;
  readonly minIsr?: string;
  readonly acks?: string;
  readonly unclean?: string;
  readonly kafka?: string;
  readonly elr?: string;
  readonly variant?: string;
  readonly answer?: string;
  readonly topicProperties?: string;
  readonly producerProperties?: string;
}

export function addConfigurationOptions(command: Command): Command {
  return command
    .option("--rf <n>", "replication factor (default: 3)")
    .option("--min-isr <n>", "min.insync.replicas")
    .option("--acks <acks>", "acks of the producer: 0, 1 or all")
    .option("--unclean <true|false>", "unclean.leader.election.enable")
    .option("--kafka <version>", "the release, such as 4.3")
    .option("--elr <on|off>", "eligible leader replicas (KIP-966)")
    .option("--variant <name>", "with a historical bug, such as kip-101")
    .option("--answer <file>", "an answer.yaml with Kafka's keys under topic: and producer:")
    .option("--topic-properties <file>", "a properties file with topic settings")
    .option("--producer-properties <file>", "a properties file of a producer");
}

/**
 * The configuration that is asked about: files first, single options on top of them.
 *
 * @throws UserError for a file that cannot be read and for a configuration that Kafka refuses
 */
export async function readConfiguration(options: ConfigurationOptions, cli: Cli): Promise<Configuration> {
  const answer = options.answer === undefined ? null : await readAnswer(options.answer, cli);
  const topic: Record<string, string> = { ...answer?.topic };
  const producer: Record<string, string> = { ...answer?.producer };
  if (options.topicProperties !== undefined) Object.assign(topic, await readProperties(options.topicProperties, cli));
  if (options.producerProperties !== undefined)
    Object.assign(producer, await readProperties(options.producerProperties, cli));
  for (const key of clientOnly) delete producer[key];
  if (options.minIsr !== undefined) topic["min.insync.replicas"] = options.minIsr;
  if (options.unclean !== undefined) topic["unclean.leader.election.enable"] = options.unclean;
  if (options.acks !== undefined) producer.acks = options.acks;
  const factor = options.rf ?? topic["replication.factor"] ?? "3";
  delete topic["replication.factor"];
  if (!/^[1-7]$/.test(factor)) throw new UserError(`the replication factor is a number from 1 to 7, not "${factor}"`);
  const configuration: Configuration = {
    replicationFactor: Number(factor),
    topic,
    producer,
    ...(options.kafka === undefined ? {} : { kafka: options.kafka }),
    ...(options.elr === undefined ? {} : { elr: options.elr }),
    ...(options.variant === undefined ? {} : { variant: options.variant }),
  };
  const head = headOf(configuration, ["p"], "timed");
  if (head.ok) return configuration;
  const { message, hint } = head.diagnostic;
  throw new UserError(hint === null ? message : `${message}: ${hint}`);
}

/** Keys of a real producer's file that only say where the cluster is and how records become bytes. */
const clientOnly = ["bootstrap.servers", "key.serializer", "value.serializer", "client.id"];

/** @throws UserError for a text that is no list of faults */
export function readFaults(text: string): FaultBudget {
  const parsed = parseFaults(text);
  if (parsed.ok) return parsed.budget;
  throw new UserError(`${parsed.what}. ${parsed.remedy}`);
}

/** @throws UserError unless the text is a whole number from `least` to `most` */
export function readCount(text: string, option: string, least: number, most: number): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (count >= least && count <= most) return count;
  throw new UserError(`${option} takes a whole number from ${least} to ${most}, not "${text}"`);
}

async function readAnswer(file: string, cli: Cli): Promise<Pick<Configuration, "topic" | "producer">> {
  const document = parseDocument(await readText(file, cli));
  const problem = document.errors[0];
  if (problem !== undefined) throw new UserError(`${file}: ${problem.message}`);
  const read: unknown = document.toJS();
  return { topic: textsOf(read, "topic", file), producer: textsOf(read, "producer", file) };
}

function textsOf(answer: unknown, group: string, file: string): Record<string, string> {
  const found: unknown = typeof answer === "object" && answer !== null ? Reflect.get(answer, group) : undefined;
  if (found === undefined || found === null) return {};
  if (typeof found !== "object" || Array.isArray(found))
    throw new UserError(`${file}: ${group} holds settings, such as { min.insync.replicas: 2 }`);
  return Object.fromEntries(Object.entries(found).map(([key, value]) => [key, String(value)]));
}

/** A properties file: `key=value` or `key: value`, comments with # or !, a backslash at the end goes on. */
async function readProperties(file: string, cli: Cli): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = (await readText(file, cli)).replaceAll(/\\\r?\n[ \t]*/g, "").split(/\r?\n/);
  for (const [index, line] of lines.entries()) {
    const text = line.trim();
    if (text === "" || text.startsWith("#") || text.startsWith("!")) continue;
    const match = /^([^\s=:]+)\s*[=:\s]\s*(.*)$/.exec(text);
    if (match?.[1] === undefined) throw new UserError(`${file}:${index + 1}: expected key=value, found "${text}"`);
    values[match[1]] = match[2] ?? "";
  }
  return values;
}

async function readText(file: string, cli: Cli): Promise<string> {
  try {
    return await readFile(resolve(cli.folder, file), "utf8");
  } catch {
    throw new UserError(`${file} cannot be read`);
  }
}
