import { describe, expect, test } from "vitest";
import { type Because, becauseOf, CauseRecorder, setupStep } from "../../lib/sim/because.js";
import { factAsked, parseWhyQuery, stepAsked } from "../../lib/sim/because-question.js";
import { formatBecause } from "../../lib/sim/because-text.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { type Run, runScenario } from "../../lib/sim/scenario/run-scenario.js";

function runText(text: string): Run {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  return runScenario(parsed.scenario);
}

function why(run: Run, question: string): { readonly because: Because | null; readonly text: string } {
  const parsed = parseWhyQuery(question);
  if (!parsed.ok) throw new Error(parsed.message);
  const step = stepAsked(run.entries, parsed.query);
  const asked = factAsked(run.entries[step]?.world ?? run.start, parsed.query);
  if ("message" in asked) throw new Error(asked.message);
  const because = becauseOf(run.entries, asked.fact, step);
  return { because, text: because === null ? "" : formatBecause(run.scenario, run.start, because) };
}

describe("the recorder", () => {
  const change = { from: 0, to: 1, rule: "world.crash", numbers: {} } as const;

  test("a cause is the last step that changed a fact, the set-up if none has", () => {
    const recorder = new CauseRecorder();
    expect(recorder.record(0, [{ ...change, fact: "a", because: ["b"] }])[0]?.causes).toEqual([setupStep]);
    recorder.record(3, [{ ...change, fact: "b", because: [] }]);
    recorder.record(5, [{ ...change, fact: "b", because: [] }]);
    expect(recorder.record(9, [{ ...change, fact: "c", because: ["a", "b", "d"] }])[0]?.causes).toEqual([0, 5, -1]);
  });

  test("within one step an earlier change causes a later one, never the other way round", () => {
    const recorder = new CauseRecorder();
    const recorded = recorder.record(7, [
      { ...change, fact: "a", because: ["b"] },
      { ...change, fact: "b", because: ["a"] },
    ]);
    expect(recorded.map(({ causes }) => causes)).toEqual([[-1], [7]]);
  });

  test("a copy goes its own way", () => {
    const recorder = new CauseRecorder();
    const copy = recorder.copy();
    copy.record(1, [{ ...change, fact: "a", because: [] }]);
    expect(recorder.record(2, [{ ...change, fact: "b", because: ["a"] }])[0]?.causes).toEqual([-1]);
  });
});

const text = `cluster brokers=3 replica.lag.time.max.ms=6000
topic orders replicas=1,2,3 min.insync.replicas=2
producer p linger.ms=0
at 0 isolate 3 from 1
at 1s p send x
at 9s crash 1
at 30s config orders min.insync.replicas=1
at 31s crash 2
end 60s
`;

describe("a chain of causes", () => {
  const run = runText(text);

  test("leads from a smaller ISR to the cut link, the lag and the record that was written", () => {
    const { because, text: told } = why(run, "isr@8s");
    expect(because?.change).toMatchObject({ fact: "isr/orders-0", from: [1, 2, 3], to: [1, 2] });
    expect(told).toContain("line 4: at 0 isolate 3 from 1");
    expect(told).toContain("line 5: at 1s p send x");
    expect(told).toContain("replica.lag.time.max.ms=6000, line 1: cluster brokers=3 replica.lag.time.max.ms=6000");
    expect(told).not.toContain("crash");
  });

  test("leads from a new leader to the crash and the session", () => {
    const { text: told } = why(run, "leader@25s");
    expect(told).toMatch(/^leader went from 1 to 2 at /);
    expect(told).toContain("line 6: at 9s crash 1");
    expect(told).toContain("broker.session.timeout.ms=9000, the default of Kafka 4.3");
    expect(told).toContain("min.insync.replicas=2, line 2:");
  });

  test("leads to a configuration that was changed while the cluster ran", () => {
    const { text: told } = why(run, "leader");
    expect(told).toContain("orders min.insync.replicas went from 2 to 1 at 30s");
    expect(told).toContain("line 7: at 30s config orders min.insync.replicas=1");
  });

  test("every step named in a chain is one before it or the same, and no fact is told twice", () => {
    for (const question of ["isr@8s", "leader@25s", "leader", "outcome(x)", "hw(2)@25s"]) {
      const { because } = why(run, question);
      const told: string[] = [];
      const visit = (at: Because): void => {
        told.push(`${at.change.fact} ${at.entry.step}`);
        for (const cause of at.causes) {
          if (cause.type !== "change") continue;
          expect(cause.because.entry.step).toBeLessThanOrEqual(at.entry.step);
          visit(cause.because);
        }
      };
      expect(because, question).not.toBeNull();
      if (because !== null) visit(because);
      expect(new Set(told).size, question).toBe(told.length);
    }
  });

  test("asks about a moment: the value as it was then", () => {
    expect(why(run, "leader@5s").because).toBeNull();
    expect(why(run, "leader@25s").because?.change.to).toBe(2);
    const step = why(run, "leader@25s").because?.entry.step ?? -1;
    expect(why(run, `leader@#${step - 1}`).because).toBeNull();
    expect(why(run, `leader@#${step}`).because?.entry.step).toBe(step);
  });

  test("without a broker hw and leo are the leader's of that moment", () => {
    expect(why(run, "hw@8s").because?.change.fact).toBe("hw/orders-0@1");
    expect(why(run, "hw@25s").because?.change.fact).toBe("hw/orders-0@2");
  });
});

describe("questions", () => {
  test.each([
    ["hw@12s", { subject: "hw", argument: null, partition: null, at: { ms: 12_000 } }],
    ["hw(1)@50", { subject: "hw", argument: "1", partition: null, at: { ms: 50 } }],
    ["orders-0 isr@#14", { subject: "isr", argument: null, partition: "orders-0", at: { step: 14 } }],
    ["outcome(two words)", { subject: "outcome", argument: "two words", partition: null, at: null }],
  ])("%s", (question, query) => {
    expect(parseWhyQuery(question)).toEqual({ ok: true, query });
  });

  test.each([
    ["", "is not a question"],
    ["hw@soon", "is not a question"],
    ["isrr", 'did you mean "isr"?'],
    ["role", "role needs a broker in parentheses"],
    ["leader(1)", "leader takes nothing in parentheses"],
    ["hw(one)", 'hw takes a broker id in parentheses, not "one"'],
  ])("%s", (question, message) => {
    expect(parseWhyQuery(question)).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });

  test.each([
    ["nowhere-0 isr", "there is no partition nowhere-0; there are orders-0"],
    ["process(9)", "there is no broker 9"],
    ["outcome(z)", 'nobody has sent "z" by then'],
    ["outcome(x)@500ms", 'nobody has sent "x" by then'],
  ])("%s cannot be asked of this run", (question, message) => {
    expect(() => why(runText(text), question)).toThrow(message);
  });
});
