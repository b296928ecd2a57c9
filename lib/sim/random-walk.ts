import { invariant } from "../core/assert.js";
import { Random } from "../core/random.js";
import { resolveConsumerSettings, resolveProducerSettings } from "../kafka/config.js";
import type { Rules } from "../kafka/versions.js";
import { newConsumer } from "../protocol/client/consumer.js";
import { newProducer } from "../protocol/client/producer.js";
import { type BrokerId, brokerName, controllerName, type NodeName } from "../protocol/ids.js";
import { logEndOffset } from "../protocol/log/log.js";
import { recordBytes } from "../protocol/log/record.js";
import type { Action } from "./action.js";
import { newWorld } from "./cluster.js";
import { atTime, earliest } from "./engine.js";
import { type Breach, firstBreach, invariants, type WorldInvariant } from "./invariants/index.js";
import { next } from "./next.js";
import { quietSteps } from "./quiet-steps.js";
import { seeded } from "./scenario/seeded.js";
import { brokerOf, type World } from "./world.js";

export interface RandomWalkOptions {
  readonly rules: Rules;
  readonly seed: number;
  /** How many times chance does something to the cluster. */
  readonly disturbances: number;
  readonly minInsyncReplicas: number;
  readonly uncleanLeaderElection?: boolean;
  /** Power failures and lost disks too; without them no log loses anything but by truncation. */
  readonly lossyFaults: boolean;
  /** What is checked after each step; default: every invariant. */
  readonly checked?: readonly WorldInvariant[];
}

export interface RandomWalk {
  readonly world: World;
  /** What chance did, with the time at which it did it: enough to write a scenario from. */
  readonly disturbances: readonly { readonly atMs: number; readonly action: Action }[];
  /** The first broken invariant, or null. */
  readonly breach: Breach | null;
}

const partition = "orders-0";
const brokerIds: readonly BrokerId[] = [1, 2, 3];
const preferredElection = { type: "electLeaders", election: "preferred", partitions: null } as const;

/**
 * A cluster of three under a clock, disturbed by chance: crashes, cuts, pauses, failovers, elections, changes of
 * configuration, with two producers and a consumer at work. Followers fetch two records at a time, so that they are
 * often on their way. Every step is checked. The same options give the same walk.
 */
export function randomWalk(options: RandomWalkOptions): RandomWalk {
  const random = new Random(options.seed);
  const checked = options.checked ?? invariants;
  let world = seeded(startOf(options), options.seed);
  const done: { atMs: number; action: Action }[] = [];
  let sent = 0;
  for (let count = 0; count < options.disturbances; count++) {
    // Mostly a moment, now and then long enough for sessions and lag times to run out.
    const untilMs = world.nowMs + (random.below(4) === 0 ? random.below(20_000) : random.below(1500));
    for (;;) {
      const due = earliest(world);
      if (due === null || due.dueMs > untilMs) break;
      const before = atTime(world, due.dueMs);
      const after = next(before, due.action, quietSteps).world;
      const breach = firstBreach(before, after, checked);
      if (breach !== null) return { world: after, disturbances: done, breach };
      world = after;
    }
    world = atTime(world, untilMs);
    for (const action of drawn(world, random, options, () => `r${sent++}`)) {
      done.push({ atMs: world.nowMs, action });
      const after = next(world, action, quietSteps).world;
      const breach = firstBreach(world, after, checked);
      world = after;
      if (breach !== null) return { world, disturbances: done, breach };
    }
  }
  return { world, disturbances: done, breach: null };
}

function startOf({ rules, minInsyncReplicas, uncleanLeaderElection }: RandomWalkOptions): World {
  const producer = (name: string, acks: string, producerId: number) => {
    const settings = resolveProducerSettings({ acks, "linger.ms": 0 }, rules);
    invariant(settings.ok, "the walk's producers are in order");
    return newProducer({ name, settings: settings.settings, producerId, bootstrap: brokerIds });
  };
  const reading = resolveConsumerSettings({ "auto.offset.reset": "earliest" }, rules);
  invariant(reading.ok, "the walk's consumer is in order");
  const consumer = newConsumer({
    name: "c",
    settings: reading.settings,
    partitions: [partition],
    bootstrap: brokerIds,
  });
  return newWorld({
    rules,
    brokers: brokerIds.map((brokerId) => ({ brokerId, rack: null })),
    staticConfigs: { "replica.fetch.max.bytes": String(2 * recordBytes) },
    delayMs: 1,
    topics: [
      {
        topic: "orders",
        assignment: { replicas: [brokerIds] },
        configs: {
          "min.insync.replicas": String(minInsyncReplicas),
          "unclean.leader.election.enable": String(uncleanLeaderElection ?? false),
        },
      },
    ],
    producers: [producer("p", "all", 1000), producer("q", "1", 1001)],
    consumers: [consumer],
  });
}

/** What chance does now: one action, or the two directions of a link. */
function drawn(world: World, random: Random, options: RandomWalkOptions, value: () => string): readonly Action[] {
  const brokerId = brokerIds[random.below(brokerIds.length)] ?? 1;
  const broker = brokerOf(world, brokerId);
  const name = brokerName(brokerId);
  const isPaused = world.conditions.paused.includes(name);
  const peers: readonly NodeName[] = [controllerName, ...brokerIds.filter((id) => id !== brokerId).map(brokerName)];
  const peer = peers[random.below(peers.length)] ?? controllerName;
  const choice = random.below(20);
  if (choice < 6) return [{ type: "send", producer: random.below(3) === 0 ? "q" : "p", partition, values: [value()] }];
  if (choice < 9) {
    if (broker.process === "down") return [{ type: "start", brokerId }];
    return isPaused ? [{ type: "resume", node: name }] : [{ type: "crash", brokerId }];
  }
  if (choice < 12) return cutOrHeal(world, name, peer);
  if (choice < 14) return broker.process === "down" ? [{ type: "start", brokerId }] : [];
  if (choice === 14) return [{ type: "admin", command: preferredElection }];
  if (choice === 15) return broker.process === "running" && !isPaused ? [{ type: "shutdown", brokerId }] : [];
  if (choice === 16) return [isPaused ? { type: "resume", node: name } : { type: "pause", node: name }];
  if (choice === 17) return random.below(4) === 0 ? [{ type: "controllerFailover" }] : [];
  if (!options.lossyFaults || broker.process === "down") return [];
  return choice === 18
    ? [powerLoss(world, brokerId, random)]
    : random.below(3) === 0
      ? [{ type: "wipeDisk", brokerId }]
      : [];
}

function cutOrHeal(world: World, a: NodeName, b: NodeName): readonly Action[] {
  const isCut = world.network.cuts.some((cut) => cut.from === a && cut.to === b);
  const type = isCut ? "heal" : "cut";
  return [
    { type, from: a, to: b },
    { type, from: b, to: a },
  ];
}

function powerLoss(world: World, brokerId: BrokerId, random: Random): Action {
  const replica = brokerOf(world, brokerId).replicas.find((candidate) => candidate.partition === partition);
  const end = replica === undefined ? 0 : logEndOffset(replica.log);
  return { type: "crashLosingTail", brokerId, keep: { [partition]: Math.max(0, end - random.below(3)) } };
}
