import type { Action } from "../../sim/action.js";
import type { Breach } from "../../sim/invariants/index.js";
import type { World } from "../../sim/world.js";
import type { FaultBudget } from "./faults.js";

/** A state of the search: a world, what may still go wrong in it, and whether it has gone wrong. */
export interface SearchState {
  readonly world: World;
  readonly faults: FaultBudget;
  /** How many of the records to send have been sent. */
  readonly sent: number;
  /** The first invariant of the protocol that was broken on the way here; nothing is explored beyond it. */
  readonly breach: Breach | null;
}

/**
 * What a search chooses: an action of the world, or several that belong together. What follows by itself ("urgent"
 * actions, see settle.ts) is done at once and is not a choice.
 */
export interface Move {
  readonly actions: readonly Action[];
}
