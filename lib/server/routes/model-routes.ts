import { Hono } from "hono";
import { stream } from "hono/streaming";
import { z } from "zod";
import type { CourseServices, ProofLine } from "../services.js";
import { RequestError, readBody } from "./request-body.js";

const text = z.string().max(100_000);
const textSchema = z.object({ text });
const comparisonSchema = z.object({ before: text, after: text });
const questionSchema = z.object({ text, faults: z.string().max(200), records: z.number().int().min(1).max(4) });

/** The model for the sandbox and for hovers: run a scenario, compare two, prove a configuration, explain a key. */
export function modelRoutes(services: CourseServices): Hono {
  const routes = new Hono();
  routes.get("/first-cluster", async (context) => context.json({ cluster: (await services.firstCluster()) ?? null }));
  routes.get("/examples", async (context) => context.json({ examples: await services.examples() }));
  routes.post("/run", async (context) => {
    const body = await readBody(context, textSchema);
    return context.json(await services.runScenario(body.text, context.req.raw.signal));
  });
  routes.post("/compare", async (context) => {
    const { before, after } = await readBody(context, comparisonSchema);
    return context.json(await services.compareScenarios(before, after, context.req.raw.signal));
  });
  routes.post("/prove", async (context) => {
    const question = await readBody(context, questionSchema);
    context.header("Content-Type", "application/x-ndjson");
    return stream(context, async (lines) => {
      const abort = new AbortController();
      lines.onAbort(() => abort.abort());
      const tell = (line: ProofLine): Promise<unknown> => lines.write(`${JSON.stringify(line)}\n`);
      try {
        const report = await services.prove(
          question,
          abort.signal,
          (progress) => void tell({ type: "progress", progress }),
        );
        await tell({ type: "report", report });
      } catch (error) {
        if (abort.signal.aborted) return;
        const message = `The search could not be finished: ${error instanceof Error ? error.message : String(error)}.`;
        await tell({ type: "report", report: { ok: false, problems: [{ line: null, column: null, message }] } });
      }
    });
  });
  routes.get("/keys/:key", async (context) => {
    const explanation = await services.explainKey(context.req.param("key"));
    if (explanation === undefined) throw new RequestError(404, "This key is not one of Kafka's that the course knows.");
    return context.json(explanation);
  });
  return routes;
}
