import { checkTopicConfigs } from "../../kafka/config/change.js";
import type { Rules } from "../../kafka/versions.js";
import { type Change, fact } from "../fact.js";
import { type BrokerId, topicPartition } from "../ids.js";
import { isActive, type MetadataImage, registrationOf, topicOf } from "../metadata/image.js";
import type { PartitionRecord } from "../metadata/record.js";
import { minInsyncReplicasKey } from "../metadata/topic-configs.js";
import { type AdminAnswer, type Refused, refused } from "./admin-answer.js";
import { clearElrDecision } from "./configs.js";
import type { Decision } from "./decision.js";
import type { AdminCommand } from "./event.js";
import { isElrEnabled } from "./partition-context.js";
import { placeReplicas } from "./replica-placement.js";
import { topicNameComplaint } from "./topic-names.js";

type CreateTopic = Extract<AdminCommand, { readonly type: "createTopic" }>;

/**
 * A new topic: its record, its configurations, its partitions with every active replica in the ISR and the first of
 * them leading. Source: ReplicationControlManager.createTopic.
 */
export function createTopic(
  image: MetadataImage,
  { topic, assignment, configs }: CreateTopic,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const complaint = topicNameComplaint(image, topic);
  if (complaint !== null) return refusal(refused("INVALID_TOPIC_EXCEPTION", complaint));
  if (topicOf(image, topic) !== undefined) {
    return refusal(refused("TOPIC_ALREADY_EXISTS", `Topic '${topic}' already exists.`));
  }
  const checked = checkTopicConfigs(configs, rules);
  if (!checked.ok) return refusal(refused("INVALID_CONFIG", checked.message));

  const placed =
    "replicas" in assignment
      ? checkAssignment(image, assignment.replicas)
      : placeReplicas(image, assignment.partitions, assignment.replicationFactor, rules);
  if ("type" in placed) return refusal(placed);

  const partitions: PartitionRecord[] = [];
  for (const [index, replicas] of placed.entries()) {
    const isr = replicas.filter((brokerId) => isActive(image, brokerId));
    const [leader] = isr;
    if (leader === undefined) return refusal(nobodyActive(index, assignment));
    partitions.push({
      type: "PartitionRecord",
      topic,
      partition: topicPartition(topic, index),
      replicas,
      isr,
      leader,
      directories: rules.directoryAssignment
        ? replicas.map((brokerId) => registrationOf(image, brokerId)?.directoryId ?? 0)
        : [],
    });
  }
  const decisions: Decision[] = [
    { record: { type: "TopicRecord", topic }, changes: [] },
    ...Object.keys(configs)
      .sort()
      .map((key) => configDecision(topic, key, configs[key] ?? "")),
    ...(configs[minInsyncReplicasKey] !== undefined && isElrEnabled(image) && rules.minInsyncReplicasChangeClearsElr
      ? [clearElrDecision(image, topic)]
      : []),
    ...partitions.map(partitionDecision),
  ];
  return {
    decisions,
    answer: {
      type: "created",
      topic,
      partitions: partitions.map(({ partition, replicas, isr, leader }) => ({ partition, replicas, isr, leader })),
    },
  };
}

/** Source: ReplicationControlManager.deleteTopic. */
export function deleteTopic(
  image: MetadataImage,
  topic: string,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  if (topicOf(image, topic) === undefined) return refusal(refused("UNKNOWN_TOPIC_OR_PARTITION"));
  const changes: Change[] = image.partitions
    .filter((partition) => partition.topic === topic)
    .map(({ partition, leader }) => ({
      fact: fact.leader(partition),
      from: leader,
      to: null,
      rule: "topic.deleted",
      numbers: {},
      because: [],
    }));
  return {
    decisions: [{ record: { type: "RemoveTopicRecord", topic }, changes }],
    answer: { type: "deleted", topic },
  };
}

/** Each list must name registered brokers, each once, and all lists must be equally long. */
function checkAssignment(
  image: MetadataImage,
  assignment: readonly (readonly BrokerId[])[],
): readonly (readonly BrokerId[])[] | Refused {
  if (assignment.length === 0) {
    return refused("INVALID_PARTITIONS", "Number of partitions was set to an invalid non-positive value.");
  }
  const replicationFactor = assignment[0]?.length ?? 0;
  for (const replicas of assignment) {
    const complaint = assignmentComplaint(image, replicas);
    if (complaint !== null) return refused("INVALID_REPLICA_ASSIGNMENT", complaint);
    if (replicas.length !== replicationFactor) {
      return refused(
        "INVALID_REPLICA_ASSIGNMENT",
        `The manual partition assignment includes a partition with ${replicas.length} replica(s), but this is not ` +
          `consistent with previous partitions, which have ${replicationFactor} replica(s).`,
      );
    }
  }
  return assignment;
}

/** What is wrong with a list of replicas that somebody wrote, or null. Source: validateManualPartitionAssignment. */
export function assignmentComplaint(image: MetadataImage, replicas: readonly BrokerId[]): string | null {
  if (replicas.length === 0) return "The manual partition assignment includes an empty replica list.";
  const ascending = [...replicas].sort((a, b) => a - b);
  for (const [index, brokerId] of ascending.entries()) {
    if (registrationOf(image, brokerId) === undefined) {
      return `The manual partition assignment includes broker ${brokerId}, but no such broker is registered.`;
    }
    if (brokerId === ascending[index - 1]) {
      return `The manual partition assignment includes the broker ${brokerId} more than once.`;
    }
  }
  return null;
}

function nobodyActive(index: number, assignment: CreateTopic["assignment"]): Refused {
  return "replicas" in assignment
    ? refused(
        "INVALID_REPLICA_ASSIGNMENT",
        `All brokers specified in the manual partition assignment for partition ${index} are fenced or in ` +
          "controlled shutdown.",
      )
    : refused(
        "INVALID_REPLICATION_FACTOR",
        `Unable to replicate the partition ${assignment.replicationFactor} time(s): All brokers are currently fenced ` +
          "or in controlled shutdown.",
      );
}

function configDecision(topic: string, key: string, value: string): Decision {
  return {
    record: { type: "ConfigRecord", scope: { kind: "topic", topic }, key, value },
    changes: [
      {
        fact: fact.topicConfig(topic, key),
        from: null,
        to: value,
        rule: "topic.created",
        numbers: {},
        because: [],
      },
    ],
  };
}

function partitionDecision(record: PartitionRecord): Decision {
  const { partition, replicas, isr, leader } = record;
  const told = { rule: "topic.created", numbers: { replicas, active: isr } } as const;
  return {
    record,
    changes: [
      { fact: fact.assignment(partition), from: null, to: replicas, ...told, because: [] },
      { fact: fact.isr(partition), from: null, to: isr, ...told, because: replicas.map(fact.fenced) },
      { fact: fact.leader(partition), from: null, to: leader, ...told, because: [fact.isr(partition)] },
      { fact: fact.leaderEpoch(partition), from: null, to: 0, ...told, because: [fact.leader(partition)] },
    ],
  };
}

function refusal(answer: Refused): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  return { decisions: [], answer };
}
