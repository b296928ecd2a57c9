import type { JsonObject } from "./json.js";
import {
  type ExecuteOptions,
  type InterruptOutcome,
  type Kernel,
  type KernelExit,
  KernelStartError,
  type KernelStatus,
  type RunResult,
} from "./kernel.js";
import { createOutputReader, type OutputReader } from "./kernel-outputs.js";
import type { KernelProcess } from "./kernel-process.js";
import { type KernelSpares, kernelSpares, type SpareOptions } from "./kernel-spare.js";
import { type ErrorOutput, noticeOutput } from "./output.js";

export interface TslabOptions extends SpareOptions {
  /** Characters of text a cell may show; see `overflowFile` of {@link ExecuteOptions}. */
  readonly maxTextLength: number;
  /** How long an interrupt waits for the cell to end before it reports `no-answer`. */
  readonly interruptGraceMs: number;
}

export const tslabDefaults: Omit<TslabOptions, "cwd"> = {
  maxHeapMiB: 1024,
  startTimeoutMs: 60_000,
  keepSpare: true,
  // What a lesson's first cell does. It declares nothing, and where the library cannot be found it does no harm.
  warmUpCode: 'import "highwater";',
  maxTextLength: 512 * 1024,
  interruptGraceMs: 2_500,
};

/** A {@link Kernel} in a tslab process, with what an owner of processes wants to know. */
export interface TslabKernel extends Kernel {
  /** Of the present process; undefined while there is none. */
  readonly pid: number | undefined;
  /** Resident memory of the present process, where the system tells. */
  memoryBytes(): Promise<number | undefined>;
}

export interface TslabKernels {
  /** A new kernel; its process is taken or started at the first `start` or `execute`. */
  open(): TslabKernel;
  /** Starts the warm spare now. */
  prepare(): void;
  /** Shuts down every kernel opened here, and the spare. */
  close(): Promise<void>;
}

/** Kernels for the notebooks of one folder (`cwd` decides what their imports mean). */
export function tslabKernels(options: Partial<TslabOptions> & Pick<TslabOptions, "cwd">): TslabKernels {
  const settings: TslabOptions = { ...tslabDefaults, ...options };
  const spares = kernelSpares(settings);
  const open = new Set<TslabKernel>();
  return {
    open() {
      const kernel = new TslabKernelLives(settings, spares);
      open.add(kernel);
      kernel.onStatus((status) => status === "closed" && open.delete(kernel));
      return kernel;
    },
    prepare: () => spares.prepare(),
    async close() {
      await Promise.all([spares.close(), ...[...open].map((kernel) => kernel.shutdown())]);
    },
  };
}

interface Job {
  readonly code: string;
  readonly options: ExecuteOptions;
  readonly finish: (result: RunResult) => void;
}

interface RunningJob extends Job {
  readonly startedMs: number;
  executionCount: number | null;
  readonly reader: OutputReader;
  interrupted: boolean;
  /** How the kernel said it was interrupted, once it has. */
  waitedOnly: boolean;
  readonly ended: Promise<void>;
}

let readers = 0;

class TslabKernelLives implements TslabKernel {
  #status: KernelStatus = "starting";
  #process: KernelProcess | undefined;
  #starting: Promise<void> | undefined;
  /** Counts processes: what an earlier one still says is not heard. */
  #life = 0;
  #waiting: Job[] = [];
  #running: RunningJob | undefined;
  #interrupting: Promise<InterruptOutcome> | undefined;
  #exit: KernelExit | undefined;
  readonly #statusListeners = new Set<(status: KernelStatus) => void>();
  readonly #exitListeners = new Set<(exit: KernelExit) => void>();

  constructor(
    private readonly settings: TslabOptions,
    private readonly spares: KernelSpares,
  ) {}

  get status(): KernelStatus {
    return this.#status;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  memoryBytes(): Promise<number | undefined> {
    return this.#process?.memoryBytes() ?? Promise.resolve(undefined);
  }

  onStatus(listener: (status: KernelStatus) => void): () => void {
    this.#statusListeners.add(listener);
    return () => this.#statusListeners.delete(listener);
  }

