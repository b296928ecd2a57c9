import { readExercise } from "../../lib/exercise/store-course.js";

/** The course's own exercises, for tests that need a real one. */
export const exercisesFolder = new URL("../../exercises", import.meta.url).pathname;

export function exerciseOf(id: string) {
  const read = readExercise(exercisesFolder, id);
  if (!read.ok) throw new Error(`${id}: ${read.problems[0]?.what}`);
  return read.exercise;
}
