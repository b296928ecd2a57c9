import { invariant } from "../core/assert.js";
import type { Broker } from "../protocol/broker/state.js";
import { brokerName, controllerName, longAgoMs } from "../protocol/ids.js";
import type { MetadataBatch } from "../protocol/metadata/record.js";
import { isCut, linkDelayMs } from "./network.js";
import { isPaused, type World } from "./world.js";

/**
 * What the broker reads next from the metadata log, or null when it has read all. The log is itself the channel: a
 * broker reads it in order from where it is. A process that has just started publishes nothing before it has caught up,
 * so its first batch holds everything there is (Kafka: `MetadataLoader`).
 */
export function metadataBatchFor(world: World, broker: Broker): MetadataBatch | null {
  const { log } = world.controller;
  const from = broker.metadata.nextOffset;
  const last = log.at(-1);
  if (last === undefined || from >= last.baseOffset + last.records.length) return null;
  if (from === 0)
    return { baseOffset: 0, records: log.flatMap((batch) => batch.records), appendedAtMs: last.appendedAtMs };
  for (let index = log.length - 1; index >= 0; index--) {
    const batch = log[index];
    if (batch !== undefined && batch.baseOffset === from) return batch;
    if (batch !== undefined && batch.baseOffset < from) break;
  }
  invariant(false, `broker ${broker.brokerId} has stopped inside a metadata batch, at ${from}`);
}

/** When the broker can read its next batch; null when there is none or the controller cannot be reached. */
export function metadataDueMs(world: World, broker: Broker): number | null {
  if (broker.process === "down" || world.controller.process === "down") return null;
  const { log } = world.controller;
  const last = log.at(-1);
  const from = broker.metadata.nextOffset;
  if (last === undefined || from >= last.baseOffset + last.records.length) return null;
  const name = brokerName(broker.brokerId);
  const { network } = world;
  // The broker asks and the controller answers: both directions must be open.
  if (isCut(network, controllerName, name) || isCut(network, name, controllerName)) return null;
  if (isPaused(world, name) || isPaused(world, controllerName)) return null;
  const batch = metadataBatchFor(world, broker);
  if (batch === null) return null;
  const notBefore =
    world.conditions.metadataNotBeforeMs.find((entry) => entry.brokerId === broker.brokerId)?.notBeforeMs ?? longAgoMs;
  return Math.max(batch.appendedAtMs + linkDelayMs(network, controllerName, name), notBefore);
}
