import { invariant } from "../core/assert.js";
import type { Rules } from "../kafka/versions.js";
import type { Broker } from "../protocol/broker/state.js";
import type { Consumer } from "../protocol/client/consumer.js";
import type { Producer } from "../protocol/client/producer.js";
import type { Controller } from "../protocol/controller/state.js";
import { type BrokerId, brokerName, controllerName, type NodeName } from "../protocol/ids.js";
import type { MetadataImage } from "../protocol/metadata/image.js";
import type { History } from "./history.js";
import type { Network } from "./network.js";

/**
 * Every node and every message of a simulated cluster at one moment. Plain immutable data: a step makes a new world and
 * shares what it did not touch.
 */
export interface World {
  readonly rules: Rules;
  /** Virtual milliseconds since the cluster was ready. A search leaves it where it is. */
  readonly nowMs: number;
  /** Steps taken so far; the next action is step number `steps`. */
  readonly steps: number;
  /** Sequence number of the next message. */
  readonly sequence: number;
  /** Incarnation id of the next process start, and directory id of the next new disk. */
  readonly nextIncarnationId: number;
  readonly controller: Controller;
  /** Sorted by id. */
  readonly brokers: readonly Broker[];
  /** Sorted by name, as are consumers. */
  readonly producers: readonly Producer[];
  readonly consumers: readonly Consumer[];
  readonly network: Network;
  readonly conditions: Conditions;
  /** What watchers have written down. The protocol never reads it. */
  readonly history: History;
}

/** What a broker's surroundings do to it. */
export interface Conditions {
  /** Processes that are stopped with SIGSTOP, sorted. */
  readonly paused: readonly NodeName[];
  /** Sorted by broker; a broker that is not named appends at once. */
  readonly slowDisks: readonly { readonly brokerId: BrokerId; readonly delayMs: number }[];
  readonly throttles: readonly { readonly brokerId: BrokerId; readonly bytesPerSecond: number }[];
  /** Earliest time at which each broker can read the next metadata batch, sorted by broker. */
  readonly metadataNotBeforeMs: readonly { readonly brokerId: BrokerId; readonly notBeforeMs: number }[];
}

export type NodeKind = "controller" | "broker" | "producer" | "consumer";

export function brokerIndex(world: World, brokerId: BrokerId): number {
  const { brokers } = world;
  for (let index = 0; index < brokers.length; index++) if (brokers[index]?.brokerId === brokerId) return index;
  return -1;
}

/** The broker with this id. @throws InvariantError where the scenario's checks should have refused the id */
export function brokerOf(world: World, brokerId: BrokerId): Broker {
  const broker = world.brokers[brokerIndex(world, brokerId)];
  invariant(broker !== undefined, () => `the cluster has no broker ${brokerId}`);
  return broker;
}

export function producerOf(world: World, name: NodeName): Producer {
  const producer = world.producers.find((candidate) => candidate.name === name);
  invariant(producer !== undefined, () => `there is no producer ${name}`);
  return producer;
}

export function consumerOf(world: World, name: NodeName): Consumer {
  const consumer = world.consumers.find((candidate) => candidate.name === name);
  invariant(consumer !== undefined, () => `there is no consumer ${name}`);
  return consumer;
}

export function kindOf(world: World, node: NodeName): NodeKind {
  if (node === controllerName) return "controller";
  if (brokerNamed(world, node) !== undefined) return "broker";
  return world.producers.some((producer) => producer.name === node) ? "producer" : "consumer";
}

function brokerNamed(world: World, node: NodeName): Broker | undefined {
  for (const broker of world.brokers) if (brokerName(broker.brokerId) === node) return broker;
  return undefined;
}

export function isPaused(world: World, node: NodeName): boolean {
  return world.conditions.paused.includes(node);
}

/** True where the node's process can take a message: it runs and is not paused. */
export function isResponsive(world: World, node: NodeName): boolean {
  if (isPaused(world, node)) return false;
  if (node === controllerName) return world.controller.process === "running";
  const broker = brokerNamed(world, node);
  return broker === undefined || broker.process === "running";
}

/** What the controller knows now: the newest metadata there is. */
export function currentMetadata(world: World): MetadataImage {
  return world.controller.image;
}
