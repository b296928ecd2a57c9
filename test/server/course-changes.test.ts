import { utimesSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { codeCell, markdownCell, type Notebook } from "../../lib/notebook/notebook.js";
import { smallLesson } from "./course-fixture.js";
import { type TestApp, testApp } from "./test-app.js";

const slug = "01-copies";
const servers: TestApp[] = [];
const start = (options = {}): TestApp => {
  const server = testApp(options);
  servers.push(server);
  return server;
};
afterEach(async () => {
  for (const server of servers.splice(0).reverse()) await server.close();
});

/** The course publishes another version of the lesson. */
function publish(server: TestApp, cells: Notebook["cells"]): void {
  server.course.write(slug, { ...smallLesson, cells });
  // Two writes within one tick of the file system's clock would look like one.
  const path = join(server.course.notebooksFolder, `${slug}.ipynb`);
  utimesSync(path, new Date(), new Date(Date.now() + 5_000));
}

const cellsOf = (server: TestApp) => server.lessons.lesson(slug).document().cells;
const edit = (changes: readonly (number | readonly [number, ...string[]])[]) =>
  [{ type: "edit", cell: "first", version: 0, changes }] as const;

describe("when the course changes a lesson", () => {
  it("brings in what the learner has not touched, keeps what they have, and says so", async () => {
    const before = start();
    await before.ops(slug, 1, edit([9, [0, " of mine"]]));
    await before.lessons.lesson(slug).flush();
    publish(before, [
      markdownCell("title", "# Another title"),
      codeCell("first", "print one"),
      codeCell("added", "print added"),
      codeCell("second", "print two"),
    ]);
    const after = start({ course: before.course });
    expect(cellsOf(after).map(({ id, source }) => `${id}: ${source}`)).toEqual([
      "title: # Another title",
      "first: print one of mine",
      "added: print added",
      "second: print two",
    ]);
    expect(after.lessons.lesson(slug).document().notices.join()).toContain("The course has changed");
  });

  it("offers the course's text where both changed a cell, until the learner has chosen", async () => {
    const before = start();
    await before.ops(slug, 1, edit([9, [0, " of mine"]]));
    await before.lessons.lesson(slug).flush();
    publish(before, [
      markdownCell("title", "# T"),
      codeCell("first", "print one of theirs"),
      codeCell("second", "print two"),
    ]);
    const after = start({ course: before.course });
    expect(cellsOf(after)[1]).toMatchObject({
      source: "print one of mine",
      conflict: { theirs: "print one of theirs" },
    });
    await after.lessons.lesson(slug).flush();

    // Not answered yet: still there after another start, and merged only once.
    const later = start({ course: before.course });
    expect(cellsOf(later)[1]?.conflict).toBeDefined();
    await later.ops(slug, 1, [{ type: "resolve", cell: "first" }]);
    await later.lessons.lesson(slug).flush();
    const last = start({ course: before.course });
    expect(cellsOf(last)[1]).toMatchObject({ source: "print one of mine" });
    expect(cellsOf(last)[1]?.conflict).toBeUndefined();
  });

  it("shows the new text at once to a learner who has changed nothing", () => {
    const before = start();
    cellsOf(before);
    publish(before, [markdownCell("title", "# New")]);
    expect(cellsOf(start({ course: before.course })).map(({ source }) => source)).toEqual(["# New"]);
  });

  it("explains a file that cannot be read, instead of failing", async () => {
    const server = start();
    const { writeFileSync } = await import("node:fs");
    writeFileSync(join(server.course.notebooksFolder, "02-broken.ipynb"), "{ not json");
    const page = await server.get("/lessons/02-broken", { accept: "text/html" });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("02-broken.ipynb cannot be read");
    expect((await server.get("/api/lessons/02-broken")).status).toBe(422);
    expect((await server.get("/")).status).toBe(200);
    expect(server.errors).toEqual([]);
  });
});
