import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../verdict.js";
import type { GradingQuestion, GradingReply, GradingSetup } from "./grading-protocol.js";

// Under the test runner this file is TypeScript, which a plain process cannot read: it takes the built one.
const workerFile = import.meta.url.endsWith(".ts")
  ? "../../dist/exercise/store-classroom/grading-worker.js"
  : "./grading-worker.js";

export interface PoolOptions extends GradingSetup {
  readonly processes: number;
  /** For one verdict, in ms; then its process is killed. */
  readonly timeMaxMs: number;
  /** For the objects of one process, in megabytes. */
  readonly memoryMaxMb: number;
}

/** What became of one answer. */
export type Graded =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "time" }
  /** Its process ended twice while grading it: mostly for want of memory. */
  | { readonly kind: "ended"; readonly why: string }
  | { readonly kind: "error"; readonly message: string };

interface Job {
  readonly exercise: string;
  readonly answerText: string;
  readonly done: (graded: Graded) => void;
  /** How often a process ended while at it. */
  ended: number;
}

/**
 * Processes that grade, each one answer at a time. A process that takes too long or runs out of memory is replaced and costs its
 * own answer only: that is why these are processes and no threads, which share a fate.
 */
export class GradingPool {
  private readonly waiting: Job[] = [];
  private readonly idle: ChildProcess[] = [];
  private readonly living = new Map<ChildProcess, Job | null>();
  private asked = 0;
  private isClosed = false;
  /** Most memory that any one process has held, in kilobytes. */
  peakKb = 0;

  constructor(private readonly options: PoolOptions) {}

  grade(exercise: string, answerText: string): Promise<Graded> {
    return new Promise((done) => {
      this.waiting.push({ exercise, answerText, done, ended: 0 });
      this.assign();
    });
  }

  /** Ends every process; answers that wait are never graded. */
  close(): void {
    this.isClosed = true;
    this.waiting.length = 0;
    for (const child of this.living.keys()) child.kill("SIGKILL");
  }

  private assign(): void {
    while (this.waiting.length > 0) {
      const child = this.idle.pop() ?? (this.living.size < this.options.processes ? this.start() : undefined);
      if (child === undefined) return;
      const job = this.waiting.shift();
      if (job !== undefined) this.run(child, job);
    }
  }

  private run(child: ChildProcess, job: Job): void {
    const ask = ++this.asked;
    this.living.set(child, job);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, this.options.timeMaxMs);
    const finish = (): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("exit", onExit);
      this.living.set(child, null);
    };
    const onMessage = (reply: GradingReply): void => {
      if (reply.ask !== ask) return;
      finish();
      this.peakKb = Math.max(this.peakKb, reply.peakKb);
      this.idle.push(child);
      job.done(reply.outcome);
      this.assign();
    };
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void => {
      finish();
      this.living.delete(child);
      if (this.isClosed) return;
      job.ended++;
      if (timedOut) job.done({ kind: "time" });
      else if (job.ended >= 2) job.done({ kind: "ended", why: signal ?? `exit code ${code}` });
      // Once may be the machine's doing: somebody else's memory, an operator's signal.
      else this.waiting.unshift(job);
      this.assign();
    };
    child.on("message", onMessage);
    child.on("exit", onExit);
    child.send({ ask, exercise: job.exercise, answerText: job.answerText } satisfies GradingQuestion, (error) => {
      // A process that is gone already says so by its exit.
      if (error !== null && child.exitCode === null && child.signalCode === null) child.kill("SIGKILL");
    });
  }

  private start(): ChildProcess {
    const { exercisesFolder, seed, memoryMaxMb } = this.options;
    const child = fork(
      fileURLToPath(new URL(workerFile, import.meta.url)),
      [JSON.stringify({ exercisesFolder, seed } satisfies GradingSetup)],
      {
        execArgv: [`--max-old-space-size=${memoryMaxMb}`],
        // What it might say when it runs out of memory is no concern of the reader's.
        stdio: ["ignore", "ignore", "ignore", "ipc"],
        // Options meant for the parent (an inspector, a memory limit) are not for its children.
        env: { ...process.env, NODE_OPTIONS: "" },
      },
    );
    this.living.set(child, null);
    child.on("error", () => undefined);
    child.on("exit", () => {
      const at = this.idle.indexOf(child);
      if (at >= 0) this.idle.splice(at, 1);
      this.living.delete(child);
    });
    return child;
  }
}
