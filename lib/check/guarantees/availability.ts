import type { Action } from "../../sim/action.js";
import { atTime, earliest, runUntil } from "../../sim/engine.js";
import { ledger } from "../../sim/ledger.js";
import { next } from "../../sim/next.js";
import { actualOf } from "../../sim/scenario/actual.js";
import type { Claim, Scenario, Step } from "../../sim/scenario/ast.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { World } from "../../sim/world.js";
import { type FaultBudget, type FaultKind, faultKinds } from "../world/faults.js";
import { partitionName } from "./configuration.js";
import type { AvailabilityPromiseId } from "./proof.js";

/** Faults after which a broker is away for good, or its log shorter: those that availability is asked about. */
export const takesDown: readonly FaultKind[] = ["crash", "power-loss", "disk-loss", "shutdown"];

/** Long enough for a write to be tried again wherever the leader is by then. */
const patienceMs = 30_000;

/** Different times around a write at which the first fault may fall: sent, stored, fetched, acknowledged. */
const momentsMax = 4;

/** The value of the write that is tried in the end. */
const probe = "after";

export interface AvailabilityFinding {
  readonly id: AvailabilityPromiseId;
  /** `not-asked`: there are faults, and none that takes a broker down. */
  readonly outcome: "holds" | "violated" | "not-asked";
  /** Runs that were made. */
  readonly runs: number;
  /** A scenario with times after which the promise is broken. */
  readonly scenario: Scenario | null;
}

/**
 * Whether writes are still accepted and committed records can still be read once the faults have happened, nobody has
 * come back, and time has passed: each choice of brokers, each order of them, each moment of the first fault around a write.
 */
export function sweepAvailability(head: Scenario, faults: FaultBudget): readonly AvailabilityFinding[] {
  const kinds = faultKinds.filter((kind) => takesDown.includes(kind));
  const victims = kinds.flatMap((kind) => Array.from({ length: faults[kind] ?? 0 }, () => kind));
  if (victims.length === 0 && faultKinds.some((kind) => (faults[kind] ?? 0) > 0))
    return [notAsked("writes-accepted"), notAsked("reads-available")];
  const start = worldOf(head);
  const moments = momentsAround(next(start, send("before")).world);
  let [writes, reads]: [Scenario | null, Scenario | null] = [null, null];
  let runs = 0;
  for (const order of ordersOf(
    start.brokers.map(({ brokerId }) => brokerId),
    victims.length,
  ))
    for (const moment of victims.length === 0 ? moments.slice(0, 1) : moments) {
      if (writes !== null && reads !== null) break;
      runs++;
      const steps = faultSteps(order, victims, moment);
      const world = played(start, steps);
      if (writes === null && !isStored(world, probe)) writes = timed(head, steps, fateClaim(world));
      if (reads === null && !isReadable(world)) reads = timed(head, steps, leaderClaim(world));
    }
  return [
    { id: "writes-accepted", outcome: writes === null ? "holds" : "violated", runs, scenario: writes },
    { id: "reads-available", outcome: reads === null ? "holds" : "violated", runs, scenario: reads },
  ];
}

function notAsked(id: AvailabilityPromiseId): AvailabilityFinding {
  return { id, outcome: "not-asked", runs: 0, scenario: null };
}

interface TimedAction {
  readonly atMs: number;
  readonly action: Action;
}

/** The times at which something happens while one write goes its way. */
function momentsAround(world: World): readonly number[] {
  const moments = new Set<number>([world.nowMs]);
  let current = world;
  while (moments.size < momentsMax) {
    const due = earliest(current);
    if (due === null) break;
    current = next(atTime(current, due.dueMs), due.action).world;
    moments.add(current.nowMs);
  }
  return [...moments];
}

/** The faults fall so far apart that the cluster has done what it can about the one before: sessions have ended. */
const apartMs = 20_000;

function faultSteps(order: readonly number[], kinds: readonly FaultKind[], firstMs: number): readonly TimedAction[] {
  const faults = order.map((brokerId, index): TimedAction => {
    const atMs = firstMs + index * apartMs;
    switch (kinds[index]) {
      case "power-loss":
        return { atMs, action: { type: "crashLosingTail", brokerId, keep: {} } };
      case "disk-loss":
        return { atMs, action: { type: "wipeDisk", brokerId } };
      case "shutdown":
        return { atMs, action: { type: "shutdown", brokerId } };
      default:
        return { atMs, action: { type: "crash", brokerId } };
    }
  });
  const settledMs = firstMs + faults.length * apartMs;
  return [{ atMs: 0, action: send("before") }, ...faults, { atMs: settledMs, action: send(probe) }];
}

function played(start: World, steps: readonly TimedAction[]): World {
  let world = start;
  for (const { atMs, action } of steps) world = next(runUntil(world, atMs), action).world;
  const untilMs = world.nowMs + patienceMs;
  while (world.nowMs < untilMs && !isStored(world, probe)) world = runUntil(world, world.nowMs + 1000);
  return world;
}

function send(value: string): Action {
  return { type: "send", producer: "p", partition: partitionName, values: [value] };
}

/** Whether the application was told that the record with this value is stored, and it is: acks=0 is told so in any case. */
function isStored(world: World, value: string): boolean {
  return ledger(world).some(({ send, fate }) => send.value === value && fate === "acked-kept");
}

function fateClaim(world: World): Claim {
  const value = ledger(world).find(({ send }) => send.value === probe)?.fate ?? "pending";
  return { subject: "ledger", argument: probe, operator: "=", value };
}

function leaderClaim(world: World): Claim {
  return { subject: "leader", argument: null, operator: "=", value: actualOf(world, "leader", null, partitionName) };
}

/** Whether somebody leads and runs. */
function isReadable(world: World): boolean {
  const registration = world.controller.image.partitions.find(({ partition }) => partition === partitionName);
  return world.brokers.some(
    ({ brokerId, process, replicas }) =>
      brokerId === registration?.leader &&
      process === "running" &&
      replicas.some(({ partition, role }) => partition === partitionName && role === "leader"),
  );
}

/** Every choice of so many brokers, in every order. */
function ordersOf(brokerIds: readonly number[], count: number): readonly (readonly number[])[] {
  if (count === 0 || brokerIds.length === 0) return [[]];
  return brokerIds.flatMap((first) =>
    ordersOf(
      brokerIds.filter((brokerId) => brokerId !== first),
      count - 1,
    ).map((rest) => [first, ...rest]),
  );
}

function timed(head: Scenario, steps: readonly TimedAction[], claim: Claim): Scenario {
  const last = steps.at(-1)?.atMs ?? 0;
  const lines = steps.map(({ atMs, action }) => ({ atMs, step: stepOf(action) }));
  const expect: Step = { type: "expect", partition: null, claims: [claim] };
  return {
    lines: [
      ...head.lines,
      { type: "blank" },
      ...[...lines, { atMs: last + patienceMs, step: expect }].map(({ atMs, step }) => ({
        type: "statement" as const,
        statement: { type: "step" as const, atMs, step },
        comment: null,
      })),
    ],
  };
}

function stepOf(action: Action): Step {
  if (action.type !== "send") return { type: "action", action };
  const { producer, partition, values } = action;
  return { type: "send", producer, partition, values, everyMs: null };
}
