import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Verdict } from "../exercise/verdict.js";
import type { GradeQuestion, GradeReply } from "./grade-worker.js";

// Under the test runner this file is TypeScript, which a plain worker cannot read: it takes the built one.
const workerFile = import.meta.url.endsWith(".ts") ? "../dist/server/grade-worker.js" : "./grade-worker.js";

interface Waiting {
  readonly done: (verdict: Verdict | null) => void;
  readonly failed: (error: Error) => void;
}

/** Grades in a thread of its own, so that the page stays quick; a thread that is given up is ended and replaced. */
export class GradeThread {
  private worker: Worker | undefined;
  private asked = 0;
  private readonly waiting = new Map<number, Waiting>();

  grade(question: Omit<GradeQuestion, "ask">, signal: AbortSignal): Promise<Verdict | null> {
    signal.throwIfAborted();
    return new Promise((done, failed) => {
      const ask = ++this.asked;
      const giveUp = (): void => {
        this.waiting.delete(ask);
        failed(new Error("the grading was given up"));
        if (this.waiting.size > 0) return;
        // Nobody else waits for this thread: what it computes is of no use.
        void this.worker?.terminate();
        this.worker = undefined;
      };
      signal.addEventListener("abort", giveUp, { once: true });
      const end = (): void => signal.removeEventListener("abort", giveUp);
      this.waiting.set(ask, {
        done: (verdict) => {
          end();
          done(verdict);
        },
        failed: (error) => {
          end();
          failed(error);
        },
      });
      this.running().postMessage({ ...question, ask } satisfies GradeQuestion);
    });
  }

  private running(): Worker {
    if (this.worker !== undefined) return this.worker;
    const worker = new Worker(fileURLToPath(new URL(workerFile, import.meta.url)), {
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    });
    worker.unref();
    worker.on("message", ({ ask, verdict }: GradeReply) => {
      this.waiting.get(ask)?.done(verdict);
      this.waiting.delete(ask);
    });
    worker.on("error", (error) => {
      if (this.worker === worker) this.worker = undefined;
      for (const { failed } of this.waiting.values()) failed(error instanceof Error ? error : new Error(String(error)));
      this.waiting.clear();
    });
    this.worker = worker;
    return worker;
  }
}
