import { neverMs, type TopicPartition } from "../ids.js";
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
 * The first of {@link brokerTimers} to be due, or null. Asked at every step of a run: it makes no list, and spells the
 * tasks out, because V8 looks a field up by a variable name ten times slower.
 */
export function firstBrokerTimer(broker: Broker): DueTimer<BrokerTimer> | null {
  if (broker.process === "down") return null;
  const { dueMs } = broker;
  let firstMs = neverMs;
  let name: BrokerTimer["name"] | null = null;
  let partition: TopicPartition | null = null;
  const consider = (candidate: BrokerTimer["name"], atMs: number, of: TopicPartition | null): void => {
    if (atMs >= firstMs) return;
    firstMs = atMs;
    name = candidate;
    partition = of;
  };
  consider("registration", dueMs.registration, null);
  consider("heartbeat", dueMs.heartbeat, null);
  consider("lifecycleTimeout", dueMs.lifecycleTimeout, null);
  consider("isrExpiration", dueMs.isrExpiration, null);
  consider("highWatermarkCheckpoint", dueMs.highWatermarkCheckpoint, null);
  consider("producerIdExpiration", dueMs.producerIdExpiration, null);
  consider("alterPartition", dueMs.alterPartition, null);
  consider("directoryAssignment", dueMs.directoryAssignment, null);
  for (const replica of broker.replicas) {
    if (replica.role === "offline") continue;
    consider("waitingFetch", firstToExpire(replica.waitingFetches)?.expiresAtMs ?? neverMs, replica.partition);
    if (replica.role === "leader")
      consider("waitingProduce", firstToExpire(replica.waitingProduces)?.expiresAtMs ?? neverMs, replica.partition);
    else consider("fetch", fetcherDueMs(replica.fetcher), replica.partition);
  }
  return name === null ? null : { timer: timerOf(name, partition), dueMs: firstMs };
}

function timerOf(name: BrokerTimer["name"], partition: TopicPartition | null): BrokerTimer {
  // Exactly the timers of replicas come with a partition.
  return (partition === null ? { name } : { name, partition }) as BrokerTimer;
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
