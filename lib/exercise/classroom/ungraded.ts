import type { Exercise } from "../exercise-format.js";
import type { Problem, Verdict } from "../verdict.js";
import { hashOf } from "../verdict-hash.js";

/** The verdict on an answer that no grader saw to the end: it could not be read, or a bound was reached. */
export function ungraded(exercise: Exercise, result: "ungradable" | "inconclusive", problem: Problem): Verdict {
  return {
    format: "highwater-verdict",
    version: 1,
    exercise: { id: exercise.id, title: exercise.title, kind: exercise.kind },
    result,
    points: 0,
    outOf: exercise.requirements.reduce((sum, { points }) => sum + points, 0),
    requirements: [],
    misconceptions: [],
    question: null,
    problems: [problem],
    hidden: { run: false, passed: 0, of: 0 },
    hash: hashOf(JSON.stringify([exercise.id, result, problem])),
  };
}
