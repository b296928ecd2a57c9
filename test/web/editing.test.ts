import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeInBrowser } from "./browser.js";
import { cell, output, type PageServer, pageServer, typeInto } from "./page-server.js";

describeInBrowser("editing by keyboard", (browser) => {
  let server: PageServer;
  let page: Page;
  beforeEach(async () => {
    server = await pageServer();
    page = await server.open(await browser.context(), "/lessons/01-copies");
  });
  afterEach(() => server.remove());

  const order = () =>
    page.locator(".cells > .cell").evaluateAll((cells) => cells.map(({ id }) => id.slice("cell-".length)));
  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };

  it("adds, moves, converts and deletes cells as in Jupyter, and takes each back", async () => {
    await cell(page, "first").focus();
    await press("b");
    await expect.poll(async () => (await order()).length).toBe(4);
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toContain("cell-code");
    await press("m");
    await expect.poll(() => page.locator(".cell-markdown").count()).toBe(2);
    await press("z", "z");
    await expect.poll(order).toEqual(["title", "first", "second"]);

    await cell(page, "second").focus();
    await press("ControlOrMeta+Shift+ArrowUp");
    await expect.poll(order).toEqual(["title", "second", "first"]);
    await press("z");
    await expect.poll(order).toEqual(["title", "first", "second"]);
    await press("Shift+z");
    await expect.poll(order).toEqual(["title", "second", "first"]);

    await press("d", "d");
    await expect.poll(order).toEqual(["title", "first"]);
    await press("z");
    await expect.poll(order).toEqual(["title", "second", "first"]);
    expect(browser.problems).toEqual([]);
  });

  it("never runs another cell than the one the keyboard is at, however fast one presses", async () => {
    await page.evaluate(() => {
      const press = (id: string) => {
        const target = document.getElementById(`cell-${id}`);
        target?.focus();
        target?.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
        );
      };
      press("first");
      requestAnimationFrame(() => press("second"));
    });
    await output(page, "first").getByText("one").waitFor();
    await output(page, "second").getByText("two").waitFor();
    await page.waitForTimeout(100);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("cell-second");
  });

  it("brings a deleted cell back with its output", async () => {
    await cell(page, "first").focus();
    await press("ControlOrMeta+Enter");
    await output(page, "first").getByText("one").waitFor();
    await press("d", "d");
    await expect.poll(order).toEqual(["title", "second"]);
    await press("z");
    await output(page, "first").getByText("one").waitFor();
  });

  it("splits at the cursor, merges again, and both can be taken back", async () => {
    await typeInto(page, "first", "print a\nprint b");
    await press("ControlOrMeta+Home", "ArrowDown", "ControlOrMeta+Shift+Minus");
    await expect.poll(async () => (await order()).length).toBe(4);
    await expect.poll(() => cell(page, "first").locator(".cm-content").textContent()).toBe("print a");
    await press("Escape", "z");
    await expect.poll(async () => (await order()).length).toBe(3);
    const lines = () => cell(page, "first").locator(".cm-line").allTextContents();
    await expect.poll(lines).toEqual(["print a", "print b"]);
    await cell(page, "first").focus();
    await press("Shift+m");
    await expect.poll(lines).toEqual(["print a", "print b", "print two"]);
    await press("z");
    await expect.poll(lines).toEqual(["print a", "print b"]);
    await expect.poll(order).toEqual(["title", "first", "second"]);
  });

  it("keeps an editor's own undo while cells above it come and go", async () => {
    await typeInto(page, "second", "print changed");
    const text = () => cell(page, "second").locator(".cm-content");
    await cell(page, "first").focus();
    await press("a");
    await expect.poll(() => text().getAttribute("aria-label")).toBe("Code of cell 4");
    await text().click();
    await press("ControlOrMeta+z");
    await expect.poll(() => text().textContent()).toBe("print two");
  });

  it("edits prose in place and shows it as it reads", async () => {
    await cell(page, "title").focus();
    await press("Enter");
    await page.keyboard.press("ControlOrMeta+End");
    await page.keyboard.type("\n\nMore *words*.");
    await press("Escape");
    await cell(page, "title").locator("em", { hasText: "words" }).waitFor();
  });

  it("finds commands by name and does them", async () => {
    await cell(page, "first").focus();
    await press("p");
    await page.getByRole("combobox", { name: "Command" }).fill("new cell above");
    await press("Enter");
    await expect.poll(async () => (await order()).length).toBe(4);
    await press("h");
    await page.getByRole("dialog", { name: "Keys" }).waitFor();
    await press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
  });

  it("finds text in all cells", async () => {
    await cell(page, "first").focus();
    await press("f");
    await page.getByRole("searchbox", { name: "Find in this lesson" }).fill("print");
    await page.getByText("1 of 2").waitFor();
    await press("Enter");
    await page.getByText("2 of 2").waitFor();
    await press("Escape");
    await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("cell-second");
  });

  it("brings back an earlier text of a cell", async () => {
    await cell(page, "first").focus();
    await press("ControlOrMeta+Enter");
    await typeInto(page, "first", "print changed");
    await press("ControlOrMeta+Enter", "Escape", "p");
    await page.getByRole("combobox", { name: "Command" }).fill("earlier");
    await press("Enter");
    await page
      .getByRole("listitem")
      .filter({ hasText: "print one" })
      .getByRole("button", { name: "Bring back" })
      .click();
    await expect.poll(() => cell(page, "first").locator(".cm-content").textContent()).toBe("print one");
  });

  it("starts over without losing what was there", async () => {
    await typeInto(page, "first", "print mine");
    await press("Escape");
    await page.locator(".toolbar .menu summary").click();
    await page.getByRole("button", { name: "Start this lesson over…" }).click();
    await page.getByRole("button", { name: "Start over" }).click();
    await expect.poll(() => cell(page, "first").locator(".cm-content").textContent()).toBe("print one");
  });
});
