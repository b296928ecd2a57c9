import { refreshesMetadata } from "../../../kafka/errors.js";
import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import { type BrokerId, brokerName, type TopicPartition } from "../../ids.js";
import type { WriteTxnMarkersResponse } from "../../message.js";
import { backoffMs } from "../backoff.js";
import { knownLeader, topicOfPartition, wantMetadata, withSilent, withTopic } from "../metadata-cache.js";
import { refusedBy, tellOutcomes } from "./outcome.js";
import {
  hasUnfinishedBatches,
  isTransactional,
  newProducer,
  type Producer,
  type Transaction,
  type TransactionMarker,
  withSends,
} from "./state.js";

/** Channel of the markers that end a transaction. */
export const transactionChannel = "transaction";

type Ending = Extract<Transaction, { readonly state: "ending" }>;

/**
 * `beginTransaction`, `commitTransaction` or `abortTransaction`. A call that the state does not allow throws in Kafka and
 * changes nothing here: a transaction that has failed can only be aborted.
 *
 * Source: TransactionManager.beginTransaction, beginCommit, beginAbort.
 */
export function onTransactionStep(
  producer: Producer,
  step: "begin" | "commit" | "abort",
  context: StepContext,
): Producer {
  const { transaction } = producer;
  if (!isTransactional(producer) || producer.process !== "running") return producer;
  if (step === "begin") {
    if (transaction.state !== "none") return producer;
    return withTransaction(producer, { state: "open", failed: false, partitions: [] }, context);
  }
  if (transaction.state !== "open" || (step === "commit" && transaction.failed)) return producer;
  const ending: Ending = {
    state: "ending",
    outcome: step,
    markers: transaction.partitions.map(newMarker),
    bumpsEpoch: transaction.failed,
  };
  const ended = withTransaction(producer, ending, context);
  return step === "abort" ? abortUnsentBatches(ended, context) : ended;
}

function newMarker(partition: TopicPartition): TransactionMarker {
  return { partition, request: null, attempts: 0, notBeforeMs: null };
}

/** Batches that were never sent need not be: their records are part of what is given up. */
function abortUnsentBatches(producer: Producer, context: StepContext): Producer {
  const outcome = refusedBy("TransactionAbortedException", "Failing batch since transaction was aborted");
  const reason = {
    rule: "producer.transaction-aborted",
    numbers: {},
    because: [fact.transaction(producer.name)],
  } as const;
  let current: Producer = { ...producer, blocked: [] };
  for (const { partition, values } of producer.blocked) {
    const records = values.map((value) => ({ value, timestampMs: context.nowMs }));
    tellOutcomes(producer, partition, { records }, () => outcome, reason, context);
  }
  for (const sends of producer.partitions) {
    const unsent = sends.queue.filter(({ sequence }) => sequence === null);
    if (unsent.length === 0) continue;
    for (const batch of unsent) tellOutcomes(producer, sends.partition, batch, () => outcome, reason, context);
    current = withSends(current, { ...sends, queue: sends.queue.filter(({ sequence }) => sequence !== null) });
  }
  return current;
}

/**
 * Goes on with the end of a transaction: when every batch has its outcome, each partition gets its marker, again and again
 * until its leader has taken it.
 */
export function continueTransaction(producer: Producer, context: StepContext): Producer {
  const { transaction } = producer;
  if (transaction.state !== "ending" || hasUnfinishedBatches(producer) || producer.blocked.length > 0) return producer;
  if (transaction.markers.length === 0) return finish(producer, transaction, context);
  let { metadata } = producer;
  const markers = transaction.markers.map((marker): TransactionMarker => {
    if (marker.request !== null || marker.notBeforeMs !== null) return marker;
    const brokerId = knownLeader(metadata, marker.partition);
    if (brokerId === null) {
      metadata = wantMetadata(metadata);
      return marker;
    }
    context.outbox.request(brokerName(brokerId), transactionChannel, {
      type: "WriteTxnMarkersRequest",
      partition: marker.partition,
      producerId: producer.producerId,
      producerEpoch: producer.producerEpoch,
      outcome: transaction.outcome,
    });
    return { ...marker, request: { brokerId, sentAtMs: context.nowMs } };
  });
  return { ...producer, metadata, transaction: { ...transaction, markers } };
}

function finish(producer: Producer, ending: Ending, context: StepContext): Producer {
  const ended = withTransaction(producer, { state: "none" }, context);
  return ending.bumpsEpoch ? { ...ended, producerEpoch: producer.producerEpoch + 1 } : ended;
}

export function onWriteTxnMarkersResponse(
  producer: Producer,
  { partition, error }: WriteTxnMarkersResponse,
  context: StepContext,
): Producer {
  const { transaction } = producer;
  if (transaction.state !== "ending") return producer;
  // A newer epoch of this producer has ended the transaction already.
  if (error === "NONE" || error === "INVALID_PRODUCER_EPOCH") {
    const markers = transaction.markers.filter((marker) => marker.partition !== partition);
    return { ...producer, transaction: { ...transaction, markers } };
  }
  const metadata = refreshesMetadata(error) ? wantMetadata(producer.metadata) : producer.metadata;
  return retryMarkers({ ...producer, metadata }, (marker) => marker.partition === partition, context);
}

