import { formatScenario } from "../../sim/scenario/format.js";
import { formatDuration } from "../../sim/scenario/line-reader.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { type Run, runScenario, worldBefore } from "../../sim/scenario/run-scenario.js";
import { currentMetadata } from "../../sim/world.js";
import { noSettings, scenarioFor, valueInForce } from "../configure/build.js";
import { reasonsOf } from "../configure/counterexample.js";
import { conclusionOf, type Violation, violationOf } from "../configure/require.js";
import { failingStep, storyOf } from "../configure/story.js";
import type { OperateExercise } from "../exercise-format.js";
import type { Evidence, FailedRequirement } from "../misconceptions/misconception.js";
import type { Counterexample, Problem, RequirementVerdict } from "../verdict.js";
import { withHead } from "../whole-scenario.js";
import { isMap, type YamlText } from "../yaml-text.js";
import { evidenceOf } from "./fields.js";
import type { GradeOptions, KindResult } from "./kind.js";

const runStepsMax = 400_000;

/** A runbook: an order of steps that is carried out against a cluster at work, one after the other. */
export function gradeOperate(
  exercise: OperateExercise,
  text: YamlText,
  { variant, brief = false }: GradeOptions,
): KindResult {
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
  const failed: FailedRequirement[] = [];
  const ran = new Map<string, Run>();
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
    const scenario = scenarioFor(made.source, noSettings, head);
    // Requirements without claims of their own speak of the same run.
    const run = ran.get(made.source) ?? runScenario(scenario, { keepTrace: false, maxSteps: runStepsMax });
    ran.set(made.source, run);
    const violation = violationOf(run.world, requirement.require ?? {});
    const why = failureOf(run, violation);
    const { id, sentence, concern, points } = requirement;
    if (why !== null) failed.push({ id, concern, violation, run: null });
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
        why === null || brief ? null : told(runScenario(scenario, { maxSteps: runStepsMax }), violation, why),
      fields: [],
    });
  }
  const given = parseScenario(exercise.given);
  const value: Evidence["value"] = (group, key) => (given.ok ? valueInForce(given.scenario, group, key) : null);
  return { ok: true, requirements, evidence: { ...evidenceOf([]), value, failed } };
}

/** What the runbook and the cluster did, up to the record that had to wait, or to the end. */
function told(run: Run, violation: Violation | null, why: string): Counterexample {
  const endedAtMs = violation?.kind === "late-ack" ? violation.send.endedAtMs : null;
  const failsAtStep =
    endedAtMs === null ? failingStep(run, violation) : run.entries.findLastIndex(({ atMs }) => atMs <= endedAtMs);
  return {
    introduction: "Your runbook, carried out:",
    steps: storyOf(run, violation, failsAtStep).filter(({ sentence }) => !sentence.includes(" sends ")),
    conclusion: why,
    scenario: formatScenario(run.scenario),
    failsAtStep,
    causeChain: violation === null ? [] : [...waitedFor(run, violation), ...reasonsOf(run, violation)],
    key: null,
  };
}

/** Of a write that waited: who was in sync when it was sent. */
function waitedFor(run: Run, { kind, value, send }: Violation): readonly string[] {
  if (kind !== "late-ack" && kind !== "not-acked") return [];
  const sent = run.entries.findIndex(({ atMs }) => atMs > send.sentAtMs);
  const world = worldBefore(run, sent < 0 ? run.entries.length : sent);
  const partition = currentMetadata(world).partitions.find((candidate) => candidate.partition === send.partition);
  if (partition === undefined) return [];
  const led = partition.leader < 0 ? "nobody led" : `broker ${partition.leader} led`;
  return [
    `When ${value} was sent, at ${formatDuration(send.sentAtMs)}, the ISR was {${partition.isr.join(",")}} and ${led}.`,
  ];
}

function failureOf(run: Run, violation: Violation | null): string | null {
  if (run.stopped !== null) return `It stops at ${formatDuration(run.stopped.atMs)}: ${run.stopped.reason}.`;
  const [unmet] = run.failures;
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
