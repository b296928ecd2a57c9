import type { Line, Scenario, Statement, Step } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { runScenario } from "../../sim/scenario/run-scenario.js";
import { noSettings, scenarioFor } from "../configure/build.js";
import { violationOf } from "../configure/require.js";
import type { BreakExercise } from "../exercise-format.js";
import type { Problem, RequirementVerdict } from "../verdict.js";
import type { YamlText } from "../yaml-text.js";
import { evidenceOf, isMap } from "./fields.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** What an adversary may do; each line of it counts as one fault. */
const faultTypes = new Set([
  "crash",
  "crashLosingTail",
  "wipeDisk",
  "pause",
  "cut",
  "controllerFailover",
  "dropConnections",
  "slowLink",
  "slowDisk",
]);
/** Repairs are free. */
const repairTypes = new Set(["start", "resume", "heal"]);
/** Only these take records from a log. */
const takesRecords = new Set(["wipeDisk", "crashLosingTail"]);
const fateWords = {
  "acked-lost": "acknowledged and lost",
  duplicate: "in the log twice",
  "read-then-gone": "read and then gone",
  "unknown-kept": "reported as failed and yet kept",
} as const;
const linesMax = 40;
const stepsMax = 200_000;

/** Be the adversary: place the fewest faults that make a record suffer what is asked for. */
export function gradeBreak(exercise: BreakExercise, text: YamlText, { variant }: GradeOptions): KindResult {
  const given = scenarioFor(exercise.given, noSettings, variant === undefined ? {} : { variant });
  const read = readFaults(text, given);
  if (!read.ok) return read;
  const scenario = merged(given, read.lines);
  const run = runScenario(scenario, { keepTrace: false, maxSteps: stepsMax });
  if (run.stopped !== null)
    return {
      ok: false,
      problems: [
        problemAt(
          text,
          run.stopped.reason,
          "this cannot happen then",
          run.stopped.hint ?? "choose another time or another fault",
        ),
      ],
    };
  const faults = read.lines.filter(({ step }) => isFault(step)).length;
  const requirements = exercise.requirements.map(
    ({ id, sentence, concern, points, fate, faults: par }): RequirementVerdict => {
      const suffered = violationOf(run.world, { nothing: [fate] });
      const passed = suffered !== null && faults <= par;
      const searched =
        suffered === null
          ? `${counted(faults)} of yours, and no record is ${fateWords[fate]}`
          : `${suffered.value} is ${fateWords[fate]} after ${counted(faults)}; ${par} ${par === 1 ? "is" : "are"} enough`;
      return {
        id,
        sentence,
        concern,
        result: passed ? "pass" : "fail",
        points: passed ? points : 0,
        outOf: points,
        searched,
        next: null,
        counterexample: passed
          ? null
          : {
              introduction: "With your faults the run ends like this:",
              steps: [{ sentence: searched, because: null }],
              conclusion:
                suffered === null ? "Everything acknowledged is still there." : "It takes fewer faults than that.",
              scenario: formatScenario(scenario),
              failsAtStep: Math.max(0, run.world.steps - 1),
              causeChain: [],
              key: null,
            },
        fields: [],
      };
    },
  );
  const onlyKilled =
    read.lines.some(({ step }) => step.type === "action" && step.action.type === "crash") &&
    !read.lines.some(({ step }) => step.type === "action" && takesRecords.has(step.action.type));
  const isInVain = requirements.every(({ result }) => result === "fail");
  return { ok: true, requirements, evidence: evidenceOf(onlyKilled && isInVain ? ["a-crash-loses-the-log"] : []) };
}

interface FaultLine {
  readonly atMs: number;
  readonly step: Step;
  readonly line: Line;
}

type FaultsResult =
  | { readonly ok: true; readonly lines: readonly FaultLine[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function readFaults(text: YamlText, given: Scenario): FaultsResult {
  const root = text.value;
  const source = isMap(root) ? root.scenario : undefined;
  if (typeof source !== "string")
    return {
      ok: false,
      problems: [
        problemAt(
          text,
          "scenario is missing",
          "the faults stand in it, one on a line",
          "write `scenario: |` and below it `at 10ms crash 1`",
        ),
      ],
    };
  const head = given.lines.filter((line) => line.type === "statement" && isHead(line.statement));
  const own = source.split("\n");
  if (own.length > linesMax)
    return {
      ok: false,
      problems: [problemAt(text, `there are ${own.length} lines`, `${linesMax} are read`, "fewer faults do it")],
    };
  const parsed = parseScenario(formatScenario({ lines: head }) + source);
  if (!parsed.ok)
    return {
      ok: false,
      problems: parsed.diagnostics.map(({ line, message, hint }) =>
        problemAt(text, message, `line ${line - head.length} of your scenario`, hint ?? "see the scenario language"),
      ),
    };
  const lines: FaultLine[] = [];
  for (const [index, line] of parsed.scenario.lines.slice(head.length).entries()) {
    if (line.type !== "statement") continue;
    const { statement } = line;
    if (statement.type !== "step" || statement.atMs === null || !(isFault(statement.step) || isRepair(statement.step)))
      return {
        ok: false,
        problems: [
          problemAt(
            text,
            `"${(own[index] ?? "").trim()}" is no fault`,
            "an adversary breaks things; it does not send or configure",
            "use crash, wipe, isolate, pause, start, heal … at a time",
          ),
        ],
      };
    lines.push({ atMs: statement.atMs, step: statement.step, line });
  }
  return { ok: true, lines };
}

function isFault(step: Step): boolean {
  return step.type === "isolate" || (step.type === "action" && faultTypes.has(step.action.type));
}

function isRepair(step: Step): boolean {
  return step.type === "heal" || (step.type === "action" && repairTypes.has(step.action.type));
}

function isHead({ type }: Statement): boolean {
  return type !== "step" && type !== "end" && type !== "stepwise";
}

/** Both in order of time; at the same time what was given comes first. */
function merged(given: Scenario, faults: readonly FaultLine[]): Scenario {
  const timeOf = (line: Line): number => {
    if (line.type !== "statement" || isHead(line.statement)) return -1;
    const { statement } = line;
    if (statement.type === "end") return Number.POSITIVE_INFINITY;
    return statement.type === "step" ? (statement.atMs ?? 0) : -1;
  };
  const lines = [...given.lines.filter(({ type }) => type === "statement"), ...faults.map(({ line }) => line)];
  return { lines: lines.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0)) };
}

function problemAt(text: YamlText, what: string, why: string, remedy: string): Problem {
  return { file: text.file, ...text.placeOf(["scenario"]), what, why, remedy };
}

function counted(faults: number): string {
  return `${faults} ${faults === 1 ? "fault" : "faults"}`;
}
