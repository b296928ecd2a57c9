import { invariant } from "../core/assert.js";
import { type Fingerprint, Fingerprinter } from "../core/fingerprint.js";
import type { Sighting } from "./findings.js";
import type { Model, Path, Step } from "./model.js";

/** The "parent" of an initial state. */
export const NO_PARENT = -1;
const STATES_AT_FIRST = 1 << 12;

/**
 * How each state was first reached: the number of the state before it and the position of the action taken there. Six bytes
 * a state instead of the states themselves; a path is found by walking back and played again from the start.
 *
 * States are numbered as breadth-first search finds them, so parents come before children.
 */
export class SearchTree {
  parents: Int32Array;
  /** Position in `actions(parent)`, or in `init()` for a state without parent. */
  actions: Uint16Array;
  size = 0;

  /** @param allocate where the memory comes from; the default is not shared between threads */
  constructor(private readonly allocate: (bytes: number) => ArrayBufferLike = (bytes) => new ArrayBuffer(bytes)) {
    this.parents = new Int32Array(this.allocate(STATES_AT_FIRST * 4));
    this.actions = new Uint16Array(this.allocate(STATES_AT_FIRST * 2));
  }

  get bytes(): number {
    return this.parents.byteLength + this.actions.byteLength;
  }

  add(parent: number, action: number): void {
    if (this.size === this.parents.length) this.reserve(this.size + 1);
    this.parents[this.size] = parent;
    this.actions[this.size] = action;
    this.size++;
  }

  /** Makes room for so many states; true if the arrays are new ones. */
  reserve(states: number): boolean {
    let length = this.parents.length;
    if (states <= length) return false;
    while (length < states) length *= 2;
    const parents = new Int32Array(this.allocate(length * 4));
    const actions = new Uint16Array(this.allocate(length * 2));
    parents.set(this.parents);
    actions.set(this.actions);
    this.parents = parents;
    this.actions = actions;
    return true;
  }

  /** The way to a state: itself last. */
  wayTo(number: number): Hop[] {
    const way: Hop[] = [];
    for (let at = number; at !== NO_PARENT; at = this.parents[at] ?? NO_PARENT) {
      way.push({ action: this.actions[at] ?? 0, to: at });
    }
    return way.reverse();
  }

  /** The way to where something was seen, which need not have a number. */
  wayToSighting({ parent, action }: Sighting): Hop[] {
    return [...this.wayTo(parent), { action, to: undefined }];
  }
}

/** One step of a way: the position of the action, and the number of the state it led to (if that state has one). */
export interface Hop {
  readonly action: number;
  readonly to: number | undefined;
}

/**
 * Plays a way again and returns what was met on it. The first hop's action is a position in `init()`.
 *
 * Throws where a state turns out other than it was during the search: then the model is not a function of its arguments.
 *
 * @param isNumbered whether the state with this fingerprint is the one that has this number
 */
export function replay<State, Action>(
  model: Model<State, Action>,
  way: readonly Hop[],
  isNumbered: (fingerprint: Fingerprint, number: number) => boolean,
): Path<State, Action> {
  const fold = new Fingerprinter();
  const check = (state: State, hop: Hop, at: number): void => {
    if (hop.to === undefined) return;
    fingerprintState(model, state, fold);
    invariant(isNumbered(fold, hop.to), () => differs(at, "the state has another key than during the search"));
  };
  const [first, ...rest] = way;
  invariant(first !== undefined, "a way has at least its initial state");
  const init = model.init()[first.action];
  invariant(init !== undefined, () => differs(0, `there is no initial state number ${first.action} any more`));
  check(init, first, 0);
  const steps: Step<State, Action>[] = [];
  let state: State = init;
  for (const hop of rest) {
    const at = steps.length + 1;
    const action = model.actions(state)[hop.action];
    invariant(action !== undefined, () => differs(at, `there is no action number ${hop.action} any more`));
    const next = model.next(state, action);
    invariant(next !== undefined, () => differs(at, "the action does nothing any more"));
    check(next, hop, at);
    steps.push({ action, state: next });
    state = next;
  }
  return { init, steps };
}

/** Takes the fingerprint by which the search knows a state: its key, or that of its representative under symmetry. */
export function fingerprintState<State, Action>(model: Model<State, Action>, state: State, into: Fingerprinter): void {
  into.reset();
  model.key(model.symmetry === undefined ? state : model.symmetry(state), into);
  into.finish();
}

function differs(step: number, what: string): string {
  return `playing a found path again went another way at step ${step}: ${what}. The model is not a function of its arguments. Likely causes: something is kept outside the state (a counter, a cache), \`next\` changes the state it was given, \`actions\` follows the order in which a Set or Map was filled, \`key\` leaves out something that \`actions\` reads, or time or chance is read inside`;
}
