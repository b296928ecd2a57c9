import { neverMs } from "../ids.js";
import type { BrokerTimer, DueTimer } from "./event.js";
import type { Broker, Fetcher } from "./state.js";
import { firstToExpire } from "./waiting.js";

const brokerTasks = [
  "registration",
  "heartbeat",
  "lifecycleTimeout",
  "isrExpiration",
  "highWatermarkCheckpoint",
  "producerIdExpiration",
  "alterPartition",
  "directoryAssignment",
] as const;

const taskTimers = brokerTasks.map((name) => ({ name, timer: { name } satisfies BrokerTimer }));

/** Everything a running broker will do by itself, and when. A timer whose time is now or past is due. */
export function brokerTimers(broker: Broker): readonly DueTimer<BrokerTimer>[] {
  if (broker.process === "down") return [];
  const timers: DueTimer<BrokerTimer>[] = [];
  for (const { name, timer } of taskTimers) {
    const dueMs = broker.dueMs[name];
    if (dueMs !== neverMs) timers.push({ timer, dueMs });
  }
  for (const replica of broker.replicas) {
    if (replica.role === "offline") continue;
    const { partition } = replica;
    const fetch = firstToExpire(replica.waitingFetches);
    if (fetch !== undefined) timers.push({ timer: { name: "waitingFetch", partition }, dueMs: fetch.expiresAtMs });
    if (replica.role === "leader") {
      const produce = firstToExpire(replica.waitingProduces);
      if (produce !== undefined) {
        timers.push({ timer: { name: "waitingProduce", partition }, dueMs: produce.expiresAtMs });
      }
    } else {
      const dueMs = fetcherDueMs(replica.fetcher);
      if (dueMs !== neverMs) timers.push({ timer: { name: "fetch", partition }, dueMs });
    }
  }
  return timers;
}

/**
 * The first of {@link brokerTimers} that is due before `beforeMs`, or null. Asked at every step of a run, so it makes
 * nothing but the one it returns.
 */
export function firstBrokerTimer(broker: Broker, beforeMs: number): DueTimer<BrokerTimer> | null {
  if (broker.process === "down") return null;
  let firstMs = beforeMs;
  let task: BrokerTimer | null = null;
  let ofReplica: "waitingFetch" | "waitingProduce" | "fetch" | null = null;
  let partition = "";
  for (const { name, timer } of taskTimers) {
    if (broker.dueMs[name] >= firstMs) continue;
    firstMs = broker.dueMs[name];
    task = timer;
  }
  for (const replica of broker.replicas) {
    if (replica.role === "offline") continue;
    const fetchMs = firstToExpire(replica.waitingFetches)?.expiresAtMs ?? neverMs;
    if (fetchMs < firstMs) {
      firstMs = fetchMs;
      ofReplica = "waitingFetch";
      partition = replica.partition;
    }
    const ownMs =
      replica.role === "leader"
        ? (firstToExpire(replica.waitingProduces)?.expiresAtMs ?? neverMs)
        : fetcherDueMs(replica.fetcher);
    if (ownMs < firstMs) {
      firstMs = ownMs;
      ofReplica = replica.role === "leader" ? "waitingProduce" : "fetch";
      partition = replica.partition;
    }
  }
  if (ofReplica !== null) return { timer: { name: ofReplica, partition }, dueMs: firstMs };
  return task === null ? null : { timer: task, dueMs: firstMs };
}

function fetcherDueMs(fetcher: Fetcher): number {
  switch (fetcher.state) {
    case "idle":
    case "truncating":
      return fetcher.dueMs;
    case "fetching":
    case "listingOffsets":
    case "askingEpochEnd":
      return fetcher.timesOutAtMs;
    case "stopped":
      return neverMs;
  }
}
