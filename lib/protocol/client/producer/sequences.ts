import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import type { TopicPartition } from "../../ids.js";
import { sequenceAfter } from "../../log/sequence.js";
import type { BatchSequence, ProducerBatch } from "./batch.js";
import { sendsWith } from "./copy.js";
import type { PartitionSends, Producer } from "./state.js";
import { isTransactional, sendsOf, withSends } from "./state.js";

/** Batches that have a sequence and no outcome, wherever they are: in flight, or in the queue for a retry. */
export function sequencedBatches({ inFlight, queue }: PartitionSends): readonly ProducerBatch[] {
  return [...inFlight, ...queue]
    .filter(({ sequence }) => sequence !== null)
    .sort((a, b) => compareSequences(a.sequence, b.sequence));
}

function compareSequences(a: BatchSequence | null, b: BatchSequence | null): number {
  if (a === null || b === null) return 0;
  return a.producerEpoch - b.producerEpoch || a.first - b.first;
}

/** The first of {@link sequencedBatches}. */
function oldestSequenced({ inFlight, queue }: PartitionSends): ProducerBatch | undefined {
  let oldest: ProducerBatch | undefined;
  for (const batches of [inFlight, queue])
    for (const batch of batches) {
      if (batch.sequence === null) continue;
      if (oldest === undefined || compareSequences(batch.sequence, oldest.sequence) < 0) oldest = batch;
    }
  return oldest;
}

export function lastSequenceOf({ sequence, records }: ProducerBatch): number {
  return sequence === null ? -1 : sequenceAfter(sequence.first, records.length - 1);
}

/** Whether `sequence` follows the last one that was acknowledged. */
function isNext({ lastAckedSequence }: PartitionSends, sequence: number): boolean {
  return sequence === sequenceAfter(lastAckedSequence, 1);
}

/**
 * Gives the batch its sequence at its first departure. Later it keeps it: an earlier attempt may have been appended under
 * this number.
 *
 * Source: RecordAccumulator.drainBatchesForOneNode, TransactionManager.maybeUpdateProducerIdAndEpoch.
 */
export function withSequence(
  producer: Producer,
  sends: PartitionSends,
  batch: ProducerBatch,
): { readonly sends: PartitionSends; readonly sequence: BatchSequence | null } {
  if (!producer.settings.enableIdempotence) return { sends, sequence: null };
  if (batch.sequence !== null) {
    const { producerEpoch, first } = batch.sequence;
    return { sends, sequence: { producerEpoch, first, isRenumbered: false } };
  }
  const { producerEpoch } = producer;
  const current =
    sends.producerEpoch === producerEpoch ? sends : { ...sends, producerEpoch, nextSequence: 0, lastAckedSequence: -1 };
  return {
    sends: sendsWith(current, { nextSequence: sequenceAfter(current.nextSequence, batch.records.length) }),
    sequence: { producerEpoch, first: current.nextSequence, isRenumbered: false },
  };
}

/**
 * Whether the first batch of the queue must stay there to keep the sequences in order: a new batch while older ones of
 * another producer epoch are out or a sequence is unresolved, a retried one while an older one has no outcome.
 *
 * Source: RecordAccumulator.shouldStopDrainBatchesForPartition.
 */
export function mustKeepOrder(producer: Producer, sends: PartitionSends, first: ProducerBatch): boolean {
  if (!producer.settings.enableIdempotence) return false;
  const oldest = oldestSequenced(sends);
  if (first.sequence !== null) return oldest !== undefined && oldest.batchId !== first.batchId;
  if (sends.unresolvedSequence !== null) return true;
  return oldest !== undefined && sends.producerEpoch !== producer.producerEpoch;
}

/**
 * What a producer does about OUT_OF_ORDER_SEQUENCE_NUMBER. A batch behind one that failed is sent again and no more; for
 * the next one in line there is a gap in the log, and only a new producer epoch helps.
 *
 * Source: TransactionManager.canRetry.
 */
export function onOutOfOrderSequence(
  producer: Producer,
  sends: PartitionSends,
  sequence: BatchSequence,
): { readonly producer: Producer; readonly retry: boolean } {
  const unresolved = sends.unresolvedSequence;
  if (unresolved === null && (sequence.isRenumbered || !isNext(sends, sequence.first))) {
    return { producer, retry: true };
  }
  if (isTransactional(producer)) return { producer, retry: false };
  const isGap = unresolved === null || sequence.first === unresolved;
  return { producer: isGap ? requestEpochBump(producer, sends.partition) : producer, retry: true };
}

/** The next thing to happen is a new producer epoch, in which this partition's sequences begin again. */
export function requestEpochBump(producer: Producer, partition: TopicPartition): Producer {
  const due = producer.epochBump ?? [];
  return { ...producer, epochBump: due.includes(partition) ? due : [...due, partition].sort() };
}

