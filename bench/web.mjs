// How fast the lesson page is, in a real Chromium with a real kernel, in one run on one machine. Needs `npm run build`.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { measureJupyterLab } from "./web-jupyterlab.mjs";

const USAGE = `Usage: npm run bench -- web [--json] [--runs N]
  --runs N   presses of the warm cell, of which the median counts (15)

With JUPYTERLAB set to the \`jupyter\` executable of a JupyterLab, that is measured in the same run, with the same notebook,
kernel and browser; without it the figures beside ours are those of an earlier run at rest.`;

const CELLS = 20;
const LINES = 50;
const PRESSES = 9;

/** What JupyterLab 4.6 with the same kernel took on a two-core machine at rest, and what was aimed at. A run may measure it anew. */
const FIGURES = [
  { name: "interactiveMs", label: "lesson interactive", unit: "ms", goal: 1000, jupyterLab: 4500 },
  { name: "compressedKB", label: "compressed before the first plot", unit: "KB", goal: 300, jupyterLab: 6000 },
  { name: "firstCellMs", label: "press to output, first cell, warm kernel", unit: "ms", goal: 80, jupyterLab: 137 },
  { name: "warmCellMs", label: "press to output, warm cell", unit: "ms", goal: 35, jupyterLab: 73 },
  {
    name: "pressesLost",
    label: `presses lost of ${PRESSES} while the kernel starts`,
    unit: "",
    goal: 0,
    jupyterLab: 4,
  },
  { name: "restartMs", label: "restart to the next output", unit: "ms", goal: 1000, jupyterLab: 2200 },
  { name: "diagnosticsMs", label: `diagnostics after a key, ${CELLS} cells`, unit: "ms", goal: 100, jupyterLab: null },
  { name: "linesLost", label: `lines lost of ${LINES} when closed in mid-print`, unit: "", goal: 0, jupyterLab: LINES },
];

export async function run(args) {
  const { values } = parseArgs({
    args,
    options: { json: { type: "boolean", default: false }, runs: { type: "string", default: "15" } },
    strict: false,
  });
  const runs = Number(values.runs);
  const executablePath = findChromium();
  if (!Number.isInteger(runs) || runs < 1 || executablePath === undefined) {
    console.error(executablePath === undefined ? "No Chromium found: set CHROMIUM_PATH." : USAGE);
    return 2;
  }
  const folder = mkdtempSync(join(tmpdir(), "highwater-bench-"));
  mkdirSync(join(folder, "notebooks"));
  writeFileSync(join(folder, "notebooks", "01-bench.ipynb"), notebook());
  const { serve } = await import("../lib/dist/server/serve.js");
  const { courseServices } = await import("../lib/dist/server/course-services.js");
  const learnerFolder = join(folder, "learner");
  const exercisesFolder = join(folder, "exercises");
  mkdirSync(exercisesFolder);
  const services = courseServices({ exercisesFolder, learnerFolder });
  const server = await serve({ notebooksFolder: join(folder, "notebooks"), learnerFolder, services, port: 0 });
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
  try {
    const measured = await measure(browser, server.url, runs);
    const load = round(loadavg()[0]);
    await server.close();
    const lab = await jupyterLab(browser, folder, runs);
    const rows = FIGURES.map(({ name, jupyterLab: atRest, ...figure }) => {
      const beside = lab === null ? atRest : rounded(lab.figures[name]);
      const times = beside && measured[name] ? round(beside / measured[name]) : null;
      return { name, ...figure, value: measured[name], jupyterLab: beside, timesJupyterLab: times };
    });
    const machine = { cores: cpus().length, load };
    const beside = lab === null ? "at rest, earlier" : "measured in this run";
    const problems = lab?.problems ?? [];
    const report = { version: 2, machine, jupyterLab: beside, problems, rows };
    console.log(values.json ? JSON.stringify(report, null, 2) : table(report));
    return 0;
  } finally {
    await browser.close();
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** JupyterLab's own figures, where there is one. */
function jupyterLab(browser, folder, runs) {
  const jupyter = process.env.JUPYTERLAB;
  if (!jupyter) return null;
  // Places among the cells: the text is the first of them.
  const places = { warm: 3, presses: 7, lines: CELLS + 1 };
  return measureJupyterLab(jupyter, browser, folder, notebook(), { places, presses: PRESSES, lines: LINES, runs });
}

function rounded(value) {
  return value === undefined ? null : round(value);
}

async function measure(browser, url, runs) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(url);
  await context.clearCookies();
  // A first visit: nothing is in the browser's cache.
  const first = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const lesson = await first.newPage();
  const network = await first.newCDPSession(lesson);
  await network.send("Network.enable");
  await network.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  network.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await lesson.goto(url);
  bytes = 0;
  await lesson.goto(new URL("/lessons/01-bench", url).href);
  await lesson.waitForFunction(() => performance.getEntriesByName("highwater-interactive").length > 0);
  const interactiveMs = await lesson.evaluate(() => performance.getEntriesByName("highwater-interactive")[0].startTime);
  await lesson.waitForLoadState("networkidle").catch(() => undefined);
  await lesson.waitForTimeout(1500);
  const compressedKB = bytes / 1000;
  await context.close();
  await lesson.waitForTimeout(6000); // the spare kernel gets warm, as it does while one reads

  const firstCellMs = await press(lesson, "cell-2");
  const warm = [];
  for (let index = 0; index < runs; index++) {
    warm.push(await press(lesson, "cell-2"));
    await lesson.waitForTimeout(150);
  }
  const diagnosticsMs = await diagnose(lesson);
  const restartMs = await restart(lesson);
  const pressesLost = await pressWhileStarting(lesson);
  const linesLost = await closeInMidPrint(first, lesson, url);
  const figures = { interactiveMs, compressedKB, firstCellMs, warmCellMs: median(warm), restartMs, diagnosticsMs };
  const rounded = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, round(value)]));
  return { ...rounded, pressesLost, linesLost };
}

