import { invariant } from "../core/assert.js";
import type { BrokerEvent } from "../protocol/broker/event.js";
import type { Broker } from "../protocol/broker/state.js";
import type { ConsumerEvent } from "../protocol/client/consumer.js";
import type { ProducerEvent } from "../protocol/client/producer.js";
import type { AdminAnswer } from "../protocol/controller/admin-answer.js";
import type { ControllerEvent } from "../protocol/controller/event.js";
import type { Controller } from "../protocol/controller/state.js";
import { type Change, type Fact, type FactValue, fact } from "../protocol/fact.js";
import { type BrokerId, brokerName, controllerName, longAgoMs, type NodeName } from "../protocol/ids.js";
import type { Request, Response } from "../protocol/message.js";
import type { RuleId } from "../protocol/rules/index.js";
import type { Channel, Effect, MessageEvent } from "../protocol/step.js";
import { appendDelayMs, withPaused, withSlowDisk, withThrottle } from "./conditions.js";
import { notAfter, notBefore, withoutUndelivered } from "./held-messages.js";
import { type History, noteCommits, noteConsumed, noteLoss, noteOutcome, noteUncleanElection } from "./history.js";
import {
  type Connection,
  closeFromServer,
  connectionAt,
  connectionWith,
  type Envelope,
  indexOfConnection,
  isIdle,
  linkDelayMs,
  type Network,
  type Returning,
  sendRequest,
  sendResponse,
  withConnection,
} from "./network.js";
import type { StepResult } from "./next.js";
import { type NodeSteps, nodeSteps } from "./node-steps.js";
import { brokerIndex, type Conditions, isPaused, isResponsive, kindOf, type World } from "./world.js";

/**
 * One step being made: starts from a world, takes what nodes ask for, and ends as the next world. Lives inside `next`
 * only.
 */
export class Stage {
  controller: Controller;
  brokers: readonly Broker[];
  producers: World["producers"];
  consumers: World["consumers"];
  network: Network;
  conditions: Conditions;
  history: History;
  #sequence: number;
  #nextIncarnationId: number;
  #causedBy: number | null = null;
  #answer: AdminAnswer | null = null;
  readonly #changes: Change[] = [];
  readonly #sent: { from: NodeName; to: NodeName; type: string }[] = [];

  constructor(
    readonly world: World,
    private readonly nodes: NodeSteps = nodeSteps,
  ) {
    this.controller = world.controller;
    this.brokers = world.brokers;
    this.producers = world.producers;
    this.consumers = world.consumers;
    this.network = world.network;
    this.conditions = world.conditions;
    this.history = world.history;
    this.#sequence = world.sequence;
    this.#nextIncarnationId = world.nextIncarnationId;
  }

  finish(): StepResult {
    const { world } = this;
    return {
      world: {
        rules: world.rules,
        nowMs: world.nowMs,
        steps: world.steps + 1,
        sequence: this.#sequence,
        nextIncarnationId: this.#nextIncarnationId,
        controller: this.controller,
        brokers: this.brokers,
        producers: this.producers,
        consumers: this.consumers,
        network: this.network,
        conditions: this.conditions,
        history: this.history,
      },
      changes: this.#changes,
      sent: this.#sent,
      causedBy: this.#causedBy,
      answer: this.#answer,
    };
  }

  // ---- nodes ----

  stepBroker(brokerId: BrokerId, event: BrokerEvent): void {
    const index = brokerIndex(this.world, brokerId);
    const before = this.brokers[index];
    invariant(before !== undefined, () => `the cluster has no broker ${brokerId}`);
    invariant(before.process === "running", () => `broker ${brokerId} is down and cannot take ${event.type}`);
    const { broker, effects } = this.nodes.stepBroker(before, event, this.world.nowMs, this.world.rules);
    if (broker !== before) {
      this.history = noteCommits(this.history, before, broker);
      this.#putBroker(index, broker);
    }
    this.#apply(brokerName(brokerId), effects);
  }

