import { invariant, unreachable } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import type { StepContext } from "../broker/context.js";
import type { DueTimer } from "../broker/event.js";
import { fact } from "../fact.js";
import { type BrokerId, brokerName, type NodeName, type TopicPartition } from "../ids.js";
import type { Response } from "../message.js";
import { type Channel, type Effect, type MessageEvent, Outbox } from "../step.js";
import { backoffMs, type RetryBackoff } from "./backoff.js";
import { askForPartitions, consumeChannel } from "./consumer/ask.js";
import { consumedWith, consumerWith } from "./consumer/copy.js";
import { onFetchResponse } from "./consumer/fetched.js";
import { backToLeader, moveTo } from "./consumer/reading.js";
import { onListOffsetsResponse } from "./consumer/reset.js";
import { type ConsumedPartition, type Consumer, positionAt, withPartition } from "./consumer/state.js";
import { onOffsetsForLeaderEpochResponse, validatePositions } from "./consumer/validation.js";
import { topicOfPartition, wantMetadata, withSilent, withTopic } from "./metadata-cache.js";
import {
  askForMetadata,
  endMetadataBackoff,
  metadataChannel,
  metadataDueMs,
  onMetadataFailed,
  onMetadataResponse,
} from "./metadata-refresh.js";

export { type Consumer, type NewConsumer, newConsumer } from "./consumer/state.js";

/** What reaches a consumer. */
export type ConsumerEvent =
  | MessageEvent
  | { readonly type: "timer"; readonly timer: ConsumerTimer }
  /** The application reads on from another offset. */
  | { readonly type: "seek"; readonly partition: TopicPartition; readonly offset: number };

/** A timer's event means "it is due": handlers do not compare its time again. */
export type ConsumerTimer =
  /** The first metadata request, or the end of the backoff before the next. */
  | { readonly name: "metadata" }
  | { readonly name: "metadataRequest" }
  /** The backoff after an error is over. */
  | { readonly name: "backoff"; readonly partition: TopicPartition }
  /** The oldest request for this partition has been unanswered for `request.timeout.ms`. */
  | { readonly name: "request"; readonly partition: TopicPartition }
  /** The leader is asked again where to read. */
  | { readonly name: "preferredReadReplica"; readonly partition: TopicPartition };

/** `retry.backoff.max.ms`, which nobody tunes on consumers here. */
const retryBackoffMaxMs = 1000;

/**
 * One step of a consumer whose application polls all the time: handles the event, then asks for what each partition needs.
 *
 * Source: KafkaConsumer.poll, Fetcher.
 */
export function stepConsumer(
  consumer: Consumer,
  event: ConsumerEvent,
  nowMs: number,
  rules: Rules,
  explains = true,
): { readonly consumer: Consumer; readonly effects: readonly Effect[] } {
  const outbox = new Outbox(explains);
  const context: StepContext = { nowMs, rules, outbox };
  const asked = askForPartitions(handle(consumer, event, context), context);
  const metadata = askForMetadata(asked.metadata, context);
  return { consumer: metadata === asked.metadata ? asked : consumerWith(asked, { metadata }), effects: outbox.effects };
}

function handle(consumer: Consumer, event: ConsumerEvent, context: StepContext): Consumer {
  invariant(event.type !== "request", "nobody asks a consumer for anything");
  switch (event.type) {
    case "timer":
      return onTimer(consumer, event.timer, context);
    case "seek":
      return onSeek(consumer, event.partition, event.offset, context);
    case "response":
      return onResponse(consumer, event.from, event.response, context);
    case "disconnected":
      return onDisconnected(consumer, Number(event.peer), event.channel, context);
    default:
      return unreachable(event);
  }
}

function onResponse(consumer: Consumer, from: NodeName, response: Response, context: StepContext): Consumer {
  if (response.type === "MetadataResponse") {
    const metadata = onMetadataResponse(consumer, from, response, backoffOf(consumer), context);
    return validatePositions({ ...consumer, metadata }, context);
  }
  invariant(
    response.type === "FetchResponse" ||
      response.type === "ListOffsetsResponse" ||
      response.type === "OffsetsForLeaderEpochResponse",
    () => `a consumer does not ask for a ${response.type}`,
  );
  const brokerId = Number(from);
  const before = partitionOf(consumer, response.partition);
  const request = before?.requests.find((candidate) => candidate.brokerId === brokerId);
  invariant(before && request, () => `broker ${from} answers what it was not asked`);
  const consumed = consumedWith(before, { requests: before.requests.filter((candidate) => candidate !== request) });
  const answered = withPartition(consumer, consumed);
  switch (response.type) {
    case "FetchResponse":
      return onFetchResponse(answered, consumed, brokerId, response, context);
    case "ListOffsetsResponse":
      return onListOffsetsResponse(answered, consumed, brokerId, response, context);
    case "OffsetsForLeaderEpochResponse":
      return onOffsetsForLeaderEpochResponse(answered, consumed, request, response, context);
  }
}

