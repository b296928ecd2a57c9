import { describe, expect, it } from "vitest";
import { analyseItems, correlation } from "../../../lib/exercise/classroom/item-analysis.js";
import { type ExerciseResult, learnerResult } from "../../../lib/exercise/classroom/results.js";

describe("correlation", () => {
  // F. J. Anscombe, "Graphs in Statistical Analysis" (1973): all four sets have r = 0.816. Values times 100, to be whole.
  const x = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5];
  it.each([
    [x, [804, 695, 758, 881, 833, 996, 724, 426, 1084, 482, 568]],
    [x, [914, 814, 874, 877, 926, 810, 613, 310, 913, 726, 474]],
    [x, [746, 677, 1274, 711, 781, 884, 608, 539, 815, 642, 573]],
    [
      [8, 8, 8, 8, 8, 8, 8, 19, 8, 8, 8],
      [658, 576, 771, 884, 847, 704, 525, 1250, 556, 791, 689],
    ],
  ])("Anscombe's set is 0.82", (one, other) => {
    expect(correlation(one.map((value, index) => [value, other[index] ?? 0]))).toBe(0.82);
  });

  it("is −1 for what runs the other way, and unknown where nothing varies or too few are there", () => {
    expect(correlation([1, 2, 3].map((value) => [value, -5 * value]))).toBe(-1);
    expect(correlation([1, 2, 3].map((value) => [value, 4]))).toBeNull();
    expect(
      correlation([
        [1, 1],
        [2, 2],
      ]),
    ).toBeNull();
  });
});

function result(overrides: Partial<ExerciseResult>): ExerciseResult {
  return {
    ...{ exercise: "01-one", result: "fail", points: 0, outOf: 4, attempts: 1, passedAt: null, isUntouched: false },
    ...{ key: "k", hash: "h", misconceptions: [], problems: [], handedIn: "" },
    ...overrides,
  };
}

describe("the analysis of an exercise", () => {
  const results = [
    result({ result: "pass", points: 4, attempts: 3, key: "right" }),
    result({ attempts: 1, key: "b", misconceptions: ["acks-all-alone"] }),
    result({ attempts: 2, key: "a", points: 1 }),
    result({ attempts: 9, key: "a", points: 1 }),
    result({ isUntouched: true, key: "starter" }),
    result({ result: "ungradable", attempts: 0, key: "broken" }),
    result({ result: "missing", attempts: 0, key: null }),
  ];
  const learners = results.map((each, index) => learnerResult(`learner ${index}`, [each], []));
  const [item] = analyseItems(
    ["01-one"],
    learners,
    () => undefined,
    (key) => `text of ${key}`,
  );

  it("counts those who tried: no untouched starters, nothing that cannot be graded", () => {
    expect(item).toMatchObject({ tried: 4, passed: 1, passRate: 25, untouched: 1, ungradable: 1, missing: 1 });
  });

  it("mean score of the points to be had, the lower middle of the attempts", () => {
    // (4 + 0 + 1 + 1) of 16 points; attempts 1, 2, 3, 9.
    expect(item).toMatchObject({ meanScore: 38, medianAttempts: 2 });
  });

  it("names the commonest answers that do not pass", () => {
    expect(item?.wrongAnswers.map(({ text, learners }) => [text, learners])).toEqual([
      ["text of a", 2],
      ["text of b", 1],
    ]);
    expect(item?.wrongAnswers[1]?.misconceptions).toEqual(["acks-all-alone"]);
  });
});
