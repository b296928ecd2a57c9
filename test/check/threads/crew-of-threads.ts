import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import { onTestFinished } from "vitest";
import type { Crew } from "../../../lib/check/parallel.js";

/** Bundles the worker, since threads run JavaScript, and returns what makes a crew of two for the model of a name. */
export async function threadsOfThisTest(): Promise<(model: "kip320" | "kip101") => Crew> {
  const folder = mkdtempSync(join(tmpdir(), "highwater-threads-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const outfile = join(folder, "worker.mjs");
  await build({
    entryPoints: [fileURLToPath(new URL("worker.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return (model) => ({
    workers: 2,
    connect() {
      const worker = new Worker(outfile, { workerData: model });
      return {
        post: (message) => worker.postMessage(message),
        listen(onMessage, onFailure) {
          worker.on("message", onMessage);
          worker.on("error", onFailure);
        },
        close: () => void worker.terminate(),
      };
    },
  });
}
