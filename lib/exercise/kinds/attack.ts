import type { Action } from "../../sim/action.js";
import type { Line, Scenario, Statement, Step } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import type { AdversaryVerb } from "../exercise-format.js";
import type { Problem } from "../verdict.js";
import { isMap, type YamlText } from "../yaml-text.js";

/** How an exercise calls each fault; each line of one counts as one. */
const verbOf: Readonly<Partial<Record<Action["type"], AdversaryVerb>>> = {
  crash: "crash",
  crashLosingTail: "lose-power",
  wipeDisk: "wipe",
  pause: "pause",
  cut: "cut",
  controllerFailover: "controller",
  dropConnections: "drop",
  slowLink: "slow",
  slowDisk: "slow-disk",
};
/** Repairs are free. */
const repairTypes = new Set(["start", "resume", "heal"]);
const linesMax = 40;

/** A line of an attack: a fault, or a repair. */
export interface FaultLine {
  readonly atMs: number;
  readonly step: Step;
  readonly line: Line;
}

type FaultsResult =
  | { readonly ok: true; readonly lines: readonly FaultLine[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads the `scenario` of an answer: faults that the exercise allows, and repairs. */
export function readFaults(text: YamlText, given: Scenario, may: readonly AdversaryVerb[]): FaultsResult {
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
    const fault = statement.type === "step" ? faultIn(statement.step) : null;
    if (fault !== null && !may.includes(fault))
      return {
        ok: false,
        problems: [
          problemAt(
            text,
            `${fault} is not allowed here: "${(own[index] ?? "").trim()}"`,
            "the exercise says what an adversary may do",
            `use ${may.join(", ")}; repairs are free`,
          ),
        ],
      };
    if (statement.type !== "step" || statement.atMs === null || !(fault !== null || isRepair(statement.step)))
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

/** The fault that a step is, or null. */
export function faultIn(step: Step): AdversaryVerb | null {
  if (step.type === "isolate") return "isolate";
  return step.type === "action" ? (verbOf[step.action.type] ?? null) : null;
}

function isRepair(step: Step): boolean {
  return step.type === "heal" || (step.type === "action" && repairTypes.has(step.action.type));
}

function isHead({ type }: Statement): boolean {
  return type !== "step" && type !== "end" && type !== "stepwise";
}

/** What was given and the attack, in order of time; at the same time what was given comes first. */
export function withAttack(given: Scenario, faults: readonly FaultLine[]): Scenario {
  const timeOf = (line: Line): number => {
    if (line.type !== "statement" || isHead(line.statement)) return -1;
    const { statement } = line;
    if (statement.type === "end") return Number.POSITIVE_INFINITY;
    return statement.type === "step" ? (statement.atMs ?? 0) : -1;
  };
  const lines = [...given.lines.filter(({ type }) => type === "statement"), ...faults.map(({ line }) => line)];
  return { lines: lines.sort((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0)) };
}

export function problemAt(text: YamlText, what: string, why: string, remedy: string): Problem {
  return { file: text.file, ...text.placeOf(["scenario"]), what, why, remedy };
}
