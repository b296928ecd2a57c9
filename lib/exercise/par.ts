import { invariant } from "../core/assert.js";
import { type Scenario, type Statement, statementsOf } from "../sim/scenario/ast.js";
import { formatScenario } from "../sim/scenario/format.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { Runner } from "../sim/scenario/runner.js";
import { worldOf } from "../sim/scenario/setup.js";
import { isDetail } from "../sim/trace-fact.js";
import { noSettings, scenarioFor } from "./configure/build.js";
import { violationOf } from "./configure/require.js";
import { stepsMax } from "./configure/sweep.js";
import type { AdversaryVerb, BreakExercise } from "./exercise-format.js";

/** What was found out about attacks with fewer faults than an exercise calls enough. */
export interface Par {
  /** The cheapest attack that was found; null where there is none, or none was found within the budget. */
  readonly cheaper: { readonly faults: number; readonly scenario: string } | null;
  /** Every placement of so many faults was tried: with `cheaper` null, one more is par, and a solution shows that it does. */
  readonly allTried: number;
  readonly runs: number;
}

/**
 * Computes par: places 0, 1, 2, … faults right after every moment at which something changes, as long as they are fewer
 * than `enough`, until one placement does it or the budget of runs is used up. Faults are what an exercise allows, on every
 * broker and between all that talk to each other, with and without their repair a little later. Pauses and slow links
 * have no end of lengths and are not tried: an attack with them may still be cheaper.
 */
export function parOf(exercise: BreakExercise, fate: Fate, enough: number, runsMax: number): Par {
  const given = scenarioFor(exercise.given, noSettings);
  const steps = statementsOf(given).flatMap(({ line, statement }): Timed[] => {
    if (statement.type === "step") return [{ atMs: statement.atMs ?? 0, line, statement }];
    return statement.type === "end" ? [{ atMs: statement.atMs, line, statement }] : [];
  });
  const search = new ParSearch(given, steps, fate, runsMax);
  const alphabet = alphabetOf(given, exercise.may);
  for (let faults = 0; faults < enough; faults++) {
    const found = search.place(faults, alphabet);
    if (found !== null)
      return { cheaper: { faults, scenario: found.join("\n") }, allTried: faults - 1, runs: search.runs };
    if (search.isCut) return { cheaper: null, allTried: faults - 1, runs: search.runs };
  }
  return { cheaper: null, allTried: enough - 1, runs: search.runs };
}

type Fate = BreakExercise["requirements"][number]["fate"];

interface Timed {
  readonly atMs: number;
  readonly line: number;
  readonly statement: Statement;
}

/** A fault and, so many milliseconds later, its repair, where it has one. */
interface Fault {
  readonly text: string;
  readonly statement: StepStatement;
  readonly repair: { readonly text: string; readonly statement: StepStatement } | null;
}

type StepStatement = Extract<Statement, { readonly type: "step" }>;

/** Longer than a session, so that everybody has acted on the fault before it is repaired. */
const repairedAfterMs = 15_000;

class ParSearch {
  runs = 0;
  isCut = false;

  constructor(
    readonly given: Scenario,
    readonly steps: readonly Timed[],
    readonly fate: Fate,
    readonly runsMax: number,
  ) {}

  /** The lines of an attack with exactly so many faults, or null. */
  place(faults: number, alphabet: readonly Fault[]): readonly string[] | null {
    const trunk = new Runner(worldOf(this.given), { maxSteps: stepsMax });
    return this.#from(trunk, this.steps, -1, faults, alphabet);
  }

