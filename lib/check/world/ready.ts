import { neverMs } from "../../protocol/ids.js";
import type { Action } from "../../sim/action.js";
import { next } from "../../sim/next.js";
import type { World } from "../../sim/world.js";
import { allReductions, settle } from "./settle.js";

/**
 * A ready cluster as a search wants it: fetches are answered at once instead of being held (a search has no clock to hold
 * them by, and "later" is among its choices anyway), periodic tasks rest, since each of their effects is a choice of its
 * own, and whatever was under way has arrived.
 */
export function readyForSearch(world: World): World {
  const quiet: World = {
    ...world,
    brokers: world.brokers.map((broker) => ({
      ...broker,
      settings: { ...broker.settings, replicaFetchWaitMaxMs: 0 },
      dueMs: { ...broker.dueMs, highWatermarkCheckpoint: neverMs, producerIdExpiration: neverMs },
    })),
  };
  let current = quiet;
  for (;;) {
    const action = heldFetch(current);
    if (action === null) break;
    current = settle(next(current, action).world, allReductions).world;
  }
  return settle(current, allReductions).world;
}

function heldFetch(world: World): Action | null {
  for (const { brokerId, replicas } of world.brokers)
    for (const replica of replicas)
      if (replica.role !== "offline" && replica.waitingFetches.length > 0)
        return { type: "brokerTimer", brokerId, timer: { name: "waitingFetch", partition: replica.partition } };
  return null;
}
