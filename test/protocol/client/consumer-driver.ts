import { resolveConsumerSettings } from "../../../lib/kafka/config.js";
import { defaultKafkaVersion, type Rules, rulesFor } from "../../../lib/kafka/versions.js";
import {
  type Consumer,
  type ConsumerEvent,
  type ConsumerTimer,
  consumerTimers,
  newConsumer,
  stepConsumer,
} from "../../../lib/protocol/client/consumer.js";
import type { LogRecord } from "../../../lib/protocol/log/record.js";
import type {
  FetchRequest,
  FetchResponse,
  ListOffsetsResponse,
  OffsetsForLeaderEpochResponse,
  Request,
  Response,
} from "../../../lib/protocol/message.js";
import type { Effect } from "../../../lib/protocol/step.js";
import { metadataOf, tp } from "./producer-driver.js";

/** One consumer of `orders-0` whose brokers are played by the test. */
export class ConsumerDriver {
  consumer: Consumer;
  nowMs = 0;
  readonly rules: Rules;
  readonly effects: Effect[] = [];
  #sent: { to: string; request: Request }[] = [];

  constructor(given: Readonly<Record<string, string | number>> = {}, { rules = rulesFor(defaultKafkaVersion) } = {}) {
    this.rules = rules;
    const resolved = resolveConsumerSettings(given, rules);
    if (!resolved.ok) throw new Error(resolved.message);
    this.consumer = newConsumer({ name: "c", settings: resolved.settings, partitions: [tp], bootstrap: [1, 2, 3] });
  }

  step(event: ConsumerEvent): this {
    const { consumer, effects } = stepConsumer(this.consumer, event, this.nowMs, this.rules);
    this.consumer = consumer;
    this.effects.push(...effects);
    for (const effect of effects) if (effect.type === "request") this.#sent.push(effect);
    return this;
  }

  fire(timer: ConsumerTimer): this {
    return this.step({ type: "timer", timer });
  }

  advanceTo(nowMs: number): this {
    for (;;) {
      const due = [...consumerTimers(this.consumer)].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined || due.dueMs > nowMs) break;
      this.nowMs = Math.max(this.nowMs, due.dueMs);
      this.fire(due.timer);
    }
    this.nowMs = nowMs;
    return this;
  }

  respond(brokerId: number, response: Response, channel = `consume:${tp}`): this {
    return this.step({ type: "response", from: String(brokerId), channel, response });
  }

  /** Answers the metadata request that is out. */
  metadata(leader: number, leaderEpoch: number): this {
    const asked = this.consumer.metadata.refresh.request?.brokerId ?? 0;
    return this.respond(asked, metadataOf(leader, leaderEpoch), "metadata");
  }

  offsets(brokerId: number, answer: Partial<ListOffsetsResponse>): this {
    return this.respond(brokerId, {
      type: "ListOffsetsResponse",
      partition: tp,
      error: "NONE",
      offset: -1,
      leaderEpoch: -1,
      ...answer,
    });
  }

  epochEnd(brokerId: number, endOffset: OffsetsForLeaderEpochResponse["endOffset"]): this {
    return this.respond(brokerId, {
      type: "OffsetsForLeaderEpochResponse",
      partition: tp,
      error: "NONE",
      endOffset,
    });
  }

  fetched(brokerId: number, answer: Partial<FetchResponse>): this {
    return this.respond(brokerId, {
      type: "FetchResponse",
      partition: tp,
      error: "NONE",
      fetchOffset: this.position ?? 0,
      records: [],
      highWatermark: -1,
      lastStableOffset: -1,
      logStartOffset: 0,
      divergingEpoch: null,
      currentLeader: null,
      preferredReadReplica: null,
      abortedTransactions: [],
      ...answer,
    });
  }

  get position(): number | null {
    const reading = this.consumer.partitions[0]?.reading;
    return reading === undefined || reading.state === "resetting" ? null : (reading.position?.offset ?? null);
  }

  get state(): string {
    return this.consumer.partitions[0]?.reading.state ?? "none";
  }

  /** Requests since the last look: `1:fetch 10 e5`, `1:latest`, `1:earliest`, `2:epoch 5 e7`, `1:metadata`. */
  asked(): string[] {
    const sent = this.#sent.map(({ to, request }) => `${to}:${askedText(request)}`);
    this.#sent = [];
    return sent;
  }

  get lastFetch(): FetchRequest | undefined {
    const fetch = this.effects.findLast(
      (effect) => effect.type === "request" && effect.request.type === "FetchRequest",
    );
    return fetch?.type === "request" && fetch.request.type === "FetchRequest" ? fetch.request : undefined;
  }

  /** What the application has been given so far. */
  consumed(): string[] {
    return this.effects.flatMap((effect) =>
      effect.type === "consumed" ? effect.records.map(({ offset, value }) => `${value}@${offset}`) : [],
    );
  }

  errors(): unknown[] {
    return this.effects.flatMap((effect) =>
      effect.type === "change" && effect.change.fact.startsWith("consumer-error/") ? [effect.change.to] : [],
    );
  }
}

function askedText(request: Request): string {
  switch (request.type) {
    case "FetchRequest":
      return `fetch ${request.fetchOffset} e${request.currentLeaderEpoch}`;
    case "ListOffsetsRequest":
      return String(request.target);
    case "OffsetsForLeaderEpochRequest":
      return `epoch ${request.leaderEpoch} e${request.currentLeaderEpoch}`;
    default:
      return "metadata";
  }
}

export function records(leaderEpoch: number, ...values: string[]): LogRecord[] {
  return values.map((value) => ({
    value,
    leaderEpoch,
    timestampMs: 0,
    producer: null,
    kind: "data",
    startsBatch: true,
  }));
}
