import type { ReassignCommand } from "../../kafka/admin/command.js";
import { failed, partitionName, type ToolOutput } from "../../kafka/admin/output.js";
import {
  type Assignment,
  type ReassignmentStatus,
  reassignmentCancelled,
  reassignmentFailed,
  reassignmentInTheWay,
  reassignmentList,
  reassignmentRefused,
  reassignmentStarted,
  reassignmentTopicNotFound,
  unknownBroker,
  verifyOutput,
} from "../../kafka/admin/reassign.js";
import { partitionOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import { splitPartition, topicNames } from "./describe.js";
import { type Desk, imageAt, timedOut } from "./desk.js";

type Execute = Extract<ReassignCommand, { readonly action: "execute" }>;
type Cancel = Extract<ReassignCommand, { readonly action: "verify" | "cancel" }>;

/** `kafka-reassign-partitions`. */
export function runReassign(desk: Desk, command: ReassignCommand): ToolOutput {
  switch (command.action) {
    case "execute":
      return execute(desk, command);
    case "verify":
      return verifyOutput(statuses(desk, command.assignments), {
        brokers: brokerIds(desk),
        anyInProgress: moving(desk).length > 0,
        preserveThrottles: command.preserveThrottles,
      });
    case "cancel":
      return cancel(desk, command);
    case "list":
      return reassignmentList(
        moving(desk).map(({ partition, replicas, addingReplicas, removingReplicas }) => ({
          ...splitPartition(partition),
          replicas,
          adding: addingReplicas,
          removing: removingReplicas,
        })),
      );
  }
}

function execute(desk: Desk, { assignments, additional }: Execute): ToolOutput {
  const image = imageAt(desk);
  if (!additional && moving(desk).length > 0) return reassignmentInTheWay();
  const unknownTopic = assignments.find(({ topic }) => !topicNames(image).includes(topic));
  if (unknownTopic !== undefined) return reassignmentTopicNotFound(unknownTopic.topic);
  const known = brokerIds(desk);
  const stranger = assignments.flatMap(({ replicas }) => replicas).find((brokerId) => !known.includes(brokerId));
  if (stranger !== undefined) return reassignmentFailed(unknownBroker(stranger));
  const current = assignments.map((assignment) => ({ ...assignment, replicas: replicasNow(desk, assignment) }));
  const answer = desk.ask({
    type: "reassignPartitions",
    targets: assignments.map((assignment) => ({ partition: partitionName(assignment), replicas: assignment.replicas })),
  });
  if (answer === null) return failed(timedOut);
  if (answer.type !== "reassigned") return reassignmentFailed(answer.type === "refused" ? answer.message : answer.type);
  const refused = answer.results.filter(({ error }) => error !== "NONE");
  if (refused.length === 0) return reassignmentStarted(current);
  return reassignmentRefused(
    current,
    refused.map(({ partition, message }) => ({ ...splitPartition(partition), message })),
  );
}

function cancel(desk: Desk, { assignments, preserveThrottles }: Cancel): ToolOutput {
  const active = moving(desk).map(({ partition }) => partition);
  const cancelled = assignments.filter((assignment) => active.includes(partitionName(assignment)));
  if (cancelled.length > 0) {
    const targets = cancelled.map((assignment) => ({ partition: partitionName(assignment), replicas: null }));
    if (desk.ask({ type: "reassignPartitions", targets }) === null) return failed(timedOut);
  }
  return reassignmentCancelled(cancelled, statuses(desk, assignments), { brokers: brokerIds(desk), preserveThrottles });
}

function statuses(desk: Desk, assignments: readonly Assignment[]): readonly ReassignmentStatus[] {
  const active = moving(desk).map(({ partition }) => partition);
  return assignments.map((assignment) => ({
    topic: assignment.topic,
    partition: assignment.partition,
    inProgress: active.includes(partitionName(assignment)),
    current: replicasNow(desk, assignment),
    target: assignment.replicas,
  }));
}

function replicasNow(desk: Desk, assignment: Assignment): readonly number[] {
  return partitionOf(imageAt(desk), partitionName(assignment))?.replicas ?? [];
}

function moving(desk: Desk): readonly PartitionRegistration[] {
  return imageAt(desk).partitions.filter(
    ({ addingReplicas, removingReplicas }) => addingReplicas.length + removingReplicas.length > 0,
  );
}

function brokerIds(desk: Desk): readonly number[] {
  return imageAt(desk).brokers.map(({ brokerId }) => brokerId);
}
