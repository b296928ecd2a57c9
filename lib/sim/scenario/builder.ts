import { becauseOf } from "../because.js";
import { factAsked, parseWhyQuery, stepAsked } from "../because-question.js";
import { formatBecause } from "../because-text.js";
import { type LedgerEntry, ledger } from "../ledger.js";
import type { TraceEntry } from "../trace.js";
import { traceLine } from "../trace-text.js";
import type { World } from "../world.js";
import { formatValue } from "./action-text.js";
import { headOf, type Keys, type ScenarioOptions, statement } from "./builder-head.js";
import { type Delivery, deliverOnce, settleProduces } from "./deliver-once.js";
import { ScenarioError, Session } from "./session.js";

/** A node or several. */
export type Nodes = number | string | readonly (number | string)[];

/** Milliseconds, or `"500ms"`, `"20s"`, `"2m"`. */
export type Time = number | string;

/**
 * A cluster to play with. Time stands still until `run` or `at` lets it pass.
 *
 * ```ts
 * const cluster = scenario({ brokers: 3, minInsyncReplicas: 2, seed: 7 });
 * cluster.produce("a").deliver("fetch", { from: 2 });
 * ```
 */
export function scenario(options: ScenarioOptions = {}): Cluster {
  const session = new Session();
  for (const line of headOf(options)) session.setUp(line);
  return new Cluster(session);
}

/**
 * A simulated cluster that does what it is told, verb by verb, and writes each verb down: `text` is the scenario so far,
 * and running that text gives the same steps. Verbs change the cluster and return it; `fork` gives one that goes its own
 * way. A verb that cannot be throws a {@link ScenarioError} that says why.
 */
export class Cluster {
  constructor(private readonly session: Session) {}

  // What is set up, before the first verb.

  topic(name: string, keys: Keys = {}): this {
    return this.setUp(statement("topic", name, Object.entries(keys)));
  }

  producer(name: string, keys: Keys = {}): this {
    return this.setUp(statement("producer", name, Object.entries({ "linger.ms": 0, ...keys })));
  }

  consumer(name: string, keys: Keys = {}): this {
    return this.setUp(statement("consumer", name, Object.entries(keys)));
  }

  // Time.

  /** Lets everything happen that is due up to this time. */
  at(time: Time): this {
    this.session.advanceTo(milliseconds(time));
    return this;
  }

  /** Lets so much time pass. */
  run(time: Time): this {
    return this.at(this.nowMs + milliseconds(time));
  }

  // Applications, and messages by hand.

  /** The application hands values to the producer. */
  send(...values: readonly string[]): this {
    return this.step(`${this.firstProducer()} send ${values.map(formatValue).join(" ")}`);
  }

  /**
   * Sends values and lets the leader append them. Nobody else has them yet, and no answer has arrived. What was sent
   * before comes to its end first.
   */
  produce(...values: readonly string[]): this {
    settleProduces(this.world, this.firstProducer(), (text) => this.step(text).world);
    return this.send(...values).deliver("produce", { from: this.firstProducer(), until: "request" });
  }

  /**
   * Lets one round of messages of this kind happen, ahead of their time: the request arrives, and so does its answer
   * unless it has to wait (a long poll, an acks=all produce). `deliver("fetch", { from: 2 })` ends when broker 2 has its
   * answer; `deliver("metadata", { from: 2 })` lets broker 2 read the next batch of the metadata log.
   */
  deliver(kind: string, delivery: Delivery = {}): this {
    deliverOnce(this.world, kind, delivery, (text) => this.step(text).world);
    return this;
  }

  // Any step in its own words, and the most used ones as verbs.

  /** Any step of the scenario language: `step("fire 1 isr-expiration")`, `step("cut 2 > 1")`. */
  step(text: string): this {
    this.session.step(text);
    return this;
  }

  /** `kill -9`; with `keeping`, a power failure that keeps the log only so far. */
  crash(broker: number, keeping?: Readonly<Record<string, number>> | "flushed"): this {
    if (keeping === undefined) return this.step(`crash ${broker}`);
    const ends = keeping === "flushed" ? [keeping] : Object.entries(keeping).map(([name, end]) => `${name}=${end}`);
    return this.step(`crash ${broker} keeping ${ends.join(" ")}`);
  }

  start(broker: number): this {
    return this.step(`start ${broker}`);
  }

  /** An empty disk in place of the broker's. */
  wipe(broker: number): this {
    return this.step(`wipe ${broker}`);
  }

  shutdown(broker: number): this {
    return this.step(`shutdown ${broker}`);
  }

  pause(node: number | string): this {
    return this.step(`pause ${node}`);
  }

  resume(node: number | string): this {
    return this.step(`resume ${node}`);
  }

  /** Nothing passes between these nodes and `from` (default: everybody else), in either direction. */
  isolate(nodes: Nodes, from: Nodes = []): this {
    return this.step(`isolate ${words(nodes)}${fromWords(from)}`);
  }

