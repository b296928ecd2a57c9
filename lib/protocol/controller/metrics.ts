import type { Rules } from "../../kafka/versions.js";
import { noLeader } from "../ids.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { PartitionChangeRecord } from "../metadata/record.js";
import type { Controller, ControllerMetrics } from "./state.js";

/** What the controller's JMX gauges and meters show, under their real names. */
export interface ControllerGauges {
  readonly ActiveControllerCount: number;
  /** Unfenced, also those in controlled shutdown. */
  readonly ActiveBrokerCount: number;
  readonly FencedBrokerCount: number;
  readonly GlobalTopicCount: number;
  readonly GlobalPartitionCount: number;
  /** Partitions without a leader. */
  readonly OfflinePartitionsCount: number;
  /** Partitions not led by their first replica; the leaderless ones are among them. */
  readonly PreferredReplicaImbalanceCount: number;
  /** Counts of the meters since this controller became active. */
  readonly UncleanLeaderElectionsPerSec: number;
  readonly ElectionFromEligibleLeaderReplicasPerSec: number;
}

/** `kafka.controller:type=KafkaController` and `type=ControllerStats`. Source: ControllerMetricsChanges. */
export function controllerGauges({ process, image, metrics }: Controller): ControllerGauges {
  const { brokers, topics, partitions } = image;
  return {
    ActiveControllerCount: process === "running" ? 1 : 0,
    ActiveBrokerCount: brokers.filter(({ fenced }) => !fenced).length,
    FencedBrokerCount: brokers.filter(({ fenced }) => fenced).length,
    GlobalTopicCount: topics.length,
    GlobalPartitionCount: partitions.length,
    OfflinePartitionsCount: partitions.filter(({ leader }) => leader === noLeader).length,
    PreferredReplicaImbalanceCount: partitions.filter(({ leader, replicas }) => leader !== replicas[0]).length,
    UncleanLeaderElectionsPerSec: metrics.uncleanLeaderElections,
    ElectionFromEligibleLeaderReplicasPerSec: metrics.electionsFromEligibleLeaderReplicas,
  };
}

/**
 * Counts the election that a change makes, if it makes one. Since 4.1 an election is unclean if it says so
 * (RECOVERING), and one from the ELR has its own meter; before, every leader from outside the ISR counted as unclean.
 *
 * Source: TopicDelta.updateElectionStats (KAFKA-19212); PartitionRegistration.electionWasClean before.
 */
export function countElection(
  metrics: ControllerMetrics,
  before: PartitionRegistration,
  { leader, leaderRecoveryState }: PartitionChangeRecord,
  rules: Pick<Rules, "electionFromElrCountedSeparately">,
): ControllerMetrics {
  const { uncleanLeaderElections, electionsFromEligibleLeaderReplicas } = metrics;
  const elected = leader ?? noLeader;
  if (!rules.electionFromElrCountedSeparately) {
    const unclean = elected !== noLeader && !before.isr.includes(elected);
    return unclean ? { ...metrics, uncleanLeaderElections: uncleanLeaderElections + 1 } : metrics;
  }
  const unclean = leaderRecoveryState === "recovering";
  const fromElr = before.eligibleLeaderReplicas.includes(elected);
  if (!unclean && !fromElr) return metrics;
  return {
    uncleanLeaderElections: uncleanLeaderElections + (unclean ? 1 : 0),
    electionsFromEligibleLeaderReplicas: electionsFromEligibleLeaderReplicas + (fromElr ? 1 : 0),
  };
}
