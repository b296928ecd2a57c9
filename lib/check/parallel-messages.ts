/** What the parts of a search on several threads say to each other. One depth of the search is three rounds: expand, settle, number. */
import { invariant } from "../core/assert.js";

/** One end of a line between two threads: a worker's `parentPort`, a Web Worker, or a test's queue. */
export interface Port<Sent, Received> {
  post(message: Sent): void;
  /** Called once. `onFailure` is for a line that breaks: a thread that ended or could not start. */
  listen(onMessage: (message: Received) => void, onFailure: (error: Error) => void): void;
  close(): void;
}

export type ToWorker =
  | {
      /** Find the first states, keep every `workers`th of them from the `index`th on. */
      readonly kind: "start";
      readonly index: number;
      readonly workers: number;
      readonly width: number;
      /** One integer; not 0 means: stop what you are doing. */
      readonly control: SharedArrayBuffer;
    }
  | {
      /** Go on from all your states of this depth, and claim what you meet. May be asked again, with a larger table. */
      readonly kind: "expand";
      readonly table: SharedArrayBuffer;
      /** States you may add to it. */
      readonly quota: number;
      readonly tally: SharedArrayBuffer;
      /** Number of the first state at this depth. */
      readonly levelStart: number;
      /** Properties to look for, as bits. */
      readonly open: number;
    }
  /** All have claimed: keep what is yours, and count it in the tally. */
  | { readonly kind: "settle" }
  | {
      /** The tally now says which number each state's first successor gets: write down how yours were reached. */
      readonly kind: "number";
      readonly levelEnd: number;
      readonly parents: SharedArrayBuffer;
      readonly actions: SharedArrayBuffer;
    };

/** Properties decided by one new state. */
export interface SeenAt {
  readonly seen: number;
  readonly parent: number;
  readonly action: number;
}

export type FromWorker =
  /** Since the last such report: states gone on from, states made, and those among them that nobody had met. */
  | { readonly kind: "progress"; readonly expanded: number; readonly generated: number; readonly met: number }
  | { readonly kind: "started" | "settled" | "numbered" }
  | { readonly kind: "expanded"; readonly outcome: "whole" | "full" | "stopped"; readonly seen: readonly SeenAt[] }
  /** The model threw in the state with this number; -1 if in none. */
  | { readonly kind: "failed"; readonly message: string; readonly at: number };

/** What a worker waits for and what it answers. */
export type WorkerPort = Port<FromWorker, ToWorker>;
/** The other end of it. */
export type CoordinatorPort = Port<ToWorker, FromWorker>;

/** Claim of a state that `parent` leads to: above 0, and in the order in which a search on one thread would come by. */
export function claimOf(parent: number): number {
  return parent + 2;
}

/** Claim of the states found before the work was shared out: below all others. */
export const SETTLED = 1;

/**
 * What was counted for each state of one depth, in memory that all threads see. Each state belongs to one worker, which alone
 * writes its three entries.
 */
export class Tally {
  private readonly items: Int32Array;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.items = new Int32Array(buffer);
  }

  static ofStates(states: number): Tally {
    return new Tally(new SharedArrayBuffer(states * 12));
  }

  count(position: number, generated: number, outside: number): void {
    this.items[position * 3] = 0;
    this.items[position * 3 + 1] = generated;
    this.items[position * 3 + 2] = outside;
  }

  /** One more new state from this one; returns how many there were before. */
  keep(position: number): number {
    const kept = this.items[position * 3] ?? 0;
    this.items[position * 3] = kept + 1;
    return kept;
  }

  kept(position: number): number {
    return this.items[position * 3] ?? 0;
  }

  generated(position: number): number {
    return this.items[position * 3 + 1] ?? 0;
  }

  outside(position: number): number {
    return this.items[position * 3 + 2] ?? 0;
  }

  /** Replaces the count of new states by the sum of those before. */
  setFirst(position: number, first: number): void {
    invariant(position * 3 < this.items.length, () => `the tally has no state ${position}`);
    this.items[position * 3] = first;
  }
}
