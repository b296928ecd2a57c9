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
