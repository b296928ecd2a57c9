import { type ProducerSettings, resolveProducerSettings } from "../../../lib/kafka/config.js";
import type { ErrorCode } from "../../../lib/kafka/errors.js";
import { defaultKafkaVersion, type Rules, rulesFor } from "../../../lib/kafka/versions.js";
import { withAnswer, withNamedLeader } from "../../../lib/protocol/client/metadata-cache.js";
import {
  newProducer,
  type Producer,
  type ProducerEvent,
  type ProducerTimer,
  producerTimers,
  stepProducer,
} from "../../../lib/protocol/client/producer.js";
import type { CurrentLeader, MetadataResponse, ProduceRequest, Request } from "../../../lib/protocol/message.js";
import type { Effect } from "../../../lib/protocol/step.js";

export const tp = "orders-0";

/** Settings as a user would write them, on top of Kafka's defaults. */
export function settingsOf(given: Readonly<Record<string, string | number | boolean>>, rules: Rules): ProducerSettings {
  const resolved = resolveProducerSettings(given, rules);
  if (!resolved.ok) throw new Error(resolved.message);
  return resolved.settings;
}

export function metadataOf(leader: number, leaderEpoch = 0, partitions = [tp]): MetadataResponse {
  return {
    type: "MetadataResponse",
    partitions: partitions.map((partition) => ({
      partition,
      topic: "orders",
      error: leader < 0 ? "LEADER_NOT_AVAILABLE" : "NONE",
      leader,
      leaderEpoch,
      replicas: [1, 2, 3],
      isr: [1, 2, 3],
    })),
    brokers: [1, 2, 3].map((brokerId) => ({ brokerId, rack: null })),
  };
}

export interface Sent {
  readonly to: string;
  readonly channel: string;
  readonly request: Request;
}

/** One producer whose brokers are played by the test: what it sends is listed, answers are given by hand. */
export class ProducerDriver {
  producer: Producer;
  nowMs = 0;
  readonly rules: Rules;
  /** Everything sent and not looked at yet. */
  sent: Sent[] = [];
  /** `a acked@0`, `b failed REQUEST_TIMED_OUT unknown`, in order. */
  outcomes: string[] = [];
  effects: Effect[] = [];

  constructor(
    given: Readonly<Record<string, string | number | boolean>> = {},
    { rules = rulesFor(defaultKafkaVersion), metadata = metadataOf(1) as MetadataResponse | null } = {},
  ) {
    this.rules = rules;
    const settings = settingsOf({ "linger.ms": 0, ...given }, rules);
    const fresh = newProducer({ name: "p", settings, producerId: 7, bootstrap: [1, 2, 3] });
    this.producer = metadata === null ? fresh : { ...fresh, metadata: withAnswer(fresh.metadata, metadata) };
  }

  step(event: ProducerEvent): this {
    const { producer, effects } = stepProducer(this.producer, event, this.nowMs, this.rules);
    this.producer = producer;
    this.effects.push(...effects);
    for (const effect of effects) {
      if (effect.type === "request") this.sent.push(effect);
      if (effect.type !== "outcome") continue;
      const { value, outcome } = effect;
      this.outcomes.push(
        outcome.result === "acked"
          ? `${value} acked@${outcome.offset}`
          : `${value} failed ${outcome.error} ${outcome.written}`,
      );
    }
    return this;
  }

  send(...values: string[]): this {
    return this.step({ type: "send", partition: tp, values });
  }

  answer(
    brokerId: number,
    { error = "NONE" as ErrorCode, baseOffset = -1, currentLeader = null as CurrentLeader | null, partition = tp } = {},
  ): this {
    return this.step({
      type: "response",
      from: String(brokerId),
      channel: "produce",
      response: { type: "ProduceResponse", partition, error, baseOffset, logStartOffset: 0, currentLeader },
    });
  }

  disconnect(brokerId: number, channel = "produce"): this {
    return this.step({ type: "disconnected", peer: String(brokerId), channel });
  }

  fire(timer: ProducerTimer): this {
    return this.step({ type: "timer", timer });
  }

  /** Lets time pass; timers fire when they are due, the earliest first. Metadata requests get no answer. */
  advanceTo(nowMs: number): this {
    for (;;) {
      const due = [...producerTimers(this.producer)].sort((a, b) => a.dueMs - b.dueMs)[0];
      if (due === undefined || due.dueMs > nowMs) break;
      this.nowMs = Math.max(this.nowMs, due.dueMs);
      this.fire(due.timer);
    }
    this.nowMs = nowMs;
    return this;
  }

  /** The producer hears of another leader, as a metadata answer would tell it. */
  hearsOfLeader(leader: number, leaderEpoch: number): this {
    const metadata = withNamedLeader(this.producer.metadata, tp, { leader, leaderEpoch });
    this.producer = { ...this.producer, metadata };
    return this;
  }

  /** Produce requests since the last look: `1:a`, with sequence `1:0/3 a b` (broker:epoch/sequence values). */
  produced(): string[] {
    const requests = this.sent.flatMap(({ to, request }) =>
      request.type === "ProduceRequest" ? [{ to, request }] : [],
    );
    this.sent = this.sent.filter(({ request }) => request.type !== "ProduceRequest");
    return requests.map(({ to, request }) => `${to}:${stampOf(request)}${valuesOf(request)}`);
  }

  /** Types of everything else that was sent since the last look. */
  asked(): string[] {
    const others = this.sent.map(({ to, request }) => `${to}:${request.type}`);
    this.sent = [];
    return others;
  }

  told(): string[] {
    const { outcomes } = this;
    this.outcomes = [];
    return outcomes;
  }

  queued(): string[] {
    return this.producer.partitions.flatMap(({ queue }) =>
      queue.map((batch) => `${batch.sequence?.first ?? "-"} ${batch.records.map(({ value }) => value).join(" ")}`),
    );
  }
}

function stampOf({ producer }: ProduceRequest): string {
  return producer === null ? "" : `${producer.producerEpoch}/${producer.sequence} `;
}

function valuesOf({ records }: ProduceRequest): string {
  return records.map(({ value }) => value).join(" ");
}