export function withAcked(sends: PartitionSends, batch: ProducerBatch): PartitionSends {
  return sendsWith(sends, { lastAckedSequence: Math.max(sends.lastAckedSequence, lastSequenceOf(batch)) });
}

/**
 * A batch that was sent more than once has run out of time: whether its sequences were used is not known.
 *
 * Source: TransactionManager.markSequenceUnresolved.
 */
export function markUnresolved(producer: Producer, partition: TopicPartition, batch: ProducerBatch): Producer {
  if (batch.sequence === null || batch.attempts === 0) return producer;
  const sends = sendsOf(producer, partition);
  const after = lastSequenceOf(batch) + 1;
  return withSends(producer, { ...sends, unresolvedSequence: Math.max(sends.unresolvedSequence ?? 0, after) });
}

/**
 * Settles unresolved sequences of partitions that have nothing in flight any more: if the last acknowledged batch is the
 * last one sent, the missing ones must be in the log; else the sequences begin again in a new producer epoch.
 *
 * Source: TransactionManager.maybeResolveSequences.
 */
export function resolveSequences(producer: Producer): Producer {
  let resolved = producer;
  for (const sends of producer.partitions) {
    if (sends.unresolvedSequence === null || sequencedBatches(sends).length > 0) continue;
    resolved = withSends(resolved, { ...sends, unresolvedSequence: null });
    if (isNext(sends, sends.nextSequence)) continue;
    resolved = isTransactional(producer) ? failTransaction(resolved) : requestEpochBump(resolved, sends.partition);
  }
  return resolved;
}

/**
 * Begins the producer epoch that is due. Batches without an outcome in the partitions that asked for it are numbered
 * from 0; other partitions change over when they have nothing in flight.
 *
 * Source: KIP-360, TransactionManager.bumpIdempotentProducerEpoch.
 */
export function bumpProducerEpoch(producer: Producer, { outbox }: StepContext): Producer {
  if (producer.epochBump === null) return producer;
  const producerEpoch = producer.producerEpoch + 1;
  outbox.change({
    fact: fact.producerEpoch(producer.name),
    from: producer.producerEpoch,
    to: producerEpoch,
    rule: "producer.epoch-bump",
    numbers: { producerId: producer.producerId, partitions: producer.epochBump },
    because: producer.epochBump.map((partition) => fact.attempts(producer.name, partition)),
  });
  const bumped: Producer = { ...producer, producerEpoch, epochBump: null };
  return producer.epochBump.reduce(
    (current, partition) => withSends(current, renumbered(sendsOf(current, partition), producerEpoch)),
    bumped,
  );
}

function renumbered(sends: PartitionSends, producerEpoch: number): PartitionSends {
  let nextSequence = 0;
  const sequences = new Map<number, BatchSequence>();
  for (const { batchId, records } of sequencedBatches(sends)) {
    sequences.set(batchId, { producerEpoch, first: nextSequence, isRenumbered: true });
    nextSequence = sequenceAfter(nextSequence, records.length);
  }
  const renumber = (batch: ProducerBatch): ProducerBatch => ({
    ...batch,
    sequence: sequences.get(batch.batchId) ?? null,
  });
  return {
    ...sends,
    inFlight: sends.inFlight.map(renumber),
    queue: sends.queue.map(renumber),
    producerEpoch,
    nextSequence,
    lastAckedSequence: -1,
    unresolvedSequence: null,
  };
}

/**
 * Takes the sequences of a batch back that was refused for good, in a transaction: the batches behind it move up.
 *
 * Source: TxnPartitionEntry.adjustSequencesDueToFailedBatch.
 */
export function withoutSequencesOf(sends: PartitionSends, failed: ProducerBatch): PartitionSends {
  const { sequence, records } = failed;
  if (sequence === null) return sends;
  const moveUp = (batch: ProducerBatch): ProducerBatch =>
    batch.sequence === null || batch.sequence.first < sequence.first
      ? batch
      : { ...batch, sequence: { ...batch.sequence, first: batch.sequence.first - records.length, isRenumbered: true } };
  return {
    ...sends,
    inFlight: sends.inFlight.map(moveUp),
    queue: sends.queue.map(moveUp),
    nextSequence: sends.nextSequence - records.length,
  };
}

/** From here on the application can only abort. Source: TransactionManager.transitionToAbortableError. */
export function failTransaction(producer: Producer): Producer {
  const { transaction } = producer;
  switch (transaction.state) {
    case "none":
      return producer;
    case "open":
      return transaction.failed ? producer : { ...producer, transaction: { ...transaction, failed: true } };
    case "ending": {
      if (transaction.outcome === "abort") return { ...producer, transaction: { ...transaction, bumpsEpoch: true } };
      const partitions = transaction.markers.map(({ partition }) => partition);
      return { ...producer, transaction: { state: "open", failed: true, partitions } };
    }
  }
}
