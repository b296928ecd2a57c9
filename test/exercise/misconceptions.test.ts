import { describe, expect, it } from "vitest";
import { statedMisconception } from "../../lib/exercise/lint.js";
import { misconceptions } from "../../lib/exercise/misconceptions/index.js";
import { exerciseIds, readExerciseFiles } from "../../lib/exercise/store-course.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { exerciseOf, exercisesFolder } from "./course.js";

describe("the scenario of a misconception shows otherwise", () => {
  it.each(misconceptions.map((each) => [each.id, each] as const))("%s", (_id, { scenario, belief, explanation }) => {
    expect(belief).toMatch(/\.$/);
    expect(explanation).not.toBe("");
    const parsed = parseScenario(scenario);
    expect(parsed.ok ? [] : parsed.diagnostics).toEqual([]);
    if (!parsed.ok) return;
    const run = runScenario(parsed.scenario, { keepTrace: false });
    expect(run.stopped).toBeNull();
    expect(run.failures).toEqual([]);
    expect(run.claims).toBeGreaterThan(0);
  });

  it("has each name once", () => {
    expect(new Set(misconceptions.map(({ id }) => id)).size).toBe(misconceptions.length);
  });
});

it("each is provoked by a wrong answer of the course, and at least 25 are found by a detector of their own", () => {
  const shown = new Set(
    exerciseIds(exercisesFolder)
      .flatMap((id) => readExerciseFiles(exerciseOf(id)).wrong)
      .map(({ text }) => statedMisconception(text)),
  );
  const unseen = misconceptions.filter(({ id, foretold }) => !shown.has(id) && foretold === undefined);
  expect(unseen.map(({ id }) => id)).toEqual([]);
  const detected = misconceptions.filter(({ suggests, foretold }) => suggests !== undefined || foretold !== undefined);
  expect(detected.length).toBeGreaterThanOrEqual(25);
});
