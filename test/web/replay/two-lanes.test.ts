import { describe, expect, it } from "vitest";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { type Run, runScenario } from "../../../lib/sim/scenario/run-scenario.js";
import { replayDocument } from "../../../lib/view/replay-builder.js";
import { replayComparison } from "../../../lib/view/replay-comparison.js";
import { forkedScenario, stepsToTry } from "../../../lib/web/replay/fork.js";
import { readSandboxAddress, sandboxAddress } from "../../../lib/web/replay/links.js";
import { happeningAt, isWorthAStop, lastChange, momentsOf } from "../../../lib/web/replay/moments.js";

const text = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0   p send a
at 1s  crash 1
at 2s  p send b
end 20s
`;

function run(source: string): Run {
  const parsed = parseScenario(source);
  if (!parsed.ok) throw new Error(`${parsed.diagnostics[0].line}: ${parsed.diagnostics[0].message}`);
  return runScenario(parsed.scenario);
}

describe("two runs beside each other", () => {
  const comparison = replayComparison(
    { run: run(text), name: "before" },
    { run: run(text.replace("crash 1", "crash 2")), name: "after" },
    "crash 2",
  );
  const moments = momentsOf(comparison.runs, comparison.sameSteps);

  it("go together while they are the same, and by time from the first difference on", () => {
    const [before, after] = comparison.runs;
    const first = (comparison.sameSteps ?? 0) + 1;
    for (const { frames } of moments.slice(0, first)) expect(frames[0]).toBe(frames[1]);
    expect(before.frames[first]?.text).toBe("crash 1");
    expect(after.frames[first]?.text).toBe("crash 2");
    expect(moments[first]).toEqual({ atMs: 1_000, frames: [first, first], moved: [true, true] });
    // Time never runs back, neither lane skips a frame, and both arrive at their ends.
    for (const [index, moment] of moments.entries()) {
      const last = moments[index - 1];
      if (last === undefined) continue;
      expect(moment.atMs).toBeGreaterThanOrEqual(last.atMs);
      for (const lane of [0, 1])
        expect((moment.frames[lane] ?? 0) - (last.frames[lane] ?? 0)).toBe(moment.moved[lane] ? 1 : 0);
    }
    expect(moments.at(-1)?.frames).toEqual([before.frames.length - 1, after.frames.length - 1]);
  });

  it("that are the same have no first difference", () => {
    const same = replayComparison({ run: run(text), name: "a" }, { run: run(text), name: "b" }, "nothing");
    expect(same.sameSteps).toBeNull();
    expect(same.sentence).toBe("Both runs are the same, step by step.");
    expect(momentsOf(same.runs, null)).toHaveLength(same.runs[0].frames.length);
  });
});

describe("a run in which an acknowledged record is lost", () => {
  it("says so from the step on in which another leader is chosen, and marks that step", () => {
    const lost = `cluster brokers=3 kafka=4.3
topic orders replicas=3,1,2
producer p acks=1 enable.idempotence=false

stepwise
p send a
deliver p>1 metadata
deliver p<1 metadata
fire p batch orders-0
deliver p>3 produce
deliver p<3 produce
crash 3
fire controller session 3
expect ledger a=acked-lost
`;
    const done = run(lost);
    expect(done.failures).toEqual([]);
    const { frames, ledgers } = replayDocument(done, "lost");
    const fates = frames.map(({ ledger }) => ledgers[ledger]?.[0]?.fate);
    expect(fates.slice(-3)).toEqual(["✓ acked, kept", "✓ acked, kept", "✗ acked and LOST"]);
    expect(frames.at(-1)?.marks).toContain("loss");
  });
});

describe("one run", () => {
  const document = replayDocument(run(text), "run");
  const moments = momentsOf([document], null);

  it("stops where the filter says: at faults, at what concerns a broker", () => {
    const stops = (filter: Parameters<typeof isWorthAStop>[1]) =>
      moments.filter((moment) => isWorthAStop(happeningAt([document], moment), filter)).map(({ atMs }) => atMs);
    expect(stops({ type: "mark", mark: "fault" })).toEqual([1_000]);
    // Broker 1's session lasts 9 seconds in Kafka 4.3; its last heartbeat was before the crash.
    const [leaderAtMs = 0, ...more] = stops({ type: "mark", mark: "leader" });
    expect(more).toEqual([]);
    expect(leaderAtMs).toBeGreaterThan(8_000);
    expect(leaderAtMs).toBeLessThanOrEqual(10_000);
    const ofThree = stops({ type: "node", node: "3" });
    expect(ofThree.length).toBeGreaterThan(0);
    expect(ofThree).not.toContain(1_000);
  });

  it("knows which change made a value what it is", () => {
    const found = lastChange(document, "leader/orders-0", document.frames.length - 1);
    expect(found?.[0]).toBe(document.frames.findIndex(({ marks }) => marks.includes("leader")));
    expect(lastChange(document, "leader/orders-0", 0)).toBeNull();
  });
});

describe("a fork", () => {
  it("keeps what was done, leaves out what came after, and tries the step at that time", () => {
    const document = replayDocument(run(text), "run");
    const crash = document.frames.findIndex(({ text: line }) => line === "crash 1");
    expect(forkedScenario(document, crash, "crash 3")).toBe(
      `${text.split("\n").slice(0, 6).join("\n")}\nat 1000ms  crash 3\nend 20000ms\n`,
    );
    expect(forkedScenario(document, 0, "crash 3").split("\n").slice(3)).toEqual([
      "",
      "at 0ms  crash 3",
      "end 20000ms",
      "",
    ]);
  });

  it("offers only steps that the scenario language has, the leader's crash first", () => {
    const document = replayDocument(run(text), "run");
    const end = document.frames.length - 1;
    const offered = stepsToTry(document, end);
    expect(offered[0]).toBe("crash 2");
    for (const step of offered) {
      const parsed = parseScenario(forkedScenario(document, end, step));
      expect(parsed.ok ? [] : parsed.diagnostics, step).toEqual([]);
    }
  });

  it("of a scenario that names each step is such a scenario", () => {
    const stepwise = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3
producer p acks=1

stepwise
crash 2
start 2
`;
    const document = replayDocument(run(stepwise), "run");
    const forked = forkedScenario(document, 1, "crash 3");
    expect(forked.trimEnd().split("\n").slice(-3)).toEqual(["stepwise", "crash 2", "crash 3"]);
    expect(run(forked).stopped).toBeNull();
  });
});

describe("a link", () => {
  it("holds scenario, step and what it is compared with, whatever stands in them", () => {
    const place = { text: "a & b = c # 50 %\nü", step: 14, against: "=&#\n" };
    expect(readSandboxAddress(new URL(sandboxAddress("/sandbox", place), "http://x").hash)).toEqual(place);
    expect(readSandboxAddress(sandboxAddress("", { text: "only" }))).toEqual({ text: "only" });
  });

  it("that anybody made up is no scenario, and throws nothing", () => {
    for (const hash of ["", "#", "#text=", "#text=%E0%A4%A", "#step=1", "#cell-title", "#=&=&"])
      expect(readSandboxAddress(hash)).toBeNull();
    expect(readSandboxAddress("#text=a&step=x")).toEqual({ text: "a" });
  });
});
