import { invariant } from "../core/assert.js";
import type { InterruptOutcome, Kernel, RunResult } from "../notebook/kernel.js";
import type { OutputEvent } from "../notebook/output.js";
import type { WireKernel } from "./wire.js";

export interface CellToRun {
  readonly cell: string;
  readonly source: string;
}

/** What the queue tells the lesson. Calls come in order, also when nobody is looking at the page. */
export interface RunListener {
  queued(cell: string): void;
  started(cell: string, source: string): void;
  output(cell: string, event: OutputEvent): void;
  ended(cell: string, result: RunResult): void;
  /** Left the queue without having run. */
  dropped(cell: string): void;
  kernel(kernel: WireKernel): void;
  /** The kernel's variables are gone: no cell is fresh any longer. */
  forgotten(): void;
  /** A cell ran for longer than any cell may and was stopped. */
  overran(cell: string): void;
  /** Where the whole of a flood of output goes. */
  overflowFile(cell: string): string;
}

interface Waiting extends CellToRun {
  readonly press: number;
}

/**
 * Runs cells of one lesson one after the other, whether or not a page is open. A press while the kernel starts waits
 * its turn. When a cell of a press fails, the cells behind it of the same press are dropped; other presses go on.
 */
export class RunQueue {
  private kernel: Kernel | undefined;
  private waiting: Waiting[] = [];
  private running: string | undefined;
  private renewing: Promise<void> = Promise.resolve();
  private presses = 0;
  private stopListening: (() => void)[] = [];

  constructor(
    /** The lesson's kernel, or `undefined` when all that are allowed are at work. */
    private readonly takeKernel: () => Kernel | undefined,
    private readonly listener: RunListener,
    /** A cell that runs for longer is interrupted. */
    private readonly runMsMax: number,
  ) {}

  get isBusy(): boolean {
    return this.running !== undefined || this.waiting.length > 0;
  }

  /** @returns false when no kernel can be had now; the listener has been told why */
  run(cells: readonly CellToRun[]): boolean {
    if (!this.attach()) return false;
    this.presses += 1;
    const already = new Set(this.waiting.map(({ cell }) => cell));
    for (const cell of cells) {
      // A second press on a cell that waits takes its new text and keeps its place.
      if (already.has(cell.cell)) {
        this.waiting = this.waiting.map((old) => (old.cell === cell.cell ? { ...old, source: cell.source } : old));
        continue;
      }
      this.waiting.push({ ...cell, press: this.presses });
      if (cell.cell !== this.running) this.listener.queued(cell.cell);
    }
    if (this.running === undefined) void this.drain();
    return true;
  }

  async interrupt(): Promise<InterruptOutcome> {
    this.dropWaiting();
    return (await this.kernel?.interrupt()) ?? "nothing-running";
  }

  async restart(): Promise<void> {
    this.dropWaiting();
    if (this.kernel === undefined) {
      this.attach();
      return;
    }
    await this.renew(this.kernel);
  }

  /** A new life for the kernel. Presses from here on belong to the new one and wait for it. */
  private renew(kernel: Kernel): Promise<void> {
    this.listener.forgotten();
    this.renewing = kernel.restart().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.listener.kernel({ status: "dead", message });
    });
    return this.renewing;
  }

  /** The pool has taken the kernel away to save memory. */
  culled(): void {
    this.detach();
    this.listener.kernel({
      status: "culled",
      message: "The kernel was put to sleep to save memory. The next run starts a new one; run the cells above first.",
    });
    this.listener.forgotten();
  }

  detach(): void {
    for (const stop of this.stopListening) stop();
    this.stopListening = [];
    this.kernel = undefined;
  }

  private async drain(): Promise<void> {
    for (;;) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      const { kernel } = this;
      invariant(kernel !== undefined, "cells wait only while there is a kernel");
      this.running = next.cell;
      await this.renewing;
      const limit = setTimeout(() => {
        this.listener.overran(next.cell);
        void kernel.interrupt();
      }, this.runMsMax);
      const result = await kernel.execute(next.source, {
        onStart: () => this.listener.started(next.cell, next.source),
        onOutput: (event) => this.listener.output(next.cell, event),
        overflowFile: this.listener.overflowFile(next.cell),
      });
      clearTimeout(limit);
      this.running = undefined;
      this.listener.ended(next.cell, result);
      if (result.status !== "ok") this.dropWaiting((cell) => result.status === "died" || cell.press === next.press);
      if (this.kernel !== kernel) this.dropWaiting();
    }
  }

  private dropWaiting(which: (cell: Waiting) => boolean = () => true): void {
    const dropped = this.waiting.filter(which);
    this.waiting = this.waiting.filter((cell) => !which(cell));
    for (const { cell } of dropped) if (cell !== this.running) this.listener.dropped(cell);
  }

  private attach(): boolean {
    const before = this.kernel;
    const kernel = this.takeKernel();
    if (kernel === undefined) {
      this.listener.kernel({
        status: before === undefined ? "none" : before.status,
        message:
          "Other lessons' kernels are all at work. Interrupt one of them or wait until it is done, then run again.",
      });
      return false;
    }
    if (kernel.status === "dead") {
      void this.renew(kernel);
    }
    if (kernel === before) return true;
    this.detach();
    this.kernel = kernel;
    this.stopListening = [
      kernel.onStatus((status) => this.listener.kernel({ status })),
      kernel.onExit((exit) => {
        this.listener.kernel({ status: "dead", message: exit.message });
        this.listener.forgotten();
      }),
    ];
    this.listener.kernel({ status: kernel.status });
    kernel.start().catch((error: unknown) => {
      const message = error instanceof Error ? error.message : String(error);
      this.listener.kernel({ status: "dead", message });
    });
    return true;
  }
}
