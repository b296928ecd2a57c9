import type { Change } from "../protocol/fact.js";
import type { NodeName } from "../protocol/ids.js";
import type { Action } from "./action.js";
import type { World } from "./world.js";

/** A change with the steps that led to it. */
export interface TracedChange extends Change {
  /** For each fact in `because`, the step that set it last; steps of the set-up are -1. Same order as `because`. */
  readonly causes: readonly number[];
}

/** One step of a run: what was let happen, and all that came of it. */
export interface TraceEntry {
  /** 0 is the first step after the set-up. */
  readonly step: number;
  readonly atMs: number;
  readonly action: Action;
  /** The step that made this one possible: the sender of the message that arrived; null for timers, faults, sends. */
  readonly causedBy: number | null;
  /** The scenario line that asked for it; null where the engine chose it. */
  readonly line: number | null;
  readonly changes: readonly TracedChange[];
  /** Messages that the step sent, by type. */
  readonly sent: readonly { readonly from: NodeName; readonly to: NodeName; readonly type: string }[];
  /** The world after the step; shares what did not change with its neighbours. */
  readonly world: World;
}