  onExit(listener: (exit: KernelExit) => void): () => void {
    this.#exitListeners.add(listener);
    return () => this.#exitListeners.delete(listener);
  }

  start(): Promise<void> {
    if (this.#status === "closed") return Promise.reject(new KernelStartError("This kernel has been shut down."));
    if (this.#status === "dead" && this.#exit) return Promise.reject(new KernelStartError(this.#exit.message));
    this.#starting ??= this.#startProcess(++this.#life);
    return this.#starting;
  }

  execute(code: string, options: ExecuteOptions = {}): Promise<RunResult> {
    return new Promise((finish) => {
      this.#waiting.push({ code, options, finish });
      this.start().then(
        () => this.#pump(),
        () => this.#refuseWaiting(),
      );
    });
  }

  async interrupt(): Promise<InterruptOutcome> {
    this.#dropWaiting();
    const job = this.#running;
    if (job === undefined) return "nothing-running";
    this.#interrupting ??= this.#interruptJob(job).finally(() => {
      this.#interrupting = undefined;
      this.#pump();
    });
    return this.#interrupting;
  }

  async restart(): Promise<void> {
    if (this.#status === "closed") throw new KernelStartError("This kernel has been shut down.");
    const life = ++this.#life;
    this.#setStatus("restarting");
    const old = this.#forgetProcess();
    this.#starting = this.#startProcess(life);
    void old?.kill();
    return this.#starting;
  }

  async shutdown(): Promise<void> {
    this.#life++;
    this.#setStatus("closed");
    await this.#forgetProcess()?.kill();
  }

  async #startProcess(life: number): Promise<void> {
    if (this.#status !== "restarting") this.#setStatus("starting");
    this.#exit = undefined;
    const process = await this.spares.take();
    if (life !== this.#life) {
      void process.kill();
      throw new KernelStartError("The kernel was restarted or shut down while it was starting.");
    }
    this.#process = process;
    void process.exited.then((exit) => life === this.#life && this.#onExited(exit));
    try {
      await process.ready;
    } catch (error) {
      void process.kill();
      const message = error instanceof Error ? error.message : String(error);
      if (life === this.#life) this.#onExited({ message, reason: "lost", exitCode: null, signal: null });
      throw error;
    }
    if (life !== this.#life) throw new KernelStartError("The kernel was restarted while it was starting.");
    this.#setStatus("idle");
  }

  /** Ends all that depends on the present process. */
  #forgetProcess(): KernelProcess | undefined {
    const process = this.#process;
    this.#process = undefined;
    this.#starting = undefined;
    this.#dropWaiting();
    const running = this.#running;
    this.#running = undefined;
    running?.finish(resultOf(running, "aborted"));
    return process;
  }

  #dropWaiting(): void {
    for (const job of this.#waiting.splice(0)) job.finish({ status: "aborted", durationMs: 0, executionCount: null });
  }

  #refuseWaiting(): void {
    if (this.#status !== "dead" || this.#exit === undefined) return;
    const exit = this.#exit;
    for (const job of this.#waiting.splice(0))
      job.finish({ status: "died", durationMs: 0, executionCount: null, exit });
  }

  #onExited(exit: KernelExit): void {
    if (this.#status === "dead") return;
    this.#exit = exit;
    const running = this.#running;
    const process = this.#process;
    this.#running = undefined;
    this.#process = undefined;
    this.#setStatus("dead");
    if (running) {
      running.reader.notice({ type: "output", output: noticeOutput({ kind: "died" }, exit.message) });
      running.finish({ ...resultOf(running, "died"), exit });
      this.#dropWaiting();
    }
    void process?.kill();
    for (const listener of this.#exitListeners) listener(exit);
  }

  #pump(): void {
    const process = this.#process;
    if (this.#running || this.#interrupting || process === undefined || this.#status !== "idle") return;
    const job = this.#waiting.shift();
    if (job === undefined) return;
    let end = (): void => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const running: RunningJob = {
      ...job,
      finish: (result) => {
        job.finish(result);
        end();
      },
      startedMs: performance.now(),
      executionCount: null,
      reader: createOutputReader({
        id: String(++readers),
        onOutput: job.options.onOutput ?? (() => {}),
        maxTextLength: this.settings.maxTextLength,
        overflowFile: job.options.overflowFile,
        mapError: (error) => mapInterrupt(running, error),
      }),
      interrupted: false,
      waitedOnly: false,
      ended,
    };
    this.#running = running;
    this.#setStatus("busy");
    job.options.onStart?.();
    void this.#run(process, running);
    void this.#watchHeartbeat(process, running);
  }

  async #run(process: KernelProcess, job: RunningJob): Promise<void> {
    const life = this.#life;
    let content: JsonObject = {};
    let status: unknown;
    for (;;) {
      const reply = await process.execute(job.code, (message) => life === this.#life && job.reader.read(message));
      if (life !== this.#life || this.#running !== job) return;
      content = reply.content;
      status = content.status;
      job.executionCount = typeof reply.content.execution_count === "number" ? reply.content.execution_count : null;
      // For 200 ms after an error tslab answers requests without running them. Nobody's cell is lost: ask again.
      if ((status !== "abort" && status !== "aborted") || job.interrupted) break;
      await new Promise((resolve) => setTimeout(resolve, abortRetryMs));
      if (life !== this.#life || this.#running !== job) return;
    }
    if (status !== "ok" && !job.interrupted) job.reader.failed(content);
    if (status !== "ok" && !job.interrupted && !job.reader.hasError()) {
      job.reader.notice({ type: "output", output: noticeOutput({ kind: "silent-failure" }) });
    }
    job.reader.answered();
    this.#running = undefined;
    this.#setStatus("idle");
    job.finish(resultOf(job, status === "ok" ? "ok" : job.interrupted ? "aborted" : "error"));
    this.#pump();
  }

  async #watchHeartbeat(process: KernelProcess, job: RunningJob): Promise<void> {
    const ended = job.ended.then(() => true);
    const sleep = (): Promise<boolean> => new Promise((wake) => setTimeout(() => wake(false), heartbeatMs).unref());
    while (!(await Promise.race([ended, sleep()]))) {
      const beats = await Promise.race([process.beat(heartbeatLostMs), job.ended.then(() => true)]);
      if (this.#running !== job) return;
      this.#setStatus(beats ? "busy" : "unresponsive");
    }
  }

  async #interruptJob(job: RunningJob): Promise<InterruptOutcome> {
    const process = this.#process;
    job.interrupted = true;
    const deadlineMs = performance.now() + this.settings.interruptGraceMs;
    const ended = job.ended.then(() => true);
    while (performance.now() < deadlineMs) {
      // The signal stops what a cell does before its first `await`, and the waiting for its promises; it does not
      // reach a loop after an `await`. It is lost while tslab compiles, so it is sent again.
      process?.interrupt();
      const pause = new Promise<boolean>((wake) => setTimeout(() => wake(false), interruptRetryMs).unref());
      if (!(await Promise.race([ended, pause]))) continue;
      return job.waitedOnly ? "work-goes-on" : "stopped";
    }
    return "no-answer";
  }

  #setStatus(status: KernelStatus): void {
    if (status === this.#status) return;
    this.#status = status;
    for (const listener of this.#statusListeners) listener(status);
  }
}

const abortRetryMs = 30;
const heartbeatMs = 1_000;
const heartbeatLostMs = 3_000;
const interruptRetryMs = 400;

function resultOf(job: RunningJob, status: RunResult["status"]): RunResult {
  return { status, durationMs: performance.now() - job.startedMs, executionCount: job.executionCount };
}

/** tslab reports an interrupt as an error of the cell; people get to read what happened. */
function mapInterrupt(job: RunningJob, error: ErrorOutput): ErrorOutput {
  if (!job.interrupted) return error;
  const waiting = error.evalue === "Interrupted asynchronously";
  if (!waiting && !error.evalue.includes("interrupted by `SIGINT`")) return error;
  if (waiting && !job.waitedOnly) {
    job.waitedOnly = true;
    job.reader.notice({ type: "output", output: noticeOutput({ kind: "work-goes-on" }) });
  }
  return { output_type: "error", ename: "Interrupted", evalue: "You stopped this cell.", traceback: [] };
}
