import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Verdict } from "../verdict.js";
import type { ExerciseSource } from "./class-exercises.js";
import { type GradingQuestion, type GradingReply, gradingReady } from "./grading-protocol.js";

// Under the test runner this file is TypeScript, which a plain process cannot read: it takes the built one.
const workerFile = import.meta.url.endsWith(".ts")
  ? "../../dist/exercise/store-classroom/grading-worker.js"
  : "./grading-worker.js";

export interface PoolOptions {
  readonly source: ExerciseSource;
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

/** The processes do not even start: that is nobody's answer's fault. */
export class PoolFailure extends Error {
  override readonly name = "PoolFailure";
}

/** What is asked of a process. */
export type GradingTask = Omit<GradingQuestion, "ask">;

interface Job {
  readonly task: GradingTask;
  readonly done: (graded: Graded) => void;
  readonly failed: (failure: PoolFailure) => void;
  /** How often a process ended while at it. */
  ended: number;
}

/** A process and what it is doing. */
interface Grader {
  readonly child: ChildProcess;
  state: "starting" | "idle" | "grading";
  /** The end of what it wrote to its error stream. */
  said: string;
}

const saidMax = 2_000;

/**
 * Processes that grade, each one answer at a time. A process that takes too long or runs out of memory is replaced and costs its
 * own answer only: that is why these are processes and no threads, which share a fate. The bound on memory is on JavaScript's
 * heap; bytes outside of it are not counted.
 */
export class GradingPool {
  private readonly waiting: Job[] = [];
  private readonly graders = new Set<Grader>();
  private asked = 0;
  private failure: PoolFailure | undefined;
  /** Most memory that any one process has held, in kilobytes. */
  peakKb = 0;

  constructor(private readonly options: PoolOptions) {}

  /** @throws PoolFailure when no process can be started */
  grade(task: GradingTask): Promise<Graded> {
    return new Promise((done, failed) => {
      this.waiting.push({ task, done, failed, ended: 0 });
      this.assign();
    });
  }

  /** Ends every process; answers that wait fail. */
  close(): void {
    this.fail(new PoolFailure("the grading processes were ended"));
  }

  private fail(failure: PoolFailure): void {
    this.failure ??= failure;
    for (const { child } of this.graders) child.kill("SIGKILL");
    for (const job of this.waiting.splice(0)) job.failed(this.failure);
  }

  private assign(): void {
    if (this.failure !== undefined) return this.fail(this.failure);
    for (const grader of this.graders) {
      if (grader.state !== "idle") continue;
      const job = this.waiting.shift();
      if (job === undefined) return;
      this.run(grader, job);
    }
    const starting = [...this.graders].filter(({ state }) => state === "starting").length;
    const room = this.options.processes - this.graders.size;
    for (let more = Math.min(this.waiting.length - starting, room); more > 0; more--) this.start();
  }

  private run(grader: Grader, job: Job): void {
    const { child } = grader;
    const ask = ++this.asked;
    grader.state = "grading";
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, this.options.timeMaxMs);
    const finish = (): void => {
      clearTimeout(timer);
      child.off("message", onMessage);
      child.off("close", onClose);
    };
    const onMessage = (reply: GradingReply): void => {
      if (reply.ask !== ask) return;
      finish();
      grader.state = "idle";
      this.peakKb = Math.max(this.peakKb, reply.peakKb);
      job.done(reply.outcome);
      this.assign();
    };
    const onClose = (code: number | null, signal: NodeJS.Signals | null): void => {
      finish();
      this.graders.delete(grader);
      job.ended++;
      if (timedOut) job.done({ kind: "time" });
      else if (this.failure !== undefined) job.failed(this.failure);
      else if (job.ended >= 2) job.done({ kind: "ended", why: signal ?? `exit code ${code}` });
      // Once may be the machine's doing: somebody else's memory, an operator's signal.
      else this.waiting.unshift(job);
      this.assign();
    };
    child.on("message", onMessage);
    child.on("close", onClose);
    // A process that is gone says so by closing.
    child.send({ ask, ...job.task } satisfies GradingQuestion, () => undefined);
  }

  private start(): void {
    const { source, memoryMaxMb } = this.options;
    const child = fork(fileURLToPath(new URL(workerFile, import.meta.url)), [JSON.stringify(source)], {
      execArgv: [`--max-old-space-size=${memoryMaxMb}`],
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      // Options meant for the parent (an inspector, a memory limit) are not for its children.
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    const grader: Grader = { child, state: "starting", said: "" };
    this.graders.add(grader);
    child.stderr?.on("data", (chunk: Buffer) => {
      grader.said = (grader.said + chunk.toString()).slice(-saidMax);
    });
    child.once("message", (message) => {
      if (message !== gradingReady || grader.state !== "starting") return;
      grader.state = "idle";
      this.assign();
    });
    const gone = (why: string): void => {
      this.graders.delete(grader);
      if (grader.state === "starting") this.fail(new PoolFailure(`a grading process does not start: ${why}`));
    };
    child.on("error", (error) => gone(error.message));
    child.on("close", (code, signal) => gone(lastLine(grader.said) ?? signal ?? `exit code ${code}`));
  }
}

/** The line that says what is wrong: Node prints its version after it. */
function lastLine(said: string): string | undefined {
  return said
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => /error|fatal/i.test(line))
    .at(-1);
}
