import { type CourseExercise, findExercise, readExercise } from "../exercise/store-course.js";
import { UserError } from "./cli.js";

/** The exercise a learner means, or the reason why it cannot be graded. */
export function openExercise(exercisesFolder: string, asked: string): CourseExercise {
  const found = findExercise(exercisesFolder, asked);
  if (!found.ok) throw new UserError(found.message);
  const read = readExercise(exercisesFolder, found.id);
  if (read.ok) return read.exercise;
  const told = read.problems.map(
    ({ file, line, column, what, remedy }) => `${file}:${line ?? 1}:${column ?? 1}: ${what}; ${remedy}`,
  );
  throw new UserError(told.join("\n"));
}
