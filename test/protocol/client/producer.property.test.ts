import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { producerTimers } from "../../../lib/protocol/client/producer.js";
import { appendAsLeader } from "../../../lib/protocol/log/append.js";
import { emptyLog, logEndOffset, recordsBetween } from "../../../lib/protocol/log/log.js";
import { checkProducerBatch } from "../../../lib/protocol/log/producer-state.js";
import type { ProduceRequest, ProduceResponse } from "../../../lib/protocol/message.js";
import { metadataOf, ProducerDriver, tp } from "./producer-driver.js";

type Move =
  | { readonly move: "send"; readonly count: number }
  | { readonly move: "serve"; readonly refuse: boolean }
  | { readonly move: "answer" }
  | { readonly move: "disconnect" }
  | { readonly move: "fire"; readonly which: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ move: fc.constant("send" as const), count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 4, arbitrary: fc.record({ move: fc.constant("serve" as const), refuse: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ move: fc.constant("answer" as const) }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant("disconnect" as const) }) },
  { weight: 3, arbitrary: fc.record({ move: fc.constant("fire" as const), which: fc.nat(9) }) },
);

/** A producer and one broker with a real log, connected by one connection that keeps its order and may be lost. */
class Pair {
  readonly p: ProducerDriver;
  log = emptyLog();
  requests: ProduceRequest[] = [];
  responses: ProduceResponse[] = [];
  sends = 0;

  constructor(settings: Readonly<Record<string, string | number | boolean>>) {
    this.p = new ProducerDriver(settings);
  }

  /** The broker knows the producer: of one it does not know it takes any sequence, and order is not promised yet. */
  introduced(): this {
    this.apply({ move: "send", count: 1 }, () => true);
    this.fire(0, (name) => name === "batch");
    this.collect();
    this.serve(false);
    this.answer();
    return this;
  }

  apply(step: Move, allowed: (name: string) => boolean): void {
    switch (step.move) {
      case "send":
        this.p.send(...Array.from({ length: step.count }, () => `v${this.sends++}`));
        break;
      case "serve":
        this.serve(step.refuse);
        break;
      case "answer":
        this.answer();
        break;
      case "disconnect":
        this.requests = [];
        this.responses = [];
        this.p.disconnect(1);
        break;
      case "fire":
        this.fire(step.which, allowed);
    }
    this.collect();
  }

  /** Everything is delivered, nothing is lost any more; what cannot be delivered runs out of time. */
  finish(): void {
    this.deliverAll();
    while (producerTimers(this.p.producer).some(({ timer }) => timer.name === "delivery")) {
      this.fire(0, (name) => name === "delivery");
      this.collect();
      this.deliverAll();
    }
  }

  private deliverAll(): void {
    for (let round = 0; round < 100; round++) {
      this.serve(false);
      this.answer();
      this.collect();
      if (this.requests.length + this.responses.length === 0) this.fire(0, (name) => name !== "delivery");
      this.collect();
    }
  }

  private serve(refuse: boolean): void {
    const [request, ...rest] = this.requests;
    if (request === undefined) return;
    this.requests = rest;
    const answer = (error: ProduceResponse["error"], baseOffset: number): void => {
      const response = { type: "ProduceResponse", partition: tp, error, baseOffset } as const;
      this.responses.push({ ...response, logStartOffset: 0, currentLeader: null });
    };
    if (refuse) return answer("NOT_ENOUGH_REPLICAS", -1);
    const verdict = checkProducerBatch(this.log, request);
    if (verdict.verdict === "error") return answer(verdict.error, -1);
    if (verdict.verdict === "duplicate") return answer("NONE", verdict.baseOffset);
    const { log, baseOffset } = appendAsLeader(this.log, request, 0);
    this.log = log;
    answer("NONE", baseOffset);
  }

  private answer(): void {
    const [response, ...rest] = this.responses;
    if (response === undefined) return;
    this.responses = rest;
    this.p.step({ type: "response", from: "1", channel: "produce", response });
  }

  private fire(which: number, allowed: (name: string) => boolean): void {
    const due = producerTimers(this.p.producer).filter(({ timer }) => allowed(timer.name));
    const chosen = due[which % Math.max(1, due.length)];
    if (chosen !== undefined) this.p.fire(chosen.timer);
  }

