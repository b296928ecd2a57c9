import { isAtLeast, type KafkaVersion } from "../releases.js";

// What controller and broker say when an administrator asks for something they refuse. The tools print these texts.

/** Why `name` cannot be a topic's name, or undefined if it can (source: org.apache.kafka.common.internals.Topic). */
export function invalidTopicName(name: string): string | undefined {
  const reason = topicNameReason(name);
  return reason && `Topic name is invalid: ${reason}`;
}

const topicNameLengthMax = 249;

function topicNameReason(name: string): string | undefined {
  if (name === "") return "the empty string is not allowed";
  if (name === "." || name === "..") return `'${name}' is not allowed`;
  if (name.length > topicNameLengthMax) {
    return `the length of '${name}' is longer than the max allowed length ${topicNameLengthMax}`;
  }
  if (/[^a-zA-Z0-9._-]/.test(name)) {
    return `'${name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'`;
  }
  return undefined;
}

/** Refusals of the controller, by what they are about (source: ReplicationControlManager, 4.3.1 where recorded). */
export const refusals = {
  topicExists: (name: string) => `Topic '${name}' already exists.`,
  topicUnknown: (name: string) => `The topic '${name}' does not exist.`,
  tooFewBrokers: (replicationFactor: number, brokers: number, version: KafkaVersion) =>
    `Unable to replicate the partition ${replicationFactor} time(s): The target replication factor of ${replicationFactor} ` +
    `cannot be reached because only ${brokers} broker(s) are registered` +
    // Log directories can be cordoned from 4.3 on (KIP-1066).
    (isAtLeast(version, "4.3") ? " or some brokers have all their log directories cordoned." : "."),
  allBrokersFenced: (replicationFactor: number) =>
    `Unable to replicate the partition ${replicationFactor} time(s): All brokers are currently fenced or in controlled shutdown.`,
  partitionsNotMore: (topic: string, partitions: number, asked: number) =>
    `The topic ${topic} currently has ${partitions} partition(s); ${asked} would not be an increase.`,
  assignmentEmpty: () => "The manual partition assignment includes an empty replica list.",
  assignmentUnknownBroker: (brokerId: number) =>
    `The manual partition assignment includes broker ${brokerId}, but no such broker is registered.`,
  assignmentTwice: (brokerId: number) =>
    `The manual partition assignment includes the broker ${brokerId} more than once.`,
  assignmentUneven: (replicas: number, before: number) =>
    `The manual partition assignment includes a partition with ${replicas} replica(s), but this is not consistent with ` +
    `previous partitions, which have ${before} replica(s).`,
  assignmentFenced: (partition: number) =>
    `All brokers specified in the manual partition assignment for partition ${partition} are fenced or in controlled shutdown.`,
  electionUnknownTopic: (topic: string) => `No such topic as ${topic}`,
  electionUnknownPartition: (topic: string, partition: number) => `No such partition as ${topic}-${partition}`,
  reassignmentUnknownTopic: (topic: string) => `Unable to find a topic named ${topic}.`,
  reassignmentUnknownPartition: (topic: string, partition: number) => `Unable to find partition ${topic}:${partition}.`,
  reassignmentNeedsUnclean: (topic: string, partition: number) =>
    `Unable to revert partition assignment for ${topic}:${partition} because it would require an unclean leader election.`,
} as const;