/** From the key press to the changed output in the page, by the page's own clock. */
function press(page, id) {
  return page.evaluate(
    (id) =>
      new Promise((resolve, reject) => {
        const cell = document.getElementById(`cell-${id}`);
        const shown = () => cell.querySelector(".output-text")?.textContent;
        const before = shown();
        const start = performance.now();
        const observer = new MutationObserver(() => {
          if (shown() === undefined || shown() === before) return;
          observer.disconnect();
          resolve(performance.now() - start);
        });
        observer.observe(cell, { subtree: true, childList: true, characterData: true });
        cell.focus();
        cell.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, bubbles: true, cancelable: true }),
        );
        setTimeout(() => reject(new Error("no output within a minute")), 60_000);
      }),
    id,
  );
}

async function diagnose(page) {
  const editor = page.locator("#cell-cell-4 .cm-content");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+End");
  await page.keyboard.type("\nconst first: string = 1;");
  await page.locator("#cell-cell-4 .cm-lintRange-error").first().waitFor({ timeout: 60_000 });
  const times = [];
  for (let index = 0; index < 5; index++) {
    await page.keyboard.type(`\nconst wrong${index}: string = `);
    await page.waitForTimeout(1200);
    const waiting = page.evaluate(
      (wanted) =>
        new Promise((resolve) => {
          const cell = document.getElementById("cell-cell-4");
          let start;
          cell.addEventListener(
            "keydown",
            () => {
              start ??= performance.now();
            },
            { capture: true },
          );
          new MutationObserver((_, observer) => {
            const text = cell.querySelector(".cm-content").textContent;
            const marked = [...cell.querySelectorAll(".cm-lintRange-error")].some(
              (mark) => mark.textContent === wanted,
            );
            if (start === undefined || !text.endsWith("7") || !marked) return;
            observer.disconnect();
            resolve(performance.now() - start);
          }).observe(cell, { subtree: true, childList: true, attributes: true });
          setTimeout(() => resolve(Number.NaN), 20_000);
        }),
      `wrong${index}`,
    );
    await page.keyboard.type("7");
    times.push(await waiting);
  }
  await page.keyboard.press("Escape");
  return median(times.filter((time) => !Number.isNaN(time)));
}

