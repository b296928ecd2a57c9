import { describe, expect, it } from "vitest";
import type { BreakExercise } from "../../lib/exercise/exercise-format.js";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { loadExercise } from "../../lib/exercise/load-exercise.js";
import { parOf } from "../../lib/exercise/par.js";

const source = (copies: string, may: string): string => `version: 1
id: x
title: Lose it
kind: break
kafka: "4.3"
difficulty: 1
minutes: 5
objectives: [Lose a record]
given: |
  cluster brokers=${copies.split(",").length} kafka=4.3
  topic orders replicas=${copies} min.insync.replicas=1
  producer p acks=all linger.ms=0
  at 0   p send a
  end 40s
may: ${may}
requirements:
  - { id: lose, sentence: It is lost, concern: understanding, points: 1, fate: acked-lost, faults: 9 }
`;

function load(text: string) {
  const read = loadExercise("exercise.yaml", text);
  if (!read.ok || read.loaded.exercise.kind !== "break") throw new Error("no exercise to break");
  const exercise: BreakExercise = read.loaded.exercise;
  return { loaded: read.loaded, exercise };
}

// From what the faults are: each disk holds one copy, so n copies take n disks; a killed process keeps its log.
describe("par", () => {
  it.each([
    { copies: "1", faults: 1 },
    { copies: "1,2", faults: 2 },
  ])("of $copies: $faults disks, and the attack does it", ({ copies, faults }) => {
    const { loaded, exercise } = load(source(copies, "[wipe]"));
    const { cheaper } = parOf(exercise, "acked-lost", 9, 50_000);
    expect(cheaper?.faults).toBe(faults);
    const indented = cheaper?.scenario.replace(/^/gm, "  ") ?? "";
    expect(gradeAnswer(loaded, `scenario: |\n${indented}\n`).result).toBe("pass");
  });

  it("says how much was tried where nothing is enough", () => {
    const { exercise } = load(source("1", "[crash]"));
    expect(parOf(exercise, "acked-lost", 2, 50_000)).toMatchObject({ cheaper: null, allTried: 1 });
  });

  it("claims nothing of what a budget has cut", () => {
    const { exercise } = load(source("1,2", "[wipe, crash]"));
    expect(parOf(exercise, "acked-lost", 9, 3)).toMatchObject({ cheaper: null, allTried: 0 });
  });
});
