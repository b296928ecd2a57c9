import { describe, expect, it } from "vitest";
import { counterexample } from "../../../lib/check/guarantees/counterexample.js";
import { prove } from "../../../lib/check/guarantees/prove.js";
import type { AskedConfiguration } from "../../../lib/check/guarantees/question.js";
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

/** Configurations that break each promise which a search can break, in every way that the faults allow. */
const broken: readonly (readonly [AskedConfiguration, string, records: number])[] = [
  [{ topic: { "min.insync.replicas": 2 }, producer: { acks: 1 } }, "crash 1", 1],
  [{ topic: { "min.insync.replicas": 2 }, producer: { acks: 0 } }, "crash 1", 1],
  [{ replicationFactor: 2, topic: { "min.insync.replicas": 1 } }, "slow 1, power-loss 1", 1],
  [{ replicationFactor: 2, topic: { "min.insync.replicas": 1 } }, "slow 1, disk-loss 1", 1],
  [{ replicationFactor: 2, topic: { "unclean.leader.election.enable": true } }, "slow 1, crash 1", 1],
  [{ topic: { "min.insync.replicas": 1 }, producer: { acks: 1 } }, "isolate-controller 1", 1],
  [{ topic: { "min.insync.replicas": 2 }, producer: { "enable.idempotence": false } }, "crash 1", 2],
];

/** Each breach once: the same scenario often breaks two promises. */
const breaches = broken.flatMap(([asked, faults, records]) =>
  prove(asked, { faults, records, failures: 0 })
    .guarantees.filter(({ id, outcome }) => outcome === "violated" && !id.endsWith("accepted"))
    .filter(({ scenario }, index, all) => all.findIndex((other) => other.scenario === scenario) === index)
    .map(({ id, scenario, timedScenario }) => ({
      name: `${id} of ${JSON.stringify(asked)} with ${faults}`,
      id,
      scenario: scenario ?? "",
      timedScenario,
    })),
);

describe("each counterexample", () => {
  it("is of a promise that breaks, and all of them but availability are there", () => {
    const ids = new Set(breaches.map(({ id }) => id));
    expect([...ids].sort()).toEqual(["acked-survive", "no-duplicate", "order-kept", "read-stays"]);
  });

  it.each(breaches)("$name: runs to the end it names, and needs each of its steps", ({ id, scenario }) => {
    const { lines } = read(scenario);
    expect(isMet(runScenario({ lines }))).toBe(true);
    const isStep = (line: Line): boolean =>
      line.type === "statement" && line.statement.type === "step" && line.statement.step.type !== "expect";
    const wrong = safetyPromises.find((promise) => promise.id === id)?.broken ?? (() => null);
    const isFault = /^(crash|power-off|wipe|shutdown|cut|lapse)/;
    for (const [index, line] of lines.entries()) {
      if (!isStep(line)) continue;
      const without = lines.filter((other, at) => at !== index && (isStep(other) || at < index));
      // A session ends, and a process starts again, because its broker is gone: without the fault they do not.
      const fault = isFault.test(textOf(line));
      const rest = fault ? without.filter((other) => !/session|^start/.test(textOf(other))) : without;
      const { world, stopped } = runScenario({ lines: rest });
      expect([textOf(line), stopped === null && wrong(world) !== null]).toEqual([textOf(line), false]);
    }
  });

  it.each(breaches.filter(({ timedScenario }) => timedScenario !== null))(
    "$name: happens by itself at the times that are given",
    ({ timedScenario }) => {
      const run = runScenario(read(timedScenario));
      expect(run.stopped).toBeNull();
      expect(isMet(run)).toBe(true);
    },
  );

  it("has times wherever nothing depends on one message being overtaken", () => {
    expect(breaches.filter(({ timedScenario }) => timedScenario === null).map(({ id }) => id)).toEqual(["order-kept"]);
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
