import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { loadExercise } from "../../lib/exercise/load-exercise.js";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../lib/sim/scenario/run-scenario.js";

const source = (check: string, { copies = 2, delay = "5ms" } = {}): string => `version: 1
id: x
title: One check
kind: configure
kafka: "4.3"
difficulty: 1
minutes: 1
objectives: [Check it]
given: |
  cluster brokers=${copies} kafka=4.3 delay=${delay} replica.lag.time.max.ms=4000
  topic orders replication.factor=${copies}
  producer p linger.ms=0
asks: { topic: [min.insync.replicas, unclean.leader.election.enable], producer: [acks, linger.ms, enable.idempotence] }
situations:
  calm: { title: All is well, steps: "at 0 p send warm\\nat 2s p send a\\nat 3s p send b" }
  dead: { title: Broker 2 dies, steps: "at 0 p send warm\\nat 5s crash 2\\nat 20s p send a\\nat 20s p send b\\nend 30s" }
requirements:
  - { id: one, sentence: It is so, concern: latency, points: 1, check: ${check} }
`;

function grade(check: string, answer: string, cluster = {}) {
  const read = loadExercise("exercise.yaml", source(check, cluster));
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join("\n"));
  const [requirement] = gradeAnswer(read.loaded, answer).requirements;
  if (requirement === undefined) throw new Error("it is gradable");
  return requirement;
}

const limit = (measure: string, atMost: number, situation = "calm"): string =>
  `{ limit: { situations: [${situation}], measure: ${measure}, atMost: ${atMost} } }`;

// From what each is: one way is 5 ms, so acks=1 takes there and back; acks=0 asks nobody; linger.ms waits before sending.
describe("a limit", () => {
  it.each([
    { measure: "median-ack-ms", answer: "producer: { acks: 0 }", value: 0, words: "0ms" },
    { measure: "median-ack-ms", answer: "producer: { acks: 1 }", value: 10, words: "10ms" },
    { measure: "median-ack-ms", answer: "producer: { acks: 1, linger.ms: 100 }", value: 110, words: "110ms" },
    { measure: "copies", answer: "{}", value: 2, words: "2" },
    {
      measure: "not-acked",
      answer: "topic: { min.insync.replicas: 2 }\nproducer: { acks: all }",
      situation: "dead",
      value: 2,
      words: "2",
    },
    {
      measure: "not-acked",
      answer: "topic: { min.insync.replicas: 1 }\nproducer: { acks: all }",
      situation: "dead",
      value: 0,
      words: "0",
    },
    {
      measure: "longest-silence-ms",
      answer: "topic: { min.insync.replicas: 2 }\nproducer: { acks: all }",
      situation: "dead",
      value: 10_000,
      words: "10s",
    },
    { measure: "lost", answer: "{}", value: 0, words: "0" },
    { measure: "duplicates", answer: "{}", value: 0, words: "0" },
  ])("$measure of $answer is $value", ({ measure, answer, situation, value, words }) => {
    expect(grade(limit(measure, value, situation), `${answer}\n`)).toMatchObject({ result: "pass", points: 1 });
    if (value === 0) return;
    const over = grade(limit(measure, value - 1, situation), `${answer}\n`);
    expect(over).toMatchObject({ result: "fail", points: 0 });
    expect(over.searched).toContain(words);
    expect(over.counterexample?.conclusion).toMatch(/at most .* is allowed\.$/);
  });

  it("counts requests: each write alone, or together when the producer lingers", () => {
    const alone = grade(limit("produce-requests", 3), "producer: { acks: 1 }\n");
    expect(alone.result).toBe("pass");
    expect(grade(limit("produce-requests", 2), "producer: { acks: 1 }\n").result).toBe("fail");
    expect(grade(limit("produce-requests", 2), "producer: { acks: 1, linger.ms: 1500 }\n").result).toBe("pass");
  });

  it("more copies cost more fetches", () => {
    const fetches = (copies: number): number => {
      const { searched } = grade(limit("replica-fetches", 100_000), "{}\n", { copies });
      return Number(/sent (\d+) fetch/.exec(searched)?.[1]);
    };
    expect(fetches(2)).toBeGreaterThan(0);
    expect(fetches(3)).toBe(2 * fetches(2));
  });

  it("names the key that decides", () => {
    const { counterexample } = grade(limit("slowest-ack-ms", 60), "producer: { acks: 1, linger.ms: 100 }\n");
    expect(counterexample?.key).toBe("producer.linger.ms");
  });
});

