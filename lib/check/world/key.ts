import type { Fingerprint } from "../../core/fingerprint.js";
import { Fingerprinter } from "../../core/fingerprint.js";
import type { Broker } from "../../protocol/broker/state.js";
import type { Consumer } from "../../protocol/client/consumer.js";
import type { Producer } from "../../protocol/client/producer.js";
import type { Controller } from "../../protocol/controller/state.js";
import { registrationOf } from "../../protocol/metadata/image.js";
import type { Connection } from "../../sim/network.js";
import type { World } from "../../sim/world.js";

/**
 * What is left out of a world's key because nothing in a search can tell it: settings (the same in all worlds of one
 * search), meters, and numbers that only tell things apart in time.
 */
const leftOut: ReadonlySet<string> = new Set([
  "settings",
  "meters",
  "staticConfigs",
  "topicDefaults",
  "features",
  // Only whether a broker is the process that the controller registered matters: `#broker` says so.
  "incarnationId",
  // How often something was tried only decides how long the next try waits.
  "failedAttempts",
  "equivalentResponses",
  // Numbers of batches are only compared for equality, and each stands beside the values it names.
  "nextBatchId",
  "batchId",
  // Only an orderly shutdown compares it: `#sessions` says so.
  "metadataOffset",
  // A node's image is absorbed by `#broker` and `#client`: most are the controller's.
  "metadata",
  // How far images and batches of metadata are apart is all that matters: `#broker` and `#controller` say so.
  "nextOffset",
  "baseOffset",
  "appendedAtMs",
  "controlledShutdownOffset",
  // Only a power failure reads it: `#broker` absorbs it while there may be one.
  "flushedEndOffset",
]);

/**
 * Epochs of a broker's registrations and of a partition's changes are only ever compared with others of the same broker or
 * partition, and a new one is larger than all before. So their order is absorbed, and not how many there were.
 */
const comparedEpochs: Readonly<Record<string, "broker" | "partition">> = {
  brokerEpoch: "broker",
  previousBrokerEpoch: "broker",
  cleanShutdownBrokerEpoch: "broker",
  partitionEpoch: "partition",
};

/** Names of times end in `Ms`. A search has no clock: of a time it knows whether it is some time, long ago, or never. */
const timeSuffix = "Ms";

/** How a field is treated, by its name. */
interface Field {
  /** Stands for the name: spelling each out would be most of the work. */
  readonly name: number;
  readonly isLeftOut: boolean;
  readonly isTime: boolean;
  readonly epochOf: "broker" | "partition" | null;
}

/** A part of a world: its fingerprint, and the epochs in it that are compared, as pairs of owner and epoch. */
interface Part extends Fingerprint {
  readonly epochs: readonly number[];
}

/** Far from any number in a world. */
const [nothing, yes, no] = [-1_000_003, -1_000_002, -1_000_001];

/** Objects nested deeper than this are folded each time: looking them up would cost more than folding their few numbers. */
const rememberedDepth = 4;

/**
 * Absorbs all of a world that matters to what can happen next or to what is asked of it. Parts that many worlds share are
 * fingerprinted once: states are immutable, so an object stands for its content.
 */
export class WorldKey {
  readonly #known = new WeakMap<object, Part>();
  readonly #folds: Fingerprinter[] = [];
  readonly #fields = new Map<string, Field>();
  readonly #partitions = new Map<string, number>();
  /** Epochs of the part at hand. */
  #epochs: number[] = [];

