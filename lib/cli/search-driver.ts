import { setImmediate as nextTurn } from "node:timers/promises";
import type { Proof } from "../check/guarantees/proof.js";
import { type SafetyQuestion, type SafetyResult, SafetySearch } from "../check/guarantees/search-safety.js";
import type { Statistics } from "../check/statistics.js";

export interface DriveLimits {
  readonly maxStates: number;
  /** When to stop, by `performance.now()`. */
  readonly endMs: number;
  readonly progress?: (statistics: Statistics) => void;
}

/** Between two looks at signals: some tens of milliseconds. */
const statesAtATime = 500;

/**
 * Makes the searches that a proof asks for. Ctrl-C ends them early: what was covered until then is the answer, inconclusive
 * where nothing was found. A second one ends the process.
 */
export async function drive(
  steps: Generator<SafetyQuestion, Proof, SafetyResult>,
  { maxStates, endMs, progress }: DriveLimits,
): Promise<Proof> {
  let isInterrupted = false;
  const interrupt = (): void => {
    isInterrupted = true;
  };
  process.once("SIGINT", interrupt);
  try {
    let step = steps.next();
    while (step.done !== true) {
      const search = new SafetySearch(step.value, {
        maxStates,
        nowMs: () => performance.now(),
        maxMs: Math.max(1, endMs - performance.now()),
        interrupted: () => isInterrupted,
        ...(progress === undefined ? {} : { progress }),
      });
      while (!search.advance(statesAtATime)) await nextTurn();
      await nextTurn();
      step = steps.next(search.result());
    }
    return step.value;
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}