  stepController(event: ControllerEvent): void {
    const { controller, effects, answer } = this.nodes.stepController(
      this.controller,
      event,
      this.world.nowMs,
      this.world.rules,
    );
    this.history = noteUncleanElection(this.history, this.controller.metrics, controller.metrics);
    this.controller = controller;
    if (answer !== null) this.#answer = answer;
    this.#apply(controllerName, effects);
  }

  stepProducer(name: NodeName, event: ProducerEvent): void {
    const index = this.producers.findIndex((candidate) => candidate.name === name);
    const before = this.producers[index];
    invariant(before !== undefined, () => `there is no producer ${name}`);
    const { producer, effects } = this.nodes.stepProducer(before, event, this.world.nowMs, this.world.rules);
    if (producer !== before) {
      const producers = this.producers.slice();
      producers[index] = producer;
      this.producers = producers;
    }
    this.#apply(name, effects);
  }

  stepConsumer(name: NodeName, event: ConsumerEvent): void {
    const index = this.consumers.findIndex((candidate) => candidate.name === name);
    const before = this.consumers[index];
    invariant(before !== undefined, () => `there is no consumer ${name}`);
    const { consumer, effects } = this.nodes.stepConsumer(before, event, this.world.nowMs, this.world.rules);
    if (consumer !== before) {
      const consumers = this.consumers.slice();
      consumers[index] = consumer;
      this.consumers = consumers;
    }
    this.#apply(name, effects);
  }

