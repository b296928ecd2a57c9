import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe } from "vitest";

const names = ["chromium", "chromium-browser", "google-chrome"];

/** A Chromium of this machine: `CHROMIUM_PATH`, else the first of the usual names on the PATH. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM_PATH;
  if (named !== undefined && named !== "") return named;
  const folders = (process.env.PATH ?? "").split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}

/** A browser for the tests of one file, with a fresh profile for each test. */
export interface TestBrowser {
  /** A profile of its own: cookies and storage are not shared with other contexts. */
  context(options?: Parameters<Browser["newContext"]>[0]): Promise<BrowserContext>;
  /** Problems the page reported: errors thrown and policy violations. Each test ends with none, or says so. */
  readonly problems: string[];
}

/**
 * Tests that need a browser. Without one they are skipped and a line says so; where `CI=true` that is a failure.
 */
export function describeInBrowser(name: string, tests: (browser: TestBrowser) => void): void {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    const what = `not run, no Chromium found (CHROMIUM_PATH, ${names.join(", ")}): ${name}`;
    if (process.env.CI === "true") {
      describe(name, () => {
        beforeAll(() => {
          throw new Error(what);
        });
        tests({ context: () => Promise.reject(new Error(what)), problems: [] });
      });
      return;
    }
    console.warn(what);
    describe.skip(name, () => tests({ context: () => Promise.reject(new Error(what)), problems: [] }));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    beforeAll(async () => {
      browser = await chromium.launch({ executablePath, args: ["--no-sandbox"], timeout: 120_000 });
    }, 150_000);
    afterEach(async () => {
      await Promise.all(contexts.splice(0).map((context) => context.close()));
      problems.length = 0;
    });
    afterAll(() => browser?.close());
    tests({
      problems,
      context: async (options = {}) => {
        const context = await browser.newContext({ viewport: { width: 1200, height: 800 }, ...options });
        context.setDefaultTimeout(30_000);
        contexts.push(context);
        context.on("page", (page) => watch(page, problems));
        return context;
      },
    });
  });
}

function watch(page: Page, problems: string[]): void {
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    // A server that is away is what some tests are about; the page says so itself.
    if (message.type() === "error" && !/Failed to load resource|net::ERR/.test(message.text())) {
      problems.push(message.text());
    }
  });
}
