import type { ByVersion } from "./releases.js";

/**
 * The points in which Kafka releases (and their historical bugs) behave differently. A handler asks for the value by
 * name and never for a version number. Everything that is the same in all releases is not here: it is simply code.
 */
export interface RuleValues {
  /** `zookeeper`: no fencing, no registration, liveness is the ZooKeeper session of each broker. */
  readonly controllerKind: "kraft" | "zookeeper";
  /** Eligible leader replicas are kept and may lead; the ISR may become empty. Off: the last ISR member is kept. */
  readonly eligibleLeaderReplicas: boolean;
  /** With an empty ISR and ELR the one last known leader may be elected (counted as unclean). Needs ELR. */
  readonly lastKnownLeaderElection: boolean;
  /** The last known leader is elected only if it is alive. */
  readonly lastKnownLeaderMustBeAlive: boolean;
  /** A change of `min.insync.replicas` empties the ELR of the topics it reaches. */
  readonly minInsyncReplicasChangeClearsElr: boolean;
  /** What makes a new registration of a known broker count as an unclean shutdown. */
  readonly uncleanShutdownDetection: "every-restart" | "clean-shutdown-file";

  /** While |ISR| < effective `min.insync.replicas` the leader's high watermark stands still. */
  readonly highWatermarkFrozenUnderMinIsr: boolean;
  /** `min.insync.replicas` larger than the replication factor counts as the replication factor. */
  readonly effectiveMinIsrClippedToReplicas: boolean;
  /** The high watermark also waits for a proposed, not yet committed ISR member. */
  readonly highWatermarkWaitsForMaximalIsr: boolean;
  /** Which caught-up replicas outside the ISR hold the high watermark back. */
  readonly highWatermarkWaitsForOutsiders: "never" | "caught-up" | "caught-up-and-eligible";

  /** `when-proposed`: the leader already counts with the ISR it has only asked for. */
  readonly isrTakesEffect: "when-committed" | "when-proposed";
  /** Order of the ISR that an AlterPartition of the leader stores. */
  readonly isrOrderAfterLeaderChange: "appended" | "ascending";
  /** A fenced or shutting-down replica is not proposed by the leader and refused by the controller. */
  readonly fencedReplicaRefusedInIsr: boolean;
  /** The broker epoch of the fetching incarnation must be the registered one, on the leader and at the controller. */
  readonly replicaBrokerEpochChecked: boolean;
  /** Which ISR shrinks bump the leader epoch although the leader stays. */
  readonly leaderEpochBumpedOnIsrShrink: "never" | "by-controller" | "always";

  /** How a follower finds the offset to which it must cut back its log. */
  readonly truncation: "to-high-watermark" | "epoch-end-offset-only" | "epoch-and-end-offset";
  /** A new leader caches the start of its epoch at election, before anything is written in it. */
  readonly leaderCachesEmptyEpoch: boolean;
  /** Fetch and ListOffsets carry the leader epoch; FENCED_LEADER_EPOCH and UNKNOWN_LEADER_EPOCH answer a wrong one. */
  readonly fetchEpochFencing: boolean;
  /** A consumer validates its position against the epochs of a new leader. */
  readonly consumerValidatesPosition: boolean;
  /** ListOffsets answers OFFSET_NOT_AVAILABLE while the high watermark is below the leader's epoch start. */
  readonly offsetNotAvailableAfterElection: boolean;
  /** An unclean election marks the partition RECOVERING until the new leader's first AlterPartition. */
  readonly leaderRecoveryState: boolean;

  /** Heartbeats count as contact while the broker is fenced too, so its session outlives an orderly shutdown. */
  readonly fencedBrokerKeepsSession: boolean;
  /** Accepting a new incarnation takes the old one out of every ISR, as if it had been fenced. */
  readonly newIncarnationLeavesIsr: boolean;
  /** The controller knows the directory of each replica and elects only replicas whose directory is online. */
  readonly directoryAssignment: boolean;
  /** Recording that a replica lives in another directory empties the partition's ELR. */
  readonly directoryAssignmentClearsElr: boolean;
  /** Refusals for lack of brokers mention cordoned log directories (which are not modelled). */
  readonly logDirectoriesCanBeCordoned: boolean;
  /** Elections from the ELR have their own meter and are not counted as unclean. */
  readonly electionFromElrCountedSeparately: boolean;
  /** When a leaderless partition gets an unclean leader after the configuration was switched on. */
  readonly uncleanElectionAfterDynamicEnable: "immediately" | "at-next-event" | "at-next-event-or-interval";
  /** Which partitions the periodic preferred election looks at. */
  readonly preferredRebalanceThreshold: "per-broker-percentage" | "every-imbalanced-partition";

