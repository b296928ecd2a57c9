import type { BrokerId, NodeName, TopicPartition } from "../protocol/ids.js";
import { recordBytes } from "../protocol/log/record.js";
import type { Request, Response } from "../protocol/message.js";
import { partitionOf } from "../protocol/metadata/image.js";
import type { Conditions, World } from "./world.js";

export const noConditions: Conditions = { paused: [], slowDisks: [], throttles: [], metadataNotBeforeMs: [] };

export function withPaused(conditions: Conditions, node: NodeName, paused: boolean): Conditions {
  if (conditions.paused.includes(node) === paused) return conditions;
  const others = conditions.paused.filter((name) => name !== node);
  return { ...conditions, paused: paused ? [...others, node].sort() : others };
}

/** `delayMs: 0` makes the disk as fast as the rest again. */
export function withSlowDisk(conditions: Conditions, brokerId: BrokerId, delayMs: number): Conditions {
  const others = conditions.slowDisks.filter((disk) => disk.brokerId !== brokerId);
  const slowDisks = delayMs === 0 ? others : [...others, { brokerId, delayMs }].sort(byBroker);
  return { ...conditions, slowDisks };
}

export function withThrottle(conditions: Conditions, brokerId: BrokerId, bytesPerSecond: number | null): Conditions {
  const others = conditions.throttles.filter((throttle) => throttle.brokerId !== brokerId);
  const throttles = bytesPerSecond === null ? others : [...others, { brokerId, bytesPerSecond }].sort(byBroker);
  return { ...conditions, throttles };
}

/**
 * How much longer a message with records takes because of the disk it goes to, or of a replication throttle. The
 * throttle spares a follower that is in the ISR, as Kafka's does.
 */
export function appendDelayMs(
  world: Pick<World, "conditions" | "controller">,
  to: NodeName,
  message: Request | Response,
): number {
  const { slowDisks, throttles } = world.conditions;
  if (slowDisks.length === 0 && throttles.length === 0) return 0;
  const records = message.type === "ProduceRequest" || message.type === "FetchResponse" ? message.records.length : 0;
  if (records === 0) return 0;
  const diskMs = slowDisks.find((disk) => String(disk.brokerId) === to)?.delayMs ?? 0;
  if (message.type !== "FetchResponse") return diskMs;
  return diskMs + throttleDelayMs(world, to, message.partition, records);
}

function throttleDelayMs(
  world: Pick<World, "conditions" | "controller">,
  to: NodeName,
  partition: TopicPartition,
  records: number,
): number {
  const throttle = world.conditions.throttles.find((candidate) => String(candidate.brokerId) === to);
  if (throttle === undefined) return 0;
  const isr = partitionOf(world.controller.image, partition)?.isr ?? [];
  if (isr.includes(throttle.brokerId)) return 0;
  return Math.ceil((records * recordBytes * 1000) / throttle.bytesPerSecond);
}

function byBroker(a: { readonly brokerId: BrokerId }, b: { readonly brokerId: BrokerId }): number {
  return a.brokerId - b.brokerId;
}
