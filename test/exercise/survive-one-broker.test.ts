import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import type { Verdict } from "../../lib/exercise/verdict.js";
import { plainInk, verdictText } from "../../lib/exercise/verdict-text.js";
import { ledger } from "../../lib/sim/ledger.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { exerciseOf } from "./course.js";

const loaded = exerciseOf("01-survive-one-broker");

function answer(copies: number, minInsync: number, acks: string | number, unclean = false): Verdict {
  return gradeAnswer(
    loaded,
    `version: 1
topic: { replication.factor: ${copies}, min.insync.replicas: ${minInsync}, unclean.leader.election.enable: ${unclean} }
producer: { acks: ${acks} }
`,
  );
}

function requirement(verdict: Verdict, id: string) {
  const found = verdict.requirements.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`no requirement ${id}`);
  return found;
}

// What each setting gives, from Kafka's design: n - m brokers may be down for acks=all writes to go on, and an
// acknowledged record is on at least m; acks=1 promises the leader's copy only.
describe("survive one broker", () => {
  it.each([
    { copies: 3, minInsync: 2, acks: "all", safe: true, available: true },
    { copies: 3, minInsync: 1, acks: "all", safe: false, available: true },
    { copies: 3, minInsync: 3, acks: "all", safe: true, available: false },
    { copies: 2, minInsync: 2, acks: "all", safe: true, available: false },
    { copies: 1, minInsync: 1, acks: "all", safe: false, available: false },
    { copies: 3, minInsync: 2, acks: 1, safe: false, available: true },
    { copies: 3, minInsync: 2, acks: 0, safe: false, available: true },
  ])("RF $copies, min $minInsync, acks=$acks: safe $safe, available $available", (row) => {
    const verdict = answer(row.copies, row.minInsync, row.acks);
    expect(requirement(verdict, "no-loss").result).toBe(row.safe ? "pass" : "fail");
    expect(requirement(verdict, "writes-go-on").result).toBe(row.available ? "pass" : "fail");
    expect(verdict.result).toBe(row.safe && row.available ? "pass" : "fail");
    if (!row.safe) expect(verdict.points).toBe(0);
  });

  it("a failure is a scenario that anybody can run, and what it says is so", () => {
    const failure = requirement(answer(3, 1, "all"), "no-loss").counterexample;
    const parsed = parseScenario(failure?.scenario ?? "");
    expect(parsed.ok).toBe(true);
    if (!parsed.ok) return;
    const run = runScenario(parsed.scenario);
    expect(run.stopped).toBeNull();
    const lost = ledger(run.world).filter(({ fate }) => fate === "acked-lost");
    expect(lost.map(({ send }) => `${send.value} was acknowledged and is gone.`)).toContain(failure?.conclusion);
    expect(failure?.key).toBe("topic.min.insync.replicas");
    expect(run.entries[failure?.failsAtStep ?? -1]).toBeDefined();
  });

  it("no line of the scenario can be left out", () => {
    const { scenario = "" } = requirement(answer(3, 1, "all"), "no-loss").counterexample ?? {};
    const lines = scenario.split("\n");
    for (const line of lines.filter((candidate) => candidate.startsWith("at "))) {
      const parsed = parseScenario(lines.filter((other) => other !== line).join("\n"));
      if (!parsed.ok) continue;
      const fates = ledger(runScenario(parsed.scenario, { keepTrace: false }).world).map(({ fate }) => fate);
      expect(fates, `without: ${line}`).not.toContain("acked-lost");
    }
  });

  it("an unclean leader is blamed on its key, and names the belief", () => {
    const verdict = answer(3, 2, "all", true);
    expect(requirement(verdict, "no-loss").counterexample?.key).toBe("topic.unclean.leader.election.enable");
    expect(verdict.misconceptions[0]?.id).toBe("unclean-election-is-free");
  });

  it("the text has the verdict first and fits into 24 lines of 80", () => {
    const text = verdictText(answer(3, 1, "all"), { columns: 80, elapsedMs: null, full: false, ink: plainInk });
    const lines = text.trimEnd().split("\n");
    expect(lines[0]).toMatch(/^✗ {2}No acknowledged write is lost when any one broker dies +safety · 0 of 4$/);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it("the same answer has the same hash however it is written, another answer another", () => {
    const spaced = gradeAnswer(
      loaded,
      "# mine\nproducer:\n  acks: all\ntopic:\n  unclean.leader.election.enable: false\n  min.insync.replicas: 3\n  replication.factor: 3\nversion: 1\n",
    );
    expect(spaced.hash).toBe(answer(3, 3, "all").hash);
    expect(answer(3, 3, "all", true).hash).not.toBe(spaced.hash);
  });
});
