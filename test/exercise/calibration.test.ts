import { describe, expect, it } from "vitest";
import { calibrationOf } from "../../lib/exercise/calibration.js";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { VerdictView } from "../../lib/web/exercise/verdict-view.js";
import { exerciseOf } from "./course.js";

const answer = (percent: number, right: boolean, field = "x") => ({ field, percent, right });

// Brier scores by hand: the mean of (said - was)², with was 0 or 1.
describe("calibration", () => {
  it.each([
    { answers: [answer(100, true), answer(100, true)], said: 100, right: 100, brier: 0 },
    { answers: [answer(100, false)], said: 100, right: 0, brier: 100 },
    { answers: [answer(50, true), answer(50, false)], said: 50, right: 50, brier: 25 },
    { answers: [answer(80, true), answer(60, false)], said: 70, right: 50, brier: 20 },
  ])("$said % sure, $right % right: $brier", ({ answers, said, right, brier }) => {
    expect(calibrationOf(answers)).toMatchObject({ saidPercent: said, rightPercent: right, brier });
  });

  it("says in which direction it is off, and of what", () => {
    expect(calibrationOf([answer(90, true, "leader"), answer(80, false, "isr")])?.sentence).toMatch(
      /surer than right.* isr/,
    );
    expect(calibrationOf([answer(40, true), answer(50, true)])?.sentence).toMatch(/more than you think/);
    expect(calibrationOf([answer(90, true), answer(95, true)])?.sentence).toMatch(/know what you know/);
    expect(calibrationOf([])).toBeNull();
  });
});

it("stands in the page's verdict, where there is one", () => {
  const loaded = exerciseOf("02-after-the-crash");
  const shown = (confidence: string) => {
    const verdict = gradeAnswer(loaded, `prediction: { leader: 2, epoch: 2 }\n${confidence}`);
    return JSON.stringify(VerdictView({ verdict, elapsedMs: 0 }).props.children.flat());
  };
  expect(shown("confidence: 90\n")).toContain('"children":"You were 90 % sure');
  expect(shown("")).not.toContain('"children":"You were');
});

describe("the confidence of an answer", () => {
  const loaded = exerciseOf("02-after-the-crash");
  const grade = (confidence: string) =>
    gradeAnswer(loaded, `prediction: { leader: 2, epoch: 2, isr: [2] }\n${confidence}`);

  it("is told and gives no points", () => {
    const without = grade("");
    expect(without.calibration).toBeUndefined();
    const sure = grade("confidence: { leader: 100, epoch: 90 }\n");
    expect(sure.points).toBe(without.points);
    expect(sure.calibration?.answers).toEqual([answer(100, true, "leader"), answer(90, false, "epoch")]);
    expect(grade("confidence: 70\n").calibration?.answers.map(({ field }) => field)).toEqual([
      "leader",
      "epoch",
      "isr",
    ]);
  });

  it.each([
    { confidence: "confidence: 101", what: /no percentage/ },
    { confidence: "confidence: sure", what: /no percentage/ },
    { confidence: "confidence: { leader: 1.5 }", what: /leader is no percentage/ },
    { confidence: "confidence: { log-end-2: 50 }", what: /log-end-2 is not answered/ },
  ])("$confidence cannot be graded, and is told with its line", ({ confidence, what }) => {
    const verdict = grade(confidence);
    expect(verdict.result).toBe("ungradable");
    expect(verdict.problems[0]?.what).toMatch(what);
    expect(verdict.problems[0]?.line).toBe(2);
  });
});
