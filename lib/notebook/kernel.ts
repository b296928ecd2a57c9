import type { OutputEvent } from "./output.js";

/**
 * What a notebook needs of whatever runs its cells. Small on purpose: a process that speaks the Jupyter protocol is
 * one way to be a kernel ({@link "./kernel-tslab.js"}), a worker in a browser can be another.
 *
 * Cells run one at a time in the order of the calls to `execute`; a call before the kernel is ready waits for it.
 */
export interface Kernel {
  readonly status: KernelStatus;

  /**
   * Resolves when cells can run; calling it is optional and repeatable. Rejects with {@link KernelStartError}.
   */
  start(): Promise<void>;

  /** Never rejects: every way a run can end is a {@link RunResult}. */
  execute(code: string, options?: ExecuteOptions): Promise<RunResult>;

  /** Stops the running cell and drops those waiting behind it (they end `aborted`). */
  interrupt(): Promise<InterruptOutcome>;

  /** A new kernel without the old one's variables. The running cell and those waiting end `aborted`. */
  restart(): Promise<void>;

  /** Ends for good; running and waiting cells end `aborted`. Safe to call twice and at any time. */
  shutdown(): Promise<void>;

  /** Calls back on every change of `status`. Returns how to stop listening. */
  onStatus(listener: (status: KernelStatus) => void): () => void;

  /** Calls back when the kernel ends without having been asked to. `restart` brings it back. */
  onExit(listener: (exit: KernelExit) => void): () => void;
}

/**
 * - `unresponsive`: the heartbeat stopped while a cell runs. The cell's code holds the thread (a long or endless loop)
 *   or the machine is overloaded: interrupt may help, restart always does. Goes back to `busy` when it beats again.
 * - `dead`: ended unasked; `restart` is the way on. `closed`: shut down for good.
 */
export type KernelStatus = "starting" | "idle" | "busy" | "unresponsive" | "restarting" | "dead" | "closed";

export interface ExecuteOptions {
  /**
   * Receives outputs in order. Can be called after the result (`late`), until the kernel restarts or ends: work that a
   * cell leaves behind goes on speaking for that cell.
   */
  readonly onOutput?: (event: OutputEvent) => void;
  /**
   * A file that gets the whole text when a cell prints more than is passed on (the place is marked by a `cut` notice).
   * It is written only then, and over whatever it held. Without it the rest is dropped.
   */
  readonly overflowFile?: string;
  /** Called once, when the cell leaves the queue and is handed to the kernel. */
  readonly onStart?: () => void;
}

export interface RunResult {
  /**
   * - `error`: refused by the type checker, or threw; the outputs say which.
   * - `aborted`: not run, or stopped half way, by interrupt, restart or shutdown.
   * - `died`: the kernel ended while the cell ran.
   */
  readonly status: "ok" | "error" | "aborted" | "died";
  /** From hand-over to answer, in milliseconds of a monotonic clock; 0 when it never started. */
  readonly durationMs: number;
  /** Counts from 1 in each kernel life; null when the cell never ran. */
  readonly executionCount: number | null;
  /** With `died` only. */
  readonly exit?: KernelExit;
}

/** How an interrupt ended. */
export type InterruptOutcome =
  | "nothing-running"
  /** The cell ended. */
  | "stopped"
  /** The cell was waiting on a promise; nobody waits any longer, but what it started may go on. */
  | "work-goes-on"
  /** The cell did not end in time: it holds the thread where no interrupt reaches it. Offer a restart. */
  | "no-answer";

export interface KernelExit {
  /** A sentence: what happened and what to do. */
  readonly message: string;
  readonly reason: "process-exit" | "out-of-memory" | "killed" | "crashed" | "lost";
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The kernel could not start: the message says what, why, and what to do. */
export class KernelStartError extends Error {
  override readonly name = "KernelStartError";
}
