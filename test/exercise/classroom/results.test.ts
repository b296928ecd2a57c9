import { describe, expect, it } from "vitest";
import {
  type AttemptsPolicy,
  addPoints,
  exerciseResult,
  type GradedAttempt,
  learnerResult,
} from "../../../lib/exercise/classroom/results.js";
import { scoreChanges } from "../../../lib/exercise/classroom/score-changes.js";
import type { Verdict } from "../../../lib/exercise/verdict.js";

function attempt(points: number, result: Verdict["result"] = "fail"): GradedAttempt {
  const verdict = { result, points, hash: `h${points}`, misconceptions: [], problems: [] } as unknown as Verdict; // what counts here
  const handedIn = { exercise: "01", file: "a.yaml", content: { kind: "text", text: `${points}` }, order: 1 } as const;
  return { handedIn, verdict, key: `k${points}`, isUntouched: false };
}

const attempts = [attempt(2), attempt(7, "pass"), attempt(3), attempt(0, "ungradable")];

describe("which attempt counts", () => {
  it.each<[AttemptsPolicy, number, string]>([
    ["first", 2, "fail"],
    ["last", 3, "fail"],
    ["best", 7, "pass"],
    ["average", 4, "fail"],
  ])("%s: %d points", (policy, points, result) => {
    expect(exerciseResult("01", 7, attempts, policy)).toMatchObject({ points, result, attempts: 3, passedAt: 2 });
  });

  it("an average has two decimals, halves rounded up", () => {
    expect(exerciseResult("01", 7, [attempt(1), attempt(0), attempt(0)], "average").points).toBe(0.33);
    expect(exerciseResult("01", 7, [attempt(1), attempt(1), attempt(0)], "average").points).toBe(0.67);
    expect(addPoints([0.1, 0.2])).toBe(0.3);
  });

  it("what cannot be graded counts only where there is nothing else, and costs no attempt", () => {
    const broken = [attempt(0, "ungradable")];
    expect(exerciseResult("01", 7, broken, "best")).toMatchObject({ result: "ungradable", points: 0, attempts: 0 });
    expect(exerciseResult("01", 7, [], "best")).toMatchObject({ result: "missing", points: 0, key: null });
  });
});

describe("changes of scores", () => {
  const one = (points: number, handedIn = "x") =>
    learnerResult("ada", [{ ...exerciseResult("01", 7, [attempt(points)], "last"), handedIn }], []);

  it("says what was, what would be, and why", () => {
    expect(scoreChanges([one(2)], [one(2)])).toEqual([]);
    expect(scoreChanges([one(2)], [one(3, "y")])).toEqual([
      {
        learner: "ada",
        exercise: "01",
        before: "2 of 7 (fail)",
        after: "3 of 7 (fail)",
        because: "something else was handed in",
      },
    ]);
    expect(scoreChanges([one(2)], [one(3)])[0]?.because).toMatch(
      /another attempt counts, or the exercise or the grader/,
    );
    expect(scoreChanges([one(2)], [])[0]?.because).toBe("it is no longer there");
  });
});
