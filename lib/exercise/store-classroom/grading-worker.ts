import { gradeAnswer } from "../grade.js";
import { ClassExercises, type ExerciseSource } from "./class-exercises.js";
import { type GradingQuestion, type GradingReply, gradingReady } from "./grading-protocol.js";

/** A process that grades one answer after the other; its parent bounds its time and ends it when it takes too long. */
const source = JSON.parse(process.argv[2] ?? "{}") as ExerciseSource; // written by grading-pool.ts and by nobody else
const exercises = new ClassExercises(source);

process.on("message", (question: GradingQuestion) => {
  const outcome = grade(question);
  process.send?.({ ask: question.ask, outcome, peakKb: process.resourceUsage().maxRSS } satisfies GradingReply);
});
process.send?.(gradingReady);
// Without its parent there is nobody to grade for.
process.on("disconnect", () => process.exit(0));

function grade({ exercise: id, variation, answerText }: GradingQuestion): GradingReply["outcome"] {
  try {
    const { course, hidden } = exercises.variation(id, variation);
    const grading = { seed: source.seed, ...(hidden === undefined ? {} : { hidden }) };
    return { kind: "verdict", verdict: gradeAnswer(course, answerText, grading) };
  } catch (error) {
    return { kind: "error", message: error instanceof Error ? error.message : String(error) };
  }
}
