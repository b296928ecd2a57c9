import { invariant } from "../../core/assert.js";
import { ledger } from "../../sim/ledger.js";
import { type Line, type Scenario, type Statement, type Step, statementsOf } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { Runner } from "../../sim/scenario/runner.js";
import { worldOf } from "../../sim/scenario/setup.js";
import { isDetail } from "../../sim/trace-fact.js";
import type { World } from "../../sim/world.js";
import type { Require } from "../check-format.js";
import { type Violation, violationOf } from "./require.js";

/** A fault to place: steps with how long after its moment each comes. `{broker}` is each broker in turn. */
export interface Fault {
  readonly steps: readonly string[];
}

export interface SweepWindow {
  readonly fromMs: number;
  readonly untilMs: number;
  /** The run goes on so long after the fault. */
  readonly settleMs: number;
}

export interface SweepResult {
  readonly runs: number;
  /** Distinct times at which something changes in the run without the fault. */
  readonly moments: number;
  readonly failure: SweepFailure | null;
}

export interface SweepFailure {
  /** The run that fails, with the fault written into it. */
  readonly scenario: Scenario;
  readonly violation: Violation;
}

/** More steps than this in one run: the answer keeps the cluster busy for ever. */
export const stepsMax = 60_000;

/** After the first failing run so many more are tried for one that shows it better. */
const runsAfterFailure = 8;

/**
 * Places a fault on every broker at every moment of a run, and ends soon after the first run that does not give what is
 * required. A moment is a time at which something changes; the fault comes right after it. The run up to a moment is
 * made once and shared.
 *
 * @param endsAtOnce take the first failing run, instead of looking on for one that shows it better
 */
export function sweep(
  scenario: Scenario,
  fault: Fault,
  window: SweepWindow,
  require: Require,
  endsAtOnce = false,
): SweepResult {
  const world = worldOf(scenario);
  const brokers = world.brokers.map(({ brokerId }) => brokerId);
  const timed = timedStatements(scenario);
  const moments = momentsOf(scenario, timed, window);
  const faults = brokers.map((broker) => faultSteps(scenario, fault, broker));
  const trunk = new Runner(world, { maxSteps: stepsMax });
  let performed = 0;
  let runs = 0;
  let tried = 0;
  let best: Failing | null = null;
  for (const momentMs of moments) {
    for (;;) {
      const next = timed[performed];
      if (next === undefined || next.atMs > momentMs) break;
      trunk.perform(next.statement, next.line);
      performed++;
    }
    trunk.advanceTo(momentMs);
    const endMs = momentMs + window.settleMs;
    for (const steps of faults) {
      const placed = steps.map(({ afterMs, step }) => ({ atMs: momentMs + afterMs, step }));
      const fork = trunk.fork({ maxSteps: stepsMax });
      for (const { statement, line } of merged(timed.slice(performed), placed, endMs)) fork.perform(statement, line);
      fork.advanceTo(endMs);
      // A broker that is down already cannot die: nothing was placed.
      if (fork.stopped?.kind === "impossible") continue;
      runs++;
      if (best !== null) tried++;
      const violation = violationOf(fork.world, require);
      if (violation !== null) {
        const telling = tellingOf(fork.world, violation, momentMs);
        if (best === null || telling > best.telling) best = { placed, endMs, violation, telling };
      }
      if (best === null || (tried < runsAfterFailure && !endsAtOnce)) continue;
      return { runs, moments: moments.length, failure: failureOf(scenario, best) };
    }
  }
  return { runs, moments: moments.length, failure: best === null ? null : failureOf(scenario, best) };
}

interface Failing {
  readonly placed: readonly Placed[];
  readonly endMs: number;
  readonly violation: Violation;
  readonly telling: number;
}

function failureOf(scenario: Scenario, { placed, endMs, violation }: Failing): SweepFailure {
  return { scenario: withSteps(scenario, placed, endMs), violation };
}

/** A loss tells more the more records had been acknowledged before the fault came. */
function tellingOf(world: World, { kind }: Violation, momentMs: number): number {
  return ledger(world).filter(
    ({ fate, send }) => fate === kind && send.endedAtMs !== null && send.endedAtMs <= momentMs,
  ).length;
}

