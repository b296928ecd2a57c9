import { isOptionError, type OptionTable, parseOptions, textOf } from "./options.js";
import { command, type ParsedCommand, refused, unsupported } from "./parsed.js";
import { checkPattern } from "./topic-pattern.js";

const offsetsTable: OptionTable = {
  "bootstrap-server": "value",
  "topic-partitions": "value",
  topic: "value",
  partitions: "value",
  time: "value",
  "command-config": "value",
  "exclude-internal-topics": "flag",
};

/** Reads the words after `kafka-get-offsets` (source: GetOffsetShell, messages of 4.3.1). */
export function parseGetOffsets(args: readonly string[]): ParsedCommand {
  const options = parseOptions(args, offsetsTable);
  if (isOptionError(options)) return refused([`Error occurred: ${options.message}`]);
  if (options.has("topic-partitions") && (options.has("topic") || options.has("partitions"))) {
    return refused(["Error occurred: --topic-partitions cannot be used with --topic or --partitions"]);
  }
  const topic = textOf(options, "topic");
  const time = textOf(options, "time") ?? "latest";
  if (isOptionError(topic)) return refused([`Error occurred: ${topic.message}`]);
  if (isOptionError(time)) return refused([`Error occurred: ${time.message}`]);
  if (!/^([+-]?\d+|latest|earliest|max-timestamp|earliest-local|latest-tiered|earliest-pending-upload)$/.test(time)) {
    return refused([
      `Error occurred: Malformed time argument ${time}. Please use -1 or latest / -2 or earliest / -3 or max-timestamp / ` +
        "-4 or earliest-local / -5 or latest-tiered / -6 or earliest-pending-upload, or a specified long format timestamp",
    ]);
  }
  const moment = time === "-1" ? "latest" : time === "-2" ? "earliest" : time;
  if (moment !== "latest" && moment !== "earliest")
    return unsupported(`--time ${time} is not understood here, only latest and earliest`);
  const partitions = options.get("partitions")?.[0];
  if (partitions !== undefined && !/^(\d+)?(,\d+)*$/.test(partitions)) {
    return refused([
      `Error occurred: --partitions expects a comma separated list of numeric partition ids, but received: ${partitions}`,
    ]);
  }
  if (partitions !== undefined || options.has("topic-partitions")) {
    return unsupported("offsets are told for whole topics here: use --topic");
  }
  if (topic !== undefined && checkPattern(topic) !== "fine")
    return unsupported(`the topic pattern ${topic} is not understood here`);
  return command({ tool: "kafka-get-offsets", topicPattern: topic ?? null, time: moment, args });
}

/** Reads the words after `kafka-features`: describe, upgrade and downgrade (source: FeatureCommand). */
export function parseFeatures(args: readonly string[]): ParsedCommand {
  const words = withoutConnection(args);
  const [action, ...rest] = words;
  if (action === undefined) return commandLineError("too few arguments");
  if (action === "describe") return command({ tool: "kafka-features", action, args });
  if (action !== "upgrade" && action !== "downgrade") {
    const choices = "'describe', 'upgrade', 'downgrade', 'disable', 'version-mapping', 'feature-dependencies'";
    if (choices.includes(`'${action}'`)) return unsupported(`kafka-features ${action} is not understood here`);
    return commandLineError(`invalid choice: '${action}' (choose from ${choices})`);
  }
  const levels: { feature: string; level: number }[] = [];
  for (let index = 0; index < rest.length; index++) {
    if (rest[index] !== "--feature" && rest[index] !== "-f")
      return unsupported(`kafka-features ${action} ${rest[index]} is not understood here`);
    const input = rest[++index] ?? "";
    const equals = input.indexOf("=");
    if (equals < 0) return refused([`Can't parse feature=level string ${input}: equals sign not found.`]);
    const text = input.slice(equals + 1).trim();
    if (!/^[+-]?\d{1,5}$/.test(text) || Number(text) > 32767) {
      return refused([`Can't parse feature=level string ${input}: unable to parse ${text} as a short.`]);
    }
    levels.push({ feature: input.slice(0, equals).trim(), level: Number(text) });
  }
  if (levels.length === 0) return refused([`You must specify at least one feature to ${action}`]);
  return command({ tool: "kafka-features", action, levels, args });
}

/** The tool ends this line without a newline. */
function commandLineError(reason: string): ParsedCommand {
  const text = `Command line error: ${reason}. Type --help for help.`;
  return { kind: "refused", output: { text, exitStatus: 1 }, hint: null };
}

/** Reads the words after `kafka-metadata-quorum`: only `describe --status` (source: MetadataQuorumCommand). */
export function parseMetadataQuorum(args: readonly string[]): ParsedCommand {
  const words = withoutConnection(args);
  if (words[0] !== "describe") return unsupported("kafka-metadata-quorum is understood only as describe --status");
  if (words.length === 1)
    return refused(["One of --status or --replication must be specified with describe sub-command"]);
  if (words.length !== 2 || words[1] !== "--status")
    return unsupported("kafka-metadata-quorum is understood only as describe --status");
  return command({ tool: "kafka-metadata-quorum", action: "describe-status", args });
}

function withoutConnection(args: readonly string[]): readonly string[] {
  return args.filter((word, index) => {
    const connects = (text: string | undefined) =>
      text !== undefined && /^--(bootstrap-server|bootstrap-controller|command-config)$/.test(text);
    return (
      !connects(word) &&
      !connects(args[index - 1]) &&
      !/^--(bootstrap-server|bootstrap-controller|command-config)=/.test(word)
    );
  });
}
