import { type Fingerprint, fingerprintOf } from "../core/fingerprint.js";
import type { Model, Path, Step } from "./model.js";

/**
 * Leaves out of a run what is not needed to get to a wrong state. The steps that remain are each needed: without any one of
 * them (and without what then becomes impossible) nothing goes wrong.
 *
 * For runs that were found some other way than by `explore`, whose paths are shortest already. What remains need not be
 * a shortest run: there may be a shorter one with other steps.
 *
 * @param actions the run; an action that is not offered where its turn comes is skipped
 * @param isWrong what the run is to end in; it ends at the first such state
 * @returns the shorter run, or undefined if the given one goes nowhere wrong
 */
export function shrink<State, Action>(
  model: Model<State, Action>,
  init: State,
  actions: readonly Action[],
  isWrong: (state: State) => boolean,
): Path<State, Action> | undefined {
  const whole = playTo(model, init, actions, isWrong);
  if (whole === undefined) return undefined;
  let shortest: Path<State, Action> = whole;
  for (let size = shortest.steps.length; size >= 1; ) {
    const shorter: Path<State, Action> | undefined = withoutSome(model, shortest, size, isWrong);
    if (shorter !== undefined) shortest = shorter;
    size = shorter === undefined ? Math.floor(size / 2) : Math.min(size, shortest.steps.length);
  }
  return shortest;
}

/** The first way to leave out so many steps in a row that still goes wrong. */
function withoutSome<State, Action>(
  model: Model<State, Action>,
  path: Path<State, Action>,
  size: number,
  isWrong: (state: State) => boolean,
): Path<State, Action> | undefined {
  const actions = path.steps.map(({ action }) => action);
  for (let from = 0; from < actions.length; from += size) {
    const shorter = playTo(model, path.init, actions.toSpliced(from, size), isWrong);
    if (shorter !== undefined) return shorter;
  }
  return undefined;
}

/** Plays what can be played of the actions, up to the first wrong state; undefined if there is none. */
function playTo<State, Action>(
  model: Model<State, Action>,
  init: State,
  actions: readonly Action[],
  isWrong: (state: State) => boolean,
): Path<State, Action> | undefined {
  const steps: Step<State, Action>[] = [];
  let state = init;
  if (isWrong(state)) return { init, steps };
  for (const wanted of actions) {
    const action = model.actions(state).find((offered) => isSame(offered, wanted));
    const next = action === undefined ? undefined : model.next(state, action);
    if (action === undefined || next === undefined) continue;
    steps.push({ action, state: next });
    state = next;
    if (isWrong(state)) return { init, steps };
  }
  return undefined;
}

/** Actions are values: two are the same if they say the same. */
function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  if (typeof one !== "object" || typeof other !== "object") return false;
  const [first, second]: [Fingerprint, Fingerprint] = [fingerprintOf(one), fingerprintOf(other)];
  return first.high === second.high && first.low === second.low;
}
