import { expect, it } from "vitest";
import { answerForm } from "../../lib/server/answer-form.js";
import { exerciseOf } from "../exercise/course.js";

it("a rule of the model is chosen by its sentences, and stands in the answer as `rule`", () => {
  const { exercise } = exerciseOf("39-where-to-cut");
  if (exercise.kind !== "configure" || exercise.rule === undefined) throw new Error("39 offers rules");
  const [section] = answerForm(exercise);
  const options = Object.entries(exercise.rule.options).map(([value, { text }]) => ({ value, label: text }));
  expect(options.length).toBeGreaterThan(1);
  expect(section?.fields).toEqual([{ path: ["rule"], label: exercise.rule.ask, input: { type: "one-of", options } }]);
});

it("a prediction may say how sure it is, after all that it foretells", () => {
  const { exercise } = exerciseOf("02-after-the-crash");
  if (exercise.kind !== "predict") throw new Error("02 asks for a prediction");
  const form = answerForm(exercise);
  expect(form).toHaveLength(exercise.requirements.length + 1);
  expect(form.at(-1)?.fields).toMatchObject([
    { path: ["confidence"], input: { type: "integer", minimum: 0, maximum: 100, unit: "%" } },
  ]);
  expect(JSON.stringify(answerForm(exerciseOf("39-where-to-cut").exercise))).not.toContain('"confidence"');
});
