import { formatScenario } from "../../sim/scenario/format.js";
import { formatDuration } from "../../sim/scenario/line-reader.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import { noSettings, scenarioFor } from "../configure/build.js";
import { conclusionOf, violationOf } from "../configure/require.js";
import type { OperateExercise } from "../exercise-format.js";
import type { Problem, RequirementVerdict } from "../verdict.js";
import { withHead } from "../whole-scenario.js";
import { isMap, type YamlText } from "../yaml-text.js";
import { evidenceOf } from "./fields.js";
import type { GradeOptions, KindResult } from "./kind.js";

const runStepsMax = 400_000;

/** A runbook: an order of steps that is carried out against a cluster at work, one after the other. */
export function gradeOperate(exercise: OperateExercise, text: YamlText, { variant }: GradeOptions): KindResult {
  const read = readRunbook(exercise, text);
  if (!read.ok) return read;
  const { steps } = read;
  const head = variant === undefined ? {} : { variant };
  const endMs = exercise.startMs + steps.length * exercise.everyMs + exercise.settleMs;
  const runs = exercise.requirements.map(({ expect }) => {
    const lines = steps.map((id, index) => {
      const at = formatDuration(exercise.startMs + index * exercise.everyMs);
      return `at ${at} ${exercise.actions[id]?.step ?? ""}`;
    });
    const claims = expect === undefined ? [] : [`at ${formatDuration(endMs)} expect ${expect}`];
    const source = withHead(exercise.given, [...lines, ...claims, `end ${formatDuration(endMs)}`, ""].join("\n"));
    return { source, scenario: parseScenario(source) };
  });
  const requirements: RequirementVerdict[] = [];
  for (const [index, requirement] of exercise.requirements.entries()) {
    const made = runs[index];
    if (made === undefined || !made.scenario.ok)
      return {
        ok: false,
        problems: [
          problem(
            text,
            "the runbook cannot be carried out",
            "its steps do not fit together",
            "begin again from the starter",
          ),
        ],
      };
    const run = runScenario(scenarioFor(made.source, noSettings, head), {
      keepTrace: false,
      maxSteps: runStepsMax,
    });
    const why = failureOf(run, requirement.require ?? {});
    const { id, sentence, concern, points } = requirement;
    requirements.push({
      id,
      sentence,
      concern,
      result: why === null ? "pass" : "fail",
      points: why === null ? points : 0,
      outOf: points,
      searched: `your runbook of ${steps.length} steps, carried out once`,
      next: null,
      counterexample:
        why === null
          ? null
          : {
              introduction: "Your runbook, carried out:",
              steps: steps.map((step) => ({ sentence: exercise.actions[step]?.text ?? step, because: null })),
              conclusion: why,
              scenario: formatScenario(made.scenario.scenario),
              failsAtStep: Math.max(0, run.world.steps - 1),
              causeChain: [],
              key: null,
            },
      fields: [],
    });
  }
  return { ok: true, requirements, evidence: evidenceOf([]) };
}

function failureOf(run: Run, require: Parameters<typeof violationOf>[1]): string | null {
  if (run.stopped !== null) return `It stops at ${formatDuration(run.stopped.atMs)}: ${run.stopped.reason}.`;
  const [unmet] = run.failures;
  const violation = violationOf(run.world, require);
  if (violation !== null) return conclusionOf(violation, run.world.nowMs);
  return unmet === undefined ? null : `At the end ${unmet.claim} was expected, but it is ${unmet.actual}.`;
}

type RunbookResult =
  | { readonly ok: true; readonly steps: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function readRunbook({ actions, stepsMax }: OperateExercise, text: YamlText): RunbookResult {
  const root = text.value;
  const steps = isMap(root) ? root.steps : undefined;
  if (!Array.isArray(steps))
    return {
      ok: false,
      problems: [problem(text, "steps is missing", "a runbook is a list", "write `steps:` and below it `- step`")],
    };
  if (steps.length > stepsMax)
    return {
      ok: false,
      problems: [
        problem(
          text,
          `there are ${steps.length} steps`,
          `${stepsMax} are carried out at most`,
          "a shorter runbook does it",
        ),
      ],
    };
  const known = Object.keys(actions);
  const bad = steps.findIndex((step) => typeof step !== "string" || !known.includes(step));
  if (bad < 0) return { ok: true, steps: steps.map(String) };
  return {
    ok: false,
    problems: [
      {
        file: text.file,
        ...text.placeOf(["steps", bad]),
        what: `"${String(steps[bad])}" is no step of this runbook`,
        why: "only these can be done here",
        remedy: `choose from ${known.join(", ")}`,
      },
    ],
  };
}

function problem(text: YamlText, what: string, why: string, remedy: string): Problem {
  return { file: text.file, ...text.placeOf(["steps"]), what, why, remedy };
}
