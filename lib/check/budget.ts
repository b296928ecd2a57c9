import { invariant } from "../core/assert.js";
import type { Property } from "./properties.js";
import type { Counts, EndedBy, Statistics } from "./statistics.js";
import { statisticsOf } from "./statistics.js";

/** Limits of a search. Each is looked at between two states, so a little more than the limit may be used. */
export interface Bounds {
  /** Goes on from no further state once so many distinct ones were met. */
  readonly maxStates?: number;
  /** Goes on from no state at this depth; an initial state has depth 1. */
  readonly maxDepth?: number;
  /** Most memory in bytes, as `usedBytes` tells it; without that function, of the search's own tables alone. */
  readonly maxBytes?: number;
  /** Most time in milliseconds, by `nowMs`, without which it cannot be set. */
  readonly maxMs?: number;
}

/** What a search is asked, how far it may go, and whom it tells. Nothing here changes what is found, only how much of it. */
export interface SearchOptions<State> extends Bounds {
  /** Questions beyond the model's own invariants. */
  readonly properties?: readonly Property<State>[];
  /** End at the first broken `always` (the default), or go on until every property is decided. */
  readonly stopAt?: "first-violation" | "all-decided";
  /** The caller's clock, any origin. */
  readonly nowMs?: () => number;
  /** Memory in use now, for `maxBytes`. */
  readonly usedBytes?: () => number;
  /** Asked every now and then; true ends the search. */
  readonly interrupted?: () => boolean;
  /** Told every now and then how far the search has come; called far too often for a terminal, so thin it out by your clock. */
  readonly progress?: (statistics: Statistics) => void;
}

/** Watches the limits that are not counted in states or depth. */
export class Budget {
  private readonly startMs: number | undefined;

  constructor(private readonly options: SearchOptions<never>) {
    const { maxStates, maxDepth, maxBytes, maxMs, nowMs } = options;
    for (const [name, value] of Object.entries({ maxStates, maxDepth, maxBytes, maxMs })) {
      invariant(value === undefined || value > 0, () => `${name} must be more than 0, not ${value}`);
    }
    invariant(maxMs === undefined || nowMs !== undefined, "maxMs needs a clock: give nowMs too");
    this.startMs = nowMs?.();
  }

  /** How far the search has come, by the caller's clock. */
  statistics(counts: Counts, endedBy: EndedBy | undefined): Statistics {
    return statisticsOf(counts, this.elapsedMs(), endedBy);
  }

  /** Reports progress, then says which limit is reached. */
  poll(counts: Counts): EndedBy | undefined {
    const { progress, interrupted, usedBytes, maxBytes, maxMs } = this.options;
    progress?.(this.statistics(counts, undefined));
    if (interrupted?.() === true) return "interrupt";
    if (maxBytes !== undefined && (usedBytes?.() ?? counts.bytes) > maxBytes) return "memory";
    if (maxMs !== undefined && (this.elapsedMs() ?? 0) > maxMs) return "time";
    return undefined;
  }

  private elapsedMs(): number | undefined {
    const { nowMs } = this.options;
    return nowMs === undefined || this.startMs === undefined ? undefined : nowMs() - this.startMs;
  }
}
