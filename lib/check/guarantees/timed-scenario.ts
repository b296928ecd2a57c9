import { itemsOf } from "../../core/append-list.js";
import type { BrokerId } from "../../protocol/ids.js";
import { brokerName } from "../../protocol/ids.js";
import { logEndOffset } from "../../protocol/log/log.js";
import type { Action } from "../../sim/action.js";
import { earliest, runUntil } from "../../sim/engine.js";
import { next } from "../../sim/next.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { whyImpossible } from "../../sim/scenario/possible.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { World } from "../../sim/world.js";
import { outcomesClaim, stepOf, type Wrong } from "./counterexample.js";

/** Longest wait for what the cluster does by itself: sessions end and followers fall out of the ISR well within. */
const patienceMs = 60_000;

/** How late a slow follower's fetches are: longer than a session, far less than the lag that is allowed. */
const slowLinkMs = 12_000;
/** After this the fetches that were under way before are over, and the slow ones are on their way. */
const settledMs = 1000;

/**
 * A stepwise counterexample with times instead: what the application, the faults and the repairs do happens at times after
 * which the cluster comes to the same end by itself. Between two of them the clock runs until the cluster looks as it did
 * in the steps. Links to followers may be slow, by less than anybody notices.
 *
 * Null where no such times were found: often there are none, because what the steps need lies within one message's way.
 *
 * @param stepwise the head that the steps began with
 * @param timed the same configuration without what a search sets
 */
export function timedCounterexample(
  stepwise: Scenario,
  timed: Scenario,
  actions: readonly Action[],
  wrong: Wrong,
): Scenario | null {
  const waypoints = waypointsOf(worldOf(stepwise), actions);
  const start = worldOf(timed);
  for (const slow of linkChoices(start)) {
    const found = playTimed(start, slow, waypoints, wrong);
    if (found !== null) return scenarioOf(timed, found);
  }
  return null;
}

interface Waypoint {
  readonly action: Action;
  /** How the cluster looked just before, from closely to roughly. */
  readonly looks: readonly string[];
}

/** What comes from outside of the cluster; all else it does by itself. */
function isFromOutside({ type }: Action): boolean {
  return !/^(deliver|read|brokerTimer|controllerTimer|producerTimer|consumerTimer)/.test(type);
}

function waypointsOf(start: World, actions: readonly Action[]): readonly Waypoint[] {
  const waypoints: Waypoint[] = [];
  let world = start;
  for (const [index, action] of actions.entries()) {
    if (action.type === "lapse") {
      waypoints.push(...lapseOf(world, action.brokerId, action.replicaId, actions.slice(index + 1)));
    } else if (isFromOutside(action)) waypoints.push({ action, looks: looksOf(world) });
    world = next(world, action).world;
  }
  return waypoints;
}

/** A follower lags because it cannot reach its leader: cut off now, for good unless it is heard of again. */
function lapseOf(world: World, leader: BrokerId, follower: BrokerId, later: readonly Action[]): readonly Waypoint[] {
  const [a, b] = [brokerName(leader), brokerName(follower)];
  const comesBack = later.some(
    (action) => action.type === "brokerTimer" && action.brokerId === follower && action.timer.name === "fetch",
  );
  if (comesBack) return [];
  const looks = looksOf(world);
  return [
    { action: { type: "cut", from: a, to: b }, looks },
    { action: { type: "cut", from: b, to: a }, looks },
  ];
}

/** What of a cluster must be the same: with the roles and high watermarks, without, and the logs alone. */
function looksOf(world: World): readonly string[] {
  const { controller, brokers, history } = world;
  const outcomes = itemsOf(history.sends).map(({ outcome }) => outcome?.result ?? "-");
  const leaders = controller.image.partitions.map(({ leader, isr }) => `${leader} ${[...isr].sort().join()}`);
  const logs = brokers.map(({ process, replicas }) => `${process} ${replicas.map(({ log }) => logEndOffset(log))}`);
  const roles = brokers.map(({ replicas }) =>
    replicas.map(({ role, leaderEpoch, highWatermark }) => `${role} ${leaderEpoch} ${highWatermark}`).join(),
  );
  return [
    JSON.stringify([outcomes, leaders, logs, roles]),
    JSON.stringify([outcomes, leaders, logs]),
    JSON.stringify([outcomes, logs]),
  ];
}

interface TimedAction {
  readonly atMs: number;
  readonly action: Action;
}

interface TimedRun {
  readonly actions: readonly TimedAction[];
  readonly end: World;
}

/** No link slow; then those to the first leader from one follower, from several. */
function linkChoices({ brokers, controller }: World): readonly (readonly Action[])[] {
  const [registration] = controller.image.partitions;
  const leader = registration?.leader ?? 0;
  const followers = brokers.map(({ brokerId }) => brokerId).filter((brokerId) => brokerId !== leader);
  const choices: BrokerId[][] = [[]];
  for (const follower of followers) choices.push(...choices.map((chosen) => [...chosen, follower]));
  return choices
    .sort((a, b) => a.length - b.length)
    .map((slow) =>
      slow.map((follower) => ({
        type: "slowLink",
        from: brokerName(follower),
        to: brokerName(leader),
        delayMs: slowLinkMs,
      })),
    );
}

function playTimed(
  start: World,
  slow: readonly Action[],
  waypoints: readonly Waypoint[],
  wrong: Wrong,
): TimedRun | null {
  let world = runUntil(start, 0);
  const actions: TimedAction[] = [];
  const act = (action: Action): void => {
    actions.push({ atMs: world.nowMs, action });
    world = next(world, action).world;
  };
  for (const action of slow) act(action);
  if (slow.length > 0) world = runUntil(world, settledMs);
  for (const { action, looks } of waypoints) {
    const isFirst = actions.length === slow.length;
    const there = isFirst ? world : whenItLooksLike(world, looks);
    const when = there ?? world;
    if (there === null || whyImpossible(when, action) !== null) return null;
    world = when;
    act(action);
  }
  const end = whenever(world, (candidate) => wrong(candidate) !== null);
  return end === null ? null : { actions, end };
}

/** The first moment that looks like this most closely. */
function whenItLooksLike(world: World, looks: readonly string[]): World | null {
  const firsts: (World | null)[] = looks.map(() => null);
  const closest = whenever(world, (candidate) => {
    const now = looksOf(candidate);
    for (const [index, look] of looks.entries()) if (now[index] === look) firsts[index] ??= candidate;
    return firsts[0] !== null;
  });
  return closest ?? firsts.find((first) => first !== null) ?? null;
}

/** The first moment, after all that happens in it, of which something is true. */
function whenever(world: World, isTrue: (world: World) => boolean): World | null {
  const untilMs = world.nowMs + patienceMs;
  let current = world;
  for (;;) {
    if (isTrue(current)) return current;
    const due = earliest(current);
    if (due === null || due.dueMs > untilMs) return null;
    current = runUntil(current, Math.max(due.dueMs, current.nowMs + 1));
  }
}

function scenarioOf(head: Scenario, { actions, end }: TimedRun): Scenario {
  const steps = [
    ...actions.map(({ atMs, action }) => ({ atMs, step: stepOf(action) })),
    ...outcomesClaim(end).map((step) => ({ atMs: end.nowMs, step })),
  ];
  return {
    lines: [
      ...head.lines,
      { type: "blank" },
      ...steps.map(({ atMs, step }) => ({
        type: "statement" as const,
        statement: { type: "step" as const, atMs, step },
        comment: null,
      })),
    ],
  };
}
