import { invariant } from "../../../core/assert.js";
import {
  type ErrorCode,
  errors,
  isRetriable,
  refreshesMetadata,
  requestTimeoutMessage,
} from "../../../kafka/errors.js";
import type { StepContext } from "../../broker/context.js";
import { type Fact, fact } from "../../fact.js";
import { type BrokerId, brokerName, type TopicPartition } from "../../ids.js";
import type { ProduceResponse } from "../../message.js";
import { backoffMs } from "../backoff.js";
import { wantMetadata, withNamedLeader, withSilent } from "../metadata-cache.js";
import { reportLeaders } from "../metadata-refresh.js";
import type { ProducerBatch } from "./batch.js";
import { batchWith, producerWith, sendsWith } from "./copy.js";
import { produceChannel } from "./drain.js";
import { expireBatch, isOverdue } from "./expire.js";
import { ackedAt, failedWith, tellOutcomes } from "./outcome.js";
import { failTransaction, onOutOfOrderSequence, requestEpochBump, withAcked, withoutSequencesOf } from "./sequences.js";
import { isTransactional, type PartitionSends, type Producer, type SentRequest, sendsOf, withSends } from "./state.js";

/** How one attempt ended: by the broker's answer, or without one. */
interface Answer {
  readonly error: ErrorCode;
  readonly baseOffset: number;
  /** The client's own words, if it made up the error itself. */
  readonly message: string | undefined;
}

/** The broker has answered the oldest produce request. Source: Sender.handleProduceResponse. */
export function onProduceResponse(
  producer: Producer,
  brokerId: BrokerId,
  response: ProduceResponse,
  context: StepContext,
): Producer {
  const request = producer.requests.find((candidate) => candidate.brokerId === brokerId);
  invariant(request?.partition === response.partition, () => `broker ${brokerId} answers what it was not asked`);
  const { error, baseOffset, currentLeader } = response;
  const settled = settle(producer, request, { error, baseOffset, message: undefined }, context);
  if (currentLeader === null || !namesLeader(error)) return settled;
  const metadata = withNamedLeader(settled.metadata, response.partition, currentLeader);
  reportLeaders(settled, metadata, brokerName(brokerId), context);
  return { ...settled, metadata };
}

function namesLeader(error: ErrorCode): boolean {
  return error === "NOT_LEADER_OR_FOLLOWER" || error === "FENCED_LEADER_EPOCH";
}

/** The broker has closed the connection: what it did with the requests on it is not known. */
export function onProduceDisconnected(producer: Producer, brokerId: BrokerId, context: StepContext): Producer {
  const answer = {
    error: "NETWORK_EXCEPTION",
    baseOffset: -1,
    message: `Disconnected from node ${brokerId}`,
  } as const;
  return loseRequests(producer, brokerId, answer, context);
}

/** Default of `reconnect.backoff.ms`. */
const reconnectBackoffMs = 50;

/**
 * There is no connection to the broker, so nothing was sent: the batches stay where they were, no attempt is used up,
 * and new metadata says where to try next. Only their delivery time can end them.
 *
 * Source: Sender.sendProducerData (nodes that are not ready keep their batches), NetworkClient.handleServerDisconnect.
 */
export function onProduceRefused(producer: Producer, brokerId: BrokerId, { nowMs }: StepContext): Producer {
  let current: Producer = { ...producer, metadata: wantMetadata(withSilent(producer.metadata, brokerId)) };
  const unsent = producer.requests.filter((request) => request.brokerId === brokerId);
  // Youngest first: each goes to the head of its queue.
  for (const request of unsent.reverse()) {
    const { partition, batchId } = request;
    current = { ...current, requests: current.requests.filter((other) => other !== request) };
    const sends = sendsOf(current, partition);
    const batch = sends.inFlight.find((candidate) => candidate.batchId === batchId);
    if (batch === undefined) continue;
    const waiting = { ...batch, notBeforeMs: nowMs + reconnectBackoffMs };
    current = withSends(current, {
      ...sends,
      inFlight: sends.inFlight.filter((other) => other !== batch),
      queue: requeued(sends, waiting, producer.settings.enableIdempotence),
    });
  }
  return current;
}

