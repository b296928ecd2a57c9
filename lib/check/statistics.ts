import { collisionProbability } from "./fingerprint-table.js";

/**
 * Why a search ended. `complete`: every state within the model's own bounds was met and gone on from. `decided`: all there was
 * to find out was found. The others cut it short, and what was not seen yet stays inconclusive.
 */
export type EndedBy = "complete" | "decided" | "states" | "depth" | "memory" | "time" | "interrupt";

/** How far a search has come. */
export interface Statistics {
  /** Different states met, by their keys. */
  readonly distinct: number;
  /** States made, initial ones included and counted as often as they were made; an action enabled in two ways counts twice. */
  readonly generated: number;
  /** Made but outside `within`. */
  readonly outside: number;
  /** Depth of the deepest state met; an initial state has depth 1. */
  readonly depth: number;
  /** Met but not yet gone on from. */
  readonly frontier: number;
  /** Of the search's own tables; the waiting states are extra. */
  readonly bytes: number;
  /** Upper bound on the chance that two different states were taken for one. */
  readonly collisionProbability: number;
  /** By the caller's clock; absent without one. */
  readonly elapsedMs?: number;
  readonly distinctPerSecond?: number;
  /** Absent while the search goes on. */
  readonly endedBy?: EndedBy;
}

/** The counters a search keeps itself; the rest of {@link Statistics} follows from them. */
export interface Counts {
  readonly distinct: number;
  readonly generated: number;
  readonly outside: number;
  readonly depth: number;
  readonly frontier: number;
  readonly bytes: number;
}

/** Completes the counters of a search. */
export function statisticsOf(counts: Counts, elapsedMs: number | undefined, endedBy: EndedBy | undefined): Statistics {
  return {
    ...counts,
    collisionProbability: collisionProbability(counts.distinct),
    ...(elapsedMs === undefined
      ? {}
      : { elapsedMs, distinctPerSecond: elapsedMs > 0 ? Math.round((counts.distinct * 1000) / elapsedMs) : 0 }),
    ...(endedBy === undefined ? {} : { endedBy }),
  };
}
