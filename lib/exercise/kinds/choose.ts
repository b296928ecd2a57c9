import { invariant } from "../../core/assert.js";
import type { ChoiceFields, ChooseExercise, DiagnoseExercise } from "../exercise-format.js";
import type { YamlText } from "../yaml-text.js";
import { type AskedField, gradeFields } from "./fields.js";
import type { KindResult } from "./kind.js";

/** Certification style: one option is right, and each wrong one names what one would have to believe to choose it. */
export function gradeChoose(exercise: ChooseExercise | DiagnoseExercise, text: YamlText): KindResult {
  return gradeFields(
    text,
    exercise.kind === "choose" ? "choice" : "diagnosis",
    exercise.requirements.map(({ id, sentence, concern, points, fields }) => ({
      id,
      sentence,
      concern,
      outOf: points,
      fields: fieldsOf(fields),
    })),
  );
}

function fieldsOf(fields: ChoiceFields): readonly AskedField[] {
  return Object.entries(fields).map(([id, { options }]) => {
    const right = Object.entries(options).find(([, option]) => option.right);
    invariant(right !== undefined, () => `${id} has no right option`);
    const [expected, { because }] = right;
    return {
      id,
      expected,
      isRight: (answered) => answered === expected,
      allowed: Object.keys(options),
      because: (answered) => {
        const chosen = answered === null ? undefined : options[answered];
        return chosen === undefined ? because : `${answered}: ${chosen.because} ${expected}: ${because}`;
      },
      shows: (answered) => options[answered]?.misconception ?? null,
    };
  });
}
