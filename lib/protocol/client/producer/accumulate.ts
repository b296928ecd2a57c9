import type { StepContext } from "../../broker/context.js";
import type { TopicPartition } from "../../ids.js";
import { knownPartition, type MetadataCache, topicOfPartition, withTopic } from "../metadata-cache.js";
import { hasRoom, type ProducerBatch } from "./batch.js";
import { batchWith, producerWith, sendsWith } from "./copy.js";
import { drain } from "./drain.js";
import { refusedBy, tellOutcome, timedOut } from "./outcome.js";
import { isTransactional, type Producer, sendsOf, withSends } from "./state.js";

/**
 * The application calls `send` for each value, one after the other. Unknown metadata blocks it, up to `max.block.ms`.
 *
 * Source: KafkaProducer.doSend, waitOnMetadata.
 */
export function onSend(
  producer: Producer,
  partition: TopicPartition,
  values: readonly string[],
  context: StepContext,
): Producer {
  const refusal = refusalOf(producer, partition);
  if (refusal !== null) {
    for (const value of values) {
      const reason = { rule: "producer.send-refused", numbers: {}, because: [] } as const;
      tellOutcome(producer, partition, value, refusal, reason, context);
    }
    return producer;
  }
  const joined = joinTransaction(producer, partition);
  if (knownPartition(joined.metadata, partition) !== undefined) return append(joined, partition, values, context);
  const blocked = [...joined.blocked, { partition, values, sinceMs: context.nowMs }];
  return { ...joined, metadata: withTopic(joined.metadata, topicOfPartition(partition)), blocked };
}

function refusalOf(producer: Producer, partition: TopicPartition) {
  const { transaction, process } = producer;
  if (process !== "running") {
    return refusedBy("IllegalStateException", "Cannot perform operation after producer has been closed");
  }
  if (!isTransactional(producer) || (transaction.state === "open" && !transaction.failed)) return null;
  if (transaction.state === "open") {
    return refusedBy(
      "KafkaException",
      "Cannot perform send because at least one previous transactional or idempotent request has failed with errors.",
    );
  }
  const state =
    transaction.state === "none"
      ? "READY"
      : transaction.outcome === "commit"
        ? "COMMITTING_TRANSACTION"
        : "ABORTING_TRANSACTION";
  return refusedBy(
    "IllegalStateException",
    `Cannot add partition ${partition} to transaction while in state  ${state}`,
  );
}

function joinTransaction(producer: Producer, partition: TopicPartition): Producer {
  const { transaction } = producer;
  if (transaction.state !== "open" || transaction.partitions.includes(partition)) return producer;
  return { ...producer, transaction: { ...transaction, partitions: [...transaction.partitions, partition].sort() } };
}

/**
 * Puts records into batches. With `linger.ms` they keep each other company; without, each leaves at once if it can, and
 * joins the batch that waits before it if not.
 */
function append(
  producer: Producer,
  partition: TopicPartition,
  values: readonly string[],
  context: StepContext,
): Producer {
  let current = producer;
  for (const value of values) {
    current = appendRecord(current, partition, value, context);
    if (current.settings.lingerMs === 0) current = drain(current, context);
  }
  return current;
}

/** Source: RecordAccumulator.append. */
function appendRecord(producer: Producer, partition: TopicPartition, value: string, { nowMs }: StepContext): Producer {
  const sends = sendsOf(producer, partition);
  const record = { value, timestampMs: nowMs };
  const last = sends.queue.at(-1);
  if (last !== undefined && hasRoom(last, producer.settings)) {
    const joined = batchWith(last, { records: [...last.records, record] });
    return withSends(producer, sendsWith(sends, { queue: [...sends.queue.slice(0, -1), joined] }));
  }
  const { lingerMs } = producer.settings;
  const batch: ProducerBatch = {
    batchId: producer.nextBatchId,
    records: [record],
    createdAtMs: nowMs,
    attempts: 0,
    notBeforeMs: lingerMs === 0 ? null : nowMs + lingerMs,
    leaderEpoch: -1,
    mayBeWritten: false,
    sequence: null,
  };
  const opened = withSends(producer, sendsWith(sends, { queue: [...sends.queue, batch] }));
  return producerWith(opened, { nextBatchId: producer.nextBatchId + 1 });
}

/** Lets the sends go on whose partition is known now. */
export function unblock(producer: Producer, context: StepContext): Producer {
  let current = producer;
  for (const blocked of producer.blocked) {
    if (knownPartition(current.metadata, blocked.partition) === undefined) continue;
    current = { ...current, blocked: current.blocked.filter((other) => other !== blocked) };
    current = append(current, blocked.partition, blocked.values, context);
  }
  return current;
}

/** The sends that have blocked longest give up: their records were never sent anywhere. Source: `max.block.ms`. */
export function expireBlocked(producer: Producer, context: StepContext): Producer {
  const oldestMs = producer.blocked[0]?.sinceMs;
  const { maxBlockMs } = producer.settings;
  for (const { partition, values, sinceMs } of producer.blocked) {
    if (sinceMs !== oldestMs) continue;
    const reason = { rule: "producer.max-block", numbers: { maxBlockMs }, because: [] } as const;
    const outcome = timedOut(notPresent(producer.metadata, partition, maxBlockMs), "no");
    for (const value of values) tellOutcome(producer, partition, value, outcome, reason, context);
  }
  return { ...producer, blocked: producer.blocked.filter(({ sinceMs }) => sinceMs !== oldestMs) };
}

function notPresent(cache: MetadataCache, partition: TopicPartition, maxBlockMs: number): string {
  const topic = topicOfPartition(partition);
  const count = cache.partitions.filter((known) => known.topic === topic).length;
  if (count === 0) return `Topic ${topic} not present in metadata after ${maxBlockMs} ms.`;
  const index = partition.slice(topic.length + 1);
  return `Partition ${index} of topic ${topic} with partition count ${count} is not present in metadata after ${maxBlockMs} ms.`;
}
