import { adminCommandFailure } from "./leader-election.js";
import {
  isOptionError,
  notConverted,
  numberOf,
  type OptionError,
  type OptionTable,
  parseOptions,
  textOf,
} from "./options.js";
import { partitionName, type TopicPartition } from "./output.js";
import { command, type ParsedCommand, refused, unsupported } from "./parsed.js";

const table: OptionTable = {
  "bootstrap-server": "value",
  "admin.config": "value",
  "path-to-json-file": "value",
  topic: "value",
  partition: "value",
  "all-topic-partitions": "flag",
  "election-type": "value",
};

const ways = ["topic", "all-topic-partitions", "path-to-json-file"] as const;

/** Reads the words after `kafka-leader-election` (source: LeaderElectionCommandOptions, messages of 4.3.1). */
export function parseLeaderElection(args: readonly string[]): ParsedCommand {
  const options = parseOptions(args, table);
  if (isOptionError(options)) return optionRefused(options);
  if (!options.has("election-type")) return refused(adminCommandFailure("Missing required option(s): election-type"));
  if (ways.filter((way) => options.has(way)).length !== 1) {
    return refused(adminCommandFailure(`One and only one of the following options is required: ${ways.join(", ")}`));
  }
  if (options.has("topic") && !options.has("partition")) {
    return refused(adminCommandFailure("Missing required option(s): partition"));
  }
  if (!options.has("topic") && options.has("partition")) {
    return refused(adminCommandFailure("Option partition is only allowed if topic is used"));
  }
  const type = textOf(options, "election-type");
  if (isOptionError(type)) return optionRefused(type);
  const electionType = type?.toUpperCase();
  if (electionType !== "PREFERRED" && electionType !== "UNCLEAN")
    return optionRefused(notConverted(options, "election-type"));
  const elect = (partitions: "all" | readonly TopicPartition[]) =>
    command({ tool: "kafka-leader-election", electionType, partitions, args });
  if (options.has("all-topic-partitions")) return elect("all");
  if (options.has("path-to-json-file")) {
    const listed = listedPartitions(options.get("path-to-json-file")?.[0] ?? "");
    return typeof listed === "string" ? unsupported(listed) : elect(listed);
  }
  const topic = textOf(options, "topic");
  if (isOptionError(topic)) return optionRefused(topic);
  const partition = numberOf(options, "partition");
  if (isOptionError(partition)) return optionRefused(partition);
  return elect([{ topic: topic ?? "", partition: partition ?? 0 }]);
}

function optionRefused(error: OptionError): ParsedCommand {
  const hint = error.message.startsWith("type ") ? "the option is called --election-type" : null;
  return refused([error.message, `joptsimple.${error.exception}: ${error.message}`], hint);
}

/** Partitions from the JSON itself, since there are no files here; a string says what is wrong. */
function listedPartitions(text: string): readonly TopicPartition[] | string {
  if (!text.trimStart().startsWith("{"))
    return "there are no files here: write the JSON itself, in single quotes, instead of its path";
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return `the JSON cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const list = json !== null && typeof json === "object" && "partitions" in json ? json.partitions : undefined;
  if (!Array.isArray(list)) return 'Replica election data is missing "partitions" field';
  const partitions: TopicPartition[] = [];
  for (const entry of list) {
    const item: unknown = entry;
    if (typeof item !== "object" || item === null || !("topic" in item) || !("partition" in item))
      return "each entry needs topic and partition";
    const { topic, partition } = item;
    if (typeof topic !== "string" || !Number.isInteger(partition))
      return "topic is a text and partition a whole number";
    partitions.push({ topic, partition: Number(partition) });
  }
  const names = partitions.map(partitionName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  return twice === undefined ? partitions : `Replica election data contains duplicate partitions: [${twice}]`;
}
