import { describe, expect, it } from "vitest";
import { counterexample } from "../../../lib/check/guarantees/counterexample.js";
import { prove } from "../../../lib/check/guarantees/prove.js";
import { safetyPromises } from "../../../lib/check/guarantees/safety-promises.js";
import type { Line, Scenario } from "../../../lib/sim/scenario/ast.js";
import { formatScenario } from "../../../lib/sim/scenario/format.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../../lib/sim/scenario/run-scenario.js";

function throughText(scenario: Scenario): Scenario {
  const parsed = parseScenario(formatScenario(scenario));
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  return parsed.scenario;
}

function textOf(line: Line | undefined): string {
  return line === undefined ? "" : formatScenario({ lines: [line] });
}

const bounds = { records: 1, maxStates: 50_000 };

describe("counterexamples", () => {
  const proof = prove(
    { replicationFactor: 3, topic: { "min.insync.replicas": "2" }, producer: { acks: "1" } },
    { crash: 1 },
    bounds,
  );
  const lost = proof.guarantees.find(({ id }) => id === "acked-survive");

  it("are scenarios that run to the same end from their text alone", () => {
    expect(lost).toMatchObject({ outcome: "violated", steps: 3 });
    if (lost?.scenario == null) throw new Error("no scenario");
    const run = runScenario(throughText(lost.scenario));
    expect(run.stopped).toBeNull();
    expect(run.claims).toBeGreaterThan(0);
    expect(isMet(run)).toBe(true);
    expect(formatScenario(lost.scenario)).toContain("expect ledger a=acked-lost");
  });

  it("hold no step that could be left out", () => {
    if (lost?.scenario == null) throw new Error("no scenario");
    const { lines } = throughText(lost.scenario);
    const steps = lines.flatMap((line, index) =>
      line.type === "statement" && line.statement.type === "step" && line.statement.step.type !== "expect"
        ? [index]
        : [],
    );
    expect(steps.length).toBeGreaterThan(3);
    for (const index of steps) {
      // A session ends because its broker is gone: without the crash it does not.
      const isCrash = textOf(lines[index]).startsWith("crash");
      const rest = lines.filter((line, at) => at !== index && !(isCrash && textOf(line).includes("session")));
      const run = runScenario({ lines: rest });
      expect([index, isMet(run)]).toEqual([index, false]);
    }
  });

  it("are none where nothing goes wrong", () => {
    const head = lost?.scenario;
    if (head == null) throw new Error("no scenario");
    const setUp = {
      lines: head.lines.filter(
        (line) => line.type === "statement" && line.statement.type !== "step" && line.statement.type !== "stepwise",
      ),
    };
    const broken = safetyPromises[0]?.broken ?? (() => null);
    expect(counterexample(setUp, [{ type: "crash", brokerId: 3 }], broken)).toBeNull();
  });
});

describe("availability", () => {
  it("min.insync.replicas=3 with three replicas tolerates no failure for writes, whatever tables say", () => {
    const proof = prove(
      { replicationFactor: 3, topic: { "min.insync.replicas": "3" }, producer: { acks: "all" } },
      { crash: 1 },
      bounds,
    );
    const writes = proof.guarantees.find(({ id }) => id === "writes-accepted");
    expect(writes?.outcome).toBe("violated");
    if (writes?.scenario == null) throw new Error("no scenario");
    expect(isMet(runScenario(throughText(writes.scenario)))).toBe(true);
    expect(proof.guarantees.find(({ id }) => id === "reads-available")?.outcome).toBe("holds");
    expect(proof.guarantees.find(({ id }) => id === "acked-survive")?.outcome).toBe("holds");
  }, 120_000);

  it("says inconclusive where the search was cut", () => {
    const proof = prove(
      { replicationFactor: 3, topic: { "min.insync.replicas": "2" }, producer: { acks: "all" } },
      { crash: 1 },
      { records: 1, maxStates: 100 },
    );
    expect(proof.guarantees.find(({ id }) => id === "acked-survive")?.outcome).toBe("inconclusive");
  }, 60_000);
});
