import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { loadExercise } from "../../lib/exercise/load-exercise.js";

const head = `version: 1
id: x
title: Who may lead
kind: configure
kafka: "4.3"
difficulty: 1
minutes: 1
objectives: [Say who may lead]
given: |
  cluster brokers=2 kafka=4.3 replica.lag.time.max.ms=4000
  topic orders replicas=1,2 min.insync.replicas=1
  producer p acks=all linger.ms=0
rule:
  ask: Nobody of the ISR is left. Who leads?
  options:
    anybody: { text: Whoever is alive, variant: unclean-by-default }
    in-sync: { text: Nobody until somebody of the ISR is back }
situations:
  lag: { title: Broker 2 lags, steps: "at 1s isolate 2 from 1\\nat 2s p send a\\nat 12s crash 1" }
requirements:
`;
const requirement = (check: string): string =>
  `  - { id: kept, sentence: Nothing is lost, concern: safety, points: 1, check: ${check} }\n`;

function grade(check: string, answer: string) {
  const read = loadExercise("exercise.yaml", head + requirement(check));
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join("\n"));
  return gradeAnswer(read.loaded, answer);
}

describe("a rule of the model that the learner chooses", () => {
  it.each([
    { how: "played", check: "{ play: { situations: [lag], require: { nothing: [acked-lost] } } }" },
    { how: "explored", check: '{ explore: { faults: "slow 1, crash 1" } }' },
    { how: "measured", check: "{ limit: { situations: [lag], measure: lost, atMost: 0 } }" },
  ])("decides, and is named where it breaks something: $how", ({ check }) => {
    expect(grade(check, "rule: in-sync\n").result).toBe("pass");
    const verdict = grade(check, "version: 1\nrule: anybody\n");
    expect(verdict.result).toBe("fail");
    const [broken] = verdict.requirements;
    expect(broken?.counterexample).toMatchObject({ key: "rule", conclusion: expect.stringContaining("a") });
    expect(broken?.counterexample?.causeChain.at(-1)).toMatch(
      /^Your rule anybody \(line 2 of your answer\) decides it/,
    );
    expect(broken?.counterexample?.scenario).toContain("variant=unclean-by-default");
  });

  it("left out, Kafka is as it is; another word is ungradable, with its place", () => {
    const check = "{ play: { situations: [lag], require: { nothing: [acked-lost] } } }";
    expect(grade(check, "version: 1\n").result).toBe("pass");
    const verdict = grade(check, "version: 1\nrule: nobody\n");
    expect(verdict).toMatchObject({ result: "ungradable", problems: [{ line: 2, remedy: "choose anybody, in-sync" }] });
  });
});