function partitionOf(consumer: Consumer, partition: TopicPartition): ConsumedPartition | undefined {
  return consumer.partitions.find((consumed) => consumed.partition === partition);
}

function onSeek(consumer: Consumer, partition: TopicPartition, offset: number, context: StepContext): Consumer {
  const consumed = partitionOf(consumer, partition);
  invariant(consumed !== undefined, () => `${consumer.name} does not read ${partition}`);
  const position = positionAt(consumer.metadata, partition, offset);
  const reason = { rule: "consumer.seek", numbers: {}, because: [] } as const;
  const found = moveTo(consumer, consumed, { state: "fetching", position }, reason, context);
  const metadata = withTopic(consumer.metadata, topicOfPartition(partition));
  return withPartition({ ...consumer, metadata }, { ...found, preferredReadReplica: null });
}

function onTimer(consumer: Consumer, timer: ConsumerTimer, context: StepContext): Consumer {
  const { metadata } = consumer;
  switch (timer.name) {
    case "metadata":
      return { ...consumer, metadata: endMetadataBackoff(metadata) };
    case "metadataRequest": {
      const { request } = metadata.refresh;
      if (request === null) return consumer;
      context.outbox.disconnect(brokerName(request.brokerId), metadataChannel);
      return { ...consumer, metadata: onMetadataFailed(metadata, request.brokerId, backoffOf(consumer), context) };
    }
    case "backoff":
    case "request":
    case "preferredReadReplica": {
      const consumed = partitionOf(consumer, timer.partition);
      return consumed === undefined ? consumer : onPartitionTimer(consumer, consumed, timer.name, context);
    }
    default:
      return unreachable(timer);
  }
}

function onPartitionTimer(
  consumer: Consumer,
  consumed: ConsumedPartition,
  name: "backoff" | "request" | "preferredReadReplica",
  context: StepContext,
): Consumer {
  switch (name) {
    case "backoff":
      return withPartition(consumer, { ...consumed, notBeforeMs: null });
    case "preferredReadReplica":
      return withPartition(consumer, backToLeader(consumer, consumed, [], context));
    case "request": {
      const oldest = consumed.requests[0];
      if (oldest === undefined) return consumer;
      context.outbox.disconnect(brokerName(oldest.brokerId), consumeChannel(consumed.partition));
      return onRequestsLost(consumer, consumed, oldest.brokerId, context);
    }
  }
}

function onDisconnected(consumer: Consumer, brokerId: BrokerId, channel: Channel, context: StepContext): Consumer {
  const consumed = consumer.partitions.find(({ partition }) => consumeChannel(partition) === channel);
  if (consumed !== undefined) return onRequestsLost(consumer, consumed, brokerId, context);
  return { ...consumer, metadata: onMetadataFailed(consumer.metadata, brokerId, backoffOf(consumer), context) };
}

/** The request to this broker gets no answer any more. Source: AbstractFetch.handleFetchFailure. */
function onRequestsLost(
  consumer: Consumer,
  consumed: ConsumedPartition,
  brokerId: BrokerId,
  context: StepContext,
): Consumer {
  const asking = { ...consumer, metadata: wantMetadata(withSilent(consumer.metadata, brokerId)) };
  const requests = consumed.requests.filter((request) => request.brokerId !== brokerId);
  const returned = backToLeader(consumer, { ...consumed, requests }, [fact.process(brokerId)], context);
  const waitMs = backoffMs(backoffOf(consumer), consumed.lostInARow, context.rules);
  // Further losses wait no longer, and a state that counts for ever never comes back.
  const lostInARow = Math.min(consumed.lostInARow + 1, 10);
  return withPartition(asking, { ...returned, notBeforeMs: context.nowMs + waitMs, lostInARow });
}

function backoffOf({ settings }: Consumer): RetryBackoff {
  return { retryBackoffMs: settings.retryBackoffMs, retryBackoffMaxMs };
}

/** Everything this consumer waits for that time brings. */
export function consumerTimers(consumer: Consumer): readonly DueTimer<ConsumerTimer>[] {
  const { settings, metadata } = consumer;
  const timers: DueTimer<ConsumerTimer>[] = [];
  const add = (timer: ConsumerTimer, dueMs: number | null | undefined): void => {
    if (dueMs !== null && dueMs !== undefined) timers.push({ timer, dueMs });
  };
  const { askMs, giveUpMs } = metadataDueMs(metadata, settings.requestTimeoutMs);
  add({ name: "metadata" }, askMs);
  add({ name: "metadataRequest" }, giveUpMs);
  for (const { partition, requests, notBeforeMs, preferredReadReplica } of consumer.partitions) {
    add({ name: "backoff", partition }, notBeforeMs);
    const oldest = requests[0];
    add({ name: "request", partition }, oldest === undefined ? null : oldest.sentAtMs + settings.requestTimeoutMs);
    add({ name: "preferredReadReplica", partition }, preferredReadReplica?.untilMs);
  }
  return timers;
}
