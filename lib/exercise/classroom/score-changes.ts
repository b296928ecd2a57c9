import { cell } from "./csv.js";
import type { LearnerResult } from "./results.js";

/** A score that would not be what was published. */
export interface ScoreChange {
  readonly learner: string;
  readonly exercise: string;
  readonly before: string;
  readonly after: string;
  /** Why, as far as it can be told. */
  readonly because: string;
}

/** Every score in which two results differ, in the order of learners and exercises. */
export function scoreChanges(
  published: readonly LearnerResult[],
  now: readonly LearnerResult[],
): readonly ScoreChange[] {
  const before = new Map(published.map((learner) => [learner.learner, learner]));
  const after = new Map(now.map((learner) => [learner.learner, learner]));
  const learners = [...new Set([...before.keys(), ...after.keys()])].sort();
  return learners.flatMap((learner) => {
    const old = before.get(learner)?.exercises ?? [];
    const fresh = after.get(learner)?.exercises ?? [];
    const exercises = [...new Set([...old, ...fresh].map(({ exercise }) => exercise))].sort();
    return exercises.flatMap((exercise): ScoreChange[] => {
      const was = old.find((each) => each.exercise === exercise);
      const is = fresh.find((each) => each.exercise === exercise);
      const texts = [was, is].map((each) =>
        each === undefined ? "—" : `${each.points} of ${each.outOf} (${each.result})`,
      );
      const [one = "", other = ""] = texts;
      if (one === other) return [];
      const because =
        was === undefined
          ? "it is new"
          : is === undefined
            ? "it is no longer there"
            : was.handedIn !== is.handedIn
              ? "something else was handed in"
              : was.key !== is.key
                ? "another attempt counts, or the exercise or the grader has changed"
                : "the points of the same verdict are counted in another way";
      return [{ learner, exercise, before: one, after: other, because }];
    });
  });
}

export function changesCsv(changes: readonly ScoreChange[]): string {
  const head = ["learner", "exercise", "before", "after", "because"];
  const rows = changes.map(({ learner, exercise, before, after, because }) => [
    learner,
    exercise,
    before,
    after,
    because,
  ]);
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}
