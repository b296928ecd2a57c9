import { describe, expect, it } from "vitest";
import { lintExercise } from "../../lib/exercise/lint.js";
import { exerciseIds, readExercise, readExerciseFiles } from "../../lib/exercise/store-course.js";
import { exerciseOf, exercisesFolder } from "./course.js";

describe("the course's own exercises", () => {
  it.each(exerciseIds(exercisesFolder))(
    "%s is content",
    (id) => {
      const read = readExercise(exercisesFolder, id);
      expect(read.ok ? [] : read.problems).toEqual([]);
      if (read.ok) expect(lintExercise(readExerciseFiles(read.exercise))).toEqual([]);
    },
    120_000,
  );
});

describe("lint", () => {
  const files = readExerciseFiles(exerciseOf("01-survive-one-broker"));

  it("refuses a starter that passes, a solution that fails, and a wrong answer for another reason", () => {
    const min3 = files.wrong.find(({ name }) => name === "min-3.yaml")?.text ?? "";
    const complaints = lintExercise({
      ...files,
      starter: files.solution,
      solution: files.starter,
      wrong: [{ name: "mine.yaml", text: min3.replace("more-insync-is-safer", "acks-all-alone") }],
    });
    const texts = complaints.map(({ file, message }) => `${file}: ${message}`);
    expect(texts).toContainEqual(expect.stringMatching(/^answer\.yaml: its verdict is pass, not fail/));
    expect(texts).toContainEqual(expect.stringMatching(/^solution\.yaml: its verdict is fail, not pass: no-loss/));
    expect(texts).toContainEqual(
      expect.stringMatching(/^wrong\/mine\.yaml: it is to show acks-all-alone, but .* more-insync-is-safer/),
    );
  }, 60_000);

  it("refuses an exercise that no bug of the model can fail", () => {
    const { exercise } = files.loaded;
    if (exercise.kind !== "configure") throw new Error("01 is a configure exercise");
    const toothless = {
      ...exercise,
      misconceptions: [],
      requirements: exercise.requirements.map((requirement) => ({
        ...requirement,
        check: { sweep: { situations: ["calm"], fault: ["crash {broker}"], require: { acked: ["a"] } } },
      })),
    };
    const complaints = lintExercise({
      ...files,
      loaded: { ...files.loaded, exercise: toothless },
      starter: "topic: { replication.factor: 2, min.insync.replicas: 2 }",
      wrong: [],
    });
    expect(complaints.map(({ message }) => message)).toContainEqual(expect.stringMatching(/no bug seeded/));
  }, 120_000);
});