const explore = (faults: string, promise = "acked-survive"): string =>
  `{ explore: { faults: "${faults}", promises: [${promise}] } }`;

// Two copies, from the durability matrix: min 2 bears a lost disk and no crash for writes; min 1 the reverse.
describe("an explored budget", () => {
  it.each([
    { faults: "disk-loss 1", answer: "topic: { min.insync.replicas: 2 }\nproducer: { acks: all }", result: "pass" },
    {
      faults: "disk-loss 2",
      answer: "topic: { min.insync.replicas: 2 }\nproducer: { acks: all }",
      result: "fail",
      count: "2 faults are enough",
    },
    {
      faults: "disk-loss 1, slow 1",
      answer: "topic: { min.insync.replicas: 1 }\nproducer: { acks: all }",
      result: "fail",
      count: "2 faults are enough",
    },
    {
      faults: "disk-loss 1, slow 1",
      answer: "topic: { min.insync.replicas: 1 }\nproducer: { acks: 1 }",
      result: "fail",
      count: "one fault is enough",
    },
    {
      faults: "crash 1",
      answer: "topic: { min.insync.replicas: 2 }\nproducer: { acks: 0 }",
      result: "fail",
      count: "one fault is enough",
    },
  ])("$faults, $answer: $result", ({ faults, answer, result, count }) => {
    const checked = grade(explore(faults), `${answer}\n`);
    expect(checked.result).toBe(result);
    expect(checked.searched).toMatch(/^[\d,]+ states: every schedule with .* and 1 record/);
    if (count === undefined) return;
    expect(checked.counterexample?.introduction).toBe(`With your configuration ${count}, and no fewer:`);
    expect(checked.counterexample?.conclusion).toMatch(/^a was acknowledged and is gone\.$/);
  });

  it("its counterexample is a scenario that anybody can run, and what it expects is so", () => {
    const { counterexample } = grade(explore("disk-loss 1"), "producer: { acks: 1 }\n");
    const parsed = parseScenario(counterexample?.scenario ?? "");
    if (!parsed.ok) throw new Error(parsed.diagnostics[0].message);
    const run = runScenario(parsed.scenario);
    expect(isMet(run)).toBe(true);
    expect(run.claims).toBeGreaterThan(0);
    expect(counterexample?.steps.map(({ sentence }) => sentence)).toEqual(
      expect.arrayContaining(["p sends a", expect.stringMatching(/^broker \d dies, and its disk with it$/)]),
    );
    expect(counterexample?.key).toBe("producer.acks");
  });

  it.each([
    { min: 2, result: "fail" },
    { min: 1, result: "pass" },
  ])("writes are accepted after a crash with min $min: $result", ({ min, result }) => {
    const answer = `topic: { min.insync.replicas: ${min} }\nproducer: { acks: all }\n`;
    const checked = grade(explore("crash 1", "writes-accepted"), answer);
    expect(checked.result).toBe(result);
    if (result === "fail") expect(checked.counterexample?.key).toBe("topic.min.insync.replicas");
  });

  it("a search that is cut is inconclusive, and gives no points", () => {
    const check = '{ explore: { faults: "disk-loss 1, slow 1", statesMax: 100 } }';
    const cut = grade(check, "topic: { min.insync.replicas: 2 }\nproducer: { acks: all }\n");
    expect(cut).toMatchObject({ result: "inconclusive", points: 0, counterexample: null });
    expect(cut.searched).toMatch(/cut at 100 states/);
  });
});

describe("a check that cannot be carried out is told with its place", () => {
  it.each([
    { name: "faults", check: '{ explore: { faults: "crsh 1" } }', what: /faults/ },
    { name: "a situation", check: limit("copies", 1, "clam"), what: /there is no situation "clam"/ },
    { name: "a measure", check: limit("fastest-ack-ms", 1), what: /check/ },
    {
      name: "a fault's step",
      check: '{ sweep: { situations: [calm], fault: ["crsh {broker}"], require: {} } }',
      what: /crsh/,
    },
  ])("$name", ({ check, what }) => {
    const read = loadExercise("exercise.yaml", source(check));
    expect(read.ok).toBe(false);
    if (read.ok) return;
    expect(read.problems.map((problem) => `${problem.what} ${problem.why}`).join("\n")).toMatch(what);
    expect(read.problems[0]?.line).toBe(18);
  });

  it("a search about another topic", () => {
    const read = loadExercise("exercise.yaml", source(explore("crash 1")).replace("topic orders", "topic payments"));
    expect(read.ok ? "" : read.problems[0]?.what).toBe("there is nothing to explore");
  });
});
