import { lookUpConfig } from "../config/catalog.js";
import { checkTopicConfigs } from "../config/change.js";
import { isAtLeast } from "../releases.js";
import type { Rules } from "../versions.js";
import type { TopicsCommand } from "./command.js";
import {
  conflict,
  isOptionError,
  missing,
  numberOf,
  type OptionError,
  type Options,
  type OptionTable,
  parseOptions,
  textOf,
} from "./options.js";
import { command, type ParsedCommand, refused, unsupported } from "./parsed.js";
import { checkPattern, cleaned } from "./topic-pattern.js";
import { partitionFilters, topicCommandFailed, topicNotCreated } from "./topics.js";

const actions = ["create", "list", "alter", "describe", "delete"] as const;

const table: OptionTable = {
  "bootstrap-server": "value",
  "command-config": "value",
  list: "flag",
  create: "flag",
  delete: "flag",
  alter: "flag",
  describe: "flag",
  topic: "value",
  "topic-id": "value",
  config: "value",
  "delete-config": "value",
  partitions: "value",
  "replication-factor": "value",
  "replica-assignment": "value",
  "under-replicated-partitions": "flag",
  "unavailable-partitions": "flag",
  "under-min-isr-partitions": "flag",
  "at-min-isr-partitions": "flag",
  "topics-with-overrides": "flag",
  "if-exists": "flag",
  "if-not-exists": "flag",
  "exclude-internal": "flag",
  "partition-size-limit-per-response": "value",
};

/** Reads the words after `kafka-topics` (source: TopicCommand.TopicCommandOptions, messages of 4.3.1). */
export function parseTopics(args: readonly string[], rules: Rules): ParsedCommand {
  const zookeeper = !isAtLeast(rules.version, "3.6");
  const options = parseOptions(args, zookeeper ? { ...table, zookeeper: "value" } : table);
  if (isOptionError(options)) {
    return refused([options.message, `joptsimple.${options.exception}: ${options.message}`], hintFor(options));
  }
  const complaint = usageComplaint(options);
  if (complaint !== undefined) return refused([complaint], usageHint(options));
  const parsed = read(options, rules);
  if ("kind" in parsed) return parsed;
  if (isOptionError(parsed)) return { kind: "refused", output: topicCommandFailed(parsed.message), hint: null };
  return command({ tool: "kafka-topics", ...parsed, args });
}

/** What is wrong with the combination of options, in the tool's order of checks. */
function usageComplaint(options: Options): string | undefined {
  if (actions.filter((action) => options.has(action)).length !== 1) {
    return "Command must include exactly one action: --list, --describe, --create, --alter or --delete";
  }
  if (options.has("describe") && options.has("if-exists") && !options.has("topic") && !options.has("topic-id")) {
    return "--topic or --topic-id is required to describe a topic";
  }
  const needsTopic = !options.has("list") && !options.has("describe");
  const reports = partitionFilters.map((filter) =>
    conflict(options, filter, [...except("describe"), "topics-with-overrides"]),
  );
  return (
    (needsTopic ? missing(options, ["topic"]) : undefined) ??
    (options.has("alter") ? alterComplaint(options) : undefined) ??
    conflict(options, "config", except("alter", "create")) ??
    conflict(options, "partitions", except("alter", "create")) ??
    conflict(options, "replication-factor", except("create")) ??
    conflict(options, "replica-assignment", except("alter", "create")) ??
    (options.has("create")
      ? conflict(options, "replica-assignment", ["partitions", "replication-factor"])
      : undefined) ??
    reports.find((report) => report !== undefined) ??
    conflict(options, "topics-with-overrides", [...except("describe"), ...partitionFilters]) ??
    conflict(options, "if-exists", except("alter", "delete", "describe")) ??
    conflict(options, "if-not-exists", except("create")) ??
    conflict(options, "exclude-internal", except("list", "describe"))
  );
}

function alterComplaint(options: Options): string | undefined {
  if (options.has("config")) {
    return (
      'Option combination "[[config], [bootstrap-server]]" can\'t be used with option "[alter]" ' +
      "(To alter topic configurations, the kafka-configs tool can be used.)"
    );
  }
  return missing(options, ["partitions"]);
}

function except(...allowed: readonly string[]): readonly string[] {
  return actions.filter((action) => !allowed.includes(action));
}

type Read = TopicsCommand extends infer C ? (C extends TopicsCommand ? Omit<C, "tool"> : never) : never;

