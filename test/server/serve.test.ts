import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, type ServeOptions, serve } from "../../lib/server/serve.js";
import { type CourseFixture, courseFixture } from "./course-fixture.js";
import { FakeKernels } from "./fake-kernel.js";
import { fakeServices } from "./fake-services.js";

let course: CourseFixture;
let webFolder: string;
const running: { close(): Promise<unknown> }[] = [];
beforeEach(() => {
  course = courseFixture();
  webFolder = mkdtempSync(join(tmpdir(), "highwater-web-"));
  const manifest = { script: "main.js", style: "main.css", preload: [], pages: {}, icon: "icon.svg" };
  writeFileSync(join(webFolder, "manifest.json"), JSON.stringify(manifest));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
  course.remove();
  rmSync(webFolder, { recursive: true, force: true });
});

async function start(options: Partial<ServeOptions> = {}): Promise<RunningServer & { readonly kernels: FakeKernels }> {
  const kernels = new FakeKernels();
  const server = await serve({ ...course, services: fakeServices(), kernels, port: 0, webFolder, ...options });
  running.push(server);
  return { ...server, kernels };
}

/** Takes a port, as some other program might. */
async function occupy(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  running.push({ close: () => new Promise((resolve) => server.close(resolve)) });
  return (server.address() as AddressInfo).port;
}

describe("starting to serve", () => {
  it("prints one address, on loopback, that works", async () => {
    const { url } = await start();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?token=[\w-]{43}$/);
    const entered = await fetch(url, { redirect: "manual" });
    expect(entered.status).toBe(303);
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(new URL("/", url), { headers: { cookie } });
    expect(page.status).toBe(200);
    expect(await page.text()).toContain("Three copies, one leader");
  });

  it("compresses pages and not streams", async () => {
    const { url } = await start();
    const cookie = (await fetch(url, { redirect: "manual" })).headers.get("set-cookie")?.split(";")[0] ?? "";
    const stream = await fetch(new URL("/api/lessons/01-copies/events", url), { headers: { cookie } });
    expect(stream.headers.get("content-encoding")).toBeNull();
    await stream.body?.cancel();
  });

  it("says that a port is taken and what to do, when that port was asked for", async () => {
    const port = await occupy();
    await expect(start({ port })).rejects.toThrow(`Port ${port} is in use`);
    await expect(start({ port })).rejects.toThrow("--port");
  });

  it("refuses other interfaces without the flag, and without a password worth the name", async () => {
    await expect(start({ host: "0.0.0.0" })).rejects.toThrow("--allow-remote");
    await expect(start({ host: "0.0.0.0", allowRemote: true })).rejects.toThrow("password of at least 12");
    await expect(start({ host: "0.0.0.0", allowRemote: true, password: "short" })).rejects.toThrow("password");
  });

  it("asks for the password beyond loopback, and prints no key", async () => {
    const password = "correct horse battery";
    const { url } = await start({ host: "0.0.0.0", allowRemote: true, password });
    expect(url).not.toContain("token");
    const page = await fetch(url, { redirect: "manual", headers: { accept: "text/html" } });
    expect(page.headers.get("location")).toBe("/login");
  });

  it("refuses to write into a folder that another server writes to, and says where that one is", async () => {
    const first = await start();
    await expect(start()).rejects.toThrow(first.url);
    await first.close();
    await start();
  });

  it("takes over the folder of a server that was killed", async () => {
    const first = await start();
    await first.close();
    const gone = 2 ** 22 + 1; // beyond the largest process number of the usual systems
    writeFileSync(join(course.learnerFolder, "server.json"), JSON.stringify({ pid: gone, url: "http://127.0.0.1:1/" }));
    await start();
  });

  it("says so when the page is not built or the folder cannot be written", async () => {
    rmSync(join(webFolder, "manifest.json"));
    await expect(start()).rejects.toThrow("npm run build");
    writeFileSync(join(course.notebooksFolder, "a-file"), "");
    const learnerFolder = join(course.notebooksFolder, "a-file", "learner");
    await expect(start({ learnerFolder })).rejects.toThrow("cannot be written");
  });

  it("keeps the key for the next start, readable by its owner alone", async () => {
    const first = await start();
    await first.close();
    const path = join(course.learnerFolder, "token");
    expect(statSync(path).mode & 0o077).toBe(0);
    const again = await start();
    expect(again.url.split("token=")[1]).toBe(first.url.split("token=")[1]);
    expect(readFileSync(path, "utf8").trim()).toBe(first.url.split("token=")[1]);
  });
});

describe("ending", () => {
  it("ends the kernels, also while a stream is open and a cell runs, and gives the folder free", async () => {
    const { url, kernels, close } = await start();
    const cookie = (await fetch(url, { redirect: "manual" })).headers.get("set-cookie")?.split(";")[0] ?? "";
    const headers = { cookie, origin: new URL(url).origin, "content-type": "application/json" };
    const state = await fetch(new URL("/api/lessons/01-copies", url), { headers });
    const { lastEventId } = (await state.json()) as { lastEventId: string };
    const stream = await fetch(new URL("/api/lessons/01-copies/events", url), { headers });
    const changes = [[9, "loop"]];
    const body = {
      client: "tab",
      epoch: lastEventId.split("-")[0],
      sequence: 1,
      ops: [{ type: "edit", cell: "first", version: 0, changes }],
      run: ["first"],
    };
    await fetch(new URL("/api/lessons/01-copies/ops", url), { method: "POST", headers, body: JSON.stringify(body) });
    await expect.poll(() => kernels.opened.map(({ status }) => status)).toEqual(["busy"]);
    await close();
    expect(kernels.isClosed).toBe(true);
    expect(existsSync(join(course.learnerFolder, "server.json"))).toBe(false);
    expect(readFileSync(join(course.learnerFolder, "lessons", "01-copies.ipynb"), "utf8")).toContain('"loop"');
    await stream.body?.cancel().catch(() => undefined);
  });

  it("writes nothing more once it has ended, however fast a tab goes on asking", async () => {
    const { url, close } = await start();
    const cookie = (await fetch(url, { redirect: "manual" })).headers.get("set-cookie")?.split(";")[0] ?? "";
    const headers = { cookie, origin: new URL(url).origin, "content-type": "application/json" };
    let isOver = false;
    const asking = Array.from({ length: 4 }, async (_, tab) => {
      for (let turn = 1; !isOver; turn++) {
        const body = JSON.stringify({ cell: "first", reached: turn / 1e6 });
        await fetch(new URL("/api/lessons/01-copies/progress", url), { method: "POST", headers, body }).catch(
          () => tab,
        );
      }
    });
    await expect.poll(() => existsSync(join(course.learnerFolder, "progress.json"))).toBe(true);
    await close();
    const written = () => readdirSync(course.learnerFolder, { recursive: true, encoding: "utf8" }).sort();
    const text = () => readFileSync(join(course.learnerFolder, "progress.json"), "utf8");
    const [files, progress] = [written(), text()];
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(written()).toEqual(files);
    expect(text()).toBe(progress);
    isOver = true;
    await Promise.all(asking);
  });
});
