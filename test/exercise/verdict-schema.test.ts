import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { z } from "zod";
import { gradeAnswer } from "../../lib/exercise/grade.js";
import { exerciseIds, readExerciseFiles } from "../../lib/exercise/store-course.js";
import { verdictSchema } from "../../lib/exercise/verdict-schema.js";
import { exerciseOf, exercisesFolder } from "./course.js";

const file = new URL("../../lib/schema/verdict.schema.json", import.meta.url);

/** `UPDATE_SCHEMAS=1 npx vitest run test/exercise/verdict-schema.test.ts` writes it anew. */
it("lib/schema/verdict.schema.json says what a verdict is", () => {
  const schema = { ...z.toJSONSchema(verdictSchema), title: "A verdict of Highwater, version 1" };
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE_SCHEMAS === "1") writeFileSync(file, text);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(JSON.parse(text));
});

it("verdicts of every kind of exercise fit, those on wrong answers too", () => {
  const kinds = new Set<string>();
  for (const id of exerciseIds(exercisesFolder)) {
    const exercise = exerciseOf(id);
    if (kinds.has(exercise.exercise.kind)) continue;
    kinds.add(exercise.exercise.kind);
    const { starter, wrong } = readExerciseFiles(exercise);
    for (const text of [starter ?? "", wrong[0]?.text ?? "", "{"]) {
      const verdict = JSON.parse(JSON.stringify(gradeAnswer(exercise, text)));
      expect(verdictSchema.safeParse(verdict).error).toBeUndefined();
      expect(verdictSchema.safeParse({ ...verdict, points: "4" }).success).toBe(false);
    }
  }
}, 60_000);
