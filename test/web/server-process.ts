import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect } from "vitest";

const libFolder = fileURLToPath(new URL("../../lib/dist", import.meta.url));
const scriptFolder = fileURLToPath(new URL("../../node_modules/.cache/highwater-test", import.meta.url));

/** A server in a process of its own, which a test may kill. */
export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Ends it the hard way, and waits until it is gone. */
  kill(): Promise<void>;
}

export interface ServerProcessOptions {
  readonly notebooksFolder: string;
  readonly learnerFolder: string;
  readonly port?: number;
  readonly kernels?: "tslab";
}

const children = new Set<ChildProcess>();

/** Starts one and waits for its address. */
export async function startServer(options: ServerProcessOptions): Promise<ServerProcess> {
  const { notebooksFolder, learnerFolder, port = 0, kernels } = options;
  const args = [await script(), libFolder, notebooksFolder, learnerFolder, String(port), ...(kernels ? [kernels] : [])];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.add(child);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const [url] = await firstLines(child, 1);
  expect(url, "the server printed no address").toMatch(/^http:\/\/127\.0\.0\.1:\d+\//);
  return {
    url: url ?? "",
    port: Number(new URL(url ?? "").port),
    pid: child.pid ?? -1,
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
      children.delete(child);
    },
  };
}

/** Ends whatever a test has left running. */
export async function killServers(): Promise<void> {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
}

let built: Promise<string> | undefined;

/** The child's script, as JavaScript, where it finds the packages of this project. */
function script(): Promise<string> {
  built ??= (async () => {
    mkdirSync(scriptFolder, { recursive: true });
    const outfile = join(scriptFolder, "server-child.mjs");
    await build({
      entryPoints: [fileURLToPath(new URL("./server-child.ts", import.meta.url))],
      bundle: true,
      platform: "node",
      format: "esm",
      packages: "external",
      outfile,
      logLevel: "error",
    });
    return outfile;
  })();
  return built;
}

async function firstLines(child: ChildProcess, count: number): Promise<string[]> {
  const lines: string[] = [];
  if (child.stdout === null) return lines;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) break;
  }
  return lines;
}