/** The command itself; errors from here on come from the running tool. */
function read(options: Options, rules: Rules): Read | OptionError | ParsedCommand {
  const topic = textOf(options, "topic");
  if (isOptionError(topic)) return topic;
  if (topic !== undefined && !options.has("create")) {
    const state = checkPattern(topic);
    if (state === "invalid")
      return { kind: "refused", output: topicCommandFailed(`${cleaned(topic)} is an invalid regex.`), hint: null };
    if (state === "unsupported")
      return unsupported(`the topic pattern ${topic} uses more of regular expressions than is understood here`);
  }
  const topicPattern = topic ?? null;
  if (options.has("list")) return { action: "list", topicPattern };
  if (options.has("delete")) return { action: "delete", topicPattern: topic ?? "", ifExists: options.has("if-exists") };
  if (options.has("describe")) return readDescribe(options, topicPattern);
  const partitions = numberOf(options, "partitions");
  if (isOptionError(partitions)) return partitions;
  if (options.has("alter")) {
    if (options.has("replica-assignment"))
      return unsupported("--alter with --replica-assignment is not understood here");
    return {
      action: "alter",
      topicPattern: topic ?? "",
      partitions: partitions ?? 0,
      ifExists: options.has("if-exists"),
    };
  }
  return readCreate(options, topic ?? "", partitions, rules);
}

function readDescribe(options: Options, topicPattern: string | null): Read | OptionError {
  const topicId = textOf(options, "topic-id");
  if (isOptionError(topicId)) return topicId;
  return {
    action: "describe",
    topicPattern,
    topicId: topicId ?? null,
    filters: partitionFilters.filter((filter) => options.has(filter)),
    topicsWithOverrides: options.has("topics-with-overrides"),
    ifExists: options.has("if-exists"),
  };
}

function readCreate(
  options: Options,
  topic: string,
  partitions: number | undefined,
  rules: Rules,
): Read | OptionError | ParsedCommand {
  const replicationFactor = numberOf(options, "replication-factor");
  if (isOptionError(replicationFactor)) return replicationFactor;
  const assignmentText = textOf(options, "replica-assignment");
  if (isOptionError(assignmentText)) return assignmentText;
  const assignment = assignmentText ? readAssignment(assignmentText) : undefined;
  if (typeof assignment === "string") return { kind: "refused", output: topicCommandFailed(assignment), hint: null };
  const pairs = (options.get("config") ?? []).map((pair) => pair.split(/\s*=\s*/));
  if (pairs.some((pair) => pair.length !== 2)) {
    const message =
      'requirement failed: Invalid topic config: all configs to be added must be in the format "key=val".';
    return { kind: "refused", output: topicCommandFailed(message), hint: null };
  }
  const configs = checkTopicConfigs(
    Object.fromEntries(pairs.map(([key = "", value = ""]) => [key.trim(), value.trim()])),
    rules,
  );
  if (!configs.ok) {
    return { kind: "refused", output: topicCommandFailed(configs.message), hint: keyHint(configs.key, rules) };
  }
  const complaint = sizeComplaint(partitions, replicationFactor);
  if (complaint !== undefined) return { kind: "refused", output: topicNotCreated(topic, complaint), hint: null };
  return {
    action: "create",
    topic,
    ...(partitions === undefined ? {} : { partitions }),
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    ...(assignment === undefined ? {} : { assignment }),
    configs: configs.texts,
    ifNotExists: options.has("if-not-exists"),
  };
}

function sizeComplaint(partitions: number | undefined, replicationFactor: number | undefined): string | undefined {
  if (replicationFactor !== undefined && (replicationFactor < 1 || replicationFactor > 32767)) {
    return "The replication factor must be between 1 and 32767 inclusive";
  }
  return partitions !== undefined && partitions < 1 ? "The partitions must be greater than 0" : undefined;
}

/** Replicas by partition from `1:2:3,2:3:1`, or what the tool says of it. */
function readAssignment(text: string): readonly (readonly number[])[] | string {
  const assignment: number[][] = [];
  for (const [index, list] of text.split(",").entries()) {
    const replicas: number[] = [];
    for (const item of list.split(":")) {
      if (!/^[+-]?\d{1,9}$/.test(item.trim())) return `For input string: "${item.trim()}"`;
      replicas.push(Number(item));
    }
    const twice = replicas.filter((replica, place) => replicas.indexOf(replica) !== place);
    if (twice.length > 0)
      return `Partition replica lists may not contain duplicate entries: ${[...new Set(twice)].join(",")}`;
    if (replicas.length !== (assignment[0] ?? replicas).length) {
      return `Partition ${index} has different replication factor: [${replicas.join(", ")}]`;
    }
    assignment.push(replicas);
  }
  return assignment;
}

function hintFor(error: OptionError): string | null {
  if (error.message.startsWith("zookeeper ")) return "kafka-topics speaks to brokers since 3.0: use --bootstrap-server";
  if (error.message.startsWith("add-config ")) return "settings of a topic that exists are changed with kafka-configs";
  return null;
}

function usageHint(options: Options): string | null {
  if (!options.has("alter") || !options.has("config")) return null;
  const topic = options.get("topic")?.[0] ?? "…";
  return `use kafka-configs --alter --topic ${topic} --add-config ${options.get("config")?.join(",")}`;
}

/** Our own word on a key the cluster does not take: the nearest one, or where it belongs. */
export function keyHint(key: string, rules: Rules): string | null {
  const found = lookUpConfig(key, ["topic"], rules.version);
  if (found.kind === "known")
    return found.definition.update === "at-creation" ? `${key} is given as --${key.replaceAll(".", "-")}` : null;
  return found.kind === "other" ? null : found.sentence;
}
