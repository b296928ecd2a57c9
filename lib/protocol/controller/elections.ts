import type { Rules } from "../../kafka/versions.js";
import { noLeader, partitionIndexOf, type TopicPartition, topicNameOf } from "../ids.js";
import { type MetadataImage, partitionOf, topicOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import { uncleanLeaderElectionKey } from "../metadata/topic-configs.js";
import type { RuleId } from "../rules/index.js";
import { type AdminAnswer, type PartitionResult, partitionResult } from "./admin-answer.js";
import type { Decision } from "./decision.js";
import type { AdminCommand } from "./event.js";
import { decidePartitionChange } from "./partition-change.js";
import { configFactInForce, partitionContext } from "./partition-context.js";
import type { ControllerSettings } from "./state.js";
import { imbalancedByPercentage } from "./zookeeper.js";

type ElectLeaders = Extract<AdminCommand, { readonly type: "electLeaders" }>;

/** Kafka moves at most so many leaders in one periodic run. */
export const electionsPerRunMax = 1000;

/**
 * Elections by hand (`kafka-leader-election`). An unclean one does not ask for `unclean.leader.election.enable`, but it
 * never replaces a leader that is there. Source: ReplicationControlManager.electLeaders.
 */
export function electLeaders(
  image: MetadataImage,
  { election, partitions }: ElectLeaders,
  rules: Rules,
): { readonly decisions: readonly Decision[]; readonly answer: AdminAnswer } {
  const decisions: Decision[] = [];
  const results: PartitionResult[] = [];
  for (const partition of partitions ?? image.partitions.map((registration) => registration.partition)) {
    const { decision, result } = electByHand(image, partition, election, rules);
    if (decision !== null) decisions.push(decision);
    if (partitions !== null || result.error !== "ELECTION_NOT_NEEDED") results.push(result);
  }
  return { decisions, answer: { type: "elected", election, results } };
}

function electByHand(
  image: MetadataImage,
  key: TopicPartition,
  election: "preferred" | "unclean",
  rules: Rules,
): { readonly decision: Decision | null; readonly result: PartitionResult } {
  const partition = partitionOf(image, key);
  if (partition === undefined) return { decision: null, result: unknownPartition(image, key) };
  const notNeeded = election === "preferred" ? partition.leader === partition.replicas[0] : hasLeader(partition);
  if (notNeeded) return { decision: null, result: partitionResult(key, "ELECTION_NOT_NEEDED") };
  const decision = decideElection(image, partition, election, `election.asked-${election}`, rules);
  if (decision !== null) return { decision, result: partitionResult(key, "NONE", "") };
  const error = election === "preferred" ? "PREFERRED_LEADER_NOT_AVAILABLE" : "ELIGIBLE_LEADERS_NOT_AVAILABLE";
  return { decision: null, result: partitionResult(key, error) };
}

function unknownPartition(image: MetadataImage, key: TopicPartition): PartitionResult {
  const topic = topicNameOf(key);
  const message =
    topicOf(image, topic) === undefined
      ? `No such topic as ${topic}`
      : `No such partition as ${topic}-${partitionIndexOf(key)}`;
  return partitionResult(key, "UNKNOWN_TOPIC_OR_PARTITION", message);
}

/**
 * Gives leadership back to preferred replicas that may lead and do not. Source: maybeBalancePartitionLeaders;
 * checkAndTriggerAutoLeaderRebalance in the ZooKeeper era.
 */
export function decidePreferredRebalance(
  image: MetadataImage,
  settings: ControllerSettings,
  rules: Rules,
): readonly Decision[] {
  const imbalanced =
    rules.preferredRebalanceThreshold === "per-broker-percentage"
      ? imbalancedByPercentage(image, settings)
      : image.partitions.filter(({ leader, replicas }) => leader !== replicas[0]);
  return decideElections(image, imbalanced, "preferred", "election.preferred-rebalance", rules);
}

/** Elects uncleanly where nobody leads and the topic allows it. Source: maybeElectUncleanLeaders. */
export function decideUncleanElections(image: MetadataImage, rule: RuleId, rules: Rules): readonly Decision[] {
  const leaderless = image.partitions.filter(
    (partition) => !hasLeader(partition) && topicOf(image, partition.topic)?.uncleanLeaderElectionEnable === true,
  );
  return decideElections(image, leaderless, "unclean", rule, rules);
}

function decideElections(
  image: MetadataImage,
  partitions: readonly PartitionRegistration[],
  election: "preferred" | "unclean",
  rule: RuleId,
  rules: Rules,
): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const partition of partitions) {
    if (decisions.length >= electionsPerRunMax) break;
    const decision = decideElection(image, partition, election, rule, rules);
    if (decision !== null) decisions.push(decision);
  }
  return decisions;
}

function decideElection(
  image: MetadataImage,
  partition: PartitionRegistration,
  election: "preferred" | "unclean",
  rule: RuleId,
  rules: Rules,
): Decision | null {
  // An election by hand is its own reason; one that a task makes follows from what the topic allows.
  const allowed = rule === "election.unclean-periodic" || rule === "election.unclean-at-once";
  const because = allowed ? [configFactInForce(image, partition.topic, uncleanLeaderElectionKey)] : [];
  return decidePartitionChange(
    {
      ...partitionContext(image, partition, rules),
      election,
      cause: { rule, numbers: { election }, because },
      madeBy: "controller",
    },
    rules,
  );
}

function hasLeader({ leader }: PartitionRegistration): boolean {
  return leader !== noLeader;
}
