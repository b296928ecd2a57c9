import { join } from "node:path";
import { gradeAnswer } from "./grade.js";
import { findCourse, findExercise, readExercise } from "./store-course.js";
import type { Problem, Verdict } from "./verdict.js";
import { plainInk, verdictText } from "./verdict-text.js";

/** A verdict that a notebook shows as its text when it is a cell's last value. */
export type ShownVerdict = Verdict & { readonly toString: () => string };

/** There is no such exercise, or it cannot be read; the message says what to do. */
export class ExerciseError extends Error {
  override readonly name = "ExerciseError";
}

/**
 * The verdict on an answer, as `highwater check` gives it: the same object, the same hash.
 *
 * ```ts
 * check("01", { topic: { "replication.factor": 3 }, producer: { acks: "all" } })
 * ```
 *
 * Nothing is written down: an attempt counts when it is handed in, or checked in the page or with the command.
 *
 * @param exercise its number, or a part of its name
 * @param answer what `answer.yaml` would hold; data only
 * @throws ExerciseError if the course (looked for from the working folder upwards) has no such exercise
 */
export function check(exercise: string, answer: Readonly<Record<string, unknown>>): ShownVerdict {
  const course = findCourse(process.cwd());
  if (course === null)
    throw new ExerciseError(`there is no course in ${process.cwd()} or above it: run this inside one`);
  const exercisesFolder = join(course, "exercises");
  const found = findExercise(exercisesFolder, exercise);
  if (!found.ok) throw new ExerciseError(found.message);
  const read = readExercise(exercisesFolder, found.id);
  if (!read.ok) throw new ExerciseError(read.problems.map(problemLine).join("\n"));
  // JSON is YAML, without the anchors that an object used twice would get.
  const verdict = gradeAnswer(read.exercise, JSON.stringify(answer, null, 2), { file: "answer" });
  const asText = () => verdictText(verdict, { columns: 80, elapsedMs: null, full: false, ink: plainInk }).trimEnd();
  return Object.defineProperties({ ...verdict } as ShownVerdict, {
    // Not enumerable, so that JSON and comparisons see the verdict alone.
    toString: { value: asText },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: asText },
  });
}

function problemLine({ file, line, column, what, remedy }: Problem): string {
  return `${file}:${line ?? 1}:${column ?? 1}: ${what}; ${remedy}`;
}
