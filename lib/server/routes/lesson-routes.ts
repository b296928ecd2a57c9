import { readFile } from "node:fs/promises";
import { Hono } from "hono";
import { z } from "zod";
import { serialiseNotebook } from "../../notebook/notebook.js";
import type { Lessons } from "../lessons.js";
import type { OpenLesson } from "../open-lesson.js";
import type { ProgressStore } from "../progress.js";
import type { TypeQuestion } from "../types/type-messages.js";
import { opBatchSchema } from "./op-schema.js";
import { keySchema, RequestError, readBody } from "./request-body.js";

/** Everything a page asks of one lesson but its stream of events. */
export function lessonRoutes(lessons: Lessons, progress: ProgressStore): Hono {
  const routes = new Hono();
  const open = (slug: string): OpenLesson => {
    if (!lessons.has(slug)) throw new RequestError(404, `There is no lesson ${slug}.`);
    return lessons.lesson(slug);
  };

  routes.get("/:slug", (context) => {
    const lesson = open(context.req.param("slug"));
    return context.json({
      document: lesson.document(),
      lastEventId: lesson.log.lastId,
      progress: progress.lesson(context.req.param("slug")),
    });
  });

  routes.post("/:slug/ops", async (context) => {
    const batch = await readBody(context, opBatchSchema);
    return context.json(open(context.req.param("slug")).submit(batch));
  });

  routes.post("/:slug/types", async (context) => {
    const question = await readBody(context, questionSchema);
    const answer = await open(context.req.param("slug")).types.ask(question);
    return context.json({ answer: answer ?? null });
  });

  routes.post("/:slug/interrupt", async (context) =>
    context.json({ outcome: await open(context.req.param("slug")).interrupt() }),
  );

  routes.post("/:slug/start-over", async (context) => {
    open(context.req.param("slug"));
    await lessons.startOver(context.req.param("slug"));
    await progress.forget(context.req.param("slug"));
    return context.json({});
  });

  routes.get("/:slug/cells/:cell/history", (context) => {
    const { slug, cell } = context.req.param();
    return context.json({ entries: open(slug).historyOf(cell) });
  });

  routes.get("/:slug/cells/:cell/whole-output", async (context) => {
    const { slug, cell } = context.req.param();
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(cell)) throw new RequestError(404, "There is no such cell.");
    const text = await readFile(open(slug).overflowFile(cell)).catch(() => undefined);
    if (text === undefined) throw new RequestError(404, "The whole output is no longer kept; run the cell again.");
    return context.body(new Uint8Array(text), 200, attachment("text/plain; charset=utf-8", "output.txt"));
  });

  routes.get("/:slug/download", (context) => {
    const slug = context.req.param("slug");
    const text = serialiseNotebook(open(slug).notebook());
    return context.body(text, 200, attachment("application/x-ipynb+json", `${slug}.ipynb`));
  });

  routes.post("/:slug/progress", async (context) => {
    const slug = context.req.param("slug");
    open(slug);
    const { cell, reached } = await readBody(context, visitSchema);
    await progress.visit(slug, cell, reached);
    return context.json({});
  });

  routes.post("/:slug/predictions/:key", async (context) => {
    const slug = context.req.param("slug");
    open(slug);
    const key = keySchema.safeParse(context.req.param("key"));
    if (!key.success) throw new RequestError(400, "This is not the name of a prediction.");
    await progress.predict(slug, key.data, await readBody(context, predictionSchema));
    return context.json({});
  });

  return routes;
}

const questionSchema: z.ZodType<TypeQuestion> = z.object({
  about: z.enum(["hover", "completions", "completionDetail", "signatureHelp", "definition"]),
  cell: z.string().max(64),
  offset: z.int().min(0),
  name: z.string().max(500).optional(),
}) as z.ZodType<TypeQuestion>; // zod writes an optional field as `| undefined`, which exact optional types tell apart

const visitSchema = z.object({ cell: z.string().max(64).nullable(), reached: z.number().min(0).max(1) });

const predictionSchema = z.object({
  answers: z.record(keySchema, z.string().max(2000)),
  skipped: z.boolean(),
});

function attachment(type: string, name: string): Record<string, string> {
  return { "Content-Type": type, "Content-Disposition": `attachment; filename="${name}"` };
}
