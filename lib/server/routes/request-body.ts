import type { Context } from "hono";
import { z } from "zod";

/** What is wrong with a request, in a sentence; becomes the answer of the given status. */
export class RequestError extends Error {
  override readonly name = "RequestError";

  constructor(
    readonly status: 400 | 404 | 409 | 413 | 422 | 503,
    message: string,
  ) {
    super(message);
  }
}

/** The body as `schema` describes it. @throws RequestError that names the first field that does not fit */
export async function readBody<T>(context: Context, schema: z.ZodType<T>): Promise<T> {
  let value: unknown;
  try {
    value = await context.req.json();
  } catch {
    throw new RequestError(400, "The request's body is not JSON.");
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "the body" : issue.path.join(".");
  throw new RequestError(400, `The request does not fit: ${place}: ${issue?.message ?? "unknown problem"}.`);
}

/** A name that becomes a key of an object: nothing that an object already has. */
export const keySchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/)
  .refine((key) => key !== "constructor" && key !== "prototype", "is reserved");