/** The oldest request has no answer after `request.timeout.ms`: the client closes the connection. */
export function onRequestTimeout(producer: Producer, brokerId: BrokerId, context: StepContext): Producer {
  context.outbox.disconnect(brokerName(brokerId), produceChannel);
  const answer = {
    error: "REQUEST_TIMED_OUT",
    baseOffset: -1,
    message: requestTimeoutMessage(brokerId),
  } as const;
  return loseRequests(producer, brokerId, answer, context);
}

/** Oldest first. Without idempotence each goes back to the head of its queue, so that they come out reversed. */
function loseRequests(producer: Producer, brokerId: BrokerId, answer: Answer, context: StepContext): Producer {
  const marked = { ...producer, metadata: wantMetadata(withSilent(producer.metadata, brokerId)) };
  return producer.requests
    .filter((request) => request.brokerId === brokerId)
    .reduce((current, request) => settle(current, request, answer, context), marked);
}

/**
 * Ends one request. Its batch is acknowledged, sent again or failed; if the batch has run out of time meanwhile, that
 * has been told already and the answer comes too late.
 *
 * Source: Sender.completeBatch.
 */
function settle(producer: Producer, request: SentRequest, answer: Answer, context: StepContext): Producer {
  const { partition, batchId } = request;
  const sends = sendsOf(producer, partition);
  const batch = sends.inFlight.find((candidate) => candidate.batchId === batchId);
  const inFlight = sends.inFlight.filter((candidate) => candidate !== batch);
  const landed = withSends(producer, sendsWith(sends, { inFlight }));
  const freed = producerWith(landed, {
    requests: landed.requests.filter((candidate) => candidate !== request),
    metadata: refreshesMetadata(answer.error) ? wantMetadata(landed.metadata) : landed.metadata,
  });
  if (batch === undefined) return freed;
  const mayBeWritten = batch.mayBeWritten || errors[answer.error].produce === "unknown";
  const tried = batchWith(batch, { mayBeWritten });
  if (isOverdue(freed, batch, context.nowMs)) return expireBatch(freed, partition, tried, "unknown", context);
  return settleBatch(freed, partition, tried, request, answer, context);
}

function settleBatch(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  { brokerId }: SentRequest,
  answer: Answer,
  context: StepContext,
): Producer {
  const { error } = answer;
  if (error === "NONE") return complete(producer, partition, batch, brokerId, answer.baseOffset, context);
  const { producer: decided, retry } = decideRetry(producer, partition, batch, error);
  if (retry) return sendAgain(decided, partition, batch, brokerId, error, context);
  if (error === "DUPLICATE_SEQUENCE_NUMBER") return complete(decided, partition, batch, brokerId, -1, context);
  return fail(decided, partition, batch, brokerId, error, answer.message, context);
}

/** Source: Sender.completeBatch, TransactionManager.handleCompletedBatch. */
function complete(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  brokerId: BrokerId,
  baseOffset: number,
  context: StepContext,
): Producer {
  const { acks } = producer.settings;
  const { highWatermark, logEnd, attempts } = fact;
  const reason = {
    rule: baseOffset < 0 ? "producer.duplicate-is-success" : "producer.acked",
    numbers: { acks, baseOffset, attempts: batch.attempts + 1, latencyMs: context.nowMs - batch.createdAtMs },
    because: [
      (acks === "all" ? highWatermark : logEnd)(partition, brokerId),
      ...(batch.attempts > 0 ? [attempts(producer.name, partition)] : []),
    ],
  } as const;
  tellOutcomes(producer, partition, batch, ackedAt(baseOffset), reason, context);
  return withSends(producer, withAcked(sendsOf(producer, partition), batch));
}

/**
 * Whether the batch is sent again. Retries are counted per batch; an idempotent producer also repeats what the broker
 * found out of order.
 *
 * Source: Sender.canRetry, TransactionManager.canRetry.
 */
