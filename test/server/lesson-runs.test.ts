import { afterEach, describe, expect, it } from "vitest";
import type { DocumentEvent } from "../../lib/server/wire.js";
import { smallLesson } from "./course-fixture.js";
import { FakeKernels } from "./fake-kernel.js";
import { type TestApp, testApp } from "./test-app.js";

const slug = "01-copies";
let server: TestApp;
afterEach(() => server.close());

const cells = () => server.lessons.lesson(slug).document().cells;
const cell = (id: string) => cells().find((candidate) => candidate.id === id);
const edit = (id: string, source: string) =>
  ({
    type: "edit",
    cell: id,
    version: cell(id)?.version ?? 0,
    changes: [[cell(id)?.source.length ?? 0, ...source.split("\n")]],
  }) as {
    readonly type: "edit";
    readonly cell: string;
    readonly version: number;
    readonly changes: readonly [readonly [number, ...string[]]];
  };

describe("runs", () => {
  it("runs in order and stops behind a failure of the same press", async () => {
    server = testApp();
    await server.ops(slug, 1, [edit("first", "print a\nerror broken")], ["first", "second"]);
    await server.settle();
    expect(cell("first")).toMatchObject({
      run: { mark: "fresh", ending: "error" },
      outputs: [{ text: "a\n" }, { ename: "Error", evalue: "broken" }],
    });
    expect(cell("second")).toMatchObject({ run: { mark: "never", ending: "aborted" }, outputs: [] });
  });

  it("runs the text as it was when it was pressed", async () => {
    server = testApp();
    await server.ops(slug, 1, [edit("first", "wait")], ["first", "second"]);
    await server.settle();
    await server.ops(slug, 2, [edit("second", "print later")]);
    server.kernels.opened[0]?.step();
    await server.settle();
    expect(cell("second")).toMatchObject({ outputs: [{ text: "two\n" }], run: { mark: "stale" } });
  });

  it("goes on without anyone watching, and a reader that comes back gets every line exactly once", async () => {
    server = testApp();
    const lesson = server.lessons.lesson(slug);
    const before = lesson.log.lastId;
    const source = Array.from({ length: 50 }, (_, line) => `print line ${line}\npause 0`).join("\n");
    await server.ops(slug, 1, [edit("first", source)], ["first"]);
    await expect.poll(() => cell("first")?.run.mark).toBe("fresh");
    const lines = (lesson.log.since(before) ?? []).flatMap(({ event }) => textOf(event));
    expect(lines).toEqual(Array.from({ length: 50 }, (_, line) => `line ${line}\n`));
    expect(cell("first")?.outputs).toMatchObject([{ text: lines.join("") }]);
  });

  it("keeps the last outputs until there are new ones, so that nothing jumps", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.settle();
    await server.ops(slug, 2, [edit("first", "wait\nprint new")], ["first"]);
    await server.settle();
    expect(cell("first")?.outputs).toMatchObject([{ text: "one\n" }]);
    server.kernels.opened[0]?.step();
    await server.settle();
    expect(cell("first")?.outputs).toMatchObject([{ text: "new\n" }]);
  });

  it("clears outputs at the end of a run that shows nothing", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.ops(slug, 2, [edit("first", "nothing")], ["first"]);
    await server.settle();
    expect(cell("first")?.outputs).toEqual([]);
  });

  it("interrupts the running cell and drops those that wait", async () => {
    server = testApp();
    await server.ops(slug, 1, [edit("first", "loop")], ["first", "second"]);
    await server.settle();
    expect(cell("second")?.run.mark).toBe("queued");
    const reply = await server.post(`/api/lessons/${slug}/interrupt`, {});
    expect(await reply.json()).toEqual({ outcome: "stopped" });
    await server.settle();
    expect(cell("first")?.run.ending).toBe("aborted");
    expect(cell("second")?.run.mark).toBe("never");
  });

  it("stops a cell that runs for longer than any may, and says so", async () => {
    server = testApp({ runMsMax: 20 });
    const { log } = server.lessons.lesson(slug);
    const before = log.lastId;
    await server.ops(slug, 1, [edit("first", "loop")], ["first"]);
    await expect.poll(() => cell("first")?.run.ending).toBe("aborted");
    expect(log.since(before)?.some(({ event }) => event.type === "notice")).toBe(true);
  });

  it("marks every cell as never run after a restart, and keeps the outputs", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first", "second"]);
    await server.settle();
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "fresh", "fresh"]);
    await server.ops(slug, 2, [], [], true);
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "never", "never"]);
    expect(cell("first")?.outputs).toMatchObject([{ text: "one\n" }]);
  });

  it("runs a press that comes during a restart in the new life, and it counts", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.settle();
    let restarted: () => void = () => undefined;
    const [kernel] = server.kernels.opened;
    if (kernel !== undefined) {
      kernel.restarted = new Promise((resolve) => {
        restarted = resolve;
      });
    }
    await server.ops(slug, 2, [], [], true);
    await server.ops(slug, 3, [], ["second"]);
    await server.settle();
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "never", "queued"]);
    restarted();
    await server.settle();
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "never", "fresh"]);
  });

  it("queues presses while the kernel starts", async () => {
    let ready: () => void = () => undefined;
    const kernels = new FakeKernels(
      new Promise((resolve) => {
        ready = resolve;
      }),
    );
    server = testApp({ kernels });
    await server.ops(slug, 1, [], ["first"]);
    await server.ops(slug, 2, [], ["second"]);
    await server.settle();
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "queued", "queued"]);
    ready();
    await server.settle();
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "fresh", "fresh"]);
  });

  it("says that the kernel died and why, and the next press starts a new one", async () => {
    server = testApp();
    await server.ops(slug, 1, [edit("first", "print a\ndie")], ["first", "second"]);
    await server.settle();
    expect(server.lessons.lesson(slug).document().kernel).toMatchObject({
      status: "dead",
      message: expect.stringContaining("killed"),
    });
    expect(cells().map(({ run }) => run.mark)).toEqual(["never", "never", "never"]);
    expect(cell("first")?.outputs).toMatchObject([{ text: "a\n" }]);
    await server.ops(slug, 2, [], ["second"]);
    await server.settle();
    expect(cell("second")?.outputs).toMatchObject([{ text: "two\n" }]);
  });
});

