import { z } from "zod";
import { id } from "./check-format.js";
import { breakSchema, configureSchema, type Exercise, operateSchema } from "./exercise-format.js";
import { contentProblems } from "./exercise-problems.js";
import type { LoadedExercise } from "./load-exercise.js";
import { checkShape } from "./shape.js";
import type { Problem } from "./verdict.js";
import { readYaml } from "./yaml-text.js";

/**
 * Checks that only the grader holds: a file of its own for an exercise, never in what learners get. A verdict says how
 * many were passed, and nothing of how they are made.
 */
export interface HiddenChecks {
  /** The exercise with the hidden requirements in the place of the visible ones. */
  readonly exercise: Exercise;
  /** Part of the verdict's hash. */
  readonly text: string;
}

export type HiddenResult =
  | { readonly ok: true; readonly hidden: HiddenChecks }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const head = { version: z.literal(1), exercise: id };
const given = z.string().min(1).optional().describe("another cluster at work, in the place of the visible one");

/** What may stand in a hidden file, by kind. Values to fill in have nothing to hide: the learner has answered what was asked. */
const hiddenSchemas = {
  configure: z.strictObject({
    ...head,
    situations: configureSchema.shape.situations,
    requirements: configureSchema.shape.requirements,
  }),
  break: z.strictObject({ ...head, given, requirements: breakSchema.shape.requirements }),
  operate: z.strictObject({ ...head, given, requirements: operateSchema.shape.requirements }),
} as const;

/** Reads hidden checks for an exercise; everything that its author can have got wrong is told with its place. */
export function loadHidden(file: string, source: string, { exercise }: LoadedExercise): HiddenResult {
  const read = readYaml(file, source);
  if (!read.ok) return read;
  const refuse = (path: readonly string[], what: string, why: string, remedy: string): HiddenResult => ({
    ok: false,
    problems: [{ file, ...read.text.placeOf(path), what, why, remedy }],
  });
  const merged = mergedWith(exercise);
  if (merged === null)
    return refuse(
      [],
      `a ${exercise.kind} exercise has no hidden checks`,
      "what is to be answered stands in the exercise",
      "use variations, which give each learner other values, or delete the file",
    );
  const shape = merged.read(read.text);
  if (!shape.ok) return shape;
  const { of, hidden } = shape.value;
  if (of !== exercise.id)
    return refuse(["exercise"], `it is for ${of}`, `these checks are read for ${exercise.id}`, "rename the file");
  const problems = contentProblems(hidden, read.text);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, hidden: { exercise: hidden, text: source } };
}

interface Merged {
  readonly of: string;
  readonly hidden: Exercise;
}

/** How a hidden file of this kind is read and put into the exercise; null where the kind has nothing to hide. */
function mergedWith(exercise: Exercise) {
  type Text = Parameters<typeof checkShape>[0];
  const what = "a file of hidden checks";
  switch (exercise.kind) {
    case "configure": {
      const schema = hiddenSchemas.configure.transform(
        ({ exercise: of, situations, requirements }): Merged => ({
          of,
          hidden: { ...exercise, situations: { ...exercise.situations, ...situations }, requirements },
        }),
      );
      return { read: (text: Text) => checkShape(text, schema, what) };
    }
    case "break": {
      const schema = hiddenSchemas.break.transform(
        ({ exercise: of, given: other, requirements }): Merged => ({
          of,
          hidden: { ...exercise, given: other ?? exercise.given, requirements },
        }),
      );
      return { read: (text: Text) => checkShape(text, schema, what) };
    }
    case "operate": {
      const schema = hiddenSchemas.operate.transform(
        ({ exercise: of, given: other, requirements }): Merged => ({
          of,
          hidden: { ...exercise, given: other ?? exercise.given, requirements },
        }),
      );
      return { read: (text: Text) => checkShape(text, schema, what) };
    }
    default:
      return null;
  }
}
