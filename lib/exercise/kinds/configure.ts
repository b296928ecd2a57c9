import { readConfigureAnswer } from "../configure/answer.js";
import { refusalOf, scenarioFor, valueInForce } from "../configure/build.js";
import { type Checked, runCheck } from "../configure/check.js";
import type { ConfigureExercise, ConfigureRequirement } from "../exercise-format.js";
import type { FailedRequirement } from "../misconceptions/misconception.js";
import type { RequirementVerdict } from "../verdict.js";
import type { YamlText } from "../yaml-text.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** Makes the cluster meet the requirements: each is checked by running the learner's own configuration. */
export function gradeConfigure(exercise: ConfigureExercise, text: YamlText, options: GradeOptions): KindResult {
  const read = readConfigureAnswer(text, exercise);
  if (!read.ok) return read;
  const { answer } = read;
  const { variant, brief = false } = options;
  const head = scenarioFor(exercise.given, answer, variant === undefined ? {} : { variant });
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
  const checked = exercise.requirements.map((requirement) => grade({ exercise, answer, variant, brief }, requirement));
  const belief = answer.rule === null ? undefined : exercise.rule?.options[answer.rule.choice]?.misconception;
  return {
    ok: true,
    requirements: checked.map(({ verdict }) => verdict),
    evidence: {
      value: (group, key) => valueInForce(head, group, key),
      isSet: (group, key) => answer.settings.some((setting) => setting.group === group && setting.key === key),
      failed: checked.flatMap(({ failed }) => failed ?? []),
      named: belief === undefined ? [] : [belief],
      predictions: [],
    },
  };
}

interface Graded {
  readonly verdict: RequirementVerdict;
  readonly failed: FailedRequirement | null;
}

function grade(checked: Checked, { id, sentence, concern, points, next, check }: ConfigureRequirement): Graded {
  const { result, searched, explained } = runCheck(checked, check);
  const verdict: RequirementVerdict = {
    id,
    sentence,
    concern,
    result,
    points: result === "pass" ? points : 0,
    outOf: points,
    searched,
    next: result === "pass" ? (next ?? null) : null,
    counterexample: explained?.counterexample ?? null,
    fields: [],
  };
  if (explained === null) return { verdict, failed: null };
  return { verdict, failed: { id, concern, violation: explained.violation, run: explained.run } };
}
