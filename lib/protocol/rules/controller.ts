import type { Rule } from "./rule.js";

/** What the controller decides: topics, elections, epochs, the ELR, liveness, reassignment. */
export const controllerRules = {
  // Topics, configurations and features
  "topic.created": {
    sentence:
      "A new partition begins with both epochs at 0, every active replica in its ISR in assignment order, and the first of them as leader.",
    source: "ReplicationControlManager.createTopic",
    versions: "all",
  },
  "topic.deleted": {
    sentence: "A deleted topic takes its partitions and its configurations with it.",
    source: "ReplicationControlManager.deleteTopic",
    versions: "all",
  },
  "config.altered": {
    sentence:
      "A topic's own value is in force before the cluster's, the cluster's before the static one; the controller does not look at values of single brokers.",
    source: "KIP-226; KafkaConfigSchema.resolveEffectiveTopicConfig",
    versions: "all",
  },
  "feature.level-at-format": {
    sentence: "Formatting a cluster writes the levels of its features into the metadata log.",
    source: "KIP-1022; recorded from 4.3.1 (offsets 2 to 8 of the metadata log)",
    versions: "4.1 and later with ELR on; 3.9 and 4.0 when asked for",
  },
  "feature.level-changed": {
    sentence: "The level of a feature is a record like any other decision and holds from its offset on.",
    source: "KIP-584; FeatureControlManager.updateFeature",
    versions: "4.0 and later for eligible leader replicas",
  },

  // Epochs
  "epoch.leader-changed": {
    sentence: "Naming a leader begins a new leader epoch; every change record moves the partition epoch by one.",
    source: "PartitionRegistration.merge",
    versions: "all",
  },
  "epoch.leader-lost": {
    sentence: "Losing the leader begins a new leader epoch too, so that the old leader is fenced if it is still there.",
    source: "PartitionRegistration.merge",
    versions: "all",
  },
  "epoch.replica-removed": {
    sentence: "Dropping a replica from the assignment begins a new leader epoch although the leader stays.",
    source: "PartitionChangeBuilder.triggerLeaderEpochBumpForReplicaReassignmentIfNeeded",
    versions: "all",
  },
  "epoch.isr-shrunk": {
    sentence: "A smaller ISR begins a new leader epoch although the leader stays.",
    source: "KAFKA-15021; PartitionChangeBuilder.triggerLeaderEpochBumpForIsrShrinkIfNeeded",
    versions: "before metadata version 3.6-IV0; ZooKeeper controllers only for shrinks of their own",
  },

  // Elections
  "election.current-leader-kept": {
    sentence: "A leader that may lead stays leader, whatever its place in the assignment.",
    source: "PartitionChangeBuilder.electAnyLeader",
    versions: "all",
  },
  "election.first-valid-in-assignment-order": {
    sentence: "The first replica in assignment order that is in the ISR and alive becomes leader.",
    source: "PartitionChangeBuilder.electAnyLeader; Election.leaderForOffline",
    versions: "all",
  },
  "election.preferred-replica": {
    sentence:
      "A preferred election gives leadership to the first replica of the assignment if it is in the ISR and alive.",
    source: "PartitionChangeBuilder.electPreferredLeader",
    versions: "all",
  },
  "election.eligible-leader-replica": {
    sentence:
      "While the ISR is empty an eligible leader replica that is alive leads cleanly: it holds every committed record.",
    source: "KIP-966; PartitionChangeBuilder.isValidNewLeader",
    versions: "with ELR",
  },
  "election.last-known-leader": {
    sentence:
      "When ISR and ELR are both empty, the last known leader is elected as soon as it is back, and counts as unclean.",
    source: "KIP-966; PartitionChangeBuilder.canElectLastKnownLeader (KAFKA-19522: alive only from 4.1 on)",
    versions: "with ELR",
  },
  "election.unclean-first-acceptable": {
    sentence:
      "An unclean election takes the first live replica in assignment order, without comparing logs; what it lacks is lost.",
    source: "PartitionChangeBuilder.electAnyLeader; KIP-106",
    versions: "all",
  },
  "election.none-available": {
    sentence: "With nobody who may lead the partition has no leader.",
    source: "PartitionChangeBuilder.electAnyLeader",
    versions: "all",
  },
  "election.last-isr-member-waited-for": {
    sentence: "Without ELR the last member stays in the ISR when it goes, and only it may lead again.",
    source: 'PartitionChangeBuilder.build (an empty ISR is not written); KIP-966, "last replica standing"',
    versions: "with ELR off",
  },
  "election.asked-preferred": {
    sentence: "An administrator asks for the preferred replicas to lead; where one leads already nothing is needed.",
    source: "KIP-460; ReplicationControlManager.electLeader",
    versions: "all",
  },
  "election.asked-unclean": {
    sentence:
      "An administrator asks for unclean elections; they need no configuration, and never replace a leader that is there.",
    source: "KIP-460; ReplicationControlManager.electLeader",
    versions: "all",
  },
  "election.preferred-rebalance": {
    sentence: "From time to time preferred replicas that may lead and do not get leadership back.",
    source: "ReplicationControlManager.maybeBalancePartitionLeaders (leader.imbalance.check.interval.seconds)",
    versions: "all; ZooKeeper controllers waited for leader.imbalance.per.broker.percentage",
  },
  "election.unclean-periodic": {
    sentence: "From time to time leaderless partitions whose topic allows it get an unclean leader.",
    source: "KAFKA-12670; ReplicationControlManager.maybeElectUncleanLeaders (unclean.leader.election.interval.ms)",
    versions: ">=3.9",
  },
  "election.unclean-at-once": {
    sentence: "Allowing unclean election elects for leaderless partitions at once.",
    source: "KafkaController.processUncleanLeaderElectionEnable",
    versions: "ZooKeeper",
  },

  // ISR
  "isr.only-the-elected-leader": {
    sentence: "A leader that was not in the ISR is alone in it: nobody is known to have what it has.",
    source: "PartitionChangeBuilder.tryElection",
    versions: "all",
  },
  "fencing.leaves-isr": {
    sentence:
      "A fenced broker leaves every ISR, and partitions it led get another leader; its place in the ELR it keeps.",
    source: "KIP-631; ReplicationControlManager.handleBrokerFenced",
    versions: "all; in the ZooKeeper era when the session of a broker ends",
  },
  "unfencing.looks-at-leaderless": {
    sentence: "Unfencing a broker looks only at partitions without a leader, and brings it into no ISR.",
    source: "ReplicationControlManager.handleBrokerUnfenced",
    versions: "all",
  },
  "unregistration.leaves-isr": {
    sentence: "A broker that is unregistered leaves every ISR.",
    source: "ReplicationControlManager.handleBrokerUnregistered",
    versions: "KRaft",
  },

  // Eligible leader replicas
  "elr.below-min-isr-keeps-leavers": {
    sentence: "While the ISR is below its minimum nothing is committed, so whoever leaves it stays eligible to lead.",
    source: "KIP-966; PartitionChangeBuilder.maybePopulateTargetElr",
    versions: "with ELR",
  },
  "elr.cleared-at-min-isr": {
    sentence: "An ISR at its minimum or above needs no eligible leader replicas.",
    source: "KIP-966; PartitionChangeBuilder.maybePopulateTargetElr",
    versions: "with ELR",
  },
  "elr.isr-member-leaves": {
    sentence: "A replica that joins the ISR leaves the ELR: no replica is in both.",
    source: "KIP-966; PartitionChangeBuilder.maybePopulateTargetElr",
    versions: "with ELR",
  },
  "elr.elected-leader-leaves": {
    sentence: "A leader elected from the ELR leaves it and is the ISR.",
    source: "KIP-966; PartitionChangeBuilder.tryElection",
    versions: "with ELR",
  },
  "elr.unclean-shutdown-leaves": {
    sentence: "A replica whose last shutdown was unclean may have lost its tail and is not eligible any more.",
    source: "KIP-966; PartitionChangeBuilder.setUncleanShutdownReplicas",
    versions: "with ELR",
  },
  "elr.cleared-by-unclean-election": {
    sentence: "After an unclean election nobody is eligible: the leader's log is the truth now.",
    source: "KIP-966; PartitionChangeBuilder.maybeUpdateRecordElr",
    versions: "with ELR",
  },
  "elr.cleared-when-off": {
    sentence: "A change decided with ELR off forgets the eligible leader replicas that were stored.",
    source: "KIP-966; PartitionChangeBuilder.maybeUpdateRecordElr",
    versions: "after ELR was switched off; up to 4.2 also when a replica changes its directory",
  },
  "elr.cleared-by-min-isr-change": {
    sentence:
      "A change of min.insync.replicas, up or down, empties the ELR of its topic, one of the cluster's value that of all.",
    source: "KIP-966; ConfigurationControlManager.createClearElrRecordsAsNeeded",
    versions: ">=4.0 with ELR",
  },
  "elr.cluster-min-isr-always-set": {
    sentence: "With ELR on the cluster has a min.insync.replicas of its own, which cannot be removed.",
    source: "KIP-966; ConfigurationControlManager.maybeGenerateElrSafetyRecords",
    versions: ">=4.0 with ELR",
  },
  "elr.no-broker-min-isr": {
    sentence: "With ELR on no single broker has a min.insync.replicas of its own.",
    source: "KIP-966; ConfigurationControlManager.maybeGenerateElrSafetyRecords",
    versions: ">=4.0 with ELR",
  },
  "last-known-leader.remembered": {
    sentence: "A partition that becomes leaderless remembers who led it last.",
    source: "KIP-966; PartitionChangeBuilder.maybeUpdateLastKnownLeader",
    versions: "with ELR",
  },
  "last-known-leader.forgotten": {
    sentence: "A partition that has a leader again forgets who led it before.",
    source: "KIP-966; PartitionChangeBuilder.maybeUpdateLastKnownLeader",
    versions: "with ELR",
  },

  // Leader recovery
  "recovery.unclean-election": {
    sentence: "An unclean election marks the partition as recovering.",
    source: "KIP-704; PartitionChangeBuilder.tryElection",
    versions: ">=3.2",
  },
  "recovery.cleared-by-alter-partition": {
    sentence: "The first ISR change of the new leader ends the recovery: it always sends RECOVERED.",
    source: "KIP-704; ReplicationControlManager.alterPartition",
    versions: ">=3.2",
  },

  // AlterPartition
  "alter-partition.accepted": {
    sentence: "What the leader proposes is stored as the ISR; the partition epoch grows and the leader epoch stays.",
    source: "KIP-497; ReplicationControlManager.alterPartition",
    versions: ">=2.7",
  },
  "alter-partition.sender-is-stale": {
    sentence: "A leader whose broker epoch is not the registered one is answered STALE_BROKER_EPOCH.",
    source: "ClusterControlManager.checkBrokerEpoch",
    versions: ">=2.7",
  },
  "alter-partition.unknown-partition": {
    sentence: "A partition that does not exist (any more) has no ISR to change.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: ">=2.7",
  },
  "alter-partition.controller-is-behind": {
    sentence:
      "A request from a later epoch than the controller knows is answered NOT_CONTROLLER: there is a newer one.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: "KRaft",
  },
  "alter-partition.leader-epoch-too-old": {
    sentence: "A request from an earlier leader epoch is answered FENCED_LEADER_EPOCH.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: ">=2.7",
  },
  "alter-partition.sender-is-not-leader": {
    sentence: "Only the leader may ask for another ISR.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: "KRaft",
  },
  "alter-partition.partition-epoch-too-old": {
    sentence: "A request that has not seen the last change is answered INVALID_UPDATE_VERSION.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: ">=2.7",
  },
  "alter-partition.isr-is-no-part-of-replicas": {
    sentence: "A proposed ISR names replicas of the partition, each once.",
    source: "Replicas.validateIsr",
    versions: "KRaft",
  },
  "alter-partition.leader-must-be-in-isr": {
    sentence: "A leader cannot propose an ISR without itself.",
    source: "ReplicationControlManager.validateAlterPartitionData",
    versions: "KRaft",
  },
  "alter-partition.recovering-leader-is-alone": {
    sentence: "While a leader is recovering nobody else may be in the ISR.",
    source: "KIP-704; ReplicationControlManager.validateAlterPartitionData",
    versions: ">=3.2",
  },
  "alter-partition.recovered-stays-recovered": {
    sentence: "A leader cannot declare a recovered partition to be recovering.",
    source: "KIP-704; ReplicationControlManager.validateAlterPartitionData",
    versions: ">=3.2",
  },
  "alter-partition.ineligible-replica": {
    sentence:
      "A broker that is fenced, shutting down or not the incarnation that was seen fetching cannot join an ISR.",
    source: "KIP-841, KIP-903; ReplicationControlManager.ineligibleReplicasForIsr",
    versions: ">=3.3, broker epoch >=3.5",
  },
  "alter-partition.new-leader-elected": {
    sentence:
      "An ISR change that completes a reassignment may move the leader; the old leader is told so instead of the result.",
    source: "ReplicationControlManager.alterPartition",
    versions: "KRaft",
  },

  // Registration, heartbeats and shutdown
  "registration.accepted": {
    sentence:
      "A new process of a broker gets a new, larger broker epoch and begins fenced; its shutdown was clean if it knows the epoch registered before.",
    source: "KIP-631, KIP-966; ClusterControlManager.registerBroker",
    versions: "KRaft; clean-shutdown file >=4.0",
  },
  "registration.session-still-valid": {
    sentence: "While the session of the old process runs, a new one with its id is refused and has to try again.",
    source: "KIP-631; ClusterControlManager.registerBroker",
    versions: "all; since 4.0 an orderly shutdown leaves the session running",
  },
  "registration.new-incarnation-leaves-isr": {
    sentence: "The registration of a new process takes its predecessor out of every ISR, as a fencing would.",
    source: "KAFKA-18106; ReplicationControlManager.handleBrokerShutdown",
    versions: ">=4.0",
  },
  "registration.unclean-shutdown-leaves-isr-and-elr": {
    sentence: "The registration of a process whose predecessor ended uncleanly takes it out of every ISR and ELR.",
    source: "KIP-966, KAFKA-18635; ReplicationControlManager.handleBrokerShutdown",
    versions: "with ELR; before 4.0 every restart counted as unclean",
  },
  "heartbeat.unfences-when-caught-up": {
    sentence: "A broker is unfenced by the first heartbeat that shows that it has read its own registration.",
    source: "KIP-631; BrokerHeartbeatManager.calculateNextBrokerState",
    versions: "KRaft",
  },
  "heartbeat.fences-on-wish": {
    sentence: "A broker that asks to be fenced is fenced.",
    source: "KIP-631; BrokerHeartbeatManager.calculateNextBrokerState",
    versions: "KRaft",
  },
  "session.ended": {
    sentence:
      "A broker that has been silent for longer than broker.session.timeout.ms is fenced, one broker at a time; a new controller gives every broker a new session.",
    source: "KIP-631; ReplicationControlManager.maybeFenceOneStaleBroker",
    versions: "all; zookeeper.session.timeout.ms in the ZooKeeper era",
  },
  "controlled-shutdown.begins": {
    sentence:
      "A broker that asks to shut down and leads partitions is marked, and may not lead or join an ISR any more.",
    source: "KIP-631, KIP-841; BrokerHeartbeatManager.calculateNextBrokerState",
    versions: "KRaft",
  },
  "controlled-shutdown.leaves-isr": {
    sentence: "A broker that shuts down leaves every ISR, and what it led gets another leader by the normal rule.",
    source: "ReplicationControlManager.handleBrokerInControlledShutdown",
    versions: "all",
  },
  "controlled-shutdown.granted": {
    sentence:
      "A broker may go when it leads nothing and every active broker has read the metadata that moved its partitions; then it is fenced.",
    source: "BrokerHeartbeatManager.calculateNextBrokerState",
    versions: "KRaft",
  },
  "zookeeper.session-is-registration": {
    sentence: "A broker is alive as long as its ZooKeeper session: there is no fenced state between start and service.",
    source: "KafkaController.onBrokerStartup",
    versions: "ZooKeeper",
  },

  // Reassignment and directories
  "reassignment.started": {
    sentence:
      "A reassignment first lists all replicas, those that will leave last, and drops nobody until the new ones are in sync.",
    source: "KIP-455; PartitionReassignmentReplicas",
    versions: "all",
  },
  "reassignment.completed": {
    sentence: "When every replica that stays is in the ISR, those that leave are dropped from assignment and ISR.",
    source: "KIP-455; PartitionChangeBuilder.completeReassignmentIfNeeded",
    versions: "all",
  },
  "reassignment.cancelled": {
    sentence: "A cancelled reassignment drops the replicas it was adding.",
    source: "KIP-455; PartitionReassignmentRevert",
    versions: "all",
  },
  "directories.assigned": {
    sentence:
      "A replica in another directory than the controller knows cannot lead; telling the new directory triggers no election.",
    source: "KIP-858; ReplicationControlManager.handleAssignReplicasToDirs",
    versions: ">=3.7",
  },
  "directories.offline-leaves-isr": {
    sentence: "A replica in a directory that its broker did not register leaves the ISR.",
    source: "KIP-858; ReplicationControlManager.handleAssignReplicasToDirs",
    versions: ">=3.7",
  },
} as const satisfies Record<string, Rule>;
