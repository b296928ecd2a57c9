import type { TraceEntry } from "../trace.js";
import { traceHash } from "../trace-hash.js";
import type { World } from "../world.js";
import { type Scenario, statementsOf } from "./ast.js";
import type { ExpectationFailure } from "./expectation.js";
import { Runner, type RunnerOptions, type Stopped, type ToolRun } from "./runner.js";
import { worldOf } from "./setup.js";

/** A scenario that was carried out. */
export interface Run {
  readonly scenario: Scenario;
  /** The cluster as the scenario's head set it up, before step 0. */
  readonly start: World;
  /** The cluster at the end. */
  readonly world: World;
  /** Every step in order; empty when no trace was asked for. */
  readonly entries: readonly TraceEntry[];
  /** SHA-256 of the trace; null when no trace was asked for. Taken when it is first read: it costs more than the run. */
  readonly hash: string | null;
  /** How many claims were looked at, and those that did not hold. */
  readonly claims: number;
  readonly failures: readonly ExpectationFailure[];
  /** What the command lines printed. */
  readonly toolRuns: readonly ToolRun[];
  /** For each line that was carried out, the number of the first step that happened from it on. */
  readonly marks: readonly { readonly line: number; readonly step: number }[];
  /** Set when the scenario could not be carried out to its end. */
  readonly stopped: Stopped | null;
}

export interface RunOptions extends RunnerOptions {
  /** Keep every step, with its world. Without it a run is fast and small. Default: true. */
  readonly keepTrace?: boolean;
}

/** Each step of a trace takes about two kilobytes: this many fit into the memory of a small machine. */
const tracedStepsMax = 300_000;

/**
 * Carries out a scenario from its beginning to its end. The same scenario gives the same run: nothing but the scenario
 * decides what happens.
 */
export function runScenario(scenario: Scenario, options: RunOptions = {}): Run {
  const start = worldOf(scenario);
  const entries: TraceEntry[] = [];
  const keepTrace = options.keepTrace ?? true;
  const runner = new Runner(start, {
    ...options,
    ...(keepTrace ? { maxSteps: options.maxSteps ?? tracedStepsMax } : {}),
    ...(keepTrace || options.onStep !== undefined ? { onStep: record } : {}),
  });
  function record(entry: TraceEntry, before: World): void {
    options.onStep?.(entry, before);
    if (keepTrace) entries.push(entry);
  }
  for (const { line, statement } of statementsOf(scenario)) runner.perform(statement, line);
  runner.finish();
  const { world, claims, failures, toolRuns, marks, stopped } = runner;
  let hash: string | null = null;
  return {
    scenario,
    start,
    world,
    entries,
    get hash() {
      if (keepTrace) hash ??= traceHash(start, entries);
      return hash;
    },
    claims,
    failures,
    toolRuns,
    marks,
    stopped,
  };
}

/** The world before a step of a run. */
export function worldBefore(run: Pick<Run, "start" | "entries">, index: number): World {
  return run.entries[index - 1]?.world ?? run.start;
}

/** Whether the scenario was carried out and all of its expectations held. */
export function isMet(run: Run): boolean {
  return run.stopped === null && run.failures.length === 0;
}