/** From the click on Restart to the output of a cell that is pressed right behind it: the new kernel works. */
async function restart(page) {
  await page.evaluate(() => {
    [...document.querySelectorAll(".tool")].find((tool) => tool.textContent === "Restart").click();
  });
  return press(page, "cell-2");
}

/** Cells that print, pressed one after the other while the kernel is starting: how many never ran. */
async function pressWhileStarting(page) {
  await page.getByRole("button", { name: "Restart" }).click();
  for (let index = 0; index < PRESSES; index++) {
    await page.locator(`#cell-cell-${6 + index}`).focus();
    await page.keyboard.press("ControlOrMeta+Enter");
  }
  await page.waitForFunction(() => document.querySelector(".run-mark-queued, .run-mark-running") === null, undefined, {
    timeout: 60_000,
  });
  let lost = 0;
  for (let index = 0; index < PRESSES; index++) {
    const marks = await page.locator(`#cell-cell-${6 + index} .run-mark-fresh.run-ending-ok`).count();
    if (marks === 0) lost++;
  }
  return lost;
}

async function closeInMidPrint(context, page, url) {
  await page.locator("#cell-lines").focus();
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.locator("#cell-lines .output-text").getByText("line 5").first().waitFor({ timeout: 30_000 });
  await page.close();
  await new Promise((resolve) => setTimeout(resolve, 3000));
  const again = await context.newPage();
  await again.goto(new URL("/lessons/01-bench", url).href);
  await again.locator("#cell-lines .run-mark-fresh").waitFor({ timeout: 30_000 });
  const lines = (await again.locator("#cell-lines .output-text").textContent()).trim().split("\n");
  return LINES - lines.filter((line) => /^line \d+$/.test(line)).length;
}

function notebook() {
  const code = (id, source) => ({
    cell_type: "code",
    id,
    metadata: {},
    source,
    execution_count: null,
    outputs: [],
  });
  const cells = [
    { cell_type: "markdown", id: "title", metadata: {}, source: "# A lesson for measuring\n\nText." },
    ...Array.from({ length: CELLS }, (_, index) =>
      code(
        `cell-${index}`,
        `const value${index} = ${index === 0 ? 1 : `value${index - 1}`} + ${index};\nconsole.log(Math.random());`,
      ),
    ),
    code(
      "lines",
      `for (let line = 1; line <= ${LINES}; line++) {\n  console.log("line " + line);\n  await new Promise((done) => setTimeout(done, 40));\n}`,
    ),
  ];
  // The cell that is pressed stands alone, so that it runs in a fresh kernel.
  cells[3] = code("cell-2", "console.log(Math.random());");
  for (const cell of cells.slice(7, 7 + PRESSES)) cell.source = "console.log(Math.random());";
  return `${JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells }, null, 1)}\n`;
}

function table({ rows, machine, jupyterLab, problems }) {
  const lines = rows.map(({ label, value, unit, goal, jupyterLab: theirs, timesJupyterLab }) => {
    const lab = theirs === null ? "" : `JupyterLab ${theirs}${timesJupyterLab ? ` (${timesJupyterLab}×)` : ""}`;
    return `${label.padEnd(44)} ${String(value).padStart(8)} ${unit.padEnd(3)} goal ${String(goal).padStart(5)}   ${lab}`;
  });
  const about = `${machine.cores} cores, load ${machine.load}; JupyterLab ${jupyterLab}`;
  return [...lines, about, ...problems.map((problem) => `JupyterLab: ${problem}`)].join("\n");
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function round(value) {
  return Math.round(value * 10) / 10;
}

function findChromium() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return ["chromium", "chromium-browser", "google-chrome"]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => existsSync(path));
}
