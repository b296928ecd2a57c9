import { describe, expect, it } from "vitest";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { stepRows, withStep } from "../../lib/web/sandbox/scenario-steps.js";

const text = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=all

at 0       p send a
at 1500ms  p send b
end 3s
`;

describe("steps that are pressed", () => {
  it("come a second after the last, and the run goes on long enough to see what they do", () => {
    expect(withStep(text, "crash 1").split("\n").slice(-4)).toEqual([
      "at 1500ms  p send b",
      "at 2500ms  crash 1",
      "end 14500ms",
      "",
    ]);
    expect(withStep(withStep(text, "crash 1"), "start 1")).toContain("at 3500ms  start 1\nend 15500ms");
  });

  it("are steps that the scenario language has, for each broker of the text", () => {
    const rows = stepRows(text);
    expect(rows.map(({ name }) => name)).toEqual(["broker 1", "broker 2", "broker 3", "network"]);
    for (const { step } of rows.flatMap(({ buttons }) => buttons)) {
      const parsed = parseScenario(withStep(text, step));
      expect(parsed.ok ? [] : parsed.diagnostics, step).toEqual([]);
    }
  });

  it("run: a pressed crash of the leader is followed by an election", () => {
    const parsed = parseScenario(`${withStep(text, "crash 1")}at 14s expect leader=2\n`.replace(/^end .*\n/m, ""));
    expect(parsed.ok && runScenario(parsed.scenario, { maxSteps: 10_000 }).failures).toEqual([]);
  });
});
