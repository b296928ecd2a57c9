import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { parseNotebook } from "../../lib/notebook/notebook.js";
import type { WireDocument } from "../../lib/server/wire.js";
import { smallLesson } from "./course-fixture.js";
import { type TestApp, testApp } from "./test-app.js";

const slug = "01-copies";
let server: TestApp;
afterEach(() => server.close());

const document = (): WireDocument => server.lessons.lesson(slug).document();
const sources = () => document().cells.map(({ id, source }) => `${id}: ${source}`);
/** Waits for the copy on disk to be as the document is. */
const saved = () => server.lessons.lesson(slug).flush();
const copyPath = () => join(server.course.learnerFolder, "lessons", `${slug}.ipynb`);

describe("editing", () => {
  it("applies typing made against the present text, and asks for a rebase of any other", async () => {
    server = testApp();
    expect(await server.ops(slug, 1, [{ type: "edit", cell: "first", version: 0, changes: [9, [0, "!"]] }])).toEqual({
      status: "applied",
    });
    const late = { type: "edit", cell: "first", version: 0, changes: [9, [0, "?"]] } as const;
    expect(await server.ops(slug, 2, [late])).toEqual({ status: "stale" });
    expect(sources()).toContain("first: print one!");
  });

  it("does all of a batch or nothing", async () => {
    server = testApp();
    const before = sources();
    const reply = await server.ops(slug, 1, [
      { type: "delete", cell: "second" },
      { type: "edit", cell: "first", version: 7, changes: [9] },
    ]);
    expect(reply.status).toBe("stale");
    expect(sources()).toEqual(before);
  });

  it("applies a batch once, however often it arrives", async () => {
    server = testApp();
    const ops = [{ type: "edit", cell: "first", version: 0, changes: [[0, "x"], 9] }] as const;
    await server.ops(slug, 1, ops);
    expect(await server.ops(slug, 1, ops)).toEqual({ status: "applied" });
    expect(sources()).toContain("first: xprint one");
  });

  it("asks a tab that speaks of another life of the server for a rebase", async () => {
    server = testApp();
    const body = { client: "tab", epoch: "earlier", sequence: 1, ops: [{ type: "delete", cell: "first" }] };
    const reply = await server.post(`/api/lessons/${slug}/ops`, body);
    expect(await reply.json()).toEqual({ status: "stale" });
  });

  it("inserts, moves, converts, deletes, and brings back with outputs", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.settle();
    await server.ops(slug, 2, [
      { type: "insert", cell: { id: "new", type: "code", source: "print new" }, after: "title" },
      { type: "move", cell: "second", after: null },
      { type: "convert", cell: "new", to: "markdown" },
      { type: "delete", cell: "first" },
    ]);
    expect(document().cells.map(({ id, type }) => `${id} ${type}`)).toEqual([
      "second code",
      "title markdown",
      "new markdown",
    ]);
    await server.ops(slug, 3, [{ type: "restore", cell: "first", after: "new" }]);
    expect(document().cells.at(-1)).toMatchObject({ id: "first", outputs: [{ text: "one\n" }] });
  });
});

describe("the learner's copy", () => {
  it("does not exist until something is changed, and never touches the course's file", async () => {
    server = testApp();
    const coursePath = join(server.course.notebooksFolder, `${slug}.ipynb`);
    const before = readFileSync(coursePath, "utf8");
    document();
    await saved();
    expect(() => readFileSync(copyPath())).toThrow();
    await server.ops(slug, 1, [{ type: "edit", cell: "first", version: 0, changes: [[0, "// mine\n", ""], 9] }]);
    await saved();
    const copy = parseNotebook(readFileSync(copyPath(), "utf8"));
    expect(copy.ok && copy.notebook.cells[1]?.source).toBe("// mine\n\nprint one");
    expect(readFileSync(coursePath, "utf8")).toBe(before);
  });

  it("has every acknowledged edit after a kill, also those no save had reached", async () => {
    server = testApp({ saveAfterMs: 60_000 });
    await server.ops(slug, 1, [{ type: "edit", cell: "first", version: 0, changes: [9, [0, " and more"]] }]);
    await server.ops(slug, 2, [{ type: "insert", cell: { id: "new", type: "code", source: "x" }, after: "first" }]);
    await server.ops(slug, 3, [{ type: "edit", cell: "new", version: 0, changes: [1, [0, "y"]] }]);
    const after = testApp({ course: server.course });
    const opened = after.lessons.lesson(slug).document();
    expect(opened.cells.map(({ source }) => source)).toEqual([
      smallLesson.cells[0]?.source,
      "print one and more",
      "xy",
      "print two",
    ]);
    await after.close();
  });

  it("does not repeat edits when the kill came between the copy and the journal", async () => {
    server = testApp();
    const journalPath = join(server.course.learnerFolder, "lessons", `${slug}.journal.jsonl`);
    await server.ops(slug, 1, [{ type: "edit", cell: "first", version: 0, changes: [9, [0, "!"]] }]);
    const journal = readFileSync(journalPath);
    await saved();
    writeFileSync(journalPath, journal);
    const after = testApp({ course: server.course });
    expect(after.lessons.lesson(slug).document().cells[1]?.source).toBe("print one!");
    await after.close();
  });

  it("recovers from a journal torn in mid-line", async () => {
    server = testApp({ saveAfterMs: 60_000 });
    await server.ops(slug, 1, [{ type: "edit", cell: "first", version: 0, changes: [9, [0, "!"]] }]);
    appendFileSync(join(server.course.learnerFolder, "lessons", `${slug}.journal.jsonl`), '{"revision":2,"ops":[{"ty');
    const after = testApp({ course: server.course });
    expect(after.lessons.lesson(slug).document().cells[1]?.source).toBe("print one!");
    expect(await after.ops(slug, 1, [{ type: "edit", cell: "first", version: 1, changes: [10, [0, "?"]] }])).toEqual({
      status: "applied",
    });
    await after.close();
  });

  it("keeps past texts of a cell, newest first", async () => {
    server = testApp();
    await server.ops(slug, 1, [], ["first"]);
    await server.ops(slug, 2, [{ type: "edit", cell: "first", version: 0, changes: [[9, "print 1"]] }], ["first"]);
    const response = await server.get(`/api/lessons/${slug}/cells/first/history`);
    const { entries } = (await response.json()) as { entries: { source: string }[] };
    expect(entries.map(({ source }) => source)).toEqual(["print 1", "print one"]);
  });

  it("is set aside, not lost, when the lesson is started over", async () => {
    server = testApp();
    await server.ops(slug, 1, [{ type: "delete", cell: "first" }]);
    expect((await server.post(`/api/lessons/${slug}/start-over`, {})).status).toBe(200);
    expect(sources()).toContain("first: print one");
    const kept = readdirSync(join(server.course.learnerFolder, "lessons"));
    expect(kept.some((name) => /^01-copies\.\d{4}-.*\.ipynb$/.test(name))).toBe(true);
  });
});
