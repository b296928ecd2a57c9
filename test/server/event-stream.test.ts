import { afterEach, describe, expect, it } from "vitest";
import type { DocumentEvent } from "../../lib/server/wire.js";
import { type TestApp, testApp } from "./test-app.js";

const slug = "01-copies";
let server: TestApp;
afterEach(() => server.close());

/** Reads events until `enough` says so. */
async function read(response: Response, enough: (events: readonly DocumentEvent[]) => boolean) {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  for (;;) {
    const frames = text.split("\n\n").filter((part) => part.startsWith("id: "));
    const events = frames.map((part) => JSON.parse(part.split("\ndata: ")[1] ?? "null") as DocumentEvent);
    if (enough(events)) {
      await reader?.cancel();
      return { events, lastId: frames.at(-1)?.split("\n")[0]?.slice("id: ".length) ?? "" };
    }
    const chunk = await reader?.read();
    if (chunk === undefined || chunk.done) throw new Error(`the stream ended after ${text}`);
    text += decoder.decode(chunk.value, { stream: true });
  }
}

describe("the stream of a lesson", () => {
  it("starts with the whole document, then goes on after the id it is given", async () => {
    server = testApp();
    const path = `/api/lessons/${slug}/events`;
    const first = await server.get(path);
    expect(first.headers.get("content-type")).toContain("text/event-stream");
    const { events, lastId } = await read(first, (seen) => seen.length === 1);
    expect(events[0]).toMatchObject({ type: "snapshot", document: { slug } });

    await server.ops(slug, 1, [{ type: "delete", cell: "first" }]);
    const second = await read(await server.get(path, { "last-event-id": lastId }), (seen) => seen.length >= 1);
    expect(second.events[0]).toMatchObject({ type: "ops", ops: [{ type: "delete", cell: "first" }] });
  });

  it("starts with the document again after another life of the server", async () => {
    server = testApp();
    const response = await server.get(`/api/lessons/${slug}/events?after=gone.1-7`);
    const { events } = await read(response, (seen) => seen.length === 1);
    expect(events[0]?.type).toBe("snapshot");
  });

  it("leaves nobody listening when a reader has gone", async () => {
    server = testApp();
    const response = await server.get(`/api/lessons/${slug}/events`);
    await read(response, (seen) => seen.length === 1);
    expect(server.lessons.lesson(slug).log.listenerCount).toBe(0);
  });
});