function decideRetry(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  error: ErrorCode,
): { readonly producer: Producer; readonly retry: boolean } {
  const { retries, enableIdempotence } = producer.settings;
  if (batch.attempts >= retries) return { producer, retry: false };
  if (enableIdempotence && batch.sequence !== null) {
    if (error === "OUT_OF_ORDER_SEQUENCE_NUMBER") {
      return onOutOfOrderSequence(producer, sendsOf(producer, partition), batch.sequence);
    }
    if (error === "UNKNOWN_PRODUCER_ID" && !isTransactional(producer)) {
      return { producer: requestEpochBump(producer, partition), retry: true };
    }
  }
  return { producer, retry: isRetriable(error) };
}

/** Source: RecordAccumulator.reenqueue. */
function sendAgain(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  brokerId: BrokerId,
  error: ErrorCode,
  context: StepContext,
): Producer {
  const { settings, name } = producer;
  const waitMs = backoffMs(settings, batch.attempts, context.rules);
  const retried = { ...batch, attempts: batch.attempts + 1, notBeforeMs: context.nowMs + waitMs };
  context.outbox.change({
    fact: fact.attempts(name, partition),
    from: batch.attempts,
    to: retried.attempts,
    rule: "producer.retry",
    numbers: {
      error,
      waitMs,
      retries: settings.retries,
      remainingMs: batch.createdAtMs + settings.deliveryTimeoutMs - context.nowMs,
    },
    because: becauseOf(error, partition, brokerId),
  });
  const sends = sendsOf(producer, partition);
  return withSends(producer, { ...sends, queue: requeued(sends, retried, settings.enableIdempotence) });
}

/** In sequence order with idempotence, at the head without. Source: RecordAccumulator.insertInSequenceOrder. */
function requeued(
  { queue }: PartitionSends,
  batch: ProducerBatch,
  enableIdempotence: boolean,
): readonly ProducerBatch[] {
  const { sequence } = batch;
  if (!enableIdempotence || sequence === null) return [batch, ...queue];
  const later = queue.findIndex((other) => other.sequence === null || other.sequence.first >= sequence.first);
  const place = later < 0 ? queue.length : later;
  return [...queue.slice(0, place), batch, ...queue.slice(place)];
}

/** Source: Sender.failBatch, TransactionManager.handleFailedBatch. */
function fail(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  brokerId: BrokerId,
  error: Exclude<ErrorCode, "NONE">,
  message: string | undefined,
  context: StepContext,
): Producer {
  const { retries, enableIdempotence } = producer.settings;
  const outcome = failedWith(error, batch.mayBeWritten ? "unknown" : "no", message);
  const reason = {
    rule: isRetriable(error) ? "producer.retries-exhausted" : "producer.failed",
    numbers: { error, retries, attempts: batch.attempts + 1 },
    because: becauseOf(error, partition, brokerId),
  } as const;
  tellOutcomes(producer, partition, batch, () => outcome, reason, context);
  if (!enableIdempotence) return producer;
  // With its retries used up nobody knows whether the sequence was taken, so it cannot be given to another batch.
  const canReuseSequence = batch.attempts < retries;
  if (isTransactional(producer)) {
    const failed = failTransaction(producer);
    return canReuseSequence ? withSends(failed, withoutSequencesOf(sendsOf(failed, partition), batch)) : failed;
  }
  const isGap = error === "OUT_OF_ORDER_SEQUENCE_NUMBER" || error === "UNKNOWN_PRODUCER_ID" || canReuseSequence;
  return isGap ? requestEpochBump(producer, partition) : producer;
}

/** What made a broker answer so, as far as a trace knows. */
function becauseOf(error: ErrorCode, partition: TopicPartition, brokerId: BrokerId): readonly Fact[] {
  switch (error) {
    case "NETWORK_EXCEPTION":
      return [fact.process(brokerId)];
    case "REQUEST_TIMED_OUT":
      return [fact.highWatermark(partition, brokerId), fact.isrState(partition, brokerId), fact.process(brokerId)];
    case "NOT_ENOUGH_REPLICAS_AFTER_APPEND":
      return [fact.underMinIsr(partition, brokerId), fact.isrState(partition, brokerId)];
    case "NOT_LEADER_OR_FOLLOWER":
      return [fact.role(partition, brokerId), fact.refusal(partition, brokerId)];
    default:
      return [fact.refusal(partition, brokerId)];
  }
}
