import { type Exercise, exerciseSchema } from "./exercise-format.js";
import { contentProblems } from "./exercise-problems.js";
import { checkShape } from "./shape.js";
import type { Problem } from "./verdict.js";
import { readYaml } from "./yaml-text.js";

/** An exercise that can be graded, and the text it came from: part of each verdict's hash. */
export interface LoadedExercise {
  readonly exercise: Exercise;
  readonly text: string;
}

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedExercise }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads an `exercise.yaml`; everything that its author can have got wrong is told with its place. */
export function loadExercise(file: string, source: string): LoadResult {
  const read = readYaml(file, source);
  if (!read.ok) return read;
  const shape = checkShape(read.text, exerciseSchema, "an exercise");
  if (!shape.ok) return shape;
  const problems = contentProblems(shape.value, read.text);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, loaded: { exercise: shape.value, text: source } };
}
