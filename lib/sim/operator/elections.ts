import type { ElectionCommand } from "../../kafka/admin/command.js";
import { electionOutput } from "../../kafka/admin/leader-election.js";
import { failed, partitionName, type ToolOutput } from "../../kafka/admin/output.js";
import { splitPartition } from "./describe.js";
import { type Desk, timedOut } from "./desk.js";

/** `kafka-leader-election`. */
export function runElection(desk: Desk, { electionType, partitions }: ElectionCommand): ToolOutput {
  const answer = desk.ask({
    type: "electLeaders",
    election: electionType === "UNCLEAN" ? "unclean" : "preferred",
    partitions: partitions === "all" ? null : partitions.map(partitionName),
  });
  if (answer === null) return failed(timedOut);
  if (answer.type !== "elected")
    return failed(answer.type === "refused" ? answer.message : `unexpected ${answer.type}`);
  return electionOutput(
    electionType,
    answer.results.map(({ partition, error, message }) => ({
      ...splitPartition(partition),
      error,
      ...(message === "" ? {} : { message }),
    })),
  );
}
