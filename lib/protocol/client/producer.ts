import { invariant, unreachable } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import type { StepContext } from "../broker/context.js";
import { type BrokerId, brokerName, type NodeName, type TopicPartition } from "../ids.js";
import type { Response } from "../message.js";
import { type Channel, type Effect, type MessageEvent, Outbox } from "../step.js";
import { wantMetadata } from "./metadata-cache.js";
import {
  askForMetadata,
  endMetadataBackoff,
  metadataChannel,
  onMetadataFailed,
  onMetadataResponse,
} from "./metadata-refresh.js";
import { expireBlocked, onSend, unblock } from "./producer/accumulate.js";
import { onProduceDisconnected, onProduceRefused, onProduceResponse, onRequestTimeout } from "./producer/answer.js";
import { batchWith, producerWith, sendsWith } from "./producer/copy.js";
import { drain, produceChannel, waitsForLeader } from "./producer/drain.js";
import { onDeliveryTimeout } from "./producer/expire.js";
import { bumpProducerEpoch, resolveSequences } from "./producer/sequences.js";
import { hasUnfinishedBatches, newProducer, type Producer, sendsOf, withSends } from "./producer/state.js";
import type { ProducerTimer } from "./producer/timers.js";
import {
  continueTransaction,
  endMarkerBackoff,
  markerDueMs,
  onMarkersLost,
  onTransactionStep,
  onWriteTxnMarkersResponse,
  partitionsOf,
  restarted,
  transactionChannel,
  withTransaction,
} from "./producer/transaction.js";

export { type NewProducer, newProducer, type Producer } from "./producer/state.js";
export { type ProducerTimer, producerTimers } from "./producer/timers.js";

/** What reaches a producer. */
export type ProducerEvent =
  | MessageEvent
  | { readonly type: "timer"; readonly timer: ProducerTimer }
  /** The application sends values, one record each, one after the other. */
  | { readonly type: "send"; readonly partition: TopicPartition; readonly values: readonly string[] }
  | { readonly type: "transaction"; readonly step: "begin" | "commit" | "abort" }
  /** No more records are taken; what was taken is sent, or fails in its time. */
  | { readonly type: "close" }
  /** The process dies: its application is told nothing more. */
  | { readonly type: "crash" }
  /** A new process, whatever became of the old one. */
  | { readonly type: "restart"; readonly producerId: number };

/**
 * One step of a producer: handles the event, then does what the sender thread of Kafka does in one round: settle
 * sequences, begin a producer epoch that is due, send what may be sent, ask for metadata.
 *
 * Source: KafkaProducer, Sender.runOnce.
 */
export function stepProducer(
  producer: Producer,
  event: ProducerEvent,
  nowMs: number,
  rules: Rules,
  explains = true,
): { readonly producer: Producer; readonly effects: readonly Effect[] } {
  const outbox = new Outbox(explains);
  const context: StepContext = { nowMs, rules, outbox };
  const handled = handle(producer, event, context);
  const isAlive = handled.process === "running" || handled.process === "closing";
  return { producer: isAlive ? runOnce(handled, context) : handled, effects: outbox.effects };
}

function handle(producer: Producer, event: ProducerEvent, context: StepContext): Producer {
  if (event.type === "restart") return restarted(forgotten(producer, context), event.producerId, context);
  if (event.type === "send") return onSend(producer, event.partition, event.values, context);
  if (producer.process === "closed" || producer.process === "crashed") return producer;
  invariant(event.type !== "request", "nobody asks a producer for anything");
  switch (event.type) {
    case "transaction":
      return onTransactionStep(producer, event.step, context);
    case "close":
      return { ...producer, process: "closing" };
    case "crash":
      return { ...forgotten(producer, context), process: "crashed" };
    case "timer":
      return onTimer(producer, event.timer, context);
    case "response":
      return onResponse(producer, event.from, event.response, context);
    case "disconnected":
      if (event.channel === produceChannel && event.refused === true)
        return onProduceRefused(producer, Number(event.peer), context);
      return onDisconnected(producer, Number(event.peer), event.channel, context);
    default:
      return unreachable(event);
  }
}

function onResponse(producer: Producer, from: NodeName, response: Response, context: StepContext): Producer {
  switch (response.type) {
    case "ProduceResponse":
      return onProduceResponse(producer, Number(from), response, context);
    case "MetadataResponse": {
      const metadata = onMetadataResponse(producer, from, response, producer.settings, context);
      return { ...producer, metadata };
    }
    case "WriteTxnMarkersResponse":
      return onWriteTxnMarkersResponse(producer, response, context);
    default:
      invariant(false, () => `a producer does not ask for a ${response.type}`);
  }
}