  private collect(): void {
    for (const effect of this.p.effects) {
      if (effect.type === "disconnect" && effect.channel === "produce") {
        this.requests = [];
        this.responses = [];
      }
      if (effect.type !== "request") continue;
      if (effect.request.type === "ProduceRequest") this.requests.push(effect.request);
      if (effect.request.type === "MetadataRequest") this.metadata.push(effect.to);
    }
    this.p.effects = [];
    for (const from of this.metadata.splice(0)) {
      this.p.step({ type: "response", from, channel: "metadata", response: metadataOf(1) });
      this.collect();
    }
  }

  private readonly metadata: string[] = [];

  values(): string[] {
    return recordsBetween(this.log, 0, logEndOffset(this.log)).map(({ value }) => value);
  }
}

const settings = fc.constantFrom(
  { "max.in.flight.requests.per.connection": 5, "linger.ms": 0 },
  { "max.in.flight.requests.per.connection": 2, "linger.ms": 5 },
  { "max.in.flight.requests.per.connection": 1, "linger.ms": 0 },
);

describe("a producer on a lossy connection", () => {
  it("tells each record's end exactly once, and tells the truth", () => {
    fc.assert(
      fc.property(settings, fc.boolean(), fc.array(move, { maxLength: 60 }), (given, idempotent, moves) => {
        const pair = new Pair({ ...given, "enable.idempotence": idempotent }).introduced();
        for (const step of moves) pair.apply(step, () => true);
        pair.finish();
        const values = pair.values();
        const told = pair.p.told();
        expect(told.map((line) => line.split(" ")[0]).sort()).toEqual(
          Array.from({ length: pair.sends }, (_, index) => `v${index}`).sort(),
        );
        for (const line of told) {
          const [value = "", result = "", , written] = line.split(/ |@/);
          if (result === "acked") expect(values).toContain(value);
          if (written === "no") expect(values).not.toContain(value);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("with idempotence and time enough, writes each record once and in order", () => {
    fc.assert(
      fc.property(settings, fc.array(move, { maxLength: 80 }), (given, moves) => {
        const pair = new Pair(given).introduced();
        for (const step of moves) pair.apply(step, (name) => name !== "delivery");
        pair.finish();
        expect(pair.values()).toEqual(Array.from({ length: pair.sends }, (_, index) => `v${index}`));
        expect(pair.p.told().every((line) => line.includes("acked"))).toBe(true);
        expect(pair.p.producer.producerEpoch).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it("even with idempotence, the first batch can be overtaken while the broker does not know the producer", () => {
    const pair = new Pair({ "linger.ms": 0 });
    const moves: readonly Move[] = [
      { move: "send", count: 2 },
      { move: "serve", refuse: true },
      { move: "serve", refuse: false },
      { move: "answer" },
      { move: "answer" },
      { move: "fire", which: 0 },
      { move: "serve", refuse: false },
    ];
    for (const step of moves) pair.apply(step, (name) => name === "batch");
    expect(pair.values()).toEqual(["v1"]);
    expect(pair.responses).toMatchObject([{ error: "OUT_OF_ORDER_SEQUENCE_NUMBER" }]);
  });

  it.each([
    ["duplicates", (values: string[]) => new Set(values).size === values.length],
    ["reorders", (values: string[]) => [...new Set(values)].every((value, index) => value === `v${index}`)],
  ])("without idempotence it %s", (_name, holds) => {
    const found = fc.check(
      fc.property(fc.array(move, { maxLength: 40 }), (moves) => {
        const pair = new Pair({ "enable.idempotence": false });
        for (const step of moves) pair.apply(step, (name) => name !== "delivery");
        pair.finish();
        return holds(pair.values());
      }),
      { numRuns: 2000, seed: 98 },
    );
    expect(found.failed).toBe(true);
  });

  it("after a delivery timeout it may skip records, but never writes one twice", () => {
    fc.assert(
      fc.property(settings, fc.array(move, { maxLength: 80 }), (given, moves) => {
        const pair = new Pair(given).introduced();
        for (const step of moves) pair.apply(step, () => true);
        pair.finish();
        const values = pair.values();
        const told = pair.p.told();
        const expired = told.filter((line) => line.includes("failed")).map((line) => line.split(" ")[0]);
        const twice = values.filter((value, index) => values.indexOf(value) !== index);
        // A new producer epoch makes the broker forget what it had; only batches renumbered by it can be there twice.
        if (pair.p.producer.producerEpoch === 0) expect(twice).toEqual([]);
        const kept = values.filter((value) => !expired.includes(value));
        if (pair.p.producer.producerEpoch === 0) {
          expect(kept).toEqual([...kept].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))));
        }
      }),
      { numRuns: 300 },
    );
  });
});
