import { invariant } from "../../core/assert.js";
import type { Fingerprinter } from "../../core/fingerprint.js";
import type { Action } from "../../sim/action.js";
import { type Breach, firstBreach } from "../../sim/invariants/index.js";
import type { World } from "../../sim/world.js";
import type { Model } from "../model.js";
import { always } from "../properties.js";
import { isCalm } from "./calm.js";
import { type FaultBudget, faultKinds, spend } from "./faults.js";
import { WorldKey } from "./key.js";
import { faultOf, movesOf, type Workload } from "./moves.js";
import { plainStep, rememberedSteps, type WorldStep } from "./remembered-steps.js";
import { type Reductions, reductionsFor, settle } from "./settle.js";
import type { Move, SearchState } from "./state.js";

export interface WorldSearch extends Workload {
  /** A world made ready by `readyForSearch`. */
  readonly world: World;
  readonly faults: FaultBudget;
  readonly reductions?: Reductions;
  /** Look at the protocol's invariants after every action, and go on from no state that breaks one. Default: true. */
  readonly checksInvariants?: boolean;
}

const noBreach = always("no invariant of the protocol is broken", (state: SearchState) => state.breach === null);

/** The Kafka world as a model: every placement of the faults, every order of what the cluster does by itself. */
export function worldModel(search: WorldSearch): Model<SearchState, Move> {
  const reductions = search.reductions ?? reductionsFor(search.world.rules);
  const checks = search.checksInvariants ?? true;
  const endsInCalm = reductions.calmIsTheEnd && !checks;
  const worldKey = new WorldKey();
  const step = rememberedSteps((state) => worldKey.of(state));
  return {
    init: () => [{ world: settle(search.world, reductions, step).world, faults: search.faults, sent: 0, breach: null }],
    actions: (state) => (endsInCalm && isCalm(state) ? [] : movesOf(state, search, reductions)),
    next: (state, move) => performMove(state, move, reductions, checks, step).state,
    invariants: checks ? [noBreach] : [],
    key(state: SearchState, into: Fingerprinter): void {
      into.integer(state.sent);
      for (const kind of faultKinds) into.integer(state.faults[kind] ?? 0);
      into.text(state.breach === null ? "" : state.breach.invariant);
      worldKey.absorb(state.world, into, (state.faults["power-loss"] ?? 0) > 0);
    },
  };
}

/** The state after a move, with every action that was part of it or followed by itself. */
export function performMove(
  state: SearchState,
  move: Move,
  reductions: Reductions = reductionsFor(state.world.rules),
  checksInvariants = false,
  step: WorldStep = plainStep,
): { readonly state: SearchState; readonly actions: readonly Action[] } {
  const kind = faultOf(state.world, move);
  const faults = kind === null ? state.faults : spend(state.faults, kind);
  invariant(faults !== null, () => `no fault ${kind} is left to place`);
  let world = state.world;
  let breach: Breach | null = state.breach;
  const look = (before: World, after: World): void => {
    if (checksInvariants) breach ??= firstBreach(before, after);
  };
  for (const action of move.actions) {
    const after = step(world, action);
    look(world, after);
    world = after;
  }
  const settled = settle(world, reductions, step, look);
  const sent = state.sent + (move.actions[0]?.type === "send" ? 1 : 0);
  return {
    state: { world: settled.world, faults, sent, breach },
    actions: [...move.actions, ...settled.actions],
  };
}
