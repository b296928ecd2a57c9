import type { Rule } from "./rule.js";

/** What producers and consumers do. */
export const clientRules = {
  "client.learns-leader": {
    sentence:
      "A client believes the newest leader epoch that any broker has told it, in a metadata answer or with an error.",
    source: "Metadata.updateLatestMetadata; KIP-951, Metadata.updatePartitionLeadership",
    versions: "all; leaders named with an error since 3.7",
  },

  "producer.acked": {
    sentence: "The answer to a produce request ends its records' wait: they have offsets.",
    source: "Sender.completeBatch",
    versions: "all",
  },
  "producer.acked-unasked": {
    sentence: "With acks=0 a record counts as sent when it has left; no answer comes and no offset is known.",
    source: "Sender.handleProduceResponse, acks=0",
    versions: "all",
  },
  "producer.duplicate-is-success": {
    sentence: "A broker that has the batch but not its offsets any more makes it a success without an offset.",
    source: "Sender.completeBatch, DUPLICATE_SEQUENCE_NUMBER",
    versions: "0.11 and later",
  },
  "producer.retry": {
    sentence:
      "A batch whose attempt failed retriably is sent again after a backoff, while retries and delivery.timeout.ms last.",
    source: "Sender.canRetry, RecordAccumulator.reenqueue; KIP-580",
    versions: "all; the backoff doubles since 3.7, and a new leader is tried at once (KIP-951)",
  },
  "producer.retries-exhausted": {
    sentence: "A batch that has been retried as often as retries allows fails with the error of its last attempt.",
    source: "Sender.canRetry",
    versions: "all",
  },
  "producer.failed": {
    sentence: "An error that repeating cannot mend fails the batch at once.",
    source: "Sender.failBatch",
    versions: "all",
  },
  "producer.delivery-timeout": {
    sentence:
      "A record without an acknowledgement after delivery.timeout.ms fails, whatever its attempts ended with; it may still be in a log.",
    source: "KIP-91; Sender.getExpiredInflightBatches",
    versions: "2.1 and later",
  },
  "producer.max-block": {
    sentence: "A send that finds no metadata for its partition within max.block.ms fails; the record went nowhere.",
    source: "KafkaProducer.waitOnMetadata",
    versions: "all",
  },
  "producer.send-refused": {
    sentence: "A send is refused outside a transaction, after a failed one, and after close.",
    source: "TransactionManager.maybeAddPartition, KafkaProducer.throwIfProducerClosed",
    versions: "0.11 and later",
  },
  "producer.epoch-bump": {
    sentence:
      "When sequences cannot be continued, an idempotent producer takes the next epoch and numbers what is left from 0.",
    source: "KIP-360; TransactionManager.bumpIdempotentProducerEpoch",
    versions: "2.5 and later",
  },
  "producer.transaction-step": {
    sentence: "A transaction ends when every batch has its outcome and every partition its marker.",
    source: "KIP-98; TransactionManager.beginCompletingTransaction",
    versions: "0.11 and later; the model's producer writes the markers itself",
  },
  "producer.transaction-aborted": {
    sentence: "Records of an aborted transaction that were never sent are given up.",
    source: "Sender.maybeSendAndPollTransactionalRequest, RecordAccumulator.abortUndrainedBatches",
    versions: "0.11 and later",
  },

  "consumer.position-reset": {
    sentence:
      "A consumer without a valid position asks the leader for the start or the end, as auto.offset.reset says.",
    source: "OffsetFetcher.resetPositionsIfNeeded; KIP-207 while the end is not known",
    versions: "all",
  },
  "consumer.no-reset-policy": {
    sentence: "With auto.offset.reset=none a position that is missing or out of range is an exception.",
    source: "NoOffsetForPartitionException, OffsetOutOfRangeException",
    versions: "all",
  },
  "consumer.position-advances": {
    sentence: "A consumer's next position is behind the last record it got, markers and aborted records included.",
    source: "FetchCollector.fetchRecords, CompletedFetch.nextFetchedRecord",
    versions: "all",
  },
  "consumer.seek": {
    sentence: "A position that the application sets is believed until a broker says otherwise.",
    source: "KafkaConsumer.seek",
    versions: "all",
  },
  "consumer.truncation-detected": {
    sentence:
      "After a leader change a consumer asks where the epoch of its position ends, and goes back there if its position lies beyond.",
    source: "KIP-320; SubscriptionState.maybeCompleteValidation",
    versions: "2.3 and later",
  },
  "consumer.log-truncation": {
    sentence: "Without a reset policy a truncation below the position is an exception that names where the logs part.",
    source: "KIP-320; LogTruncationException",
    versions: "2.3 and later",
  },
  "consumer.out-of-range": {
    sentence: "A position that the leader does not have is reset as auto.offset.reset says.",
    source: "FetchCollector.handleInitializeErrors, OFFSET_OUT_OF_RANGE",
    versions: "all",
  },
  "consumer.preferred-replica": {
    sentence: "A consumer reads from the replica its leader has named, for five minutes at most.",
    source: "KIP-392; SubscriptionState.updatePreferredReadReplica",
    versions: "2.4 and later",
  },
  "consumer.returns-to-leader": {
    sentence:
      "An error, a lost connection, a leader change or the end of its time sends a consumer from a follower back to the leader; its position stays.",
    source: "KIP-392; SubscriptionState.clearPreferredReadReplica",
    versions: "2.4 and later",
  },
} as const satisfies Record<string, Rule>;
