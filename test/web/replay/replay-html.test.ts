import type { Locator } from "playwright-core";
import { expect, it } from "vitest";
import { describeInBrowser } from "../browser.js";

/** As a notebook imports it: built, with the element beside it. */
const built = new URL("../../../lib/dist/index.js", import.meta.url).href;
const highwater = (await import(built)) as typeof import("../../../lib/index.js"); // what the build makes of it

/** A value that would end a script, open another, and hide what follows. */
const hostile = "</script><script>document.title='broken'</script><!--<script>";
const cluster = highwater.scenario({ brokers: 3, minInsyncReplicas: 2 }).send(hostile).run("1s").crash(1).run("20s");
const html = highwater.replayHtml(cluster);
const replayed = "highwater-replay";

/** The first that can be seen: lists to choose from say the same words. */
const shown = (within: Locator, text: string) =>
  within.getByText(text, { exact: true }).filter({ visible: true }).first();

describeInBrowser("a notebook's replay", (browser) => {
  it("plays in a plain page, by keyboard, and what a record says stays text", async () => {
    const page = await (await browser.context()).newPage();
    await page.setContent(`<!doctype html><title>Plain</title>${html}<p>After it</p>`);
    const replay = page.locator(replayed);
    await shown(replay, "broker 1").waitFor();
    const time = () => replay.locator(".time").textContent();
    await replay.locator("section").focus();
    await page.keyboard.press("Home");
    await expect.poll(time).toBe("t = 0 ms");
    await page.keyboard.press("l");
    await expect.poll(time).not.toBe("t = 0 ms");
    await shown(replay, "leader 2").waitFor();
    await page.getByText("After it", { exact: true }).waitFor();
    expect(await page.title()).toBe("Plain");
    expect(browser.problems).toEqual([]);
  });

  it("plays when a notebook puts it into its page and runs the scripts itself, twice over", async () => {
    const page = await (await browser.context()).newPage();
    await page.setContent("<!doctype html><title>Notebook</title><main></main>");
    for (const count of [1, 2]) {
      await page.evaluate((output) => {
        const cell = document.createElement("div");
        cell.innerHTML = output;
        document.querySelector("main")?.append(cell);
        for (const script of cell.querySelectorAll("script")) {
          const again = document.createElement("script");
          for (const { name, value } of script.attributes) again.setAttribute(name, value);
          again.textContent = script.textContent;
          script.replaceWith(again);
        }
      }, html);
      await shown(page.locator(replayed).nth(count - 1), "broker 1").waitFor();
    }
    expect(await page.title()).toBe("Notebook");
    expect(browser.problems).toEqual([]);
  });

  it("is the trace as text where scripts do not run", async () => {
    const page = await (await browser.context({ javaScriptEnabled: false })).newPage();
    await page.setContent(html);
    await page.getByText("crash 1").first().waitFor();
    expect(await page.locator(`${replayed} pre`).textContent()).toBe(cluster.trace());
    expect(await page.locator("script").count()).toBe(2);
  });
});
