import { deliveryTimeoutMessage } from "../../../kafka/errors.js";
import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import type { TopicPartition } from "../../ids.js";
import type { ProducerBatch } from "./batch.js";
import { tellOutcomes, timedOut } from "./outcome.js";
import { failTransaction, markUnresolved } from "./sequences.js";
import { isTransactional, type Producer, sendsOf, withSends } from "./state.js";

/** Whether `delivery.timeout.ms` has passed for a batch: an answer that comes now comes too late. */
export function isOverdue({ settings }: Producer, { createdAtMs }: ProducerBatch, nowMs: number): boolean {
  return nowMs - createdAtMs >= settings.deliveryTimeoutMs;
}

/** When the oldest batch of a partition runs out of time, or null if it has none. */
export function deliveryDueMs(producer: Producer, partition: TopicPartition): number | null {
  const createdAtMs = oldestCreatedAtMs(producer, partition);
  return createdAtMs === null ? null : createdAtMs + producer.settings.deliveryTimeoutMs;
}

function oldestCreatedAtMs(producer: Producer, partition: TopicPartition): number | null {
  const { queue, inFlight } = sendsOf(producer, partition);
  let oldestMs: number | null = null;
  for (const batches of [queue, inFlight])
    for (const { createdAtMs } of batches) if (oldestMs === null || createdAtMs < oldestMs) oldestMs = createdAtMs;
  return oldestMs;
}

/**
 * The oldest batches of a partition run out of time, whether they wait or are under way. The answer to one under way is
 * still awaited: it frees its place in flight, and settles the sequences behind it.
 *
 * Source: Sender.getExpiredInflightBatches, RecordAccumulator.expiredBatches.
 */
export function onDeliveryTimeout(producer: Producer, partition: TopicPartition, context: StepContext): Producer {
  const oldestMs = oldestCreatedAtMs(producer, partition);
  const sends = sendsOf(producer, partition);
  const isDue = ({ createdAtMs }: ProducerBatch): boolean => createdAtMs === oldestMs;
  let current = withSends(producer, {
    ...sends,
    queue: sends.queue.filter((batch) => !isDue(batch)),
    inFlight: sends.inFlight.filter((batch) => !isDue(batch)),
  });
  for (const batch of sends.queue.filter(isDue)) {
    current = expireBatch(current, partition, batch, batch.mayBeWritten ? "unknown" : "no", context);
  }
  for (const batch of sends.inFlight.filter(isDue)) {
    current = expireBatch(current, partition, batch, "unknown", context);
  }
  return current;
}

/** Fails a batch that has been taken out of queue and flight. */
export function expireBatch(
  producer: Producer,
  partition: TopicPartition,
  batch: ProducerBatch,
  written: "no" | "unknown",
  context: StepContext,
): Producer {
  const { deliveryTimeoutMs } = producer.settings;
  // A search may let the time pass without moving the clock.
  const passedMs = Math.max(deliveryTimeoutMs, context.nowMs - batch.createdAtMs);
  const outcome = timedOut(deliveryTimeoutMessage(batch.records.length, partition, passedMs), written);
  const reason = {
    rule: "producer.delivery-timeout",
    numbers: { deliveryTimeoutMs, attempts: batch.attempts },
    because: [fact.attempts(producer.name, partition), fact.clientLeader(producer.name, partition)],
  } as const;
  tellOutcomes(producer, partition, batch, () => outcome, reason, context);
  const failed = isTransactional(producer) ? failTransaction(producer) : producer;
  return markUnresolved(failed, partition, batch);
}
