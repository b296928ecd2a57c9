import { invariant } from "../../core/assert.js";
import type { Problem, Verdict } from "../verdict.js";
import { hashOf } from "../verdict-hash.js";
import type { HandedIn } from "./submission.js";

/** Which of a learner's attempts makes the score. */
export const attemptsPolicies = ["last", "best", "first", "average"] as const;
export type AttemptsPolicy = (typeof attemptsPolicies)[number];

/** An attempt with its verdict. */
export interface GradedAttempt {
  readonly handedIn: HandedIn;
  readonly verdict: Verdict;
  /** Under which the verdict is kept. */
  readonly key: string;
  /** The answer is the starter as it was given out. */
  readonly isUntouched: boolean;
}

/** What one learner got for one exercise: a line's part in `results.jsonl`. */
export interface ExerciseResult {
  readonly exercise: string;
  readonly result: Verdict["result"] | "missing";
  /** At most two decimals. */
  readonly points: number;
  readonly outOf: number;
  /** Graded ones: an answer that cannot be graded costs none. */
  readonly attempts: number;
  /** The first attempt that passed, from 1; null where none did. */
  readonly passedAt: number | null;
  readonly isUntouched: boolean;
  /** The verdict that counts, in `verdicts.jsonl`; null where nothing was handed in. */
  readonly key: string | null;
  readonly hash: string | null;
  readonly misconceptions: readonly string[];
  readonly problems: readonly Problem[];
  /** Changes when anything that was handed in for this exercise does. */
  readonly handedIn: string;
}

/** A line of `results.jsonl`. */
export interface LearnerResult {
  readonly format: "highwater-result";
  readonly version: 1;
  readonly learner: string;
  readonly points: number;
  readonly outOf: number;
  readonly exercises: readonly ExerciseResult[];
  readonly notes: readonly string[];
}

export function exerciseResult(
  exercise: string,
  outOf: number,
  attempts: readonly GradedAttempt[],
  policy: AttemptsPolicy,
): ExerciseResult {
  const handedIn = handedInHash(attempts.map((attempt) => attempt.handedIn));
  const graded = attempts.filter(({ verdict }) => verdict.result !== "ungradable");
  const last = attempts.at(-1);
  if (last === undefined)
    return {
      ...{ exercise, result: "missing", points: 0, outOf, attempts: 0, passedAt: null, isUntouched: false },
      ...{ key: null, hash: null, misconceptions: [], problems: [], handedIn },
    };
  const counted = countedOf(graded, policy) ?? last;
  const passedAt = graded.findIndex(({ verdict }) => verdict.result === "pass");
  const { verdict, key, isUntouched } = counted;
  return {
    exercise,
    result: verdict.result,
    points: policy === "average" ? average(graded.map((attempt) => attempt.verdict.points)) : verdict.points,
    outOf,
    attempts: graded.length,
    passedAt: passedAt < 0 ? null : passedAt + 1,
    isUntouched,
    key,
    hash: verdict.hash,
    misconceptions: verdict.misconceptions.map(({ id }) => id),
    problems: verdict.problems.map((problem) => ({ ...problem, file: counted.handedIn.file })),
    handedIn,
  };
}

export function handedInHash(answers: readonly HandedIn[]): string {
  return hashOf(JSON.stringify(answers.map(({ content }) => content)));
}

/** Average shows the last attempt beside the points of all. */
function countedOf(graded: readonly GradedAttempt[], policy: AttemptsPolicy): GradedAttempt | undefined {
  switch (policy) {
    case "first":
      return graded[0];
    case "last":
    case "average":
      return graded.at(-1);
    case "best":
      return graded.reduce<GradedAttempt | undefined>(
        (best, each) => (best === undefined || each.verdict.points > best.verdict.points ? each : best),
        undefined,
      );
  }
}

/** In hundredths, halves rounded up, whole numbers all the way. */
function average(points: readonly number[]): number {
  if (points.length === 0) return 0;
  const sum = points.reduce((total, each) => total + each, 0);
  invariant(Number.isInteger(sum), () => `points are whole numbers, not ${points.join(", ")}`);
  return Math.floor((200 * sum + points.length) / (2 * points.length)) / 100;
}

export function learnerResult(
  learner: string,
  exercises: readonly ExerciseResult[],
  notes: readonly string[],
): LearnerResult {
  return {
    format: "highwater-result",
    version: 1,
    learner,
    points: addPoints(exercises.map(({ points }) => points)),
    outOf: exercises.reduce((sum, { outOf }) => sum + outOf, 0),
    exercises,
    notes,
  };
}

/** Points have two decimals, and their sum has no more. */
export function addPoints(points: readonly number[]): number {
  return points.reduce((sum, each) => sum + Math.round(each * 100), 0) / 100;
}
