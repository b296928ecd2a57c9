import { compareRuns, judgement } from "../check/compare-runs.js";
import type { Run } from "../sim/scenario/run-scenario.js";
import { replayDocument } from "./replay-builder.js";
import type { ReplayComparison } from "./replay-document.js";

/** A run, with what it is called in the picture. */
export interface NamedRun {
  readonly run: Run;
  readonly name: string;
}

/**
 * Two runs beside each other, the second one being the changed one, with the first step that differs and what the change
 * bought and cost. @param change what was changed, as it stands in the sentence: `min.insync.replicas=1`
 */
export function replayComparison(before: NamedRun, after: NamedRun, change: string): ReplayComparison {
  const comparison = compareRuns(before.run, after.run);
  return {
    format: "highwater-replay-comparison",
    version: 1,
    sentence: comparison.sameSteps === null ? "Both runs are the same, step by step." : judgement(comparison, change),
    sameSteps: comparison.sameSteps,
    runs: [replayDocument(before.run, before.name), replayDocument(after.run, after.name)],
  };
}
