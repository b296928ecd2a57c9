import { nearest } from "../../core/nearest.js";
import type { Rules } from "../versions.js";
import { parseFeatures, parseGetOffsets, parseMetadataQuorum } from "./parse-cluster.js";
import { parseConfigs } from "./parse-configs.js";
import { parseLeaderElection } from "./parse-leader-election.js";
import { parseReassign } from "./parse-reassign.js";
import { parseTopics } from "./parse-topics.js";
import { type ParsedCommand, unsupported } from "./parsed.js";
import { shellWords } from "./shell-words.js";

const tools: { readonly [tool: string]: (args: readonly string[], rules: Rules) => ParsedCommand } = {
  "kafka-topics": parseTopics,
  "kafka-configs": parseConfigs,
  "kafka-leader-election": parseLeaderElection,
  "kafka-reassign-partitions": parseReassign,
  "kafka-features": parseFeatures,
  "kafka-get-offsets": parseGetOffsets,
  "kafka-metadata-quorum": parseMetadataQuorum,
};

const gone: { readonly [tool: string]: string } = {
  "kafka-preferred-replica-election":
    "kafka-preferred-replica-election is gone since 3.0: use kafka-leader-election --election-type preferred",
  "kafka-run-class": "kafka-run-class is not understood here: name the tool itself",
};

/**
 * Reads a command line as it would be typed into a shell: `kafka-topics --describe --topic orders`, with or without a
 * leading `$`, a path, `.sh` and `--bootstrap-server` (there is one cluster, so it need not be named). What the real
 * tool refuses is refused with its message.
 */
export function parseAdminCommand(line: string, rules: Rules): ParsedCommand {
  const split = shellWords(line.trim().replace(/^\$\s+/, ""));
  if (!split.ok) return unsupported(split.reason);
  const [program, ...args] = split.words;
  if (program === undefined) return unsupported("an empty command line");
  const tool = program.replace(/^.*\//, "").replace(/\.sh$/, "");
  const parse = Object.hasOwn(tools, tool) ? tools[tool] : undefined;
  if (parse === undefined) {
    const meant = nearest(tool, Object.keys(tools));
    const known = Object.hasOwn(gone, tool) ? gone[tool] : undefined;
    return unsupported(
      known ??
        (meant === null
          ? `${tool} is not a tool known here`
          : `${tool} is not a tool known here; the nearest is ${meant}`),
    );
  }
  const help = args.find((word) => word === "--help" || word === "--version");
  if (help !== undefined) return unsupported(`${tool} ${help} is not printed here`);
  return parse(args, rules);
}