  /** @param tailsMayBeLost a power failure may still happen */
  absorb(world: World, into: Fingerprinter, tailsMayBeLost = true): void {
    this.#epochs = [];
    for (const broker of world.brokers) this.#broker(broker, world.controller, tailsMayBeLost, into);
    this.#controller(world.controller, world.brokers, into);
    for (const client of world.producers) this.#client(client, into);
    for (const client of world.consumers) this.#client(client, into);
    const { connections, cuts } = world.network;
    into.integer(connections.length);
    const sorted = connections.length < 2 ? connections : [...connections].sort(byEnds);
    for (const connection of sorted) this.#connection(connection, into);
    if (cuts.length > 0) this.#part(cuts, into, 0);
    if (world.conditions.paused.length > 0) this.#part(world.conditions.paused, into, 0);
    this.#part(world.history, into, 0);
    absorbOrder(this.#epochs, into);
  }

  /** The fingerprint of one part of a world by itself. */
  of(part: object): Fingerprint {
    return this.#fingerprint(part, 0, false);
  }

  /**
   * A broker that has read everything has the controller's image: only one that lags has one to tell apart. A process that
   * is down, or has not read anything yet, has none.
   */
  #broker(broker: Broker, { image }: Controller, tailsMayBeLost: boolean, into: Fingerprinter): void {
    const { brokerId, process, incarnationId, replicas, metadata } = broker;
    this.#part(broker, into, 0);
    if (tailsMayBeLost) for (const { flushedEndOffset } of replicas) into.integer(flushedEndOffset);
    if (process === "down") return;
    into.integer(registrationOf(image, brokerId)?.incarnationId === incarnationId ? yes : no);
    const lag = metadata.nextOffset === 0 ? nothing : image.nextOffset - metadata.nextOffset;
    into.integer(lag);
    if (lag !== 0 && lag !== nothing) this.#part(metadata, into, 0);
  }

