import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import { codeCell, emptyNotebook, markdownCell, parseNotebook } from "../../lib/notebook/notebook.js";
import { type CourseFixture, courseFixture } from "../server/course-fixture.js";
import { describeInBrowser } from "./browser.js";
import { cell, openTab, output, typeInto, waitForEnd } from "./page-server.js";
import { killServers, startServer } from "./server-process.js";

describeInBrowser("when things fail", (browser) => {
  let course: CourseFixture;
  beforeEach(() => {
    course = courseFixture();
  });
  afterEach(async () => {
    await killServers();
    course.remove();
  });
  afterAll(killServers);

  it("a server that is killed while it saves and started again loses nothing that was typed", async () => {
    const first = await startServer(course);
    const page = await openTab(await browser.context(), first.url, "/lessons/01-copies");
    await typeInto(page, "first", "print typed before the kill");
    await page.keyboard.press("ControlOrMeta+Enter");
    await output(page, "first").getByText("typed before the kill").waitFor();
    await page.keyboard.press("Enter");
    // Saves go out about once a second: over two seconds of typing at least one is under way.
    const typed = "0123456789".repeat(6);
    const typing = page.keyboard.type(`\n${typed}`, { delay: 30 });
    await page.waitForTimeout(900);
    await first.kill();
    await page.getByText(/Server not reached/).waitFor();
    await typing;
    await page.getByText("your changes are kept here and sent when it is back").waitFor();

    await startServer({ ...course, port: first.port });
    await expect.poll(() => page.getByText(/Server not reached/).count(), { timeout: 15_000 }).toBe(0);
    await expect.poll(() => copiedSource(course, "first"), { timeout: 15_000 }).toContain(typed);
    const again = await openTab(page.context(), page.url(), "/lessons/01-copies");
    const lines = () => cell(again, "first").locator(".cm-line").allTextContents();
    await expect.poll(lines).toEqual(["print typed before the kill", typed]);
  });

  it("a page that is offline says so, keeps what is typed, and sends it when it is back", async () => {
    const server = await startServer(course);
    const context = await browser.context();
    const page = await openTab(context, server.url, "/lessons/01-copies");
    await cell(page, "first").locator(".cm-content").waitFor();
    await context.setOffline(true);
    await typeInto(page, "first", "print typed offline");
    await page.getByText(/Server not reached/).waitFor();
    await context.setOffline(false);
    await expect.poll(() => copiedSource(course, "first"), { timeout: 15_000 }).toBe("print typed offline");
    await expect.poll(() => page.getByText(/Server not reached/).count()).toBe(0);
    await page.getByText("Saved").waitFor();
  });

  it("cells pressed while the server is away run when it is back", async () => {
    const first = await startServer(course);
    const page = await openTab(await browser.context(), first.url, "/lessons/01-copies");
    await cell(page, "first").locator(".cm-content").waitFor();
    await first.kill();
    await cell(page, "first").focus();
    await page.keyboard.press("ControlOrMeta+Enter");
    await cell(page, "first").locator(".run-mark-queued").waitFor();
    await startServer({ ...course, port: first.port });
    await output(page, "first").getByText("one").waitFor();
  });

  it("a kernel that ends is noticed and said; the text stays and a restart goes on", async () => {
    course.write("02-kernel", {
      ...emptyNotebook,
      cells: [
        markdownCell("title", "# A kernel that dies"),
        codeCell("sum", "const sum = 1 + 2;\nconsole.log('sum', sum);"),
        codeCell("exit", "process.exit(3);"),
      ],
    });
    const server = await startServer({ ...course, kernels: "tslab" });
    const page = await openTab(await browser.context(), server.url, "/lessons/02-kernel");
    await cell(page, "sum").getByRole("button", { name: /^Run/ }).click();
    await output(page, "sum").getByText("sum 3").waitFor({ timeout: 60_000 });
    await cell(page, "exit").getByRole("button", { name: /^Run/ }).click();
    await page.locator(".notice").waitFor({ timeout: 30_000 });
    await page.getByText("Kernel ended").waitFor();
    await cell(page, "sum").locator(".run-mark-never").waitFor();
    await page.getByRole("button", { name: "Restart the kernel" }).click();
    await cell(page, "sum").getByRole("button", { name: /^Run/ }).click();
    await waitForEnd(page, "sum");
    await output(page, "sum").getByText("sum 3").waitFor();
  }, 180_000);
});

/** The text of a cell in the learner's copy on disk; undefined while there is none. */
function copiedSource({ learnerFolder }: CourseFixture, id: string): string | undefined {
  try {
    const parsed = parseNotebook(readFileSync(join(learnerFolder, "lessons", "01-copies.ipynb"), "utf8"));
    return parsed.ok ? parsed.notebook.cells.find((candidate) => candidate.id === id)?.source : undefined;
  } catch {
    return undefined;
  }
}
