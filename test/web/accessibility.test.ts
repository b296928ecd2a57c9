import axe from "axe-core";
import type { Page } from "playwright-core";
import { afterEach, beforeEach, expect, it } from "vitest";
import { codeCell, emptyNotebook, markdownCell } from "../../lib/notebook/notebook.js";
import { describeInBrowser } from "./browser.js";
import { cell, output, type PageServer, pageServer, typeInto, waitForEnd } from "./page-server.js";

/** WCAG 2.2, A and AA, and what axe recommends beside it. */
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Each page, and what has to be there before it is looked at: parts that are loaded or drawn when they are needed. */
const pagesAtRest: readonly (readonly [string, ...string[]])[] = [
  ["/", "highwater-replay table"],
  ["/lessons/01-copies", ".cm-content"],
  ["/lessons/02-outputs", ".cm-content", ".main-svg", ".output-svg svg", ".output-html"],
  ["/exercises/01-survive-one-broker", "h1", ".answer-form"],
  ["/sandbox", "highwater-replay table", ".cm-content"],
  ["/search?q=replica", "h1"],
];

describeInBrowser("axe finds nothing wrong", (browser) => {
  let server: PageServer;
  beforeEach(async () => {
    server = await pageServer();
    server.course.write("02-outputs", outputsLesson);
  });
  afterEach(() => server.remove());

  const looks: readonly [string, object][] = [
    ["light", { colorScheme: "light" }],
    ["dark", { colorScheme: "dark" }],
    ["high contrast", { colorScheme: "light", contrast: "more" }],
    ["360 px wide", { viewport: { width: 360, height: 740 } }],
  ];
  for (const [name, options] of looks) {
    it(`with a run that is asked, forked, compared and proved, ${name}`, async () => {
      const page = await server.open(await browser.context(options), `/sandbox#text=${encodeURIComponent(crashed)}`);
      const replay = page.locator("highwater-replay");
      await replay.getByRole("button", { name: "leader 2" }).click();
      await replay.locator(".because").waitFor();
      expect(await violations(page), "why").toEqual([]);
      await replay.locator("section").focus();
      await page.keyboard.press("f");
      await replay.locator(".fork input").waitFor();
      expect(await violations(page), "fork").toEqual([]);
      await page.keyboard.press("Enter");
      await replay.locator(".mark-differs").waitFor();
      for (const tab of ["Messages", "Metadata log", "Outcomes", "Operator", "Text"]) {
        await replay.getByRole("tab", { name: tab }).click();
        await replay.getByRole("tab", { name: tab, selected: true }).waitFor();
        expect(await violations(page), tab).toEqual([]);
      }
      await page.getByLabel("Records").selectOption("1");
      await page.getByRole("button", { name: "Prove" }).click();
      await page.getByRole("button", { name: "Stop" }).waitFor();
      expect(await violations(page), "searching").toEqual([]);
      await page.locator(".promises").waitFor({ timeout: 90_000 });
      expect(await violations(page), "proof").toEqual([]);
    }, 240_000);

    it(`with any page at rest, ${name}`, async () => {
      const context = await browser.context(options);
      for (const [path, ...parts] of pagesAtRest) {
        const page = await server.open(context, path);
        for (const part of parts) await page.locator(part).first().waitFor();
        expect(await violations(page), path).toEqual([]);
        await page.close();
      }
    }, 180_000);

    it(`with a lesson at work, ${name}`, async () => {
      const page = await server.open(await browser.context(options), "/lessons/01-copies");
      await typeInto(page, "first", "print \u001b[31mred\u001b[0m\nerror it went wrong");
      await page.keyboard.press("ControlOrMeta+Enter");
      await waitForEnd(page, "first");
      await output(page, "first").getByText("Details").click();
      expect(await violations(page), "an error").toEqual([]);
      await typeInto(page, "second", "loop");
      await page.keyboard.press("ControlOrMeta+Enter");
      await cell(page, "second").locator(".run-mark-running").waitFor();
      expect(await violations(page), "running").toEqual([]);
      await page.getByRole("button", { name: "Interrupt" }).click();
      await cell(page, "second").locator(".run-ending-aborted").waitFor();
      await cell(page, "first").focus();
      await page.keyboard.press("p");
      await page.getByRole("dialog", { name: "All commands" }).waitFor();
      expect(await violations(page), "palette").toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("h");
      await page.getByRole("dialog", { name: "Keys" }).waitFor();
      expect(await violations(page), "keys").toEqual([]);
      await page.keyboard.press("Escape");
      await page.keyboard.press("f");
      await page.getByRole("searchbox", { name: "Find in this lesson" }).waitFor();
      expect(await violations(page), "find").toEqual([]);
      await page.keyboard.press("Escape");
      await page.locator(".toolbar .menu summary").click();
      await page.locator(".toolbar .menu-panel").waitFor();
      expect(await violations(page), "menu").toEqual([]);
    }, 180_000);

    it(`with verdicts of each kind, ${name}`, async () => {
      const page = await server.open(await browser.context(options), "/exercises/01-survive-one-broker");
      const check = async (answer: string, title: string) => {
        await page.getByLabel("min.insync.replicas").fill(answer);
        await page.getByRole("button", { name: "Check" }).click();
        await page.getByRole("heading", { name: title }).waitFor();
        expect(await violations(page), title).toEqual([]);
      };
      await check("1", "Acknowledged writes can be lost");
      await check("2", "It holds");
      await page.getByRole("button", { name: "A hint" }).click();
      await page.getByText("Hint 1 of 3").waitFor();
      await page.getByRole("tab", { name: "answer.yaml" }).click();
      await page.locator(".text-editor .cm-content").fill("topic:\n  min.insync.replica: 2\n");
      await page.getByRole("button", { name: "Check" }).click();
      await page.getByText("Did you mean").first().waitFor();
      expect(await violations(page), "ungradable").toEqual([]);
      await page.getByText(/attempts$/).click();
      expect(await violations(page), "attempts").toEqual([]);
    }, 180_000);
  }
});

