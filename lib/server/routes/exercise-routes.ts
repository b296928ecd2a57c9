import { Hono } from "hono";
import { z } from "zod";
import type { Render } from "../lesson-markdown.js";
import type { CourseServices, ExerciseDetail } from "../services.js";
import { RequestError, readBody } from "./request-body.js";

/** Longer texts are refused before anything reads them; no honest answer is near this. */
const answerLengthMax = 200_000;

const answerSchema = z.object({ text: z.string().max(answerLengthMax) });
const hintSchema = z.object({ text: z.string().max(answerLengthMax), rung: z.int().min(1).max(20) });

/** Exercises: the task, drafts, verdicts, hints, solutions. */
export function exerciseRoutes(services: CourseServices, render: Render): Hono {
  const routes = new Hono();
  const find = async (id: string): Promise<ExerciseDetail> => {
    const exercise = await services.exercise(id);
    if (exercise === undefined) throw new RequestError(404, `There is no exercise ${id}.`);
    return exercise;
  };

  routes.get("/:id", async (context) => {
    const exercise = await find(context.req.param("id"));
    return context.json({ ...exercise, readmeHtml: render(exercise.readme) });
  });

  routes.post("/:id/draft", async (context) => {
    const { text } = await readBody(context, answerSchema);
    await find(context.req.param("id"));
    await services.saveDraft(context.req.param("id"), text);
    return context.json({});
  });

  routes.post("/:id/check", async (context) => {
    const { text } = await readBody(context, answerSchema);
    await find(context.req.param("id"));
    const report = await services.grade(context.req.param("id"), text, context.req.raw.signal);
    const { attempts, progress } = await find(context.req.param("id"));
    return context.json({ ...report, attempts, progress });
  });

  routes.post("/:id/hint", async (context) => {
    const { text, rung } = await readBody(context, hintSchema);
    await find(context.req.param("id"));
    const hint = await services.hint(context.req.param("id"), text, rung);
    return context.json(hint === undefined ? {} : { hint: { ...hint, html: render(hint.text) } });
  });

  routes.get("/:id/solution", async (context) => {
    await find(context.req.param("id"));
    const solution = await services.solution(context.req.param("id"));
    return context.json(solution === undefined ? {} : { solution: { ...solution, html: render(solution.argument) } });
  });

  return routes;
}
