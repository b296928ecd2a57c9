import type { Fingerprint } from "../../core/fingerprint.js";
import type { BrokerEvent } from "../../protocol/broker/event.js";
import type { ProducerEvent } from "../../protocol/client/producer.js";
import type { ControllerEvent } from "../../protocol/controller/event.js";
import type { Effect } from "../../protocol/step.js";
import type { Action } from "../../sim/action.js";
import { next } from "../../sim/next.js";
import { type NodeSteps, nodeSteps } from "../../sim/node-steps.js";
import type { World } from "../../sim/world.js";

/** What an action makes of a world. */
export type WorldStep = (world: World, action: Action) => World;

export const plainStep: WorldStep = (world, action) => next(world, action).world;

/**
 * Steps in which what nodes do is computed once. A search meets the same broker with the same event in thousands of worlds
 * that differ elsewhere; a node knows only its own state and the event, so the outcome is the same in each.
 *
 * Objects stand for their values: equal states of a node that were reached in different ways are made one object, so that
 * what was remembered of the one serves the other, and so that its fingerprint is taken once.
 *
 * For worlds of one search only, in which time stands still and the rules are the same.
 *
 * @param fingerprint of a node's state or a message; equal ones have equal fingerprints
 */
export function rememberedSteps(fingerprint: (part: object) => Fingerprint): WorldStep {
  const one = new OneOfEach(fingerprint);
  const nodes = rememberingNodes(one);
  return (world, action) => {
    const after = next(world, action, nodes).world;
    // What befalls a broker from outside is no step of its own.
    return isNodeStep(action) ? after : { ...after, brokers: after.brokers.map((broker) => one.of(broker)) };
  };
}

function isNodeStep(action: Action): boolean {
  return /^(deliver|read|brokerTimer|controllerTimer|producerTimer)/.test(action.type);
}

function rememberingNodes(one: OneOfEach): NodeSteps {
  const brokers = new Memory<ReturnType<NodeSteps["stepBroker"]>>(one);
  const controllers = new Memory<ReturnType<NodeSteps["stepController"]>>(one);
  const producers = new Memory<ReturnType<NodeSteps["stepProducer"]>>(one);
  const eachOnce = (effects: readonly Effect[]) => effects.map((effect) => withOne(effect, one));
  return {
    stepBroker: (broker, event, nowMs, rules) =>
      brokers.recall(broker, event, () => {
        const done = nodeSteps.stepBroker(broker, event, nowMs, rules);
        return { broker: one.of(done.broker), effects: eachOnce(done.effects) };
      }),
    stepController: (controller, event, nowMs, rules) =>
      controllers.recall(controller, event, () => {
        const done = nodeSteps.stepController(controller, event, nowMs, rules);
        return { controller: one.of(done.controller), effects: eachOnce(done.effects), answer: done.answer };
      }),
    stepProducer: (producer, event, nowMs, rules) =>
      producers.recall(producer, event, () => {
        const done = nodeSteps.stepProducer(producer, event, nowMs, rules);
        return { producer: one.of(done.producer), effects: eachOnce(done.effects) };
      }),
    stepConsumer: nodeSteps.stepConsumer,
  };
}

type NodeEvent = BrokerEvent | ControllerEvent | ProducerEvent;

/** What became of each node with each event. */
class Memory<Done extends object> {
  readonly #ofNode = new WeakMap<object, Recollection<Done>>();

  constructor(private readonly one: OneOfEach) {}

  recall(node: object, event: NodeEvent, compute: () => Done): Done {
    let known = this.#ofNode.get(node);
    if (known === undefined) {
      known = { byContent: new WeakMap(), byName: new Map() };
      this.#ofNode.set(node, known);
    }
    const content = this.#contentOf(event);
    let byName = known.byName;
    if (content !== null) {
      const some = known.byContent.get(content);
      byName = some ?? new Map();
      if (some === undefined) known.byContent.set(content, byName);
    }
    const name = nameOf(event);
    let done = byName.get(name);
    if (done === undefined) {
      done = compute();
      byName.set(name, done);
    }
    return done;
  }

  /** Messages are one of each already, since they come out of steps; metadata comes out of the controller's log. */
  #contentOf(event: NodeEvent): object | null {
    switch (event.type) {
      case "request":
        return event.request;
      case "response":
        return event.response;
      case "metadata":
        return this.one.of(event.batch);
      default:
        return null;
    }
  }
}

interface Recollection<Done> {
  /** By the message or the metadata that the event brings. */
  readonly byContent: WeakMap<object, Map<string, Done>>;
  /** Events that bring none. */
  readonly byName: Map<string, Done>;
}

/** Everything of an event but its content, as text. */
function nameOf(event: NodeEvent): string {
  switch (event.type) {
    case "request":
    case "response":
      return `${event.from} ${event.channel}`;
    case "metadata":
      return event.type;
    case "disconnected":
      return `gone ${event.peer} ${event.channel} ${event.refused === true}`;
    case "timer": {
      const { timer } = event;
      const of = "partition" in timer ? timer.partition : "brokerId" in timer ? timer.brokerId : "";
      return `timer ${timer.name} ${of}`;
    }
    default:
      return JSON.stringify(event);
  }
}

function withOne(effect: Effect, one: OneOfEach): Effect {
  if (effect.type === "request") return { ...effect, request: one.of(effect.request) };
  if (effect.type === "reply" && effect.response !== null) return { ...effect, response: one.of(effect.response) };
  return effect;
}

/** Of all equal objects the first one that was met. */
class OneOfEach {
  readonly #met = new Map<number, object[]>();
  readonly #first = new WeakMap<object, object>();

  constructor(private readonly fingerprint: (state: object) => Fingerprint) {}

  of<Value extends object>(value: Value): Value {
    let first = this.#first.get(value);
    if (first === undefined) {
      first = this.#find(value);
      this.#first.set(value, first);
    }
    // Found by comparing every field.
    return first as Value;
  }

  #find(value: object): object {
    const { low } = this.fingerprint(value);
    const candidates = this.#met.get(low);
    if (candidates === undefined) {
      this.#met.set(low, [value]);
      return value;
    }
    // Fingerprints leave out what a search cannot tell; here it must be the same too.
    const same = candidates.find((candidate) => isSame(candidate, value));
    if (same === undefined) candidates.push(value);
    return same ?? value;
  }
}

/** Equality of plain data. Parts that are one object are not looked into. */
function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== "object" || typeof other !== "object" || one === null || other === null) return false;
  const keys = Object.keys(one);
  if (keys.length !== Object.keys(other).length || Array.isArray(one) !== Array.isArray(other)) return false;
  return keys.every((key) => key in other && isSame(Reflect.get(one, key), Reflect.get(other, key)));
}
