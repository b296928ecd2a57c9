import { parentPort } from "node:worker_threads";
import { gradeAnswer } from "../exercise/grade.js";
import { readExercise } from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";

/** What a grading thread is asked. */
export interface GradeQuestion {
  readonly ask: number;
  readonly exercisesFolder: string;
  readonly id: string;
  readonly answerText: string;
}

export interface GradeReply {
  readonly ask: number;
  /** Null: the exercise itself cannot be read. */
  readonly verdict: Verdict | null;
}

parentPort?.on("message", ({ ask, exercisesFolder, id, answerText }: GradeQuestion) => {
  const read = readExercise(exercisesFolder, id);
  const verdict = read.ok ? gradeAnswer(read.exercise, answerText) : null;
  parentPort?.postMessage({ ask, verdict } satisfies GradeReply);
});