  /** `max.in.flight.requests.per.connection` > 5 is refused unless `enable.idempotence=false` was given. */
  readonly maxInFlightAboveFiveRefused: boolean;
  /** Producer retries back off exponentially up to `retry.backoff.max.ms`; else always `retry.backoff.ms`. */
  readonly producerBackoffExponential: boolean;
  /** NOT_LEADER_OR_FOLLOWER answers name the new leader, so that the client need not wait for metadata. */
  readonly answersNameNewLeader: boolean;

  /** `kafka-topics --describe` has the columns Elr and LastKnownElr. */
  readonly describeShowsElr: boolean;
}

export type RuleName = keyof RuleValues;

/** One row of the table: the value per release, what the rule says, and where it comes from. */
export interface RuleDefinition<T> {
  readonly values: ByVersion<T>;
  /** One sentence in the present tense, true where the rule has its newest value. */
  readonly sentence: string;
  /** KIP, ticket or class. */
  readonly source: string;
  /** Releases, in words, including those between the ones this library knows. */
  readonly versions: string;
}

/** Every rule with its history. The order is the order in which documentation lists them. */
export const ruleTable: { readonly [N in RuleName]: RuleDefinition<RuleValues[N]> } = {
  controllerKind: {
    values: { "2.8": "zookeeper", "3.6": "kraft" },
    sentence:
      "A quorum controller registers and fences brokers by their heartbeats and writes every decision to a log.",
    source: "KIP-500, KIP-631; kafka.controller.KafkaController before",
    versions: "KRaft is usable from 3.3 on and the only mode from 4.0 on",
  },
  eligibleLeaderReplicas: {
    values: { "2.8": false, "4.1": true },
    sentence:
      "Replicas that leave an ISR below its minimum stay eligible to lead, because nothing is committed without them.",
    source: "KIP-966; PartitionChangeBuilder.maybePopulateTargetElr",
    versions: "3.7 to 3.9 preview, 4.0 opt-in, on in clusters formatted with 4.1 or later",
  },
  lastKnownLeaderElection: {
    values: { "2.8": false, "3.9": true },
    sentence: "When ISR and ELR are both empty, the one last known leader is elected as soon as it is back.",
    source: "KIP-966; PartitionChangeBuilder.canElectLastKnownLeader",
    versions: "3.7 and later, only with eligible leader replicas",
  },
  lastKnownLeaderMustBeAlive: {
    values: { "2.8": true, "3.9": false, "4.1": true },
    sentence: "A fenced broker is not elected as the last known leader.",
    source: "KAFKA-19522",
    versions: "missing in 3.7 to 4.0, fixed in 4.1.0",
  },
  minInsyncReplicasChangeClearsElr: {
    values: { "2.8": false, "4.0": true },
    sentence:
      "A change of min.insync.replicas empties the ELR of its topic, a change of the cluster value that of all topics.",
    source: "KIP-966; ClearElrRecord",
    versions: "4.0 and later",
  },
  uncleanShutdownDetection: {
    values: { "2.8": "every-restart", "4.0": "clean-shutdown-file" },
    sentence: "A restart is clean if the clean-shutdown file holds the broker epoch of the previous registration.",
    source: "KIP-966, KAFKA-18106, KAFKA-18635",
    versions: "4.0 and later; with ELR in 3.7 to 3.9 every restart counted as unclean",
  },
  highWatermarkFrozenUnderMinIsr: {
    values: { "2.8": false, "3.9": true },
    sentence: "The high watermark does not move while the ISR is smaller than its effective minimum.",
    source: "KIP-966, KAFKA-15583; Partition.maybeIncrementLeaderHW",
    versions: "3.7 and later, whether or not ELR is on",
  },
  effectiveMinIsrClippedToReplicas: {
    values: { "2.8": false, "3.9": true },
    sentence: "The effective minimum is the smaller of min.insync.replicas and the number of replicas.",
    source: "KAFKA-15583; Partition.effectiveMinIsr",
    versions: "3.7 and later",
  },
  highWatermarkWaitsForMaximalIsr: {
    values: { "2.8": true },
    sentence: "The high watermark waits for every ISR member and for a member that is proposed but not yet committed.",
    source: "KIP-497; Partition.maybeIncrementLeaderHW",
    versions: "2.7 and later",
  },
  highWatermarkWaitsForOutsiders: {
    values: { "2.8": "caught-up", "3.6": "caught-up-and-eligible" },
    sentence: "A caught-up replica outside the ISR holds the high watermark back if it could join the ISR.",
    source: "KAFKA-15021; Partition.maybeIncrementLeaderHW",
    versions: "eligibility tested in 3.6 and later",
  },
  isrTakesEffect: {
    values: { "2.8": "when-committed" },
    sentence: "A leader counts with a smaller ISR only after the controller has stored it.",
    source: "KIP-497; Partition.PendingShrinkIsr",
    versions: "2.7 and later",
  },
  isrOrderAfterLeaderChange: {
    values: { "2.8": "appended", "4.2": "ascending" },
    sentence: "An ISR stored for a leader's AlterPartition lists its broker ids in ascending order.",
    source: "recorded from 4.3.1; Partition.prepareIsrExpand",
    versions: "4.2 and later (recorded from 4.3.1); 4.1 and older append the new member",
  },
  fencedReplicaRefusedInIsr: {
    values: { "2.8": false, "3.6": true },
    sentence: "A fenced or shutting-down replica cannot become a member of the ISR.",
    source: "KIP-841; Partition.isReplicaIsrEligible, INELIGIBLE_REPLICA",
    versions: "3.3 and later",
  },
  replicaBrokerEpochChecked: {
    values: { "2.8": false, "3.6": true },
    sentence: "Only the incarnation of a broker that is registered now can join the ISR.",
    source: "KIP-903, KAFKA-14139; Replica.updateFetchStateOrThrow",
    versions: "3.5 and later",
  },
  leaderEpochBumpedOnIsrShrink: {
    values: { "2.8": "by-controller", "3.6": "never" },
    sentence: "The leader epoch stays when the ISR shrinks and the leader stays.",
    source: "KAFKA-15021; PartitionChangeBuilder.triggerLeaderEpochBumpIfNeeded",
    versions: "metadata version 3.6-IV0 and later",
  },
  truncation: {
    values: { "2.8": "epoch-and-end-offset" },
    sentence:
      "The leader answers with the largest epoch it shares and that epoch's end, and the follower repeats until both agree.",
    source: "KIP-101, KIP-279; AbstractFetcherThread.getOffsetTruncationState",
    versions: "2.0 and later; end offset only in 0.11 to 1.1; high watermark before 0.11",
  },
  leaderCachesEmptyEpoch: {
    values: { "2.8": true },
    sentence: "A leader notes the start of its epoch when it is elected.",
    source: "KAFKA-7164, KAFKA-7415; Partition.makeLeader",
    versions: "2.1 and later",
  },
  fetchEpochFencing: {
    values: { "2.8": true },
    sentence: "A fetch carries the leader epoch its sender believes in, and a wrong one is refused.",
    source: "KIP-320; Partition.checkCurrentLeaderEpoch",
    versions: "brokers 2.1 and later",
  },
  consumerValidatesPosition: {
    values: { "2.8": true },
    sentence: "After a leader change a consumer asks where its epoch ends and seeks back to a divergence.",
    source: "KIP-320; SubscriptionState.maybeCompleteValidation",
    versions: "consumers 2.3 and later",
  },
  offsetNotAvailableAfterElection: {
    values: { "2.8": true },
    sentence:
      "A fresh leader does not tell an end offset before its high watermark has reached the start of its epoch.",
    source: "KIP-207; Partition.fetchOffsetForTimestamp",
    versions: "2.2 and later",
  },
  leaderRecoveryState: {
    values: { "2.8": false, "3.6": true },
    sentence: "A partition with an uncleanly elected leader is RECOVERING until that leader changes the ISR.",
    source: "KIP-704; PartitionChangeBuilder.tryElection",
    versions: "3.2 and later",
  },
  fencedBrokerKeepsSession: {
    values: { "2.8": false, "4.0": true },
    sentence: "A session ends only by silence: an orderly shutdown leaves it open, and its end fences once more.",
    source: "KAFKA-17793; BrokerHeartbeatTracker",
    versions: "4.0 and later",
  },
  newIncarnationLeavesIsr: {
    values: { "2.8": false, "4.0": true },
    sentence: "The registration of a new incarnation removes the broker from the ISRs it is still in.",
    source: "KAFKA-18106; ReplicationControlManager.handleBrokerShutdown",
    versions: "4.0 and later",
  },
  directoryAssignment: {
    values: { "2.8": false, "3.9": true },
    sentence: "A replica may lead only if the directory the controller knows it to be in is online.",
    source: "KIP-858; ReplicationControlManager.LeaderAcceptor",
    versions: "metadata version 3.7-IV2 and later",
  },
  directoryAssignmentClearsElr: {
    values: { "2.8": false, "3.9": true, "4.3": false },
    sentence: "A change of directory leaves the ELR alone.",
    source: "apache/kafka pull request 20716; ReplicationControlManager.handleAssignReplicasToDirs",
    versions: "4.3 and later; 3.7 to 4.2 forgot to look whether ELR is on and emptied it",
  },
  logDirectoriesCanBeCordoned: {
    values: { "2.8": false, "4.3": true },
    sentence: "A broker with all its log directories cordoned gets no new replicas.",
    source: "KIP-1066; wording recorded from 4.3.1",
    versions: "4.3 and later",
  },
  electionFromElrCountedSeparately: {
    values: { "2.8": false, "4.1": true },
    sentence: "An election from the ELR is clean and has a meter of its own.",
    source: "KIP-966; ElectionFromEligibleLeaderReplicasPerSec",
    versions: "4.1 and later",
  },
  uncleanElectionAfterDynamicEnable: {
    values: { "2.8": "immediately", "3.6": "at-next-event", "3.9": "at-next-event-or-interval" },
    sentence: "After unclean election is allowed, a leaderless partition waits for an event or the periodic check.",
    source: "KAFKA-12670; unclean.leader.election.interval.ms",
    versions: "ZooKeeper controllers listened for it; KRaft has the periodic check from 3.9 on",
  },
  preferredRebalanceThreshold: {
    values: { "2.8": "per-broker-percentage", "3.6": "every-imbalanced-partition" },
    sentence: "The periodic preferred election moves every partition whose preferred replica may lead and does not.",
    source: "ReplicationControlManager.maybeBalancePartitionLeaders",
    versions: "KRaft; the ZooKeeper controller waited for leader.imbalance.per.broker.percentage",
  },
  maxInFlightAboveFiveRefused: {
    values: { "2.8": false, "4.0": true },
    sentence: "More than 5 requests in flight are refused unless idempotence was switched off by hand.",
    source: "ProducerConfig.postProcessAndValidateIdempotenceConfigs",
    versions: "4.0 and later; 3.x switches idempotence off with a warning",
  },
  producerBackoffExponential: {
    values: { "2.8": false, "3.9": true },
    sentence: "The wait before a retry doubles from retry.backoff.ms up to retry.backoff.max.ms.",
    source: "KIP-580",
    versions: "3.7 and later",
  },
  answersNameNewLeader: {
    values: { "2.8": false, "3.9": true },
    sentence: "An answer from a former leader names the new one, and the client goes there without waiting.",
    source: "KIP-951",
    versions: "3.7 and later",
  },
  describeShowsElr: {
    values: { "2.8": false, "3.9": true },
    sentence: "The topic description lists eligible leader replicas and the last known ones.",
    source: "KIP-966; TopicCommand.PartitionDescription",
    versions: "3.8 and later",
  },
};
