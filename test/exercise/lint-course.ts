import { expect } from "vitest";
import { lintVariations } from "../../lib/exercise/hardness.js";
import { lintExercise } from "../../lib/exercise/lint.js";
import { exerciseIds, readExercise, readExerciseFiles } from "../../lib/exercise/store-course.js";
import { exercisesFolder } from "./course.js";

/** The course's exercises whose kinds are among these, or are not. Configurations take longest: they have a file of their own. */
export function exercisesOf(kind: "configure" | "other kinds"): readonly string[] {
  return exerciseIds(exercisesFolder).filter((id) => {
    const read = readExercise(exercisesFolder, id);
    const isConfigure = read.ok && read.exercise.exercise.kind === "configure";
    return isConfigure === (kind === "configure");
  });
}

export function expectContent(id: string): void {
  const read = readExercise(exercisesFolder, id);
  expect(read.ok ? [] : read.problems).toEqual([]);
  if (!read.ok) return;
  expect(lintExercise(readExerciseFiles(read.exercise))).toEqual([]);
  const variations = Array.from({ length: read.exercise.variations ?? 0 }, (_, index) => {
    const other = readExercise(exercisesFolder, id, index);
    return other.ok ? [readExerciseFiles(other.exercise)] : [];
  });
  expect(lintVariations(variations.flat())).toEqual([]);
}
