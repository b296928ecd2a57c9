import { afterEach, beforeEach, expect, it } from "vitest";
import { describeInBrowser } from "./browser.js";
import { cell, output, type PageServer, pageServer, typeInto, waitForEnd } from "./page-server.js";

describeInBrowser("two tabs on one lesson", (browser) => {
  let server: PageServer;
  beforeEach(async () => {
    server = await pageServer();
  });
  afterEach(() => server.remove());

  it("agree on what both type into one cell at the same time, and lose nothing of it", async () => {
    const context = await browser.context();
    const left = await server.open(context, "/lessons/01-copies");
    const right = await server.open(context, "/lessons/01-copies");
    await typeInto(left, "first", "shared");
    const rightText = cell(right, "first").locator(".cm-content");
    await expect.poll(() => rightText.textContent()).toBe("shared");
    await rightText.click();
    await right.keyboard.press("ControlOrMeta+End");
    await cell(left, "first").locator(".cm-content").click();
    await left.keyboard.press("ControlOrMeta+Home");
    await Promise.all([
      left.keyboard.type("left ".repeat(12), { delay: 15 }),
      right.keyboard.type(" right".repeat(12), { delay: 15 }),
    ]);
    const expected = `${"left ".repeat(12)}shared${" right".repeat(12)}`;
    for (const page of [left, right]) {
      await expect
        .poll(() => cell(page, "first").locator(".cm-content").textContent(), { timeout: 10_000 })
        .toBe(expected);
    }
    expect(browser.problems).toEqual([]);
  });

  it("agree on cells that both move, add and delete", async () => {
    const context = await browser.context();
    const left = await server.open(context, "/lessons/01-copies");
    const right = await server.open(context, "/lessons/01-copies");
    await cell(left, "second").focus();
    await cell(right, "first").focus();
    await Promise.all([left.keyboard.press("b"), right.keyboard.press("a")]);
    await Promise.all([left.keyboard.press("a"), right.keyboard.press("b")]);
    const orderOf = (page: typeof left) =>
      page.locator(".cells > .cell").evaluateAll((cells) => cells.map(({ id }) => id));
    await expect.poll(async () => (await orderOf(left)).length).toBe(7);
    await expect.poll(async () => (await orderOf(left)).join()).toBe((await orderOf(right)).join());
  });

  it("both show a run that one of them started", async () => {
    const context = await browser.context();
    const left = await server.open(context, "/lessons/01-copies");
    const right = await server.open(context, "/lessons/01-copies");
    await typeInto(left, "second", "print from the left");
    await left.keyboard.press("ControlOrMeta+Enter");
    await waitForEnd(right, "second");
    await output(right, "second").getByText("from the left").waitFor();
  });
});