/** One run without a fault. */
export function play(scenario: Scenario, require: Require): SweepFailure | null {
  const runner = new Runner(worldOf(scenario), { maxSteps: stepsMax });
  for (const { statement, line } of statementsOf(scenario)) runner.perform(statement, line);
  runner.finish();
  const violation = violationOf(runner.world, require);
  return violation === null ? null : { scenario, violation };
}

interface Timed {
  readonly atMs: number;
  readonly line: number;
  readonly statement: Statement;
}

interface Placed {
  readonly atMs: number;
  readonly step: Step;
}

function timedStatements(scenario: Scenario): readonly Timed[] {
  return statementsOf(scenario).flatMap(({ line, statement }): Timed[] => {
    if (statement.type !== "step") return [];
    invariant(statement.atMs !== null, "a sweep needs a scenario with times");
    return [{ atMs: statement.atMs, line, statement }];
  });
}

function momentsOf(scenario: Scenario, timed: readonly Timed[], { fromMs, untilMs }: SweepWindow): readonly number[] {
  const moments = new Set<number>();
  const runner = new Runner(worldOf(scenario), {
    maxSteps: stepsMax,
    onStep: ({ atMs, changes, line }) => {
      const matters = line !== null || changes.some((change) => !isDetail(change));
      if (matters && atMs >= fromMs && atMs <= untilMs) moments.add(atMs);
    },
  });
  for (const { statement, line, atMs } of timed) if (atMs <= untilMs) runner.perform(statement, line);
  runner.advanceTo(untilMs);
  return [...moments].sort((a, b) => a - b);
}

/** `+20s start {broker}`: how long after the fault, and what. */
const placedStep = /^(?:\+(\d{1,6})(ms|s)\s+)?(.+)$/;

/** A step of a fault without its time. */
export function stepTextOf(text: string): string {
  return placedStep.exec(text.trim())?.[3] ?? "";
}

/** The fault's steps for one broker, read as the lines of a scenario with this head. */
function faultSteps(scenario: Scenario, { steps }: Fault, broker: number): readonly { afterMs: number; step: Step }[] {
  const head = scenario.lines.filter((line) => line.type === "statement" && isHead(line.statement));
  return steps.map((text) => {
    const match = placedStep.exec(text.trim());
    const afterMs = Number(match?.[1] ?? 0) * (match?.[2] === "s" ? 1000 : 1);
    const line = `at 0 ${stepTextOf(text).replaceAll("{broker}", String(broker))}\n`;
    const parsed = parseScenario(formatScenario({ lines: head }) + line);
    invariant(parsed.ok, () => `"${text}" is not a fault: ${parsed.ok ? "" : parsed.diagnostics[0].message}`);
    const statement = statementsOf(parsed.scenario).at(-1)?.statement;
    invariant(statement?.type === "step", `"${text}" is one step`);
    return { afterMs, step: statement.step };
  });
}

function isHead(statement: Statement): boolean {
  return statement.type !== "step" && statement.type !== "end" && statement.type !== "stepwise";
}

/** In order of time, up to the end; at the same time a fault comes last, as where it is written down. */
function merged(
  rest: readonly Timed[],
  placed: readonly Placed[],
  endMs: number,
): readonly Pick<Timed, "line" | "statement">[] {
  const faults = placed.map(({ atMs, step }): Timed => ({ atMs, line: 0, statement: { type: "step", atMs, step } }));
  return [...rest, ...faults].filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
}

/** The scenario with the fault written into it, up to its end: reads as what was run. */
function withSteps(scenario: Scenario, placed: readonly Placed[], endMs: number): Scenario {
  const lines: Line[] = scenario.lines.filter(
    (line) =>
      line.type !== "statement" ||
      (line.statement.type !== "end" && (line.statement.type !== "step" || (line.statement.atMs ?? 0) <= endMs)),
  );
  placed.forEach(({ atMs, step }, index) => {
    const at = lines.findIndex(
      (line) => line.type === "statement" && line.statement.type === "step" && (line.statement.atMs ?? 0) > atMs,
    );
    const comment = index === 0 ? "the fault" : null;
    lines.splice(at < 0 ? lines.length : at, 0, {
      type: "statement",
      statement: { type: "step", atMs, step },
      comment,
    });
  });
  return { lines: [...lines, { type: "statement", statement: { type: "end", atMs: endMs }, comment: null }] };
}
