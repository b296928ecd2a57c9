import { Hono } from "hono";
import { z } from "zod";
import type { CourseServices } from "../services.js";
import { RequestError, readBody } from "./request-body.js";

const textSchema = z.object({ text: z.string().max(100_000) });

/** The model for the sandbox and for hovers: run a scenario, prove a configuration, explain a key. */
export function modelRoutes(services: CourseServices): Hono {
  const routes = new Hono();
  routes.get("/first-cluster", async (context) => context.json({ cluster: (await services.firstCluster()) ?? null }));
  routes.get("/examples", async (context) => context.json({ examples: await services.examples() }));
  routes.post("/run", async (context) => {
    const { text } = await readBody(context, textSchema);
    return context.json(await services.runScenario(text, context.req.raw.signal));
  });
  routes.post("/prove", async (context) => {
    const { text } = await readBody(context, textSchema);
    return context.json(await services.prove(text, context.req.raw.signal));
  });
  routes.get("/keys/:key", async (context) => {
    const explanation = await services.explainKey(context.req.param("key"));
    if (explanation === undefined) throw new RequestError(404, "This key is not one of Kafka's that the course knows.");
    return context.json(explanation);
  });
  return routes;
}
