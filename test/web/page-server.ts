import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { type RunningServer, serve } from "../../lib/server/serve.js";
import { type CourseFixture, courseFixture } from "../server/course-fixture.js";
import { FakeKernels } from "../server/fake-kernel.js";
import { fakeServices } from "../server/fake-services.js";

export const webFolder = fileURLToPath(new URL("../../lib/dist/web", import.meta.url));

/** A server on a port of its own, with the built page and fakes behind it. */
export interface PageServer extends RunningServer {
  readonly course: CourseFixture;
  readonly kernels: FakeKernels;
  /** A signed-in tab at `path`. */
  open(context: BrowserContext, path: string): Promise<Page>;
  remove(): Promise<void>;
}

export async function pageServer(): Promise<PageServer> {
  if (!existsSync(webFolder)) throw new Error("the page is not built: run `npm run build` first");
  const course = courseFixture();
  const kernels = new FakeKernels();
  const server = await serve({ ...course, services: fakeServices(), kernels, port: 0, webFolder });
  return {
    ...server,
    course,
    kernels,
    open: (context, path) => openTab(context, server.url, path),
    remove: async () => {
      await server.close();
      course.remove();
    },
  };
}

/** Signs in with the address as printed, as a person would, then goes where the test wants to be. */
export async function openTab(context: BrowserContext, url: string, path: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  if (path !== "/") await page.goto(new URL(path, url).href);
  await page.waitForFunction(() => performance.getEntriesByName("highwater-interactive").length > 0);
  return page;
}

/** A cell on the page, by its id. */
export function cell(page: Page, id: string): Locator {
  return page.locator(`#cell-${id}`);
}

/** What a cell shows below its text. */
export function output(page: Page, id: string): Locator {
  return cell(page, id).locator(".cell-output");
}

/** Replaces the text of a code cell by typing. */
export async function typeInto(page: Page, id: string, text: string): Promise<void> {
  const editor = cell(page, id).locator(".cm-content");
  await editor.click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(text);
}

/** Waits until the cell's last run has ended. */
export async function waitForEnd(page: Page, id: string): Promise<void> {
  await cell(page, id).locator(".run-mark-fresh").waitFor();
}