  /** Without arguments everything that is cut. */
  heal(nodes: Nodes = [], from: Nodes = []): this {
    return this.step(`heal ${words(nodes)}${fromWords(from)}`.trim());
  }

  /** `null` makes the link as fast as the rest again. */
  slow(from: number | string, to: number | string, delayMs: number | null): this {
    return this.step(`slow ${from} > ${to} ${delayMs === null ? "off" : `by ${delayMs}ms`}`);
  }

  /** Changes a topic's configuration; `null` deletes a key. */
  config(topic: string, changes: Readonly<Record<string, string | number | boolean | null>>): this {
    const settings = Object.entries(changes).map(([key, value]) => (value === null ? `-${key}` : `${key}=${value}`));
    return this.step(`config ${topic} ${settings.join(" ")}`);
  }

  /** Without partitions: all of them. */
  elect(election: "preferred" | "unclean", ...partitions: readonly string[]): this {
    return this.step(`elect ${election} ${partitions.length === 0 ? "all" : partitions.join(" ")}`);
  }

  reassign(partition: string, replicas: readonly number[]): this {
    return this.step(`reassign ${partition} to ${replicas.join(",")}`);
  }

  /** Throws unless it holds: `expect("leader=2 isr=2,3")`, `expect("ledger d=acked-lost")`. */
  expect(claims: string): this {
    return this.step(`expect ${claims}`);
  }

  /** Runs a command line of Kafka's tools and returns what it prints. */
  shell(command: string): string {
    this.step(`$ ${command}`);
    return this.session.lastOutput;
  }

  // What there is to see.

  /** What a subject of `expect` is worth now: `value("leader")`, `value("metric(1/UnderReplicatedPartitions)")`. */
  value(subject: string): string {
    return this.session.valueOf(subject);
  }

  /** What `kafka-topics --describe` prints now. Leaves no line in `text`. */
  describe(): string {
    return this.fork().shell("kafka-topics --describe");
  }

  get world(): World {
    return this.session.world;
  }

  get nowMs(): number {
    return this.session.nowMs;
  }

  /** Every step so far, with the world after it. */
  get entries(): readonly TraceEntry[] {
    return this.session.entries;
  }

  /** The scenario so far: run it, and the same happens. */
  get text(): string {
    return this.session.text;
  }

  /** One hash for every step so far. */
  get hash(): string {
    return this.session.hash;
  }

  /** One line a step; with `all`, quiet ones too. */
  trace(options: { readonly all?: boolean } = {}): string {
    const { entries, start } = this.session;
    const lines = entries.flatMap((entry, index) => {
      const before = entries[index - 1]?.world ?? start;
      return traceLine(before, entry, { all: options.all === true }) ?? [];
    });
    return lines.map((line) => `${line.trimEnd()}\n`).join("");
  }

  /** What became of each record that was sent. */
  ledger(): readonly LedgerEntry[] {
    return ledger(this.world);
  }

  /**
   * The causes of a value, as sentences: `why("hw(1)")`, `why("leader@20s")`. With a depth only so many steps back: 1 tells
   * the change itself and what led to it at once.
   */
  why(question: string, options: { readonly depth?: number } = {}): string {
    const { entries, start, scenario: written } = this.session;
    const parsed = parseWhyQuery(question);
    if (!parsed.ok) throw new ScenarioError(parsed.message);
    const step = stepAsked(entries, parsed.query);
    const asked = factAsked(entries[step]?.world ?? start, parsed.query);
    if ("message" in asked) throw new ScenarioError(asked.message);
    const because = becauseOf(entries, asked.fact, step);
    if (because === null) return "Nothing has changed it: it is as the cluster was set up.\n";
    return formatBecause(written, start, because, options.depth);
  }

  /** A cluster that goes on from here by itself. */
  fork(): Cluster {
    return new Cluster(this.session.fork());
  }

  private setUp(line: string): this {
    this.session.setUp(line);
    return this;
  }

  private firstProducer(): string {
    const [producer] = this.session.names.producers;
    if (producer === undefined) throw new ScenarioError("there is no producer to send with");
    return producer;
  }
}

function words(nodes: Nodes): string {
  return typeof nodes === "object" ? nodes.join(" ") : String(nodes);
}

function fromWords(from: Nodes): string {
  const named = words(from);
  return named === "" ? "" : ` from ${named}`;
}

function milliseconds(time: Time): number {
  if (typeof time === "number" && Number.isSafeInteger(time) && time >= 0) return time;
  const match = /^(\d{1,11})(ms|s|m)$/.exec(String(time));
  if (match === null) throw new ScenarioError(`${time} is not a time: give whole milliseconds, or "50ms", "20s", "2m"`);
  return Number(match[1]) * (match[2] === "s" ? 1000 : match[2] === "m" ? 60_000 : 1);
}
