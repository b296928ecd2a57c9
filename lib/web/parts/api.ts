/** A request that did not do what it was for; the message is for the reader. */
export class ApiError extends Error {
  override readonly name = "ApiError";

  constructor(
    message: string,
    /** 0 when the server was not reached at all. */
    readonly status: number,
  ) {
    super(message);
  }
}

export function getJson<T>(path: string, signal?: AbortSignal): Promise<T> {
  return request<T>(path, signal === undefined ? {} : { signal });
}

export function postJson<T>(path: string, body: unknown, signal?: AbortSignal): Promise<T> {
  return request<T>(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  });
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, credentials: "same-origin" });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError("The course server does not answer. Is it still running in the terminal?", 0);
  }
  if (response.ok) return (await response.json()) as T; // the server's own types: see lib/server/wire.ts
  throw new ApiError(await explain(response), response.status);
}

/** Posts and hands out the lines of the answer as they come, each one JSON document. */
export async function* postForLines<T>(path: string, body: unknown, signal: AbortSignal): AsyncGenerator<T> {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal,
  });
  if (!response.ok || response.body === null) throw new ApiError(await explain(response), response.status);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    text += value ?? "";
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as T; // the server's own types: see lib/server/services.ts
    if (done) return;
  }
}

async function explain(response: Response): Promise<string> {
  try {
    const body: unknown = await response.json();
    if (typeof body === "object" && body !== null && "error" in body) {
      const { error } = body;
      if (typeof error === "object" && error !== null && "message" in error) return String(error.message);
    }
  } catch {
    // Not JSON: a proxy or another program answered.
  }
  return `The server answered ${response.status}.`;
}

/** An error in words, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
