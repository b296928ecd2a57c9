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
