import { Hono } from "hono";
import type { LoggedEvent } from "../event-log.js";
import type { Lessons } from "../lessons.js";
import type { OpenLesson } from "../open-lesson.js";
import type { DocumentEvent } from "../wire.js";
import { RequestError } from "./request-body.js";

/** An event without content, so often that a page can tell a dead server from a quiet one. */
const heartbeatMs = 10_000;
const typesAfterMs = 800;
/** A reader that leaves more than this unread is cut off; it comes back by id and misses nothing. */
const unreadBytesMax = 8 * 1024 * 1024;

/**
 * The stream of one lesson: first what the reader missed (by `Last-Event-ID`, or `after` on the first visit), or the
 * whole document when that is not known any more, then every event as it happens.
 */
export function eventRoutes(lessons: Lessons): Hono {
  return new Hono().get("/:slug/events", (context) => {
    const slug = context.req.param("slug");
    if (!lessons.has(slug)) throw new RequestError(404, `There is no lesson ${slug}.`);
    const seen = context.req.header("last-event-id") ?? context.req.query("after");
    return new Response(streamOf(lessons.lesson(slug), seen), {
      headers: {
        "Content-Type": "text/event-stream; charset=utf-8",
        "Cache-Control": "no-store, no-transform",
        "X-Accel-Buffering": "no",
      },
    });
  });
}

function streamOf(lesson: OpenLesson, seen: string | undefined): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string): void => {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) < -unreadBytesMax) {
            end();
            controller.close();
          }
        };
        const heartbeat = setInterval(() => write('event: heartbeat\ndata: "still here"\n\n'), heartbeatMs);
        const unsubscribe = lesson.log.subscribe((logged) => write(frame(logged)));
        end = () => {
          clearInterval(heartbeat);
          unsubscribe();
        };
        write("retry: 500\n\n");
        // The checker takes a core for a second; the page is drawn first.
        setTimeout(() => lesson.types.changed(), typesAfterMs).unref();
        const missed = seen === undefined ? undefined : lesson.log.since(seen);
        for (const logged of missed ?? [snapshotOf(lesson)]) write(frame(logged));
      },
      cancel: () => end(),
    },
    { highWaterMark: 0, size: (chunk) => chunk?.byteLength ?? 0 },
  );
}

function snapshotOf(lesson: OpenLesson): LoggedEvent<DocumentEvent> {
  return { id: lesson.log.lastId, event: { type: "snapshot", document: lesson.document() } };
}

function frame({ id, event }: LoggedEvent<DocumentEvent>): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}