async function violations(page: Page): Promise<readonly string[]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  const found = await page.evaluate(async (values) => {
    const run = (window as unknown as { axe: typeof axe }).axe.run; // put there by the line above
    const { violations } = await run(document, { runOnly: { type: "tag", values }, resultTypes: ["violations"] });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(
        ({ target, failureSummary }) => `${id}: ${target.join(" ")}: ${failureSummary?.split("\n")[1]?.trim()}`,
      ),
    );
  }, tags);
  return found;
}

const crashed = `cluster brokers=3 kafka=4.3
topic orders replicas=1,2,3 min.insync.replicas=2
producer p acks=1 enable.idempotence=false

at 0   p send a
at 1s  crash 1
end 20s
`;

const svg =
  '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="40"><title>A log of three records</title><rect width="50" height="30"/></svg>';
const plot = { data: [{ name: "HW", x: [0, 10, 20], y: [1, 3, 5] }], layout: { title: { text: "Watermark" } } };

const outputsLesson = {
  ...emptyNotebook,
  cells: [
    markdownCell(
      "title",
      "# Outputs\n\nA `term` and a [link](https://kafka.apache.org).\n\n| a | b |\n| - | - |\n| 1 | 2 |\n\n::: aside A remark\nBeside.\n:::",
    ),
    markdownCell(
      "predict",
      "::: predict hw\nThe high watermark is [[high watermark = 3]], the write [[outcome: kept | lost = kept]].\n:::",
    ),
    {
      ...codeCell("held", "print 3"),
      outputs: [{ output_type: "stream" as const, name: "stdout" as const, text: "3\n" }],
    },
    {
      ...codeCell("rich", "print rich"),
      outputs: [
        { output_type: "display_data" as const, data: { "image/svg+xml": svg, "text/plain": "A log" }, metadata: {} },
        { output_type: "display_data" as const, data: { "application/vnd.plotly.v1+json": plot }, metadata: {} },
        { output_type: "display_data" as const, data: { "text/html": "<p>In a frame</p>" }, metadata: {} },
        { output_type: "stream" as const, name: "stderr" as const, text: "a warning\n".repeat(80) },
      ],
    },
  ],
};
