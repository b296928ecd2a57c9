import { describe, expect, it } from "vitest";
import { counterexample } from "../../../lib/check/guarantees/counterexample.js";
import { prove } from "../../../lib/check/guarantees/prove.js";
import { safetyPromises } from "../../../lib/check/guarantees/safety-promises.js";
import type { Line, Scenario } from "../../../lib/sim/scenario/ast.js";
import { formatScenario } from "../../../lib/sim/scenario/format.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../../lib/sim/scenario/run-scenario.js";

function read(text: string | null | undefined): Scenario {
  if (text == null) throw new Error("no scenario");
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
  return parsed.scenario;
}

function textOf(line: Line | undefined): string {
  return line === undefined ? "" : formatScenario({ lines: [line] });
}

describe("counterexamples", () => {
  const proof = prove(
    { replicationFactor: 3, topic: { "min.insync.replicas": "2" }, producer: { acks: "1" } },
    { faults: "crash 1", records: 1 },
  );
  const lost = proof.guarantees.find(({ id }) => id === "acked-survive");

  it("are scenarios that run to the same end from their text alone", () => {
    expect(lost).toMatchObject({ outcome: "violated", steps: 3 });
    const run = runScenario(read(lost?.scenario));
    expect(run.stopped).toBeNull();
    expect(run.claims).toBeGreaterThan(0);
    expect(isMet(run)).toBe(true);
    expect(lost?.scenario).toContain("expect ledger a=acked-lost");
  });

  it("hold no step that could be left out", () => {
    const { lines } = read(lost?.scenario);
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
    const head = read(lost?.scenario);
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
      { faults: "crash 1", records: 1 },
    );
    const writes = proof.guarantees.find(({ id }) => id === "writes-accepted");
    expect(writes?.outcome).toBe("violated");
    expect(isMet(runScenario(read(writes?.scenario)))).toBe(true);
    expect(proof.guarantees.find(({ id }) => id === "reads-available")?.outcome).toBe("holds");
    expect(proof.guarantees.find(({ id }) => id === "acked-survive")?.outcome).toBe("holds");
  }, 120_000);

  it("says inconclusive where the search was cut", () => {
    const proof = prove(
      { replicationFactor: 3, topic: { "min.insync.replicas": "2" }, producer: { acks: "all" } },
      { records: 1 },
      { maxStates: 100 },
    );
    expect(proof.guarantees.find(({ id }) => id === "acked-survive")?.outcome).toBe("inconclusive");
  }, 60_000);
});
