import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { ProofLine, ProofProgress, ProofQuestion, ProofReport } from "./services.js";

// Under the test runner this file is TypeScript, which a plain worker cannot read: it takes the built one.
const workerFile = import.meta.url.endsWith(".ts") ? "../dist/server/prove-worker.js" : "./prove-worker.js";

/** Searches keep a core busy: more of them at once make all of them late. */
const threadsMax = 2;
let threads = 0;

/**
 * Proves in a thread of its own, which ends with the answer or when nobody waits for it any more.
 *
 * @throws when `signal` aborts, and when the search needs more memory than it may have
 */
export async function proveInThread(
  question: ProofQuestion,
  signal: AbortSignal,
  progress: (so: ProofProgress) => void,
): Promise<ProofReport> {
  signal.throwIfAborted();
  if (threads >= threadsMax) {
    const message = "Two proofs are being searched already. Wait for one of them, or stop it.";
    return { ok: false, problems: [{ line: null, column: null, message }] };
  }
  threads += 1;
  const worker = new Worker(fileURLToPath(new URL(workerFile, import.meta.url)), {
    workerData: question,
    resourceLimits: { maxOldGenerationSizeMb: 1536 },
  });
  try {
    return await new Promise<ProofReport>((done, failed) => {
      signal.addEventListener("abort", () => failed(new Error("the proof was given up")), { once: true });
      worker.on("message", (line: ProofLine) => {
        if (line.type === "progress") progress(line.progress);
        else done(line.report);
      });
      worker.on("error", failed);
      worker.on("exit", () => failed(new Error("the search ended without an answer")));
    });
  } finally {
    threads -= 1;
    await worker.terminate();
  }
}
