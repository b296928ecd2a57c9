import { describe, expect, it } from "vitest";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { lintVariations } from "../../lib/exercise/hardness.js";
import type { ExerciseFiles } from "../../lib/exercise/lint.js";
import { type LoadedExercise, loadExercise } from "../../lib/exercise/load-exercise.js";
import { variationIndex, withVariation } from "../../lib/exercise/variation.js";

/** Who dies, and who is left: the same question with other brokers. */
const source = (variations: string): string => `version: 1
id: x
title: After a crash
kind: predict
kafka: "4.3"
difficulty: 1
minutes: 5
objectives: [Say who leads]
variations:
${variations}
given: |
  cluster brokers=3 kafka=4.3
  topic orders replicas=$leader$,$second$,$third$
  producer p acks=all
  at 0   p send a
  at 5s  crash $dies$
  end 20s
requirements:
  - id: state
    sentence: The partition at the end
    concern: understanding
    points: 2
    fields:
      isr: { ask: The ISR, subject: isr }
      leader: { ask: The leader, subject: leader }
`;
const alike = `  - { leader: 1, second: 2, third: 3, dies: 3 }
  - { leader: 2, second: 3, third: 1, dies: 1 }`;
const solution = "# Who is left.\nprediction: { leader: $leader$, isr: [$leader$, $second$] }\n";

function load(text: string, index: number): LoadedExercise {
  const read = loadExercise("exercise.yaml", text, index);
  if (!read.ok) throw new Error(read.problems.map(({ what }) => what).join("\n"));
  return read.loaded;
}

function filesOf(text: string, index: number): ExerciseFiles {
  const loaded = load(text, index);
  return {
    loaded,
    folderName: "x",
    readme: "# After a crash\n",
    starter: "prediction: { leader: 9 }\n",
    solution: withVariation(solution, loaded.variation ?? {}),
    wrong: [],
    accepted: [],
    strays: [],
  };
}

describe("variations", () => {
  it("each learner has their own, which nobody can foresee without the secret", () => {
    const learners = Array.from({ length: 300 }, (_, number) => `learner-${number}`);
    const indexes = learners.map((learner) => variationIndex("secret", learner, "02-x", 3));
    expect(indexes).toEqual(learners.map((learner) => variationIndex("secret", learner, "02-x", 3)));
    for (const index of [0, 1, 2]) expect(indexes.filter((other) => other === index).length).toBeGreaterThan(60);
    expect(indexes).not.toEqual(learners.map((learner) => variationIndex("another", learner, "02-x", 3)));
    expect(indexes).not.toEqual(learners.map((learner) => variationIndex("secret", learner, "03-y", 3)));
    expect(variationIndex("secret", "ab", "c", 1000)).not.toBe(variationIndex("secret", "b", "ca", 1000));
  });

  it("is another exercise with another solution and another hash", () => {
    const [first, second] = [filesOf(source(alike), 0), filesOf(source(alike), 1)];
    expect(gradeAnswer(first.loaded, first.solution ?? "").result).toBe("pass");
    expect(gradeAnswer(second.loaded, second.solution ?? "").result).toBe("pass");
    expect(gradeAnswer(second.loaded, first.solution ?? "").result).toBe("fail");
    expect(gradeAnswer(second.loaded, "prediction: {}").hash).not.toBe(
      gradeAnswer(first.loaded, "prediction: {}").hash,
    );
  });

  it("what is graded is what the learner gets: a plain exercise with the same hash", () => {
    const { loaded } = filesOf(source(alike), 1);
    expect(loaded.text).not.toMatch(/variations|\$/);
    const plain = load(loaded.text, 0);
    expect(gradeAnswer(plain, "prediction: {}").hash).toBe(gradeAnswer(loaded, "prediction: {}").hash);
  });

  it("are compared: the same turns, the same points", () => {
    expect(lintVariations([filesOf(source(alike), 0), filesOf(source(alike), 1)])).toEqual([]);
    const harder = source(`${alike}\n  - { leader: 1, second: 2, third: 3, dies: 1 }`);
    const complaints = lintVariations([0, 1, 2].map((index) => filesOf(harder, index)));
    expect(complaints.map(({ message }) => message)).toEqual([
      expect.stringMatching(/variation 3 is not as hard as the first: the solution is fail/),
      expect.stringMatching(/changes of leader and ISR in the run is 2, there 1/),
      expect.stringMatching(/values asked for that change is 2 of 2, there 1 of 2/),
    ]);
  });

  it.each([
    {
      name: "a value is missing",
      text: source("  - { leader: 1, second: 2, third: 3, dies: 3 }\n  - { leader: 2, second: 3, third: 1 }"),
      what: /dies is missing/,
    },
    { name: "a name has no values", text: source(alike).replace("crash $dies$", "crash $who$"), what: /\$who\$/ },
  ])("are checked: $name", ({ text, what }) => {
    const read = loadExercise("exercise.yaml", text);
    expect(read.ok ? "" : read.problems.map((problem) => problem.what).join("\n")).toMatch(what);
  });
});