  /** Of each partition a client only uses who leads it. */
  #client(client: Producer | Consumer, into: Fingerprinter): void {
    const { brokers, partitions, refresh } = client.metadata;
    this.#part(client, into, 0);
    this.#part(refresh, into, 0);
    into.integer(brokers.length);
    for (const { brokerId } of brokers) into.integer(brokerId);
    into.integer(partitions.length);
    for (const { leader, leaderEpoch } of partitions) {
      into.integer(leader);
      into.integer(leaderEpoch);
    }
  }

  /** Envelopes are numbered in the order in which they were sent; the order on their connection is all that matters. */
  #connection({ client, server, channel, requests, returning, serving }: Connection, into: Fingerprinter): void {
    into.text(client);
    into.text(server);
    into.text(channel);
    into.integer(serving ? yes : no);
    into.integer(requests.length);
    for (const { body } of requests) this.#part(body, into, 1);
    into.integer(returning.length);
    for (const { body } of returning) this.#part(body, into, 1);
  }

  /** Of the metadata log only what some running broker has yet to read; the rest is in the images. */
  #controller(controller: Controller, brokers: readonly Broker[], into: Fingerprinter): void {
    this.#part(controller.image, into, 0);
    this.#sessions(controller, into);
    this.#part(controller.metrics, into, 0);
    let unread = controller.image.nextOffset;
    for (const { process, metadata } of brokers)
      if (process === "running" && metadata.nextOffset > 0) unread = Math.min(unread, metadata.nextOffset);
    for (let index = controller.log.length - 1; index >= 0; index--) {
      const batch = controller.log[index];
      if (batch === undefined || batch.baseOffset < unread) break;
      this.#part(batch, into, 0);
    }
  }

  /**
   * How far each broker has read when it last said so matters while another one waits for all to have read that it leaves.
   * A later one waits for an offset that nobody has reached yet.
   */
  #sessions({ sessions, image }: Controller, into: Fingerprinter): void {
    this.#part(sessions, into, 0);
    if (sessions.every(({ controlledShutdownOffset }) => controlledShutdownOffset === null)) return;
    for (const { metadataOffset, controlledShutdownOffset } of sessions) {
      into.integer(image.nextOffset - metadataOffset);
      into.integer(controlledShutdownOffset === null ? nothing : image.nextOffset - controlledShutdownOffset);
    }
  }

  #part(value: object, into: Fingerprinter, depth: number, areTimes = false): void {
    if (depth > rememberedDepth) {
      this.#content(value, into, depth, areTimes);
      return;
    }
    const { high, low, epochs } = this.#fingerprint(value, depth, areTimes);
    into.integer(high);
    into.integer(low);
    for (let index = 0; index < epochs.length; index++) this.#epochs.push(epochs[index] ?? 0);
  }

  #fingerprint(value: object, depth: number, areTimes: boolean): Part {
    let known = this.#known.get(value);
    if (known === undefined) {
      const fold = this.#fold(depth);
      const outer = this.#epochs;
      const epochs: number[] = [];
      this.#epochs = epochs;
      fold.reset();
      this.#content(value, fold, depth, areTimes);
      fold.finish();
      this.#epochs = outer;
      known = { high: fold.high, low: fold.low, epochs };
      this.#known.set(value, known);
    }
    return known;
  }

  #content(value: object, into: Fingerprinter, depth: number, areTimes: boolean): void {
    if (Array.isArray(value)) {
      into.integer(value.length);
      for (let index = 0; index < value.length; index++) this.#value(value[index], false, into, depth);
      return;
    }
    // Any own key of a plain object may be read, and `unknown` promises nothing of what is found.
    const fields = value as Readonly<Record<string, unknown>>;
    for (const key in fields) {
      const field = this.#fields.get(key) ?? this.#newField(key);
      if (field.isLeftOut) continue;
      // What the leader's log end was at a follower's last fetch only tells whether it has caught up since; of a follower
      // that has, and of one that lapses next, it tells nothing more.
      if (key === "lastFetchLeaderLogEndOffset" && fields.lastCaughtUpTimeMs !== Number.NEGATIVE_INFINITY) continue;
      into.integer(field.name);
      if (field.epochOf !== null && this.#noteEpoch(field.epochOf, fields, fields[key])) continue;
      this.#value(fields[key], areTimes || field.isTime, into, depth);
    }
  }

  #value(value: unknown, isTime: boolean, into: Fingerprinter, depth: number): void {
    if (typeof value === "number") into.integer(isTime ? timeClass(value) : value);
    else if (typeof value === "string") into.text(value);
    else if (typeof value === "object" && value !== null) this.#part(value, into, depth + 1, isTime);
    else into.integer(value === null ? nothing : value === true ? yes : no);
  }

  /** Notes an epoch that is compared; false where it is none, or nobody says whose it is. */
  #noteEpoch(of: "broker" | "partition", fields: Readonly<Record<string, unknown>>, epoch: unknown): boolean {
    if (typeof epoch !== "number" || epoch < 0) return false;
    const owner = of === "broker" ? (fields.brokerId ?? fields.replicaId) : fields.partition;
    if (typeof owner === "number") this.#epochs.push(owner, epoch);
    else if (typeof owner === "string") this.#epochs.push(this.#numberOf(owner), epoch);
    else return false;
    return true;
  }

  /** Brokers have numbers from 0 up, so partitions get those below. */
  #numberOf(partition: string): number {
    const known = this.#partitions.get(partition) ?? -1 - this.#partitions.size;
    this.#partitions.set(partition, known);
    return known;
  }

  #newField(key: string): Field {
    const spelling = new Fingerprinter();
    spelling.text(key);
    spelling.finish();
    const epochOf = Object.hasOwn(comparedEpochs, key) ? (comparedEpochs[key] ?? null) : null;
    const field = { name: spelling.low, isLeftOut: leftOut.has(key), isTime: key.endsWith(timeSuffix), epochOf };
    this.#fields.set(key, field);
    return field;
  }

  #fold(depth: number): Fingerprinter {
    let fold = this.#folds[depth];
    if (fold === undefined) {
      fold = new Fingerprinter();
      this.#folds[depth] = fold;
    }
    return fold;
  }
}

/** Absorbs of each epoch how many of the same owner are smaller: the same for lists that differ in nothing but the numbers. */
function absorbOrder(epochs: readonly number[], into: Fingerprinter): void {
  for (let one = 0; one < epochs.length; one += 2) {
    let smaller = 0;
    for (let other = 0; other < epochs.length; other += 2)
      if (epochs[other] === epochs[one] && (epochs[other + 1] ?? 0) < (epochs[one + 1] ?? 0)) smaller++;
    into.integer(smaller);
  }
}

function timeClass(value: number): number {
  if (value === Number.NEGATIVE_INFINITY) return -1;
  return value === Number.POSITIVE_INFINITY ? 1 : 0;
}

function byEnds(a: Connection, b: Connection): number {
  return compare(a.client, b.client) || compare(a.server, b.server) || compare(a.channel, b.channel);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
