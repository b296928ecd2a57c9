import { noLeader } from "../../protocol/ids.js";
import type { Action } from "../../sim/action.js";
import { ledger, replicaOn } from "../../sim/ledger.js";
import { next } from "../../sim/next.js";
import { actualOf } from "../../sim/scenario/actual.js";
import type { Claim, Line, Scenario, Step } from "../../sim/scenario/ast.js";
import { whyImpossible } from "../../sim/scenario/possible.js";
import { worldOf } from "../../sim/scenario/setup.js";
import type { World } from "../../sim/world.js";
import { partitionName } from "./configuration.js";

/** Where a run went wrong, in one sentence; null where it has not. */
export type Wrong = (world: World) => string | null;

/** A way to where something is wrong, with nothing on it that could be left out. */
export interface Counterexample {
  readonly actions: readonly Action[];
  /** The head, each action in its turn, and what came of it. */
  readonly scenario: Scenario;
}

/**
 * A run of the explorer as a stepwise scenario. Actions that are not needed are left out, so that without any one step that
 * remains (and what it makes possible) nothing goes wrong; faults stay, since the search has found no way with fewer
 * choices.
 *
 * @param head the head that the run began with, made for a search
 * @returns null for a run that goes nowhere wrong
 */
export function counterexample(head: Scenario, actions: readonly Action[], wrong: Wrong): Counterexample | null {
  const start = worldOf(head);
  const whole = playTo(start, actions, wrong);
  if (whole === null) return null;
  const needed = withoutNeedless(start, whole.actions, wrong);
  const end = playTo(start, needed, wrong)?.world ?? whole.world;
  const sentence = wrong(end) ?? "";
  const scenario = {
    lines: [
      comment(`${sentence[0]?.toUpperCase()}${sentence.slice(1)}.`),
      blank,
      ...head.lines,
      blank,
      stepwise,
      ...needed.map((action) => step(stepOf(action))),
      ...outcomesClaim(end).map(step),
    ],
  };
  return { actions: needed, scenario };
}

const blank: Line = { type: "blank" };
const stepwise: Line = { type: "statement", statement: { type: "stepwise" }, comment: null };

interface Played {
  readonly world: World;
  readonly actions: readonly Action[];
}

/** Plays what can be played of the actions, up to the first world that is wrong; null if there is none. */
function playTo(start: World, actions: readonly Action[], wrong: Wrong): Played | null {
  let world = start;
  const done: Action[] = [];
  for (const action of actions) {
    if (whyImpossible(world, action) !== null) continue;
    world = next(world, action).world;
    done.push(action);
    if (wrong(world) !== null) return { world, actions: done };
  }
  return null;
}

/** Tries to leave out each action, the last first: what follows from it goes with it. */
function withoutNeedless(start: World, actions: readonly Action[], wrong: Wrong): readonly Action[] {
  let needed = actions;
  for (let index = needed.length - 1; index >= 0; index = Math.min(index, needed.length) - 1) {
    const action = needed[index];
    if (action === undefined || isFault(action)) continue;
    const shorter = playTo(start, needed.toSpliced(index, 1), wrong);
    if (shorter !== null) needed = shorter.actions;
  }
  return needed;
}

/** Faults and repairs, and what only they excuse: without its fault a session would end for no reason. */
function isFault(action: Action): boolean {
  switch (action.type) {
    case "crash":
    case "crashLosingTail":
    case "wipeDisk":
    case "cut":
    case "lapse":
    case "shutdown":
      return true;
    default:
      return false;
  }
}

/** The statement that does an action. */
export function stepOf(action: Action): Step {
  if (action.type !== "send") return { type: "action", action };
  const { producer, partition, values } = action;
  return { type: "send", producer, partition, values, everyMs: null };
}

/** The fate of each record at the end, and what stands in the log that counts where somebody leads. */
export function outcomesClaim(world: World): readonly Step[] {
  const entries = ledger(world);
  if (entries.length === 0) return [];
  const fates = entries.map(
    ({ send, fate }): Claim => ({ subject: "ledger", argument: send.value, operator: "=", value: fate }),
  );
  const registration = world.controller.image.partitions.find(({ partition }) => partition === partitionName);
  const leader = registration?.leader ?? noLeader;
  if (replicaOn(world, leader, partitionName)?.role !== "leader") return [expectation(fates)];
  const value = actualOf(world, "log", String(leader), partitionName);
  return [expectation(fates), expectation([{ subject: "log", argument: String(leader), operator: "=", value }])];
}

function expectation(claims: readonly Claim[]): Step {
  return { type: "expect", partition: null, claims };
}

function step(step: Step): Line {
  return { type: "statement", statement: { type: "step", atMs: null, step }, comment: null };
}

function comment(text: string): Line {
  return { type: "comment", text };
}