  #from(
    trunk: Runner,
    steps: readonly Timed[],
    fromMs: number,
    left: number,
    alphabet: readonly Fault[],
  ): readonly string[] | null {
    if (left === 0) {
      this.runs++;
      for (const { statement, line } of steps) trunk.perform(statement, line);
      trunk.finish();
      return violationOf(trunk.world, { nothing: [this.fate] }) === null ? null : [];
    }
    let rest = steps;
    for (const momentMs of momentsAfter(trunk, steps, fromMs)) {
      while (rest[0] !== undefined && rest[0].atMs <= momentMs) {
        trunk.perform(rest[0].statement, rest[0].line);
        rest = rest.slice(1);
      }
      trunk.advanceTo(momentMs);
      for (const fault of alphabet) {
        if (this.runs >= this.runsMax) {
          this.isCut = true;
          return null;
        }
        const fork = trunk.fork({ maxSteps: stepsMax });
        fork.perform({ ...fault.statement, atMs: momentMs }, 0);
        if (fork.stopped !== null) continue;
        const repairMs = momentMs + repairedAfterMs;
        const after = fault.repair === null ? rest : withStep(rest, { ...fault.repair.statement, atMs: repairMs });
        const found = this.#from(fork, after, momentMs, left - 1, alphabet);
        if (found === null) {
          if (this.isCut) return null;
          continue;
        }
        const repair = fault.repair === null ? [] : [`at ${repairMs}ms ${fault.repair.text}`];
        return [`at ${momentMs}ms ${fault.text}`, ...repair, ...found];
      }
    }
    return null;
  }
}

/** The times from `fromMs` on at which something changes if nothing more is done, that time itself included. */
function momentsAfter(trunk: Runner, steps: readonly Timed[], fromMs: number): readonly number[] {
  const moments = new Set<number>([Math.max(0, fromMs)]);
  const probe = trunk.fork({
    maxSteps: stepsMax,
    onStep: ({ atMs, changes, line }) => {
      if (atMs >= fromMs && (line !== null || changes.some((change) => !isDetail(change)))) moments.add(atMs);
    },
  });
  for (const { statement, line } of steps) probe.perform(statement, line);
  probe.finish();
  return [...moments].sort((a, b) => a - b);
}

/** In order of time; what was there first comes first. */
function withStep(steps: readonly Timed[], statement: StepStatement): readonly Timed[] {
  const atMs = statement.atMs ?? 0;
  const at = steps.findIndex((step) => step.atMs > atMs);
  const step = { atMs, line: 0, statement };
  return at < 0 ? [...steps, step] : steps.toSpliced(at, 0, step);
}

/** Every fault that may be placed, with and without its repair. */
function alphabetOf(given: Scenario, may: readonly AdversaryVerb[]): readonly Fault[] {
  const world = worldOf(given);
  const brokers = world.brokers.map(({ brokerId }) => String(brokerId));
  const clients = [...world.producers, ...world.consumers].map(({ name }) => name);
  const texts: (readonly [string, string | null])[] = [];
  const both = (fault: string, repair: string): void => void texts.push([fault, null], [fault, repair]);
  for (const broker of brokers) {
    const others = brokers.filter((other) => other !== broker);
    if (may.includes("wipe")) both(`wipe ${broker}`, `start ${broker}`);
    if (may.includes("lose-power")) both(`crash ${broker} keeping flushed`, `start ${broker}`);
    if (may.includes("crash")) both(`crash ${broker}`, `start ${broker}`);
    if (may.includes("isolate")) {
      const peers = [...others.map((other) => [other]), ["controller"], others, ["controller", ...others]];
      for (const from of peers) both(`isolate ${broker} from ${from.join(" ")}`, "heal");
      for (const client of clients) both(`isolate ${client} from ${broker}`, "heal");
    }
    if (may.includes("cut"))
      for (const client of clients) {
        both(`cut ${broker} > ${client}`, "heal");
        both(`cut ${client} > ${broker}`, "heal");
      }
    if (may.includes("drop"))
      for (const node of [...others, ...clients]) texts.push([`drop connections ${node} ${broker}`, null]);
  }
  if (may.includes("controller")) texts.push(["controller failover", null]);
  const statement = (text: string): StepStatement => {
    const head = given.lines.filter((line) => line.type === "statement" && isHead(line.statement));
    const parsed = parseScenario(`${formatScenario({ lines: head })}at 0 ${text}\n`);
    invariant(parsed.ok, () => `"${text}" is a step`);
    const step = statementsOf(parsed.scenario).at(-1)?.statement;
    invariant(step?.type === "step", () => `"${text}" is one step`);
    return step;
  };
  return texts.map(([text, repair]) => ({
    text,
    statement: statement(text),
    repair: repair === null ? null : { text: repair, statement: statement(repair) },
  }));
}

function isHead({ type }: Statement): boolean {
  return type !== "step" && type !== "end" && type !== "stepwise";
}
