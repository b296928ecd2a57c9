/** What a produce answer says about the record's fate, as far as this one attempt is concerned. */
export type ProduceOutcome =
  /** In the log as far as acks asked for. */
  | "written"
  /** In the log since an earlier attempt; the client reports success. */
  | "already-written"
  /** This attempt wrote nothing. */
  | "not-written"
  /** It may be in a log, and may become committed later. */
  | "unknown";

export interface ErrorDefinition {
  /** Number on the wire. */
  readonly code: number;
  /** `yes`: the client tries again; `metadata`: it also asks for new metadata first. */
  readonly retriable: "no" | "yes" | "metadata";
  /** Class in `org.apache.kafka.common.errors`; none for NONE. */
  readonly exception: string | undefined;
  /** What Kafka prints when the broker gives no text of its own. */
  readonly message: string | undefined;
  /** The same in plain words. */
  readonly sentence: string;
  /** Absent if it is never the answer to a produce request. */
  readonly produce?: ProduceOutcome;
}

/** Kafka's errors as far as replication meets them, by name (source: Errors.java). */
export const errorTable = {
  NONE: {
    code: 0,
    retriable: "no",
    exception: undefined,
    message: undefined,
    sentence: "The request was carried out.",
    produce: "written",
  },
  UNKNOWN_SERVER_ERROR: {
    code: -1,
    retriable: "no",
    exception: "UnknownServerException",
    message: "The server experienced an unexpected error when processing the request.",
    sentence: "Something failed on the broker or controller that has no error of its own.",
    produce: "unknown",
  },
  OFFSET_OUT_OF_RANGE: {
    code: 1,
    retriable: "no",
    exception: "OffsetOutOfRangeException",
    message: "The requested offset is not within the range of offsets maintained by the server.",
    sentence: "The offset asked for is below the log's start or above its end.",
  },
  CORRUPT_MESSAGE: {
    code: 2,
    retriable: "yes",
    exception: "CorruptRecordException",
    message:
      "This message has failed its CRC checksum, exceeds the valid size, has a null key for a compacted topic, or is otherwise corrupt.",
    sentence: "A batch arrived damaged, or is not allowed in this topic.",
    produce: "not-written",
  },
  UNKNOWN_TOPIC_OR_PARTITION: {
    code: 3,
    retriable: "metadata",
    exception: "UnknownTopicOrPartitionException",
    message: "This server does not host this topic-partition.",
    sentence: "The broker or controller knows no such topic or partition (yet).",
    produce: "not-written",
  },
  LEADER_NOT_AVAILABLE: {
    code: 5,
    retriable: "metadata",
    exception: "LeaderNotAvailableException",
    message: "There is no leader for this topic-partition as we are in the middle of a leadership election.",
    sentence: "Nobody leads the partition at the moment.",
    produce: "not-written",
  },
  NOT_LEADER_OR_FOLLOWER: {
    code: 6,
    retriable: "metadata",
    exception: "NotLeaderOrFollowerException",
    message:
      "For requests intended only for the leader, this error indicates that the broker is not the current leader. For requests intended for any replica, this error indicates that the broker is not a replica of the topic partition.",
    sentence: "The broker does not lead the partition (any more); a waiting acks=all write may already be in its log.",
    produce: "unknown",
  },
  REQUEST_TIMED_OUT: {
    code: 7,
    retriable: "yes",
    exception: "TimeoutException",
    message: "The request timed out.",
    sentence:
      "The in-sync replicas did not confirm in time; the record is in the leader's log and may be committed later.",
    produce: "unknown",
  },
  BROKER_NOT_AVAILABLE: {
    code: 8,
    retriable: "no",
    exception: "BrokerNotAvailableException",
    message: "The broker is not available.",
    sentence: "The broker that should answer is not there.",
  },
  REPLICA_NOT_AVAILABLE: {
    code: 9,
    retriable: "metadata",
    exception: "ReplicaNotAvailableException",
    message:
      "The replica is not available for the requested topic-partition. Produce/Fetch requests and other requests intended only for the leader or follower return NOT_LEADER_OR_FOLLOWER if the broker is not a replica of the topic-partition.",
    sentence: "A replica that metadata names is not reachable.",
  },
  MESSAGE_TOO_LARGE: {
    code: 10,
    retriable: "no",
    exception: "RecordTooLargeException",
    message: "The request included a message larger than the max message size the server will accept.",
    sentence: "A batch is larger than max.message.bytes.",
    produce: "not-written",
  },
  NETWORK_EXCEPTION: {
    code: 13,
    retriable: "metadata",
    exception: "NetworkException",
    message: "The server disconnected before a response was received.",
    sentence: "The connection broke before an answer came; the request may have been carried out.",
    produce: "unknown",
  },
  INVALID_TOPIC_EXCEPTION: {
    code: 17,
    retriable: "no",
    exception: "InvalidTopicException",
    message: "The request attempted to perform an operation on an invalid topic.",
    sentence: "The topic name is not allowed.",
    produce: "not-written",
  },
  NOT_ENOUGH_REPLICAS: {
    code: 19,
    retriable: "yes",
    exception: "NotEnoughReplicasException",
    message: "Messages are rejected since there are fewer in-sync replicas than required.",
    sentence:
      "The ISR is smaller than min.insync.replicas, so the acks=all write was refused before anything was written.",
    produce: "not-written",
  },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: {
    code: 20,
    retriable: "yes",
    exception: "NotEnoughReplicasAfterAppendException",
    message: "Messages are written to the log, but to fewer in-sync replicas than required.",
    sentence: "The write is in the leader's log, but the ISR has shrunk below min.insync.replicas meanwhile.",
    produce: "unknown",
  },
  INVALID_REQUIRED_ACKS: {
    code: 21,
    retriable: "no",
    exception: "InvalidRequiredAcksException",
    message: "Produce request specified an invalid value for required acks.",
    sentence: "acks is none of -1, 0 and 1.",
    produce: "not-written",
  },
  TOPIC_ALREADY_EXISTS: {
    code: 36,
    retriable: "no",
    exception: "TopicExistsException",
    message: "Topic with this name already exists.",
    sentence: "A topic of this name is there already.",
  },
  INVALID_PARTITIONS: {
    code: 37,
    retriable: "no",
    exception: "InvalidPartitionsException",
    message: "Number of partitions is below 1.",
    sentence: "The number of partitions asked for is not possible.",
  },
  INVALID_REPLICATION_FACTOR: {
    code: 38,
    retriable: "no",
    exception: "InvalidReplicationFactorException",
    message: "Replication factor is below 1 or larger than the number of available brokers.",
    sentence: "There are fewer brokers than replicas asked for.",
  },
  INVALID_REPLICA_ASSIGNMENT: {
    code: 39,
    retriable: "no",
    exception: "InvalidReplicaAssignmentException",
    message: "Replica assignment is invalid.",
    sentence: "The replica list names an unknown broker, names one twice, or is of another length than the others.",
  },
  INVALID_CONFIG: {
    code: 40,
    retriable: "no",
    exception: "InvalidConfigurationException",
    message: "Configuration is invalid.",
    sentence: "A configuration name or value is refused.",
  },
  NOT_CONTROLLER: {
    code: 41,
    retriable: "yes",
    exception: "NotControllerException",
    message: "This is not the correct controller for this cluster.",
    sentence: "The controller asked is not the active one, or is behind the sender.",
  },
  INVALID_REQUEST: {
    code: 42,
    retriable: "no",
    exception: "InvalidRequestException",
    message:
      "This most likely occurs because of a request being malformed by the client library or the message was sent to an incompatible broker. See the broker logs for more details.",
    sentence: "The request contradicts itself or the state it speaks of.",
    produce: "not-written",
  },
  POLICY_VIOLATION: {
    code: 44,
    retriable: "no",
    exception: "PolicyViolationException",
    message: "Request parameters do not satisfy the configured policy.",
    sentence: "A create or alter policy of this cluster forbids it.",
  },
  OUT_OF_ORDER_SEQUENCE_NUMBER: {
    code: 45,
    retriable: "no",
    exception: "OutOfOrderSequenceException",
    message: "The broker received an out of order sequence number.",
    sentence: "A batch of an idempotent producer is missing before this one, or this one is an old duplicate.",
    produce: "not-written",
  },
  DUPLICATE_SEQUENCE_NUMBER: {
    code: 46,
    retriable: "no",
    exception: "DuplicateSequenceException",
    message: "The broker received a duplicate sequence number.",
    sentence: "The batch is in the log already; the client takes it as success.",
    produce: "already-written",
  },
  INVALID_PRODUCER_EPOCH: {
    code: 47,
    retriable: "no",
    exception: "InvalidProducerEpochException",
    message: "Producer attempted to produce with an old epoch.",
    sentence: "A newer session of the same producer exists.",
    produce: "not-written",
  },
  OPERATION_NOT_ATTEMPTED: {
    code: 55,
    retriable: "no",
    exception: "OperationNotAttemptedException",
    message:
      "The broker did not attempt to execute this operation. This may happen for batched RPCs where some operations in the batch failed, causing the broker to respond without trying the rest.",
    sentence:
      "The step was skipped, because another of the same request failed or because an old AlterPartition named an ineligible replica.",
    produce: "not-written",
  },
  KAFKA_STORAGE_ERROR: {
    code: 56,
    retriable: "metadata",
    exception: "KafkaStorageException",
    message: "Disk error when trying to access log file on the disk.",
    sentence: "The broker's log directory failed.",
    produce: "unknown",
  },
  UNKNOWN_PRODUCER_ID: {
    code: 59,
    retriable: "no",
    exception: "UnknownProducerIdException",
    message:
      "This exception is raised by the broker if it could not locate the producer metadata associated with the producerId in question. This could happen if, for instance, the producer's records were deleted because their retention time had elapsed. Once the last records of the producerId are removed, the producer's metadata is removed from the broker, and future appends by the producer will return this exception.",
    sentence: "The broker has forgotten this idempotent producer (old brokers only).",
    produce: "not-written",
  },
  REASSIGNMENT_IN_PROGRESS: {
    code: 60,
    retriable: "no",
    exception: "ReassignmentInProgressException",
    message: "A partition reassignment is in progress.",
    sentence: "The partition is being reassigned already.",
  },
  FENCED_LEADER_EPOCH: {
    code: 74,
    retriable: "metadata",
    exception: "FencedLeaderEpochException",
    message: "The leader epoch in the request is older than the epoch on the broker.",
    sentence: "The sender believes in a leader epoch that has ended.",
  },
  UNKNOWN_LEADER_EPOCH: {
    code: 75,
    retriable: "yes",
    exception: "UnknownLeaderEpochException",
    message: "The leader epoch in the request is newer than the epoch on the broker.",
    sentence: "The sender knows of a newer leader epoch than this broker.",
  },
  STALE_BROKER_EPOCH: {
    code: 77,
    retriable: "no",
    exception: "StaleBrokerEpochException",
    message: "Broker epoch has changed.",
    sentence: "The request comes from an earlier registration of that broker.",
  },
  OFFSET_NOT_AVAILABLE: {
    code: 78,
    retriable: "yes",
    exception: "OffsetNotAvailableException",
    message:
      "The leader high watermark has not caught up from a recent leader election so the offsets cannot be guaranteed to be monotonically increasing.",
    sentence: "A fresh leader does not yet know how far its log is committed.",
  },
  PREFERRED_LEADER_NOT_AVAILABLE: {
    code: 80,
    retriable: "metadata",
    exception: "PreferredLeaderNotAvailableException",
    message: "The preferred leader was not available.",
    sentence: "The first replica of the assignment cannot lead now.",
  },
  ELIGIBLE_LEADERS_NOT_AVAILABLE: {
    code: 83,
    retriable: "metadata",
    exception: "EligibleLeadersNotAvailableException",
    message: "Eligible topic partition leaders are not available.",
    sentence: "No replica may lead, not even uncleanly.",
  },
  ELECTION_NOT_NEEDED: {
    code: 84,
    retriable: "metadata",
    exception: "ElectionNotNeededException",
    message: "Leader election not needed for topic partition.",
    sentence: "The partition has the leader asked for, or has one at all.",
  },
  NO_REASSIGNMENT_IN_PROGRESS: {
    code: 85,
    retriable: "no",
    exception: "NoReassignmentInProgressException",
    message: "No partition reassignment is in progress.",
    sentence: "There is nothing to cancel.",
  },
  INVALID_UPDATE_VERSION: {
    code: 95,
    retriable: "no",
    exception: "InvalidUpdateVersionException",
    message: "The given update version was invalid.",
    sentence: "The leader's partition epoch is not the controller's: the partition has changed meanwhile.",
  },
  FEATURE_UPDATE_FAILED: {
    code: 96,
    retriable: "no",
    exception: "FeatureUpdateFailedException",
    message: "Unable to update finalized features due to an unexpected server error.",
    sentence: "A feature level could not be changed.",
  },
  UNKNOWN_TOPIC_ID: {
    code: 100,
    retriable: "metadata",
    exception: "UnknownTopicIdException",
    message: "This server does not host this topic ID.",
    sentence: "No topic has this id (any more).",
    produce: "not-written",
  },
  DUPLICATE_BROKER_REGISTRATION: {
    code: 101,
    retriable: "no",
    exception: "DuplicateBrokerRegistrationException",
    message: "This broker ID is already in use.",
    sentence: "The session of an earlier process with this broker id has not ended.",
  },
  BROKER_ID_NOT_REGISTERED: {
    code: 102,
    retriable: "no",
    exception: "BrokerIdNotRegisteredException",
    message: "The given broker ID was not registered.",
    sentence: "The controller knows no such broker.",
  },
  INCONSISTENT_TOPIC_ID: {
    code: 103,
    retriable: "metadata",
    exception: "InconsistentTopicIdException",
    message: "The log's topic ID did not match the topic ID in the request.",
    sentence: "A topic of this name was deleted and made again.",
  },
  INELIGIBLE_REPLICA: {
    code: 107,
    retriable: "no",
    exception: "IneligibleReplicaException",
    message: "The new ISR contains at least one ineligible replica.",
    sentence: "A proposed ISR member is fenced, shutting down, or not the registered incarnation.",
  },
  NEW_LEADER_ELECTED: {
    code: 108,
    retriable: "no",
    exception: "NewLeaderElectedException",
    message: "The AlterPartition request successfully updated the partition state but the leader has changed.",
    sentence: "The ISR change completed a reassignment that moved the leader away.",
  },
  OFFSET_MOVED_TO_TIERED_STORAGE: {
    code: 109,
    retriable: "no",
    exception: "OffsetMovedToTieredStorageException",
    message: "The requested offset is moved to tiered storage.",
    sentence: "The offset asked for lies in remote storage.",
  },
} as const satisfies Record<string, ErrorDefinition>;
