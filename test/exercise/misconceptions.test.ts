import { describe, expect, it } from "vitest";
import { misconceptions } from "../../lib/exercise/misconceptions/index.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";

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