/** Markers under way to this broker get no answer any more. */
export function onMarkersLost(producer: Producer, brokerId: BrokerId, context: StepContext): Producer {
  const marked = { ...producer, metadata: wantMetadata(withSilent(producer.metadata, brokerId)) };
  return retryMarkers(marked, ({ request }) => request?.brokerId === brokerId, context);
}

function retryMarkers(
  producer: Producer,
  isLost: (marker: TransactionMarker) => boolean,
  { nowMs, rules }: StepContext,
): Producer {
  const { transaction, settings } = producer;
  if (transaction.state !== "ending") return producer;
  const markers = transaction.markers.map((marker): TransactionMarker => {
    if (!isLost(marker)) return marker;
    const notBeforeMs = nowMs + backoffMs(settings, marker.attempts, rules);
    return { ...marker, request: null, attempts: marker.attempts + 1, notBeforeMs };
  });
  return { ...producer, transaction: { ...transaction, markers } };
}

/** The backoff of a partition's marker is over. */
export function endMarkerBackoff(producer: Producer, partition: TopicPartition): Producer {
  const { transaction } = producer;
  if (transaction.state !== "ending") return producer;
  const markers = transaction.markers.map((marker) =>
    marker.partition === partition ? { ...marker, notBeforeMs: null } : marker,
  );
  return { ...producer, transaction: { ...transaction, markers } };
}

/**
 * A process starts: nothing is remembered. Only with a `transactional.id` it goes on with its old producer id in a new
 * epoch, which fences the old process, and aborts the transaction that was left open.
 *
 * Source: KIP-98, KafkaProducer.initTransactions.
 */
export function restarted(producer: Producer, producerId: number, context: StepContext): Producer {
  const { name, settings, metadata } = producer;
  const fresh = newProducer({ name, settings, producerId, bootstrap: metadata.bootstrap });
  if (!isTransactional(producer)) return { ...fresh, nextBatchId: producer.nextBatchId };
  const partitions = partitionsOf(producer.transaction);
  const known = partitions.reduce((cache, partition) => withTopic(cache, topicOfPartition(partition)), fresh.metadata);
  const resumed: Producer = {
    ...fresh,
    producerId: producer.producerId,
    producerEpoch: producer.producerEpoch + 1,
    metadata: known,
    nextBatchId: producer.nextBatchId,
    transaction: producer.transaction,
  };
  if (partitions.length === 0) return { ...resumed, transaction: { state: "none" } };
  const markers = partitions.map(newMarker);
  return withTransaction(resumed, { state: "ending", outcome: "abort", markers, bumpsEpoch: false }, context);
}

/** What the transaction coordinator would remember of the transaction when its producer is gone. */
export function partitionsOf(transaction: Transaction): readonly TopicPartition[] {
  switch (transaction.state) {
    case "none":
      return [];
    case "open":
      return transaction.partitions;
    case "ending":
      return transaction.markers.map(({ partition }) => partition);
  }
}

/** When a partition's marker is to be sent again, and when one under way to a broker has been unanswered for too long. */
export function markerDueMs(producer: Producer): {
  readonly retries: readonly { readonly partition: TopicPartition; readonly dueMs: number }[];
  readonly timeouts: readonly { readonly brokerId: BrokerId; readonly dueMs: number }[];
} {
  const { transaction, settings } = producer;
  if (transaction.state !== "ending") return { retries: [], timeouts: [] };
  const oldest = new Map<BrokerId, number>();
  for (const { request } of transaction.markers) {
    if (request === null) continue;
    oldest.set(request.brokerId, Math.min(oldest.get(request.brokerId) ?? request.sentAtMs, request.sentAtMs));
  }
  return {
    retries: transaction.markers.flatMap(({ partition, notBeforeMs }) =>
      notBeforeMs === null ? [] : [{ partition, dueMs: notBeforeMs }],
    ),
    timeouts: [...oldest]
      .sort(([a], [b]) => a - b)
      .map(([brokerId, sentAtMs]) => ({ brokerId, dueMs: sentAtMs + settings.requestTimeoutMs })),
  };
}

export function withTransaction(producer: Producer, transaction: Transaction, { outbox }: StepContext): Producer {
  outbox.change({
    fact: fact.transaction(producer.name),
    from: transactionText(producer.transaction),
    to: transactionText(transaction),
    rule: "producer.transaction-step",
    numbers: { partitions: [...partitionsOf(transaction)] },
    because: [],
  });
  return { ...producer, transaction };
}

function transactionText(transaction: Transaction): string {
  switch (transaction.state) {
    case "none":
      return "none";
    case "open":
      return transaction.failed ? "failed" : "open";
    case "ending":
      return transaction.outcome === "commit" ? "committing" : "aborting";
  }
}