  /** Hands a message or its loss to whichever node this is. */
  #stepNode(node: NodeName, event: MessageEvent): void {
    switch (kindOf(this.world, node)) {
      case "controller":
        return this.stepController(event);
      case "broker":
        return this.stepBroker(Number(node), event);
      case "producer":
        return this.stepProducer(node, event);
      case "consumer":
        return this.stepConsumer(node, event);
    }
  }

  replaceBroker(broker: Broker): void {
    this.#putBroker(brokerIndex(this.world, broker.brokerId), broker);
  }

  #putBroker(index: number, broker: Broker): void {
    const brokers = this.brokers.slice();
    brokers[index] = broker;
    this.brokers = brokers;
  }

  /** The process ends; `broker` is what is left. Its peers learn of it as TCP tells them. */
  stopBroker(brokerId: BrokerId, broker: Broker, rule: RuleId): void {
    const before = this.brokers[brokerIndex(this.world, brokerId)];
    invariant(before !== undefined, () => `the cluster has no broker ${brokerId}`);
    this.history = noteLoss(this.history, before, broker);
    this.replaceBroker(broker);
    this.setPaused(brokerName(brokerId), false);
    this.network = withoutUndelivered(this.network, brokerName(brokerId));
    this.dropConnectionsOf(brokerName(brokerId));
    this.change(fact.process(brokerId), before.process, "down", rule, {}, []);
  }

  takeIncarnationId(): number {
    return this.#nextIncarnationId++;
  }

  /** Directory ids share the counter: all that matters is that each is new. */
  takeDirectoryId(): number {
    return this.#nextIncarnationId++;
  }

  // ---- messages ----

  deliverRequest(client: NodeName, server: NodeName, channel: Channel): void {
    const { index, connection } = this.#connection(client, server, channel);
    const envelope = connection.requests[0];
    invariant(
      envelope !== undefined && !connection.serving,
      () => `nothing to deliver on ${client}>${server} ${channel}`,
    );
    this.#causedBy = envelope.sentAtStep;
    invariant(!isPaused(this.world, server), () => `${server} is paused and takes nothing`);
    if (!isResponsive(this.world, server)) {
      // Nobody listens: the connection is refused.
      const refusal = { type: "close", refused: true } as const;
      this.network = closeFromServer(this.network, index, this.#envelope(refusal, server, client, 0));
      return;
    }
    const requests = connection.requests.slice(1);
    this.network = withConnection(this.network, index, connectionWith(connection, { requests, serving: true }));
    this.#stepNode(server, { type: "request", from: client, channel, request: envelope.body });
  }

  deliverResponse(client: NodeName, server: NodeName, channel: Channel): void {
    const { index, connection } = this.#connection(client, server, channel);
    const envelope = connection.returning[0];
    invariant(envelope !== undefined, () => `nothing to deliver on ${client}<${server} ${channel}`);
    this.#causedBy = envelope.sentAtStep;
    const { body } = envelope;
    if (body.type === "close") {
      this.network = withConnection(this.network, index, null);
      const refused = body.refused === true ? ({ refused: true } as const) : {};
      this.#stepNode(client, { type: "disconnected", peer: server, channel, ...refused });
      return;
    }
    const rest = connectionWith(connection, { returning: connection.returning.slice(1) });
    this.network = withConnection(this.network, index, isIdle(rest) ? null : rest);
    this.#stepNode(client, { type: "response", from: server, channel, response: body.response });
  }

  #connection(client: NodeName, server: NodeName, channel: Channel): { index: number; connection: Connection } {
    const index = indexOfConnection(this.network, client, server, channel);
    invariant(index >= 0, () => `${client} has no connection to ${server} for ${channel}`);
    return { index, connection: connectionAt(this.network, index) };
  }

  #envelope<Body>(body: Body, from: NodeName, to: NodeName, extraDelayMs: number, afterMs = longAgoMs): Envelope<Body> {
    const due = this.world.nowMs + linkDelayMs(this.network, from, to) + extraDelayMs;
    return { body, sequence: this.#sequence++, dueMs: Math.max(due, afterMs), sentAtStep: this.world.steps };
  }

  #apply(node: NodeName, effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case "request":
          this.#request(node, effect.to, effect.channel, effect.request);
          break;
        case "reply":
          this.#reply(node, effect.to, effect.channel, effect.response);
          break;
        case "disconnect":
          this.#disconnect(node, effect.peer, effect.channel);
          break;
        case "exit":
          this.setPaused(node, false);
          this.dropConnectionsOf(node);
          this.change(fact.process(Number(node)), "running", "down", "world.exit", {}, []);
          break;
        case "outcome":
          this.history = noteOutcome(
            this.history,
            node,
            effect.partition,
            effect.value,
            effect.outcome,
            this.world.nowMs,
          );
          break;
        case "consumed":
          this.history = noteConsumed(
            this.history,
            effect.records.map((record) => ({ consumer: node, partition: effect.partition, ...record })),
          );
          break;
        case "change":
          this.#changes.push(effect.change);
          break;
      }
    }
  }

  #request(from: NodeName, to: NodeName, channel: Channel, request: Request): void {
    const index = indexOfConnection(this.network, from, to, channel);
    const afterMs = index < 0 ? longAgoMs : (connectionAt(this.network, index).requests.at(-1)?.dueMs ?? longAgoMs);
    const extra = appendDelayMs(this.world, to, request);
    this.network = sendRequest(this.network, from, to, channel, this.#envelope(request, from, to, extra, afterMs));
    this.#sent.push({ from, to, type: request.type });
  }

  #reply(from: NodeName, to: NodeName, channel: Channel, response: Response | null): void {
    const index = indexOfConnection(this.network, to, from, channel);
    // The client has given the connection up meanwhile: its answer is lost with it.
    if (index < 0 || !connectionAt(this.network, index).serving) return;
    if (response === null) {
      this.network = sendResponse(this.network, index, null);
      const connection = connectionAt(this.network, index);
      if (isIdle(connection)) this.network = withConnection(this.network, index, null);
      return;
    }
    const afterMs = connectionAt(this.network, index).returning.at(-1)?.dueMs ?? longAgoMs;
    const extra = appendDelayMs(this.world, to, response);
    const envelope = this.#envelope<Returning>({ type: "response", response }, from, to, extra, afterMs);
    this.network = sendResponse(this.network, index, envelope);
    this.#sent.push({ from, to, type: response.type });
  }

  /** One end closes a connection. A server that was busy with it forgets the request; a client learns it in time. */
  #disconnect(node: NodeName, peer: NodeName, channel: Channel): void {
    const asClient = indexOfConnection(this.network, node, peer, channel);
    if (asClient >= 0) {
      this.#closeFromClient(asClient);
      return;
    }
    const asServer = indexOfConnection(this.network, peer, node, channel);
    if (asServer >= 0) this.#closeFromServer(asServer);
  }

  #closeFromClient(index: number): void {
    const { client, server, channel, serving } = connectionAt(this.network, index);
    this.network = withConnection(this.network, index, null);
    if (serving && isResponsive({ ...this.world, brokers: this.brokers, controller: this.controller }, server))
      this.#stepNode(server, { type: "disconnected", peer: client, channel });
  }

  #closeFromServer(index: number): void {
    const { client, server, returning } = connectionAt(this.network, index);
    const afterMs = returning.at(-1)?.dueMs ?? longAgoMs;
    this.network = closeFromServer(this.network, index, this.#envelope({ type: "close" }, server, client, 0, afterMs));
  }

  dropConnectionsOf(node: NodeName): void {
    for (let index = this.network.connections.length - 1; index >= 0; index--) {
      const connection = this.network.connections[index];
      if (connection?.server === node) this.#closeFromServer(index);
      else if (connection?.client === node) this.#closeFromClient(index);
    }
  }

  /** Closes what two nodes have between them, at both ends at once. */
  dropConnectionsBetween(a: NodeName, b: NodeName): void {
    for (let index = this.network.connections.length - 1; index >= 0; index--) {
      const connection = this.network.connections[index];
      if (connection === undefined) continue;
      const { client, server } = connection;
      if ((client === a && server === b) || (client === b && server === a)) this.#closeFromServer(index);
    }
  }

  /** After a cut is healed, what was held arrives one link delay later. */
  delayHeldMessages(from: NodeName, to: NodeName): void {
    this.network = notBefore(this.network, from, to, this.world.nowMs + linkDelayMs(this.network, from, to));
    for (const node of [from, to]) if (kindOf(this.world, node) === "broker") this.delayMetadata(Number(node));
  }

  // ---- surroundings ----

  /** From now on the broker needs one link delay before it can read metadata again. */
  delayMetadata(brokerId: BrokerId): void {
    const notBeforeMs = this.world.nowMs + linkDelayMs(this.network, controllerName, brokerName(brokerId));
    const others = this.conditions.metadataNotBeforeMs.filter((entry) => entry.brokerId !== brokerId);
    const metadataNotBeforeMs = [...others, { brokerId, notBeforeMs }].sort((a, b) => a.brokerId - b.brokerId);
    this.conditions = { ...this.conditions, metadataNotBeforeMs };
  }

  setPaused(node: NodeName, paused: boolean): void {
    this.conditions = withPaused(this.conditions, node, paused);
  }

  setSlowDisk(brokerId: BrokerId, delayMs: number): void {
    this.conditions = withSlowDisk(this.conditions, brokerId, delayMs);
  }

  /** What the old throttle has held back comes when the new one lets it, if that is sooner. */
  setThrottle(brokerId: BrokerId, bytesPerSecond: number | null): void {
    this.conditions = withThrottle(this.conditions, brokerId, bytesPerSecond);
    const name = brokerName(brokerId);
    this.network = notAfter(this.network, name, (response, server) => {
      const arrivesMs = this.world.nowMs + linkDelayMs(this.network, server, name);
      return arrivesMs + appendDelayMs(this, name, response);
    });
  }

  change(
    changed: Fact,
    from: FactValue,
    to: FactValue,
    rule: RuleId,
    numbers: Readonly<Record<string, FactValue>>,
    because: readonly Fact[],
  ): void {
    this.#changes.push({ fact: changed, from, to, rule, numbers, because });
  }
}
