import type { AdminCommand } from "../../kafka/admin/command.js";
import type { ToolOutput } from "../../kafka/admin/output.js";
import { parseAdminCommand } from "../../kafka/admin/parse.js";
import type { Rules } from "../../kafka/versions.js";
import { runFeatures, runGetOffsets } from "./cluster.js";
import { runConfigs } from "./configs.js";
import type { Desk } from "./desk.js";
import { runElection } from "./elections.js";
import { runReassign } from "./reassignments.js";
import { runTopics } from "./topics.js";

/** Why a command line cannot be run here at all, or null when it can (even if the tool will refuse it). */
export function commandComplaint(line: string, rules: Rules): string | null {
  const parsed = parseAdminCommand(line, rules);
  if (parsed.kind === "unsupported") return parsed.message;
  if (parsed.kind === "refused") return null;
  const { command } = parsed;
  if (command.tool === "kafka-metadata-quorum") return "the Raft quorum of the controller is not modelled";
  if (command.tool === "kafka-topics" && command.action === "alter")
    return "adding partitions to a topic is not modelled";
  return null;
}

/** Runs one command line of Kafka's tools and returns what they print. */
export function runCommand(desk: Desk, line: string): ToolOutput {
  const parsed = parseAdminCommand(line, desk.world.rules);
  switch (parsed.kind) {
    case "command":
      return runTool(desk, parsed.command);
    case "refused":
      return parsed.output;
    case "unsupported":
      return { text: `${parsed.message}\n`, exitStatus: 1 };
  }
}

function runTool(desk: Desk, command: AdminCommand): ToolOutput {
  switch (command.tool) {
    case "kafka-topics":
      return runTopics(desk, command);
    case "kafka-configs":
      return runConfigs(desk, command, command.args);
    case "kafka-leader-election":
      return runElection(desk, command);
    case "kafka-reassign-partitions":
      return runReassign(desk, command);
    case "kafka-features":
      return runFeatures(desk, command);
    case "kafka-get-offsets":
      return runGetOffsets(desk, command);
    case "kafka-metadata-quorum":
      return { text: "the Raft quorum of the controller is not modelled\n", exitStatus: 1 };
  }
}