describe("kernels", () => {
  it("are limited: the one idle longest gives way, and says so", async () => {
    server = testApp({ kernelsMax: 1 });
    server.course.write("02-isr", smallLesson);
    await server.ops(slug, 1, [], ["first"]);
    await server.settle();
    await server.ops("02-isr", 1, [], ["first"]);
    await server.settle();
    expect(server.kernels.opened.map(({ status }) => status)).toEqual(["closed", "idle"]);
    expect(server.lessons.lesson(slug).document().kernel).toMatchObject({ status: "culled" });
    expect(cell("first")?.run.mark).toBe("never");
  });

  it("are never taken from a cell at work: the newcomer is told", async () => {
    server = testApp({ kernelsMax: 1 });
    server.course.write("02-isr", smallLesson);
    await server.ops(slug, 1, [edit("first", "loop")], ["first"]);
    await server.settle();
    await server.ops("02-isr", 1, [], ["first"]);
    await server.settle();
    const other = server.lessons.lesson("02-isr").document();
    expect(other.kernel.message).toContain("at work");
    expect(other.cells[1]?.run.mark).toBe("never");
    expect(cell("first")?.run.mark).toBe("running");
  });

  it("are reported with their memory", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.settle();
    const status = (await (await server.get("/api/status")).json()) as object;
    expect(status).toMatchObject({ kernels: [{ owner: slug, status: "idle", memoryBytes: 1_000_000 }] });
  });
});

function textOf(event: DocumentEvent): string[] {
  if (event.type !== "outputs" || event.event.type !== "output") return [];
  const { output } = event.event;
  return output.output_type === "stream" ? [output.text] : [];
}
