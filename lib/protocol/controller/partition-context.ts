import type { Rules } from "../../kafka/versions.js";
import { type Fact, fact } from "../fact.js";
import { type BrokerId, topicPartition } from "../ids.js";
import { effectiveMinInsyncReplicas } from "../metadata/apply.js";
import { isActive, type MetadataImage, partitionOf, registrationOf, topicOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import { minInsyncReplicasKey } from "../metadata/topic-configs.js";
import type { PartitionChange } from "./partition-change.js";

/** The cluster feature that switches eligible leader replicas on (level 1). KIP-966. */
export const elrFeature = "eligible.leader.replicas.version";

export function isElrEnabled(image: MetadataImage): boolean {
  return (image.features[elrFeature] ?? 0) > 0;
}

/** A broker about which an event says something that the image does not show yet. */
export interface Exceptions {
  /** Counts as alive: it is being unfenced. */
  readonly added?: BrokerId;
  /** Does not count as alive: it is being fenced, or has just lost its tail. */
  readonly removed?: BrokerId;
}

/** Everything a partition change needs to know apart from what is wished. */
export type PartitionContext = Pick<
  PartitionChange,
  | "partition"
  | "election"
  | "isAcceptableLeader"
  | "minInsyncReplicas"
  | "minInsyncReplicasFact"
  | "elrEnabled"
  | "newDirectoryOf"
>;

/** The partition as an event finds it. The election is unclean wherever the topic allows that. */
export function partitionContext(
  image: MetadataImage,
  partition: PartitionRegistration,
  rules: Rules,
  exceptions: Exceptions = {},
): PartitionContext {
  const topic = topicOf(image, partition.topic);
  return {
    partition,
    election: topic?.uncleanLeaderElectionEnable === true ? "unclean" : "online",
    isAcceptableLeader: (brokerId) => isAcceptableLeader(image, partition, brokerId, exceptions, rules),
    minInsyncReplicas: minInsyncReplicasOf(image, partition, rules),
    minInsyncReplicasFact: configFactInForce(image, partition.topic, minInsyncReplicasKey),
    elrEnabled: isElrEnabled(image),
    newDirectoryOf: (brokerId) => registrationOf(image, brokerId)?.directoryId ?? unassignedDirectory,
  };
}

/** Where the replica of a broker is said to be that is not registered. */
const unassignedDirectory = 0;

/** Active, and (since 3.7) with the directory online in which the controller knows the replica to be. KIP-858. */
function isAcceptableLeader(
  image: MetadataImage,
  partition: PartitionRegistration,
  brokerId: BrokerId,
  { added, removed }: Exceptions,
  rules: Rules,
): boolean {
  if (brokerId === removed) return false;
  if (brokerId !== added && !isActive(image, brokerId)) return false;
  if (!rules.directoryAssignment) return true;
  const directoryId = partition.directories[partition.replicas.indexOf(brokerId)];
  return directoryId === undefined || directoryId === registrationOf(image, brokerId)?.directoryId;
}

/**
 * The controller clips `min.insync.replicas` to the number of replicas of the topic's first partition, whichever
 * partition it looks at. Source: ReplicationControlManager.getTopicEffectiveMinIsr.
 */
function minInsyncReplicasOf(image: MetadataImage, partition: PartitionRegistration, rules: Rules): number {
  const topic = topicOf(image, partition.topic);
  if (topic === undefined) return 1;
  const first = partitionOf(image, topicPartition(partition.topic, 0)) ?? partition;
  return effectiveMinInsyncReplicas(topic, first.replicas.length, rules);
}

/** Where the value of a topic's configuration stands that is in force: with the topic, or with the cluster. */
export function configFactInForce(image: MetadataImage, topic: string, key: string): Fact {
  return topicOf(image, topic)?.configs[key] === undefined ? fact.clusterConfig(key) : fact.topicConfig(topic, key);
}
