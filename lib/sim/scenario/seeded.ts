import { Random } from "../../core/random.js";
import { brokerName, controllerName, type NodeName } from "../../protocol/ids.js";
import { type Network, withLinkDelay } from "../network.js";
import type { World } from "../world.js";

/** A link is at most so many times slower than the scenario's delay, and at least by this range in milliseconds. */
const slowdownMax = 3;
const rangeLeastMs = 4;

/**
 * The same cluster with what a scenario without a seed leaves equal: the delay of each direction of each link, and the
 * phase of each broker's periodic tasks. Nothing else is left to chance in a run.
 */
export function seeded(world: World, seed: number): World {
  const random = new Random(seed);
  const network = seededLinks(world, random);
  const brokers = world.brokers.map((broker) => {
    const { settings, dueMs } = broker;
    return {
      ...broker,
      dueMs: {
        ...dueMs,
        heartbeat: phase(random, settings.brokerHeartbeatIntervalMs),
        isrExpiration: phase(random, Math.floor(settings.replicaLagTimeMaxMs / 2)),
        highWatermarkCheckpoint: phase(random, settings.replicaHighWatermarkCheckpointIntervalMs),
      },
    };
  });
  return { ...world, network, brokers };
}

function seededLinks(world: World, random: Random): Network {
  const brokers = world.brokers.map(({ brokerId }) => brokerName(brokerId));
  const clients = [...world.producers, ...world.consumers].map(({ name }) => name);
  const { delayMs } = world.network;
  const range = Math.max(rangeLeastMs, delayMs * (slowdownMax - 1)) + 1;
  let { network } = world;
  const slow = (from: NodeName, to: NodeName): void => {
    network = withLinkDelay(network, from, to, delayMs + random.below(range));
  };
  for (const from of [controllerName, ...brokers, ...clients])
    for (const to of [controllerName, ...brokers, ...clients])
      if (from !== to && (brokers.includes(from) || brokers.includes(to))) slow(from, to);
  return network;
}

/** The first time of a periodic task: somewhere in its interval, never at once. */
function phase(random: Random, intervalMs: number): number {
  return 1 + random.below(Math.max(1, intervalMs));
}
