import { afterEach, beforeEach, expect, it } from "vitest";
import { describeInBrowser } from "./browser.js";
import { cell, output, type PageServer, pageServer, typeInto, waitForEnd } from "./page-server.js";

describeInBrowser("runs", (browser) => {
  let server: PageServer;
  beforeEach(async () => {
    server = await pageServer();
  });
  afterEach(() => server.remove());

  it("can be interrupted, and the kernel restarted", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    await typeInto(page, "first", "print before\nloop");
    await page.keyboard.press("ControlOrMeta+Enter");
    await output(page, "first").getByText("before").waitFor();
    await page.getByRole("button", { name: "Interrupt" }).click();
    await cell(page, "first").locator(".run-ending-aborted").waitFor();

    await typeInto(page, "first", "print after");
    await page.keyboard.press("ControlOrMeta+Enter");
    await waitForEnd(page, "first");
    await page.getByRole("button", { name: "Restart" }).click();
    await cell(page, "first").locator(".run-mark-never").waitFor();
    await output(page, "first").getByText("after").waitFor();
    expect(browser.problems).toEqual([]);
  });

  it("go on when the tab is closed: all 50 lines are there when it is opened again", async () => {
    const context = await browser.context();
    const page = await server.open(context, "/lessons/01-copies");
    const lines = Array.from({ length: 50 }, (_, line) => `line ${line + 1}`);
    await typeInto(page, "second", lines.map((line) => `print ${line}\npause 10`).join("\n"));
    await page.keyboard.press("ControlOrMeta+Enter");
    await output(page, "second").getByText("line 3").waitFor();
    await page.close();
    const again = await server.open(context, "/lessons/01-copies");
    await waitForEnd(again, "second");
    const shown = cell(again, "second").locator(".output-text");
    await expect.poll(async () => (await shown.textContent())?.split("\n")).toEqual(lines);
  });

  it("show errors as a sentence, with the rest folded", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    await typeInto(page, "first", "error acks is 0, 1 or all");
    await page.keyboard.press("ControlOrMeta+Enter");
    const error = cell(page, "first").getByRole("group", { name: "Error" });
    await error.getByText("Error: acks is 0, 1 or all").first().waitFor();
    expect(await error.getByText("at cell 1:1").isVisible()).toBe(false);
    await error.getByText("Details").click();
    await error.getByText("at cell 1:1").waitFor();
  });

  it("draw plots with a sentence and a table, pictures with their words", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    const plot = { data: [{ name: "HW", x: [0, 10, 20], y: [1, 3, 5] }], layout: { title: { text: "Watermark" } } };
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><title>A log</title><style>.b{fill:red}</style><rect class="b" width="50" height="30"/></svg>';
    await typeInto(page, "first", `plot ${JSON.stringify(plot)}\nsvg ${svg}`);
    await page.keyboard.press("ControlOrMeta+Enter");
    await cell(page, "first").getByText("Watermark. HW: 3 values from 0 to 20, between 1 and 5.").waitFor();
    await cell(page, "first").locator(".main-svg").first().waitFor();
    await page.getByText("Data as a table").click();
    await expect.poll(() => page.getByRole("row").allTextContents()).toEqual(["xHW", "01", "103", "205"]);
    await page.getByRole("img", { name: "A log" }).waitFor();
    const fill = () => page.locator(".output-svg rect").evaluate((rect) => getComputedStyle(rect).fill);
    await expect.poll(fill).toBe("rgb(255, 0, 0)");
    expect(browser.problems).toEqual([]);
  });

  it("mark cells stale when what they read has changed", async () => {
    const page = await server.open(await browser.context(), "/lessons/01-copies");
    await typeInto(page, "first", "const a = 1;");
    await page.keyboard.press("Shift+Enter");
    await typeInto(page, "second", "const b = a;");
    await page.keyboard.press("Shift+Enter");
    await waitForEnd(page, "second");
    await typeInto(page, "first", "const a = 2;");
    await cell(page, "first").locator(".run-mark-stale").waitFor();
    await cell(page, "second").locator(".run-mark-stale").waitFor();
    await cell(page, "first")
      .getByRole("button", { name: /its text has changed/ })
      .click();
    await waitForEnd(page, "first");
    await cell(page, "second")
      .getByRole("button", { name: /has been set again/ })
      .waitFor();
  });
});
