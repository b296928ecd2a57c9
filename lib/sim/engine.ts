import { firstBrokerTimer } from "../protocol/broker/broker.js";
import { type Consumer, consumerTimers } from "../protocol/client/consumer.js";
import { type Producer, producerTimers } from "../protocol/client/producer.js";
import { controllerTimers } from "../protocol/controller/controller.js";
import type { Controller } from "../protocol/controller/state.js";
import { brokerName, controllerName } from "../protocol/ids.js";
import type { DueAction } from "./actions.js";
import { FirstTimers, firstDue } from "./first-timer.js";
import { metadataDueMs } from "./metadata-delivery.js";
import type { Connection } from "./network.js";
import { isCut } from "./network.js";
import { next, type StepResult } from "./next.js";
import { quietSteps } from "./quiet-steps.js";
import { isPaused, isResponsive, type World } from "./world.js";

/**
 * What happens next when a clock runs: the earliest due action. Ties go to messages in the order they were sent, then
 * to metadata, then to timers of the controller, brokers, producers and consumers. Null when nothing will ever happen.
 *
 * A due time that has passed (a process was paused, a link cut) counts as due now.
 */
export function earliest(world: World): DueAction | null {
  const { network } = world;
  let bestMs = Number.POSITIVE_INFINITY;
  let bestSequence = Number.POSITIVE_INFINITY;
  let bestConnection: Connection | null = null;
  let bestIsRequest = false;
  for (const connection of network.connections) {
    const request = connection.serving ? undefined : connection.requests[0];
    if (request !== undefined && isSooner(request, bestMs, bestSequence)) {
      const { client, server } = connection;
      if (!isPaused(world, server) && !isCut(network, client, server)) {
        bestMs = request.dueMs;
        bestSequence = request.sequence;
        bestConnection = connection;
        bestIsRequest = true;
      }
    }
    const answer = connection.returning[0];
    if (answer !== undefined && isSooner(answer, bestMs, bestSequence)) {
      const { client, server } = connection;
      if (isResponsive(world, client) && !isCut(network, server, client)) {
        bestMs = answer.dueMs;
        bestSequence = answer.sequence;
        bestConnection = connection;
        bestIsRequest = false;
      }
    }
  }
  let best: DueAction | null = null;
  if (bestConnection !== null) {
    const { client, server, channel } = bestConnection;
    const type = bestIsRequest ? "deliverRequest" : "deliverResponse";
    best = { action: { type, client, server, channel }, dueMs: bestMs };
  }
  for (const broker of world.brokers) {
    const dueMs = metadataDueMs(world, broker);
    if (dueMs !== null && dueMs < bestMs) {
      bestMs = dueMs;
      best = { action: { type: "readMetadata", brokerId: broker.brokerId }, dueMs };
    }
  }
  const { controller } = world;
  if (controller.process === "running" && !isPaused(world, controllerName)) {
    const timer = ofController.of(0, controller);
    if (timer !== null && timer.dueMs < bestMs) {
      bestMs = timer.dueMs;
      best = { action: { type: "controllerTimer", timer: timer.timer }, dueMs: bestMs };
    }
  }
  for (const [place, broker] of world.brokers.entries()) {
    const timer = ofBrokers.of(place, broker);
    if (timer === null || timer.dueMs >= bestMs || isPaused(world, brokerName(broker.brokerId))) continue;
    bestMs = timer.dueMs;
    best = { action: { type: "brokerTimer", brokerId: broker.brokerId, timer: timer.timer }, dueMs: bestMs };
  }
  for (const [place, producer] of world.producers.entries()) {
    const timer = ofProducers.of(place, producer);
    if (timer === null || timer.dueMs >= bestMs || isPaused(world, producer.name)) continue;
    bestMs = timer.dueMs;
    best = { action: { type: "producerTimer", producer: producer.name, timer: timer.timer }, dueMs: bestMs };
  }
  for (const [place, consumer] of world.consumers.entries()) {
    const timer = ofConsumers.of(place, consumer);
    if (timer === null || timer.dueMs >= bestMs || isPaused(world, consumer.name)) continue;
    bestMs = timer.dueMs;
    best = { action: { type: "consumerTimer", consumer: consumer.name, timer: timer.timer }, dueMs: bestMs };
  }
  return best;
}

/** Moves the clock to `toMs` (never back). */
export function atTime(world: World, toMs: number): World {
  if (toMs <= world.nowMs) return world;
  // Written out like the other copies of a step.
  return {
    rules: world.rules,
    nowMs: toMs,
    steps: world.steps,
    sequence: world.sequence,
    nextIncarnationId: world.nextIncarnationId,
    controller: world.controller,
    brokers: world.brokers,
    producers: world.producers,
    consumers: world.consumers,
    network: world.network,
    conditions: world.conditions,
    history: world.history,
  };
}

/** One step of the clocked engine, or null when nothing is due up to and including `untilMs`. */
export function stepUntil(
  world: World,
  untilMs: number,
): (StepResult & { readonly action: DueAction["action"] }) | null {
  const due = earliest(world);
  if (due === null || due.dueMs > untilMs) return null;
  return { ...next(atTime(world, due.dueMs), due.action), action: due.action };
}

/** Runs without keeping a trace until nothing more is due up to `untilMs`; the clock then stands at `untilMs`. */
export function runUntil(world: World, untilMs: number): World {
  let current = world;
  for (;;) {
    const due = earliest(current);
    if (due === null || due.dueMs > untilMs) return atTime(current, untilMs);
    current = next(atTime(current, due.dueMs), due.action, quietSteps).world;
  }
}

function isSooner(
  envelope: { readonly dueMs: number; readonly sequence: number },
  bestMs: number,
  bestSequence: number,
): boolean {
  return envelope.dueMs < bestMs || (envelope.dueMs === bestMs && envelope.sequence < bestSequence);
}

const ofController = new FirstTimers((controller: Controller) => firstDue(controllerTimers(controller)));
const ofBrokers = new FirstTimers(firstBrokerTimer);
const ofProducers = new FirstTimers((producer: Producer) => firstDue(producerTimers(producer)));
const ofConsumers = new FirstTimers((consumer: Consumer) => firstDue(consumerTimers(consumer)));
