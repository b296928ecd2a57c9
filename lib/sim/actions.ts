import { brokerTimers } from "../protocol/broker/broker.js";
import { consumerTimers } from "../protocol/client/consumer.js";
import { producerTimers } from "../protocol/client/producer.js";
import { controllerTimers } from "../protocol/controller/controller.js";
import { brokerName, controllerName } from "../protocol/ids.js";
import type { ProtocolAction } from "./action.js";
import { metadataDueMs } from "./metadata-delivery.js";
import { isCut } from "./network.js";
import { isPaused, isResponsive, type World } from "./world.js";

/** An action with the time at which the clock would let it happen. */
export interface DueAction {
  readonly action: ProtocolAction;
  readonly dueMs: number;
}

/**
 * Everything the running system may do next by itself, in a fixed order: messages, metadata, timers. Faults and what
 * applications and operators do are not among them; they come from a scenario or from a search's fault budget.
 */
export function actions(world: World): readonly DueAction[] {
  const due: DueAction[] = [];
  const { network } = world;
  for (const { client, server, channel, requests, returning, serving } of network.connections) {
    const request = requests[0];
    if (request !== undefined && !serving && !isPaused(world, server) && !isCut(network, client, server))
      due.push({ action: { type: "deliverRequest", client, server, channel }, dueMs: request.dueMs });
    const answer = returning[0];
    if (answer !== undefined && isResponsive(world, client) && !isCut(network, server, client))
      due.push({ action: { type: "deliverResponse", client, server, channel }, dueMs: answer.dueMs });
  }
  for (const broker of world.brokers) {
    const dueMs = metadataDueMs(world, broker);
    if (dueMs !== null) due.push({ action: { type: "readMetadata", brokerId: broker.brokerId }, dueMs });
  }
  if (world.controller.process === "running" && !isPaused(world, controllerName))
    for (const { timer, dueMs } of controllerTimers(world.controller))
      due.push({ action: { type: "controllerTimer", timer }, dueMs });
  for (const broker of world.brokers) {
    if (broker.process === "down" || isPaused(world, brokerName(broker.brokerId))) continue;
    for (const { timer, dueMs } of brokerTimers(broker))
      due.push({ action: { type: "brokerTimer", brokerId: broker.brokerId, timer }, dueMs });
  }
  for (const producer of world.producers) {
    if (isPaused(world, producer.name)) continue;
    for (const { timer, dueMs } of producerTimers(producer))
      due.push({ action: { type: "producerTimer", producer: producer.name, timer }, dueMs });
  }
  for (const consumer of world.consumers) {
    if (isPaused(world, consumer.name)) continue;
    for (const { timer, dueMs } of consumerTimers(consumer))
      due.push({ action: { type: "consumerTimer", consumer: consumer.name, timer }, dueMs });
  }
  return due;
}
