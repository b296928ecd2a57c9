import type { Rule } from "./rule.js";

/** What a broker does: as a leader, as a follower, and about itself. */
export const brokerRules = {
  "produce.append-to-leader": {
    sentence:
      "The leader appends a batch to its own log, stamped with its leader epoch, before anyone else has it; nothing is flushed.",
    source: "Partition.appendRecordsToLeader, UnifiedLog.appendAsLeader",
    versions: "all",
  },
  "produce.refused-under-min-isr": {
    sentence:
      "With acks=all nothing is appended while the ISR is smaller than min.insync.replicas; acks=0 and acks=1 never ask.",
    source: "Partition.appendRecordsToLeader, NOT_ENOUGH_REPLICAS",
    versions: "all; min.insync.replicas is clipped to the number of replicas since 3.7 (KAFKA-15583)",
  },
  "produce.refused-not-leader": {
    sentence: "A broker that does not lead the partition appends nothing and sends the client to look for the leader.",
    source: "ReplicaManager.getPartitionOrError, NOT_LEADER_OR_FOLLOWER",
    versions: "all; the answer names the new leader since 3.7 (KIP-951)",
  },
  "produce.refused-out-of-sequence": {
    sentence:
      "A batch of an idempotent producer must follow its last one in sequence, in the same producer epoch or from 0 in a newer one.",
    source: "KIP-98; ProducerAppendInfo.checkSequence, checkProducerEpoch",
    versions: "0.11 and later",
  },
  "produce.refused-invalid-acks": {
    sentence: "Only acks 0, 1 and all exist.",
    source: "ReplicaManager.isValidRequiredAcks, INVALID_REQUIRED_ACKS",
    versions: "all",
  },
  "transaction.marker-appended": {
    sentence: "A marker ends a transaction on a partition; it is appended and replicated like an acks=all batch.",
    source: "KIP-98; KafkaApis.handleWriteTxnMarkersRequest",
    versions: "0.11 and later",
  },

  "hw.starts-at-checkpoint": {
    sentence: "After a start the high watermark is the one that was written to disk last, or 0, within the log.",
    source: "Partition.createLog, replica.high.watermark.checkpoint.interval.ms",
    versions: "all",
  },
  "hw.min-over-maximal-isr": {
    sentence:
      "The leader's high watermark rises to the smallest log end of the maximal ISR and of caught-up replicas that could join it.",
    source: "KIP-497; Partition.maybeIncrementLeaderHW",
    versions: "2.7 and later; before without the members that are only proposed",
  },
  "hw.frozen-under-min-isr": {
    sentence: "While the ISR is smaller than min.insync.replicas the high watermark stands still.",
    source: "KIP-966, KAFKA-15583; Partition.maybeIncrementLeaderHW",
    versions: "3.7 and later, with or without ELR",
  },
  "hw.follower-takes-leaders": {
    sentence:
      "A follower takes the high watermark of its leader's last answer, not beyond its own log end; it may fall after an election.",
    source: "ReplicaFetcherThread.processPartitionData, UnifiedLog.maybeUpdateHighWatermark",
    versions: "all",
  },
  "hw.falls-with-log-end": {
    sentence: "A log that is cut below its high watermark takes the high watermark down with it.",
    source: "UnifiedLog.truncateTo",
    versions: "all",
  },

  "isr.expand-reached-hw-and-epoch-start": {
    sentence:
      "A follower may join the ISR when a fetch of it reaches the high watermark and the start of the leader's epoch.",
    source: "Partition.maybeExpandIsr, isFollowerInSync",
    versions: "all; an unfenced broker only since 3.3 (KIP-841), its registered incarnation only since 3.5 (KIP-903)",
  },
  "isr.shrink-not-caught-up-for-lag-time": {
    sentence:
      "A follower is to leave the ISR when it is not at the leader's log end and was last caught up more than replica.lag.time.max.ms ago.",
    source: "Partition.maybeShrinkIsr, ReplicaState.isCaughtUp",
    versions: "all; checked every half replica.lag.time.max.ms",
  },
  "isr.committed-by-alter-partition": {
    sentence: "A proposed ISR becomes the ISR when the controller answers that it has stored it.",
    source: "KIP-497; Partition.handleAlterPartitionUpdate",
    versions: "2.7 and later",
  },
  "isr.proposal-refused": {
    sentence:
      "When the controller says that a proposed member is not eligible, the leader returns to the ISR it knows to be stored.",
    source: "KIP-497, KIP-841; Partition.handleAlterPartitionError",
    versions: "2.7 and later",
  },
  "isr.committed-by-metadata": {
    sentence:
      "The ISR in the metadata log replaces the leader's, and with it any proposal that is under way, unless its partition epoch is older.",
    source: "Partition.makeLeader",
    versions: "all; by LeaderAndIsr before KRaft",
  },

  "leader.begins-epoch": {
    sentence:
      "A new leader notes where its epoch starts and forgets what it knew of the followers: it commits nothing before each ISR member has fetched.",
    source: "KIP-101; Partition.makeLeader, Replica.resetReplicaState",
    versions: "all; the start is noted at election since 2.1 (KAFKA-7415)",
  },
  "follower.follows-epoch": {
    sentence:
      "A new leader epoch starts the follower's fetcher anew, and ends the waiting of what it served as a leader with NOT_LEADER_OR_FOLLOWER.",
    source: "Partition.makeFollower, ReplicaManager.applyLocalFollowersDelta",
    versions: "all",
  },
  "follower.fetch-acknowledges": {
    sentence: "A fetch at an offset tells the leader that the follower has everything below it.",
    source: "Replica.updateFetchStateOrThrow",
    versions: "all",
  },
  "follower.caught-up": {
    sentence:
      "A follower is caught up when it fetches from the leader's log end, or from where that was at its fetch before.",
    source: "Replica.updateFetchStateOrThrow",
    versions: "0.9 and later",
  },
  "follower.append-fetched": {
    sentence: "A follower appends the leader's batches as they are, at the same offsets and with the same epochs.",
    source: "ReplicaFetcherThread.processPartitionData",
    versions: "all",
  },
  "follower.truncate-to-divergence": {
    sentence:
      "Where the leader's answer says that the logs part, the follower cuts its own at the end of the largest epoch both know.",
    source: "KIP-101, KIP-279, KIP-595; AbstractFetcherThread.getOffsetTruncationState",
    versions: "2.0 and later; told by the fetch itself since 2.7",
  },
  "follower.truncate-to-high-watermark": {
    sentence: "Without epochs to go by a follower cuts its log at its own high watermark, which is one round late.",
    source: "KIP-101; AbstractFetcherThread.truncateToHighWatermark",
    versions: "always before 0.11; later only for a log without epochs",
  },
  "follower.truncate-to-shorter-leader": {
    sentence: "A follower whose offset is out of range cuts its log to the length of a shorter leader's.",
    source: "AbstractFetcherThread.fetchOffsetAndTruncate",
    versions: "all; rare since epochs tell where logs part",
  },
  "follower.restart-at-leader-log-start": {
    sentence: "A follower that ends before the leader's log starts drops its log and begins there.",
    source: "AbstractFetcherThread.fetchOffsetAndTruncate",
    versions: "all",
  },

  "metadata.read-in-order": {
    sentence: "A broker reads the metadata log in order and acts on each batch when it reaches it, however late.",
    source: "KIP-500; BrokerMetadataPublisher.onMetadataUpdate",
    versions: "KRaft",
  },
  "replica.log-recovered": {
    sentence:
      "A started broker finds in its logs what survived: all of it after a crash, what was flushed after a power loss.",
    source: "LogLoader.load",
    versions: "all",
  },
  "replica.deleted": {
    sentence: "A broker deletes its copy when the topic is gone or the copy is assigned elsewhere.",
    source: "ReplicaManager.stopPartitions",
    versions: "all",
  },
  "lifecycle.registered": {
    sentence: "The controller has accepted this process and given it a broker epoch.",
    source: "KIP-631; BrokerLifecycleManager",
    versions: "KRaft",
  },
  "lifecycle.metadata-caught-up": {
    sentence: "A broker that has read its own registration takes its roles and asks to be unfenced.",
    source: "KIP-631; BrokerServer.startup",
    versions: "KRaft",
  },
  "lifecycle.unfenced": {
    sentence: "A broker that has been unfenced opens its listeners; it does not close them when it is fenced later.",
    source: "KIP-631; BrokerLifecycleManager, BrokerServer.startup",
    versions: "KRaft",
  },
  "lifecycle.controlled-shutdown": {
    sentence: "A broker that is asked to stop lets the controller move its leaderships first and serves meanwhile.",
    source: "KIP-631; BrokerLifecycleManager.beginControlledShutdown",
    versions: "all",
  },
} as const satisfies Record<string, Rule>;
