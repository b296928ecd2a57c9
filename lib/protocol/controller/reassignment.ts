import type { Rules } from "../../kafka/versions.js";
import { partitionIndexOf, type TopicPartition, topicNameOf } from "../ids.js";
import { type MetadataImage, partitionOf, topicOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import { type AdminAnswer, type PartitionResult, partitionResult } from "./admin-answer.js";
import type { Decision } from "./decision.js";
import type { AdminCommand } from "./event.js";
import { decidePartitionChange } from "./partition-change.js";
import { partitionContext } from "./partition-context.js";
import { isReassigning, revertedReassignment, startedReassignment } from "./reassignment-steps.js";
import { assignmentComplaint } from "./topics.js";

type ReassignPartitions = Extract<AdminCommand, { readonly type: "reassignPartitions" }>;
type Target = ReassignPartitions["targets"][number];

/** What is decided for one partition (null: it is so already), or why it is refused. */
type Reassigned = { readonly decision: Decision | null } | { readonly result: PartitionResult };

/**
 * Gives partitions other replicas (`kafka-reassign-partitions`): the new ones are added first, and when all of them are
 * in the ISR, the old ones go. `null` goes back. Source: ReplicationControlManager.alterPartitionReassignments.
 */
export function reassignPartitions(
  image: MetadataImage,
  { targets }: ReassignPartitions,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const decisions: Decision[] = [];
  const results: PartitionResult[] = [];
  for (const target of targets) {
    const reassigned = reassign(image, target, rules);
    if ("result" in reassigned) {
      results.push(reassigned.result);
      continue;
    }
    if (reassigned.decision !== null) decisions.push(reassigned.decision);
    results.push(partitionResult(target.partition, "NONE", ""));
  }
  return { decisions, answer: { type: "reassigned", results } };
}

function reassign(image: MetadataImage, { partition: key, replicas }: Target, rules: Rules): Reassigned {
  const partition = partitionOf(image, key);
  if (partition === undefined) return { result: unknownPartition(image, key) };
  return replicas === null ? cancel(image, partition, rules) : start(image, partition, replicas, rules);
}

function start(
  image: MetadataImage,
  partition: PartitionRegistration,
  target: readonly number[],
  rules: Rules,
): Reassigned {
  const complaint = assignmentComplaint(image, target);
  if (complaint !== null)
    return { result: partitionResult(partition.partition, "INVALID_REPLICA_ASSIGNMENT", complaint) };
  const { replicas, adding, removing } = startedReassignment(partition.replicas, target);
  return {
    decision: decidePartitionChange(
      {
        ...partitionContext(image, partition, rules),
        // Kafka never elects uncleanly here, whatever the topic allows.
        election: "online",
        cause: { rule: "reassignment.started", numbers: { target, adding, removing }, because: [] },
        madeBy: "controller",
        targetReplicas: replicas,
        ...(adding.length > 0 ? { targetAdding: adding } : {}),
        ...(removing.length > 0 ? { targetRemoving: removing } : {}),
      },
      rules,
    ),
  };
}

function cancel(image: MetadataImage, partition: PartitionRegistration, rules: Rules): Reassigned {
  const key = partition.partition;
  if (!isReassigning(partition)) return { result: partitionResult(key, "NO_REASSIGNMENT_IN_PROGRESS") };
  const { isr, replicas, adding, removing, unclean } = revertedReassignment(partition);
  const context = partitionContext(image, partition, rules);
  if (unclean && context.election !== "unclean") {
    const message =
      `Unable to revert partition assignment for ${partition.topic}:${partitionIndexOf(key)} because it would require ` +
      "an unclean leader election.";
    return { result: partitionResult(key, "INVALID_REPLICA_ASSIGNMENT", message) };
  }
  return {
    decision: decidePartitionChange(
      {
        ...context,
        cause: { rule: "reassignment.cancelled", numbers: { replicas }, because: [] },
        madeBy: "controller",
        targetIsr: isr,
        targetReplicas: replicas,
        targetAdding: adding,
        targetRemoving: removing,
      },
      rules,
    ),
  };
}

function unknownPartition(image: MetadataImage, key: TopicPartition): PartitionResult {
  const topic = topicNameOf(key);
  const message =
    topicOf(image, topic) === undefined
      ? `Unable to find a topic named ${topic}.`
      : `Unable to find partition ${topic}:${partitionIndexOf(key)}.`;
  return partitionResult(key, "UNKNOWN_TOPIC_OR_PARTITION", message);
}
