import type { Fingerprinter } from "../core/fingerprint.js";
import type { Always } from "./properties.js";

/**
 * What the explorer explores: a set of states, and from each the actions that may happen next.
 *
 * It fits a tiny specification packed into a few integers as well as a whole world of immutable objects. Three rules make
 * a search repeatable, and the explorer watches for the first two:
 * - `next` makes a new state and leaves the old one as it was;
 * - `actions` and `next` depend on their arguments alone: no clock, no chance, no counter kept beside the state;
 * - `actions` lists in the same order for states with the same key (beware of a Set or Map that was filled in another order).
 */
export interface Model<State, Action> {
  /** The states a run may start in, at least one. */
  init(): readonly State[];

  /** What may happen next, in a fixed order: paths are kept as positions in this list (at most 65,535 of them). */
  actions(state: State): readonly Action[];

  /**
   * The state after an action that `actions(state)` offered; `undefined` where the action turns out to do nothing, which is
   * cheaper than an equal state. Must accept only offered actions.
   */
  next(state: State, action: Action): State | undefined;

  /** What must hold in every state; further questions go with the search. */
  readonly invariants: readonly Always<State>[];

  /**
   * Absorbs everything that tells this state from others: what is left out here does not exist for the search. Two states
   * with one key must offer the same actions and satisfy the same properties.
   */
  key(state: State, into: Fingerprinter): void;

  /**
   * Whether the state lies inside the bounds of the question. A state outside is not counted, not checked and not gone on
   * from, so a property broken only out there is not found. Prefer bounds in `actions` (a budget that runs out): those cost nothing.
   */
  within?(state: State): boolean;

  /**
   * The representative of all states that differ only in the names of interchangeable things: the same one for each of them.
   * Only keys are taken from it; paths are made of the states as they were reached. Wrong if anything tells the things
   * apart (a preference order, a tie broken by the lower id, a property that names one of them).
   */
  symmetry?(state: State): State;

  /**
   * Fairness, for leads-to properties only: the name of the promise "if this stays possible for ever, it happens in the end"
   * that an action belongs to; `undefined` for what need never happen, such as a crash. At most 31 names a model.
   */
  fairness?(action: Action): string | undefined;
}

/** One way through a model. Its depth, as model checkers count, is `steps.length + 1`: the first state has depth 1. */
export interface Path<State, Action> {
  readonly init: State;
  readonly steps: readonly Step<State, Action>[];
}

/** An action and the state it led to. */
export interface Step<State, Action> {
  readonly action: Action;
  readonly state: State;
}

/** The last state of a path. */
export function endOf<State, Action>(path: Path<State, Action>): State {
  return path.steps.at(-1)?.state ?? path.init;
}
