import type { Locator, Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { describeInBrowser } from "./browser.js";
import { type PageServer, pageServer } from "./page-server.js";

const text = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=all

at 0   p send a
at 1s  crash 1
at 2s  p send b
end 20s
`;

describeInBrowser("the replay in the sandbox", (browser) => {
  let server: PageServer;
  let page: Page;
  let replay: Locator;
  beforeEach(async () => {
    server = await pageServer();
    const context = await browser.context();
    await context.grantPermissions(["clipboard-read", "clipboard-write"]);
    page = await server.open(context, `/sandbox#text=${encodeURIComponent(text)}`);
    replay = page.locator("highwater-replay");
    await replay.getByText("HW 2", { exact: true }).first().waitFor();
  });
  afterEach(() => server.remove());

  const press = async (...keys: string[]) => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const time = () => replay.locator(".time").textContent();
  const happened = () => replay.locator(".happening > p").first().textContent();

  it("is played, scrubbed and asked by keyboard alone", async () => {
    await replay.locator("section").focus();
    await press("Home");
    await expect.poll(time).toBe("t = 0 ms");
    await press("l");
    await replay.getByText("leader 2", { exact: true }).waitFor();
    const electedAt = await time();
    await press("ArrowLeft", "ArrowRight");
    await expect.poll(time).toBe(electedAt);
    await press("Shift+A");
    await expect.poll(() => replay.locator(".change").allTextContents()).toContain("p outcome(a) -→acked@0");
    await press("w");
    await replay.locator("section").focus();
    await press("End");
    await replay.getByRole("button", { name: "leader 2" }).press("Enter");
    await replay.locator(".because small").first().waitFor();
    await replay.locator(".because .cause").first().press("Enter");
    await expect.poll(time).not.toBe("t = 20000 ms");
    await replay.getByLabel("Steps to stop at").selectOption("faults");
    await replay.locator("section").focus();
    await press("Home", "ArrowRight");
    await expect.poll(happened).toBe("crash 1");
    await press("Space");
    await replay.getByRole("button", { name: "Pause" }).waitFor();
    await press("Space");
    await replay.getByRole("button", { name: "Play" }).waitFor();
    expect(browser.problems).toEqual([]);
  });

  it("is dragged with the mouse along its line", async () => {
    const slider = replay.getByRole("slider", { name: "Step of the run" });
    const box = await slider.boundingBox();
    if (box === null) throw new Error("the slider is not on the page");
    const y = box.y + box.height / 2;
    await page.mouse.move(box.x + box.width - 12, y);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, y, { steps: 4 });
    await page.mouse.move(box.x + 2, y, { steps: 4 });
    await page.mouse.up();
    await expect.poll(time).toBe("t = 0 ms");
  });

  it("goes another way from a step, with both ways beside each other and the first difference marked", async () => {
    await replay.locator("section").focus();
    await press("Home", "l", "f");
    await expect.poll(() => replay.locator(".fork input").inputValue()).toBe("crash 2");
    await press("Enter");
    await replay.locator(".sentence").getByText("crash 2 buys nothing here, and costs: b is").waitFor();
    await expect.poll(() => replay.locator(".lane").count()).toBe(2);
    const lines = () => replay.locator(".happening > p").allTextContents();
    await expect.poll(lines).toContain("crash 2");
    await expect.poll(() => replay.locator(".mark-differs").count()).toBe(1);
    const differsAt = await time();
    await replay.locator("section").focus();
    await press("Home", "d");
    await expect.poll(time).toBe(differsAt);
    // The text twin has both runs, and shows the same place.
    await replay.getByRole("tab", { name: "Text" }).click();
    await replay.getByRole("columnheader", { name: "after", exact: true }).waitFor();
    await expect.poll(() => replay.locator("tr[aria-current]").last().textContent()).toContain("crash 2");
    await expect.poll(() => page.locator(".sandbox .cm-content").textContent()).toContain("crash 2");
    await page.getByRole("button", { name: "Back to the other" }).click();
    await expect.poll(() => replay.locator(".lane").count()).toBe(1);
    await expect.poll(() => page.locator(".sandbox .cm-content").textContent()).not.toContain("crash 2");
    expect(browser.problems).toEqual([]);
  });

  it("copies a link that opens the same run at the same step", async () => {
    await replay.locator("section").focus();
    await press("Home", "l", "c");
    await replay.getByText("Link copied").waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    const there = await time();
    const other = await page.context().newPage();
    await other.goto(link);
    await expect.poll(() => other.locator("highwater-replay .time").textContent()).toBe(there);
    await expect.poll(() => other.locator(".sandbox .cm-line").allTextContents()).toEqual(text.split("\n"));
  });

  it("keeps a scenario beside what is made of it", async () => {
    await page.getByRole("button", { name: "Keep to compare" }).click();
    await page.locator(".sandbox .cm-content").click();
    await press("ControlOrMeta+a");
    await page.keyboard.insertText(text.replace("acks=all", "acks=1"));
    await page.getByRole("button", { name: "Run", exact: true }).click();
    await replay.locator(".sentence").getByText("acks=1").waitFor();
    await page.getByRole("button", { name: "Show this one alone" }).click();
    await expect.poll(() => replay.locator(".lane").count()).toBe(1);
  });
});

describeInBrowser("proving in the sandbox", (browser) => {
  let server: PageServer;
  beforeEach(async () => {
    server = await pageServer();
  });
  afterEach(() => server.remove());

  const head = (acks: string) =>
    `cluster brokers=3 kafka=4.3\ntopic orders replicas=1,2,3 min.insync.replicas=2\nproducer p acks=${acks} enable.idempotence=false\nat 0 p send a\nend 1s\n`;

  it("says what is broken and shows how, as a scenario that is played", async () => {
    const page = await server.open(await browser.context(), `/sandbox#text=${encodeURIComponent(head("1"))}`);
    await page.getByLabel("Records").selectOption("1");
    await page.getByRole("button", { name: "Prove" }).click();
    const promise = page.locator(".promise", { hasText: "acknowledged writes survive" });
    await promise.getByText(/broken in \d+ steps/).waitFor({ timeout: 60_000 });
    await promise.getByRole("button", { name: /Show how/ }).click();
    await page.locator("highwater-replay").getByRole("tab", { name: "Outcomes" }).click();
    await page.locator("highwater-replay").getByText("acked and LOST").waitFor();
    await page.getByText("You have changed the text since.").waitFor();
    expect(browser.problems).toEqual([]);
  });

  it("can be stopped, and asked again", async () => {
    const page = await server.open(await browser.context(), `/sandbox#text=${encodeURIComponent(head("all"))}`);
    await page.getByLabel("What may go wrong").selectOption("slow 1, disk-loss 1");
    await page.getByLabel("Records").selectOption("3");
    await page.getByRole("button", { name: "Prove" }).click();
    await page.getByText(/[1-9][\d,]* states, depth/).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByLabel("What may go wrong").selectOption("none");
    await page.getByLabel("Records").selectOption("1");
    await page.getByRole("button", { name: "Prove" }).click();
    await page.locator(".promises").waitFor({ timeout: 60_000 });
    expect(browser.problems).toEqual([]);
  });

  it("says what it does not understand", async () => {
    const page = await server.open(
      await browser.context(),
      `/sandbox#text=${encodeURIComponent("topic orders acks=3\n")}`,
    );
    await page.getByRole("button", { name: "Prove" }).click();
    await page.locator(".proof .sandbox-problems li").first().waitFor();
  });
});
