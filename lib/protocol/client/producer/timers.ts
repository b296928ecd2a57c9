import type { DueTimer } from "../../broker/event.js";
import type { BrokerId, TopicPartition } from "../../ids.js";
import { metadataDueMs } from "../metadata-refresh.js";
import { deliveryDueMs } from "./expire.js";
import type { Producer } from "./state.js";
import { markerDueMs } from "./transaction.js";

/** A timer's event means "it is due": handlers do not compare its time again. */
export type ProducerTimer =
  /** The linger or the backoff of the partition's first batch is over. */
  | { readonly name: "batch"; readonly partition: TopicPartition }
  /** `delivery.timeout.ms` has passed for the partition's oldest batch. */
  | { readonly name: "delivery"; readonly partition: TopicPartition }
  /** The oldest produce request to this broker has been unanswered for `request.timeout.ms`. */
  | { readonly name: "request"; readonly brokerId: BrokerId }
  /** The backoff before the next metadata request is over. */
  | { readonly name: "metadata" }
  | { readonly name: "metadataRequest" }
  /** The call of `send` that has been blocked longest gives up. */
  | { readonly name: "maxBlock" }
  /** The backoff of a partition's transaction marker is over; a marker has been unanswered for too long. */
  | { readonly name: "marker"; readonly partition: TopicPartition }
  | { readonly name: "markerRequest"; readonly brokerId: BrokerId };

/** Everything this producer waits for that time brings. */
export function producerTimers(producer: Producer): readonly DueTimer<ProducerTimer>[] {
  if (producer.process === "closed" || producer.process === "crashed") return [];
  const { settings, metadata } = producer;
  const timers: DueTimer<ProducerTimer>[] = [];
  const add = (timer: ProducerTimer, dueMs: number | null | undefined): void => {
    if (dueMs !== null && dueMs !== undefined) timers.push({ timer, dueMs });
  };
  for (const { partition, queue } of producer.partitions) {
    add({ name: "batch", partition }, queue[0]?.notBeforeMs);
    add({ name: "delivery", partition }, deliveryDueMs(producer, partition));
  }
  const asked = new Set<BrokerId>();
  for (const { brokerId, sentAtMs } of producer.requests) {
    if (!asked.has(brokerId)) add({ name: "request", brokerId }, sentAtMs + settings.requestTimeoutMs);
    asked.add(brokerId);
  }
  const { askMs, giveUpMs } = metadataDueMs(metadata, settings.requestTimeoutMs);
  add({ name: "metadata" }, askMs);
  add({ name: "metadataRequest" }, giveUpMs);
  const blockedSince = producer.blocked[0]?.sinceMs;
  add({ name: "maxBlock" }, blockedSince === undefined ? null : blockedSince + settings.maxBlockMs);
  const { retries, timeouts } = markerDueMs(producer);
  for (const { partition, dueMs } of retries) add({ name: "marker", partition }, dueMs);
  for (const { brokerId, dueMs } of timeouts) add({ name: "markerRequest", brokerId }, dueMs);
  return timers;
}
