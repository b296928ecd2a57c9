import type { StepContext } from "../../broker/context.js";
import { fact } from "../../fact.js";
import { type BrokerId, brokerName } from "../../ids.js";
import { knownLeader, knownLeaderEpoch } from "../metadata-cache.js";
import { isFull, type ProducerBatch } from "./batch.js";
import { batchWith, producerWith, sendsWith } from "./copy.js";
import { ackedAt, tellOutcomes } from "./outcome.js";
import { mustKeepOrder, withSequence } from "./sequences.js";
import { isTransactional, type PartitionSends, type Producer, withSends } from "./state.js";

/** Channel of a producer's ProduceRequests. */
export const produceChannel = "produce";

/**
 * Sends what may be sent, until nothing more may. A broker gets something as soon as one of its partitions is ready, and
 * then one batch of each of its partitions that is not held back: a lingering batch leaves early in company.
 *
 * Source: Sender.sendProducerData, RecordAccumulator.ready and drain.
 */
export function drain(producer: Producer, context: StepContext): Producer {
  let current = producer;
  for (;;) {
    const before = current;
    for (const brokerId of readyBrokers(current, context)) {
      for (const { partition } of current.partitions) {
        const sends = current.partitions.find((candidate) => candidate.partition === partition);
        if (sends !== undefined) current = sendFirst(current, sends, brokerId, context);
      }
    }
    if (current === before) return current;
  }
}

/** Whether a batch waits for a partition that nobody is known to lead: a reason to ask for metadata. */
export function waitsForLeader(producer: Producer): boolean {
  return producer.partitions.some(
    ({ partition, queue }) => queue.length > 0 && knownLeader(producer.metadata, partition) === null,
  );
}

/** Leaders of partitions that have a batch ready, which can take one more request. Ascending. */
function readyBrokers(producer: Producer, context: StepContext): readonly BrokerId[] {
  const ready: BrokerId[] = [];
  for (const sends of producer.partitions) {
    const first = sends.queue[0];
    if (first === undefined) continue;
    const leader = knownLeader(producer.metadata, sends.partition);
    if (leader === null || ready.includes(leader) || isMuted(producer, sends)) continue;
    if (isBackingOff(producer, sends, first, context) || !isComplete(producer, first, context)) continue;
    if (hasRoomInFlight(producer, leader)) ready.push(leader);
  }
  return ready.sort((a, b) => a - b);
}

/**
 * With one request in flight, a partition is left alone until it is answered. That keeps the order also without
 * idempotence. Source: `guaranteeMessageOrder`, RecordAccumulator.mutePartition.
 */
function isMuted(producer: Producer, { partition }: PartitionSends): boolean {
  const { maxInFlightRequestsPerConnection } = producer.settings;
  return maxInFlightRequestsPerConnection === 1 && producer.requests.some((request) => request.partition === partition);
}

/** A leader that is new since the last attempt is tried at once. KIP-951. */
function isBackingOff(
  producer: Producer,
  { partition }: PartitionSends,
  { attempts, notBeforeMs, leaderEpoch }: ProducerBatch,
  { nowMs, rules }: StepContext,
): boolean {
  if (attempts === 0 || notBeforeMs === null || notBeforeMs <= nowMs) return false;
  return !rules.answersNameNewLeader || knownLeaderEpoch(producer.metadata, partition) <= leaderEpoch;
}

/** Nothing is gained by waiting for more records. Source: RecordAccumulator.batchReady. */
function isComplete(producer: Producer, first: ProducerBatch, { nowMs }: StepContext): boolean {
  return (
    first.notBeforeMs === null ||
    first.notBeforeMs <= nowMs ||
    first.attempts > 0 ||
    isFull(first, producer.settings) ||
    producer.process === "closing" ||
    producer.transaction.state === "ending"
  );
}

/**
 * Kafka puts one batch of each of a broker's partitions into one request, the model sends them one by one: they count as
 * one request here.
 */
function hasRoomInFlight(producer: Producer, brokerId: BrokerId): boolean {
  const { requests, settings } = producer;
  if (requests.length < settings.maxInFlightRequestsPerConnection) return true;
  const counts = new Map<string, number>();
  for (const request of requests) {
    if (request.brokerId === brokerId) counts.set(request.partition, (counts.get(request.partition) ?? 0) + 1);
  }
  return Math.max(0, ...counts.values()) < settings.maxInFlightRequestsPerConnection;
}

/** Sends the first batch of the queue, if the broker leads the partition and nothing holds the batch back. */
function sendFirst(producer: Producer, sends: PartitionSends, brokerId: BrokerId, context: StepContext): Producer {
  const { partition, queue } = sends;
  const first = queue[0];
  if (first === undefined || knownLeader(producer.metadata, partition) !== brokerId) return producer;
  if (isMuted(producer, sends) || isBackingOff(producer, sends, first, context)) return producer;
  if (mustKeepOrder(producer, sends, first)) return producer;
  const { sends: numbered, sequence } = withSequence(producer, sendsWith(sends, { queue: queue.slice(1) }), first);
  const leaderEpoch = knownLeaderEpoch(producer.metadata, partition);
  const batch = batchWith(first, { sequence, notBeforeMs: null, leaderEpoch });
  const { acks, requestTimeoutMs } = producer.settings;
  context.outbox.request(brokerName(brokerId), produceChannel, {
    type: "ProduceRequest",
    partition,
    acks,
    timeoutMs: requestTimeoutMs,
    records: batch.records,
    producer:
      sequence === null
        ? null
        : { producerId: producer.producerId, producerEpoch: sequence.producerEpoch, sequence: sequence.first },
    transactional: isTransactional(producer),
  });
  if (acks === 0) return ackAtOnce(withSends(producer, numbered), numbered, batch, context);
  const request = { brokerId, partition, batchId: batch.batchId, sentAtMs: context.nowMs };
  const sent = withSends(producer, sendsWith(numbered, { inFlight: [...numbered.inFlight, batch] }));
  return producerWith(sent, { requests: [...sent.requests, request] });
}

/** acks=0: written to the socket is good enough, and no offset is ever known. Source: Sender.handleProduceResponse. */
function ackAtOnce(
  producer: Producer,
  { partition }: PartitionSends,
  batch: ProducerBatch,
  context: StepContext,
): Producer {
  const reason = {
    rule: "producer.acked-unasked",
    numbers: { acks: 0 },
    because: [fact.clientLeader(producer.name, partition)],
  } as const;
  tellOutcomes(producer, partition, batch, ackedAt(-1), reason, context);
  return producer;
}
