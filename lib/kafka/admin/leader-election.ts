import { type ErrorCode, errors, exceptionText } from "../errors.js";
import { hashMapOrder, partitionHash } from "./hash-order.js";
import { byPartition, failed, partitionName, printed, type ToolOutput, type TopicPartition } from "./output.js";

export type ElectionType = "PREFERRED" | "UNCLEAN";

/** What became of the election of one partition; `NONE` is a success. */
export interface ElectionResult extends TopicPartition {
  readonly error: ErrorCode;
  /** The controller's words, if it has any of its own. */
  readonly message?: string;
}

/** What `kafka-leader-election` prints, successes first (source: LeaderElectionCommand.electLeaders). */
export function electionOutput(type: ElectionType, results: readonly ElectionResult[]): ToolOutput {
  const sorted = [...results].sort(byPartition);
  const succeeded = named(sorted.filter((result) => result.error === "NONE"));
  const notNeeded = named(sorted.filter((result) => result.error === "ELECTION_NOT_NEEDED"));
  const refused = hashMapOrder(
    sorted.filter((result) => result.error !== "NONE" && result.error !== "ELECTION_NOT_NEEDED"),
    partitionHash,
  );
  const lines: string[] = [];
  if (succeeded !== "") lines.push(`Successfully completed leader election (${type}) for partitions ${succeeded}`);
  if (notNeeded !== "") lines.push(`Valid replica already elected for partitions ${notNeeded}`);
  for (const result of refused) {
    lines.push(`Error completing leader election (${type}) for partition: ${partitionName(result)}: ${reason(result)}`);
  }
  if (refused.length === 0) return printed(...lines);
  return failed(...lines, ...adminCommandFailure(`${refused.length} replica(s) could not be elected`));
}

/** How an AdminCommandFailedException ends a tool: its message, then the first line of its stack trace. */
export function adminCommandFailure(message: string): readonly string[] {
  return [message, `org.apache.kafka.tools.AdminCommandFailedException: ${message}`];
}

function reason({ error, message }: ElectionResult): string {
  return error === "NONE" ? "" : exceptionText(error, message ?? errors[error].message);
}

function named(results: readonly ElectionResult[]): string {
  return hashMapOrder(results, partitionHash).map(partitionName).join(", ");
}
