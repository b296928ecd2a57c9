import { type Fingerprint, Fingerprinter } from "../../core/fingerprint.js";
import type { Broker } from "../../protocol/broker/state.js";
import type { Controller } from "../../protocol/controller/state.js";
import type { Connection } from "../../sim/network.js";
import type { World } from "../../sim/world.js";

/**
 * What is left out of a world's key because nothing in a search can tell it: settings (the same in all worlds of one
 * search), meters, and numbers that only tell things apart in time.
 */
const leftOut: ReadonlySet<string> = new Set([
  "settings",
  "meters",
  "incarnationId",
  "sequence",
  "sentAtStep",
  "staticConfigs",
  "features",
]);

/** Names of times end in `Ms`. A search has no clock: of a time it knows whether it is some time, long ago, or never. */
const timeSuffix = "Ms";

/**
 * Absorbs all of a world that matters to what can happen next or to what is asked of it. Parts that many worlds share are
 * fingerprinted once: states are immutable, so an object stands for its content.
 */
export class WorldKey {
  readonly #known = new WeakMap<object, Fingerprint>();
  readonly #folds: Fingerprinter[] = [];

  absorb(world: World, into: Fingerprinter): void {
    for (const broker of world.brokers) this.#part(broker, into, 0);
    this.#controller(world.controller, world.brokers, into);
    for (const producer of world.producers) this.#part(producer, into, 0);
    for (const consumer of world.consumers) this.#part(consumer, into, 0);
    const connections = [...world.network.connections].sort(byEnds);
    into.integer(connections.length);
    for (const connection of connections) this.#part(connection, into, 0);
    this.#part(world.network.cuts, into, 0);
    this.#part(world.conditions.paused, into, 0);
    this.#part(world.history, into, 0);
  }

  /** Of the metadata log only what some running broker has yet to read; the rest is in the images. */
  #controller(controller: Controller, brokers: readonly Broker[], into: Fingerprinter): void {
    this.#part(controller.image, into, 0);
    this.#part(controller.sessions, into, 0);
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

  #part(value: object, into: Fingerprinter, depth: number, areTimes = false): void {
    let known = this.#known.get(value);
    if (known === undefined) {
      const fold = this.#fold(depth);
      fold.reset();
      if (Array.isArray(value)) {
        fold.integer(value.length);
        for (const item of value) this.#value(item, "", fold, depth);
      } else {
        // Object.entries gives the values of any object, whatever its type.
        for (const [key, item] of Object.entries(value)) {
          if (leftOut.has(key)) continue;
          fold.text(key);
          this.#value(item, areTimes ? timeSuffix : key, fold, depth);
        }
      }
      fold.finish();
      known = { high: fold.high, low: fold.low };
      this.#known.set(value, known);
    }
    into.integer(known.high);
    into.integer(known.low);
  }

  #value(value: unknown, key: string, into: Fingerprinter, depth: number): void {
    if (typeof value === "object" && value !== null) this.#part(value, into, depth + 1, key.endsWith(timeSuffix));
    else if (typeof value === "number" && key.endsWith(timeSuffix)) into.integer(timeClass(value));
    else into.value(value);
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
