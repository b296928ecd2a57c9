import { gradeAnswer } from "../grade.js";
import { type CourseExercise, readExercise } from "../store-course.js";
import { type GradingQuestion, type GradingReply, type GradingSetup, gradingReady } from "./grading-protocol.js";

/** A process that grades one answer after the other; its parent bounds its time and ends it when it takes too long. */
const setup = JSON.parse(process.argv[2] ?? "{}") as GradingSetup; // written by grading-pool.ts and by nobody else
const exercises = new Map<string, CourseExercise>();

process.on("message", ({ ask, exercise, answerText }: GradingQuestion) => {
  process.send?.({
    ask,
    outcome: grade(exercise, answerText),
    peakKb: process.resourceUsage().maxRSS,
  } satisfies GradingReply);
});
process.send?.(gradingReady);
// Without its parent there is nobody to grade for.
process.on("disconnect", () => process.exit(0));

function grade(id: string, answerText: string): GradingReply["outcome"] {
  try {
    return { kind: "verdict", verdict: gradeAnswer(exerciseOf(id), answerText, { seed: setup.seed }) };
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}

function exerciseOf(id: string): CourseExercise {
  const known = exercises.get(id);
  if (known !== undefined) return known;
  const read = readExercise(setup.exercisesFolder, id);
  if (!read.ok) throw new Error(`${id} cannot be read: ${read.problems[0]?.what}`);
  exercises.set(id, read.exercise);
  return read.exercise;
}
