import { invariant } from "../../core/assert.js";
import type { ConfigureAnswer } from "../configure/answer.js";
import { readConfigureAnswer } from "../configure/answer.js";
import { refusalOf, scenarioFor, valueInForce } from "../configure/build.js";
import { type Explained, explain } from "../configure/counterexample.js";
import { play, type SweepFailure, sweep } from "../configure/sweep.js";
import type { ConfigureExercise, ConfigureRequirement, Require } from "../exercise-format.js";
import { withHead } from "../load-exercise.js";
import type { FailedRequirement } from "../misconceptions/misconception.js";
import type { RequirementVerdict } from "../verdict.js";
import type { YamlText } from "../yaml-text.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** Makes the cluster meet the requirements: each is checked by running the learner's own configuration. */
export function gradeConfigure(exercise: ConfigureExercise, text: YamlText, options: GradeOptions): KindResult {
  const read = readConfigureAnswer(text, exercise.asks, exercise.kafka);
  if (!read.ok) return read;
  const { answer } = read;
  const head = scenarioFor(exercise.given, answer, headOptions(options));
  const refusal = refusalOf(head);
  if (refusal !== null) {
    const at = answer.settings.find(({ key }) => key === refusal.key) ?? answer.settings[0];
    return {
      ok: false,
      problems: [
        {
          file: text.file,
          line: at?.line ?? null,
          column: at?.column ?? null,
          what: refusal.message,
          why: "this cluster would not start with it",
          remedy: refusal.hint ?? `change ${refusal.key}`,
        },
      ],
    };
  }
  const checked = exercise.requirements.map((requirement) => check(exercise, requirement, answer, options));
  return {
    ok: true,
    requirements: checked.map(({ verdict }) => verdict),
    evidence: {
      value: (group, key) => valueInForce(head, group, key),
      isSet: (group, key) => answer.settings.some((setting) => setting.group === group && setting.key === key),
      failed: checked.flatMap(({ failed }) => failed ?? []),
      named: [],
    },
  };
}

interface Checked {
  readonly verdict: RequirementVerdict;
  readonly failed: FailedRequirement | null;
}

interface Outcome {
  readonly searched: string;
  readonly failure: SweepFailure | null;
  readonly require: Require;
}

function check(
  exercise: ConfigureExercise,
  requirement: ConfigureRequirement,
  answer: ConfigureAnswer,
  options: GradeOptions,
): Checked {
  const { id, sentence, concern, points, next } = requirement;
  const { searched, failure, require } = outcomeOf(exercise, requirement, answer, options);
  const explained: Explained | null = failure === null ? null : explain(failure, require, answer, exercise.asks);
  const verdict: RequirementVerdict = {
    id,
    sentence,
    concern,
    result: failure === null ? "pass" : "fail",
    points: failure === null ? points : 0,
    outOf: points,
    searched,
    next: failure === null ? (next ?? null) : null,
    counterexample: explained?.counterexample ?? null,
    fields: [],
  };
  if (explained === null) return { verdict, failed: null };
  return { verdict, failed: { concern, violation: explained.violation, run: explained.run } };
}

function outcomeOf(
  exercise: ConfigureExercise,
  { check }: ConfigureRequirement,
  answer: ConfigureAnswer,
  options: GradeOptions,
): Outcome {
  const situation = (name: string) => {
    const found = exercise.situations[name];
    invariant(found !== undefined, () => `${exercise.id} has no situation "${name}"`);
    return found;
  };
  const scenario = (name: string, seed?: number) =>
    scenarioFor(withHead(exercise.given, situation(name).steps), answer, {
      ...headOptions(options),
      ...(seed === undefined ? {} : { seed }),
    });
  if ("sweep" in check) {
    const { situations, fault, require } = check.sweep;
    let runs = 0;
    for (const name of situations) {
      const result = sweep(scenario(name), { steps: fault }, situation(name), require);
      runs += result.runs;
      if (result.failure !== null)
        return { searched: `${counted(runs)}; this one fails`, failure: result.failure, require };
    }
    const where = situations.length === 1 ? "" : `, in ${situations.length} situations`;
    return {
      searched: `${counted(runs)}: the fault after every change, on every broker${where}`,
      failure: null,
      require,
    };
  }
  const { situations, seeds, require } = check.play;
  let runs = 0;
  for (const name of situations)
    for (const seed of seeds ?? [undefined]) {
      runs++;
      const failure = play(scenario(name, seed), require);
      if (failure !== null) return { searched: `${counted(runs)}; this one fails`, failure, require };
    }
  return { searched: counted(runs), failure: null, require };
}

function headOptions({ variant }: GradeOptions) {
  return variant === undefined ? {} : { variant };
}

function counted(runs: number): string {
  return `${runs.toString().replace(/\B(?=(\d{3})+$)/g, ",")} ${runs === 1 ? "run" : "runs"}`;
}