function onDisconnected(producer: Producer, brokerId: BrokerId, channel: Channel, context: StepContext): Producer {
  switch (channel) {
    case produceChannel:
      return onProduceDisconnected(producer, brokerId, context);
    case transactionChannel:
      return onMarkersLost(producer, brokerId, context);
    default:
      return { ...producer, metadata: onMetadataFailed(producer.metadata, brokerId, producer.settings, context) };
  }
}

function onTimer(producer: Producer, timer: ProducerTimer, context: StepContext): Producer {
  const { metadata } = producer;
  switch (timer.name) {
    case "batch":
      return withFirstReady(producer, timer.partition);
    case "delivery":
      return onDeliveryTimeout(producer, timer.partition, context);
    case "request":
      return onRequestTimeout(producer, timer.brokerId, context);
    case "metadata":
      return { ...producer, metadata: endMetadataBackoff(metadata) };
    case "metadataRequest": {
      const { request } = metadata.refresh;
      if (request === null) return producer;
      context.outbox.disconnect(brokerName(request.brokerId), metadataChannel);
      return { ...producer, metadata: onMetadataFailed(metadata, request.brokerId, producer.settings, context) };
    }
    case "maxBlock":
      return expireBlocked(producer, context);
    case "marker":
      return endMarkerBackoff(producer, timer.partition);
    case "markerRequest":
      context.outbox.disconnect(brokerName(timer.brokerId), transactionChannel);
      return onMarkersLost(producer, timer.brokerId, context);
    default:
      return unreachable(timer);
  }
}

function withFirstReady(producer: Producer, partition: TopicPartition): Producer {
  const sends = sendsOf(producer, partition);
  const [first, ...rest] = sends.queue;
  if (first === undefined) return producer;
  return withSends(producer, sendsWith(sends, { queue: [batchWith(first, { notBeforeMs: null }), ...rest] }));
}

/** Source: Sender.runOnce. */
function runOnce(producer: Producer, context: StepContext): Producer {
  let current = bumpProducerEpoch(resolveSequences(producer), context);
  current = drain(unblock(current, context), context);
  current = continueTransaction(current, context);
  current = maybeClosed(current, context);
  const needsMetadata = waitsForLeader(current) || current.blocked.length > 0;
  const metadata = askForMetadata(needsMetadata ? wantMetadata(current.metadata) : current.metadata, context);
  return metadata === current.metadata ? current : producerWith(current, { metadata });
}

/** A closing producer aborts what was not committed, and ends when nothing is left to tell. Source: Sender.run. */
function maybeClosed(producer: Producer, context: StepContext): Producer {
  if (producer.process !== "closing" || hasUnfinishedBatches(producer) || producer.blocked.length > 0) return producer;
  const { transaction } = producer;
  if (transaction.state === "none") return { ...forgotten(producer, context), process: "closed" };
  if (transaction.state === "ending") return producer;
  const markers = transaction.partitions.map((partition) => ({
    partition,
    request: null,
    attempts: 0,
    notBeforeMs: null,
  }));
  const aborting = { state: "ending", outcome: "abort", markers, bumpsEpoch: false } as const;
  return continueTransaction(withTransaction(producer, aborting, context), context);
}

/** What is left of a producer without its process. Its connections close; the coordinator remembers its transaction. */
function forgotten(producer: Producer, { outbox }: StepContext): Producer {
  const { name, settings, producerId, producerEpoch, transaction, nextBatchId } = producer;
  const brokers = new Set(producer.requests.map(({ brokerId }) => brokerId));
  for (const brokerId of brokers) outbox.disconnect(brokerName(brokerId), produceChannel);
  const asked = producer.metadata.refresh.request;
  if (asked !== null) outbox.disconnect(brokerName(asked.brokerId), metadataChannel);
  for (const { brokerId } of markerDueMs(producer).timeouts) {
    outbox.disconnect(brokerName(brokerId), transactionChannel);
  }
  const { bootstrap } = producer.metadata;
  const left = partitionsOf(transaction).length === 0 ? ({ state: "none" } as const) : transaction;
  return {
    ...newProducer({ name, settings, producerId, bootstrap }),
    producerEpoch,
    transaction: left,
    nextBatchId,
  };
}
