import { invariant } from "../core/assert.js";
import { IntList } from "./int-list.js";
import type { LeadsTo } from "./properties.js";

/** Bit of `enabled` for "some action leads outside the bounds". */
const LEAVES = 1 << 31;
const NO_PROMISE = 31;

/**
 * The whole graph of a search, kept only where a leads-to property asks for it: about 12 bytes an edge and 12 a state.
 * Edges of a state lie together, in the order of its actions. An action that changes nothing is no edge and counts as not possible.
 */
export class StateGraph {
  private readonly firstEdge = new IntList();
  private readonly targets = new IntList();
  /** Position of the action, and in the bits above 16 the number of its fairness promise. */
  private readonly labels = new IntList();
  /** By state gone on from: which promises have a possible action there, as bits. */
  private readonly enabled = new IntList();
  /** By state: for each leads-to property two bits, `from` and `to`. */
  private readonly marks = new IntList();
  private readonly promiseNumbers = new Map<string, number>();

  constructor(private readonly properties: readonly LeadsTo<never>[]) {
    invariant(properties.length <= 15, () => `a search takes at most 15 leads-to properties, not ${properties.length}`);
  }

  get size(): number {
    return this.marks.length;
  }

  /** States below this number have all their edges here. */
  get expanded(): number {
    return this.firstEdge.length;
  }

  get bytes(): number {
    return this.firstEdge.bytes + this.targets.bytes + this.labels.bytes + this.enabled.bytes + this.marks.bytes;
  }

  /** All fairness promises met so far, as bits. */
  get promises(): number {
    return (1 << this.promiseNumbers.size) - 1;
  }

  /** Adds the next state. */
  node<State>(state: State): void {
    let marks = 0;
    // The graph was made with the properties of the search that calls this, so they take its states.
    (this.properties as readonly LeadsTo<State>[]).forEach((property, number) => {
      if (property.from(state)) marks |= 1 << (2 * number);
      if (property.to(state)) marks |= 2 << (2 * number);
    });
    this.marks.push(marks);
  }

  /** Begins the edges of the next state that is gone on from. */
  open(): void {
    this.firstEdge.push(this.targets.length);
    this.enabled.push(0);
  }

  /** Adds an edge of the state opened last. A negative target lies outside the bounds. */
  edge(target: number, action: number, promise: string | undefined): void {
    const state = this.enabled.length - 1;
    const number = promise === undefined ? NO_PROMISE : this.promiseNumber(promise);
    let enabled = this.enabled.at(state);
    if (number !== NO_PROMISE) enabled |= 1 << number;
    if (target < 0) enabled |= LEAVES;
    this.enabled.set(state, enabled);
    if (target < 0) return;
    this.targets.push(target);
    this.labels.push(action | (number << 16));
  }

  edgesFrom(state: number): number {
    return state < this.expanded ? this.firstEdge.at(state) : this.targets.length;
  }

  edgesTo(state: number): number {
    return state + 1 < this.expanded ? this.firstEdge.at(state + 1) : this.targets.length;
  }

  target(edge: number): number {
    return this.targets.at(edge);
  }

  action(edge: number): number {
    return this.labels.at(edge) & 0xffff;
  }

  /** The promise of an edge as a bit; 0 if it has none. */
  promise(edge: number): number {
    const number = this.labels.at(edge) >>> 16;
    return number === NO_PROMISE ? 0 : 1 << number;
  }

  /** The promises that have a possible action in a state, as bits. */
  promisesAt(state: number): number {
    return this.enabled.at(state) & ~LEAVES;
  }

  /** Whether all that can follow a state is in the graph. */
  isWhole(state: number): boolean {
    return state < this.expanded && (this.enabled.at(state) & LEAVES) === 0;
  }

  from(property: LeadsTo<never>, state: number): boolean {
    return (this.marks.at(state) & (1 << (2 * this.numberOf(property)))) !== 0;
  }

  to(property: LeadsTo<never>, state: number): boolean {
    return (this.marks.at(state) & (2 << (2 * this.numberOf(property)))) !== 0;
  }

  private numberOf(property: LeadsTo<never>): number {
    return this.properties.indexOf(property);
  }

  private promiseNumber(promise: string): number {
    let number = this.promiseNumbers.get(promise);
    if (number === undefined) {
      number = this.promiseNumbers.size;
      invariant(
        number < NO_PROMISE,
        () => `a model names at most ${NO_PROMISE} fairness promises; "${promise}" is one more`,
      );
      this.promiseNumbers.set(promise, number);
    }
    return number;
  }
}
