import { exceptionText } from "../errors.js";
import { hashMapOrder, textHash } from "./hash-order.js";
import { byPartition, failed, partitionName, printed, type ToolOutput, type TopicPartition } from "./output.js";

/** A partition with the replicas it has or shall have, in order of preference. */
export interface Assignment extends TopicPartition {
  readonly replicas: readonly number[];
  /** Directory of each replica, in the same order; absent: any. */
  readonly logDirs?: readonly string[];
}

/** The JSON that kafka-reassign-partitions reads and prints, in one line. */
export function reassignmentJson(assignments: readonly Assignment[]): string {
  const partitions = [...assignments].sort(byPartition).map(({ topic, partition, replicas, logDirs }) => ({
    topic,
    partition,
    replicas,
    log_dirs: logDirs ?? replicas.map(() => "any"),
  }));
  return JSON.stringify({ version: 1, partitions });
}

/**
 * What `--execute` prints when the controller took everything.
 *
 * @param current the assignment before, of the partitions that are to move
 */
export function reassignmentStarted(current: readonly Assignment[]): ToolOutput {
  const names = [...current].sort(byPartition).map(partitionName);
  return printed(
    ...currentAssignment(current),
    `Successfully started partition reassignment${names.length === 1 ? "" : "s"} for ${names.join(",")}`,
  );
}

/** What `--execute` prints when the controller refused some partitions. */
export function reassignmentRefused(
  current: readonly Assignment[],
  refused: readonly (TopicPartition & { readonly message: string })[],
): ToolOutput {
  const lines = [...refused].sort(byPartition).map((one) => `${partitionName(one)}: ${one.message}`);
  return failed(...currentAssignment(current), "Error reassigning partition(s):", ...lines);
}

function currentAssignment(current: readonly Assignment[]): readonly string[] {
  return [
    "Current partition replica assignment",
    "",
    reassignmentJson(current),
    "",
    "Save this to use as the --reassignment-json-file option during rollback",
  ];
}

/** What `--execute` prints while another reassignment is on its way and `--additional` was not given. */
export function reassignmentInTheWay(): ToolOutput {
  return failed(
    "Cannot execute because there is an existing partition assignment.  Use --additional to override this and create a " +
      "new partition assignment in addition to the existing one. The --additional flag can also be used to change the " +
      "throttle by resubmitting the current reassignment.",
  );
}

/** What the tool prints for failures of its own checks, such as an unknown broker. */
export function reassignmentFailed(message: string): ToolOutput {
  return failed(`Error: ${message}`, `org.apache.kafka.tools.AdminCommandFailedException: ${message}`);
}

/** What `--execute` prints for a topic that does not exist. */
export function reassignmentTopicNotFound(topic: string): ToolOutput {
  const reason = exceptionText("UNKNOWN_TOPIC_OR_PARTITION", `Topic ${topic} not found.`);
  return failed(`Error: ${reason}`, `java.util.concurrent.ExecutionException: ${reason}`);
}

export function unknownBroker(brokerId: number): string {
  return `Unknown broker id ${brokerId}`;
}

/** How far the reassignment of one partition is: the replicas it was asked for and those it has. */
export interface ReassignmentStatus extends TopicPartition {
  readonly inProgress: boolean;
  readonly current: readonly number[];
  readonly target: readonly number[];
}

export interface VerifyOptions {
  /** Brokers in the cluster; their throttles are cleared when all is done. */
  readonly brokers: readonly number[];
  /** Whether any reassignment is on its way, also one that was not asked about. */
  readonly anyInProgress: boolean;
  readonly preserveThrottles?: boolean;
}

/** What `--verify` prints; throttles are cleared when nothing moves any more. */
export function verifyOutput(statuses: readonly ReassignmentStatus[], options: VerifyOptions): ToolOutput {
  const lines = [...statuses].sort(byPartition).map(statusLine);
  const done = !options.anyInProgress && options.preserveThrottles !== true;
  const cleared = done ? throttlesCleared(statuses, options.brokers) : [];
  // The empty line is the list of moves between log directories.
  return printed("Status of partition reassignment:", ...lines, "", ...cleared);
}

function statusLine(status: ReassignmentStatus): string {
  const name = partitionName(status);
  if (status.inProgress) return `Reassignment of partition ${name} is still in progress.`;
  const current = status.current.join(",");
  const target = status.target.join(",");
  if (current === target) return `Reassignment of partition ${name} is completed.`;
  return `There is no active reassignment of partition ${name}, but replica set is ${current} rather than ${target}.`;
}

function throttlesCleared(statuses: readonly ReassignmentStatus[], inCluster: readonly number[]): readonly string[] {
  const all = [...new Set([...inCluster, ...statuses.flatMap((status) => status.target)])];
  const brokers = hashMapOrder(all, (broker) => broker);
  const topics = hashMapOrder([...new Set(statuses.map((status) => status.topic))], textHash);
  return [
    `Clearing broker-level throttles on broker${brokers.length === 1 ? "" : "s"} ${brokers.join(",")}`,
    `Clearing topic-level throttles on topic${topics.length === 1 ? "" : "s"} ${topics.join(",")}`,
  ];
}

/** A reassignment on its way. */
export interface ActiveReassignment extends TopicPartition {
  readonly replicas: readonly number[];
  readonly adding: readonly number[];
  readonly removing: readonly number[];
}

/** What `--list` prints. */
export function reassignmentList(active: readonly ActiveReassignment[]): ToolOutput {
  if (active.length === 0) return printed("No partition reassignments found.");
  return printed(
    "Current partition reassignments:",
    ...[...active].sort(byPartition).map((one) => {
      const adding = one.adding.length === 0 ? "" : ` adding: ${one.adding.join(",")}.`;
      const removing = one.removing.length === 0 ? "" : ` removing: ${one.removing.join(",")}.`;
      return `${partitionName(one)}: replicas: ${one.replicas.join(",")}.${adding}${removing}`;
    }),
  );
}

/** What `--cancel` prints; `cancelled` are the partitions that were being moved. */
export function reassignmentCancelled(
  cancelled: readonly TopicPartition[],
  statuses: readonly ReassignmentStatus[],
  options: Pick<VerifyOptions, "brokers" | "preserveThrottles">,
): ToolOutput {
  const names = [...cancelled].sort(byPartition).map(partitionName);
  const first =
    names.length === 0
      ? "None of the specified partition reassignments are active."
      : `Successfully cancelled partition reassignment${names.length === 1 ? "" : "s"} for: ${names.join(",")}`;
  // The tool ends this sentence without a newline, and so the next one begins right behind it.
  const moves = "None of the specified partition moves are active.";
  if (options.preserveThrottles === true) return { text: `${first}\n${moves}`, exitStatus: 0 };
  const [broker = "", topic = ""] = throttlesCleared(statuses, options.brokers);
  return printed(first, `${moves}${broker}`, topic);
}
