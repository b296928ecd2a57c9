import { afterEach, beforeEach, expect, it } from "vitest";
import { emptyNotebook, markdownCell } from "../../lib/notebook/notebook.js";
import { describeInBrowser } from "./browser.js";
import { cell, type PageServer, pageServer, waitForEnd } from "./page-server.js";

describeInBrowser("a newcomer", (browser) => {
  let server: PageServer;
  beforeEach(async () => {
    server = await pageServer();
  });
  afterEach(() => server.remove());

  it("breaks a cluster, reads and runs a lesson, answers an exercise, and finds the way back", async () => {
    const context = await browser.context();
    const page = await server.open(context, "/");
    expect(page.url()).not.toContain("token");
    await page.getByRole("button", { name: "Crash the leader" }).click();
    await page.getByText("broker 2 was elected and leads").waitFor();
    await page.locator("highwater-replay").getByText("down").first().waitFor();

    await page.getByRole("link", { name: "Three copies, one leader" }).click();
    await page.getByRole("heading", { name: "Three copies, one leader" }).waitFor();
    await page.getByRole("button", { name: /^Run cell 2/ }).click();
    await waitForEnd(page, "first");
    await expect.poll(() => cell(page, "first").locator(".output-text").textContent()).toBe("one");

    await page.getByRole("link", { name: "Survive one broker" }).click();
    await page.getByRole("button", { name: "Check" }).click();
    const verdict = page.getByRole("region", { name: "Verdict" });
    await verdict.getByText("Acknowledged writes can be lost").waitFor();
    await verdict.getByText("x was acknowledged and is gone.").waitFor();
    await verdict.getByRole("button", { name: /Replay from step 2/ }).click();
    await verdict
      .locator("highwater-replay[step='2']")
      .getByText("broker 1")
      .filter({ visible: true })
      .first()
      .waitFor();

    await page.getByLabel("min.insync.replicas").fill("2");
    await page.getByText("You have changed the answer since this verdict.").waitFor();
    await page.getByRole("button", { name: "Check" }).click();
    await verdict.getByText("It holds").waitFor();
    await verdict.getByText("A third fault would break it").waitFor();

    await page.getByRole("link", { name: /Highwater/ }).click();
    await page.getByRole("listitem").filter({ hasText: "Survive one broker" }).getByText("passed").first().waitFor();
    expect(browser.problems).toEqual([]);
  });

  it("does it all with the keyboard", async () => {
    const context = await browser.context();
    const page = await server.open(context, "/lessons/01-copies");
    await page.keyboard.press("Tab");
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain("Skip to the text");
    // From the top of the page to the first cell by Tab alone, without an end to it.
    for (let press = 0; press < 30; press++) {
      if (await page.evaluate(() => document.activeElement?.classList.contains("cell"))) break;
      await page.keyboard.press("Tab");
    }
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("cell-title");
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("cell-first");
    await page.keyboard.press("Shift+Enter");
    await waitForEnd(page, "first");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("cell-second");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain("cm-content");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("cell-second");
    expect(browser.problems).toEqual([]);
  });

  it("searches, and is taken to the place", async () => {
    const context = await browser.context();
    const page = await server.open(context, "/");
    await page.getByRole("searchbox", { name: "Search the lessons" }).fill("replica");
    await page.keyboard.press("Enter");
    await page.getByText("One place in the lessons.").waitFor();
    await page.getByRole("link", { name: "Three copies, one leader" }).click();
    await expect.poll(() => page.url()).toContain("/lessons/01-copies#cell-title");
  });

  it("goes on where the reading stopped", async () => {
    const context = await browser.context();
    const paragraphs = Array.from({ length: 40 }, (_, index) =>
      markdownCell(`text-${index}`, `## Part ${index}\n\nText.`),
    );
    server.course.write("02-long", {
      ...emptyNotebook,
      cells: [markdownCell("top", "# A long lesson"), ...paragraphs],
    });
    const page = await server.open(context, "/lessons/02-long");
    await Promise.all([
      page.waitForRequest((request) => request.url().endsWith("/progress") && request.postDataJSON().reached > 0.3),
      page.getByRole("heading", { name: "Part 20" }).scrollIntoViewIfNeeded(),
    ]);
    await page.goto(server.url);
    await page.getByRole("link", { name: /Go on where you stopped/ }).click();
    const heading = page.getByRole("heading", { name: "Part 16" });
    await expect.poll(() => heading.evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(800);
  });
});
