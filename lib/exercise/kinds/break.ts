import { ledger } from "../../sim/ledger.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import type { World } from "../../sim/world.js";
import { noSettings, scenarioFor } from "../configure/build.js";
import { violationOf } from "../configure/require.js";
import { holdersOf, list, storyOf } from "../configure/story.js";
import type { BreakExercise } from "../exercise-format.js";
import type { RequirementVerdict } from "../verdict.js";
import type { YamlText } from "../yaml-text.js";
import { faultIn, problemAt, readFaults, withAttack } from "./attack.js";
import { evidenceOf } from "./fields.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** Only these take records from a log. */
const takesRecords = new Set(["wipeDisk", "crashLosingTail"]);
const fateWords = {
  "acked-lost": "acknowledged and lost",
  duplicate: "in the log twice",
  "read-then-gone": "read and then gone",
  "unknown-kept": "reported as failed and yet kept",
} as const;
const stepsMax = 200_000;

/** Be the adversary: place the fewest faults that make a record suffer what is asked for. */
export function gradeBreak(
  exercise: BreakExercise,
  text: YamlText,
  { variant, brief = false }: GradeOptions,
): KindResult {
  const given = scenarioFor(exercise.given, noSettings, variant === undefined ? {} : { variant });
  const read = readFaults(text, given, exercise.may);
  if (!read.ok) return read;
  const scenario = withAttack(given, read.lines);
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
  const faults = read.lines.filter(({ step }) => faultIn(step) !== null).length;
  let traced: Run | undefined;
  const told = (): Run => {
    traced ??= runScenario(scenario, { maxSteps: stepsMax });
    return traced;
  };
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
        counterexample:
          passed || brief
            ? null
            : {
                introduction: "With your faults this is what happens:",
                steps: storyOf(told(), suffered, Number.POSITIVE_INFINITY),
                conclusion:
                  suffered === null
                    ? `No record is ${fateWords[fate]}.`
                    : `${suffered.value} is ${fateWords[fate]}, but it takes fewer faults than your ${faults}.`,
                scenario: formatScenario(scenario),
                failsAtStep: Math.max(0, run.world.steps - 1),
                causeChain: suffered === null ? whereRecordsAre(run.world) : [],
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

/** Which brokers have each acknowledged record in the end: what an attack would have to take away. */
function whereRecordsAre(world: World): readonly string[] {
  return ledger(world)
    .filter(({ fate }) => fate === "acked-kept")
    .map(({ send }) => {
      const holders = holdersOf(world, { send, value: send.value });
      return `${send.value} is on ${holders.length === 1 ? "broker" : "brokers"} ${list(holders)} in the end.`;
    });
}

function counted(faults: number): string {
  return `${faults} ${faults === 1 ? "fault" : "faults"}`;
}
