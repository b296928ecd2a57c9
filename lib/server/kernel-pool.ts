import type { Kernel } from "../notebook/kernel.js";

/** Where kernels come from. Opening one is cheap when one was prepared. */
export interface KernelSource {
  open(): MeasuredKernel;
  /** Starts a process ahead of the next kernel that is opened. */
  prepare(): void;
  /** Ends every kernel and whatever was prepared. */
  close(): Promise<void>;
}

export interface MeasuredKernel extends Kernel {
  /** Resident memory, where the system tells. */
  memoryBytes(): Promise<number | undefined>;
}

export interface KernelPoolOptions {
  readonly source: KernelSource;
  /** How many lessons may have a kernel at once. */
  readonly kernelsMax: number;
  /** A kernel that has been idle this long is shut down; its lesson says so. */
  readonly idleMs: number;
  readonly nowMs: () => number;
}

/** One kernel of the pool, for the status report. */
export interface PooledKernel {
  readonly owner: string;
  readonly status: Kernel["status"];
  readonly memoryBytes: number | undefined;
}

interface Held {
  readonly kernel: MeasuredKernel;
  readonly onCulled: () => void;
  lastUsedMs: number;
}

/** One kernel per lesson that runs cells, at most so many at once. */
export class KernelPool {
  private readonly held = new Map<string, Held>();
  private closed = false;
  private readonly sweep: NodeJS.Timeout;

  constructor(private readonly options: KernelPoolOptions) {
    this.sweep = setInterval(() => this.cullIdle(), Math.min(30_000, options.idleMs));
    this.sweep.unref();
  }

  /** Makes the first run of the next lesson fast. */
  prepare(): void {
    if (!this.closed) this.options.source.prepare();
  }

  /**
   * The kernel of `owner`. At the limit the idle kernel that was used longest ago gives way.
   *
   * @returns `undefined` when every kernel is at work: nothing may be stopped for a newcomer
   */
  take(owner: string, onCulled: () => void): Kernel | undefined {
    const mine = this.held.get(owner);
    if (mine !== undefined) {
      mine.lastUsedMs = this.options.nowMs();
      return mine.kernel;
    }
    if (this.closed) return undefined;
    if (this.held.size >= this.options.kernelsMax && !this.cullOldest()) return undefined;
    const kernel = this.options.source.open();
    this.held.set(owner, { kernel, onCulled, lastUsedMs: this.options.nowMs() });
    return kernel;
  }

  /** Notes that `owner` has just used its kernel, so that idleness is counted from here. */
  touch(owner: string): void {
    const mine = this.held.get(owner);
    if (mine !== undefined) mine.lastUsedMs = this.options.nowMs();
  }

  async release(owner: string): Promise<void> {
    const mine = this.held.get(owner);
    this.held.delete(owner);
    await mine?.kernel.shutdown();
  }

  async report(): Promise<readonly PooledKernel[]> {
    const held = [...this.held];
    const memory = await Promise.all(held.map(([, { kernel }]) => kernel.memoryBytes()));
    return held.map(([owner, { kernel }], index) => ({ owner, status: kernel.status, memoryBytes: memory[index] }));
  }

  async close(): Promise<void> {
    this.closed = true;
    clearInterval(this.sweep);
    this.held.clear();
    await this.options.source.close();
  }

  /** Shuts down every kernel that has been idle for too long. */
  cullIdle(): void {
    const before = this.options.nowMs() - this.options.idleMs;
    for (const [owner, held] of [...this.held]) {
      if (held.kernel.status !== "busy" && held.kernel.status !== "starting" && held.lastUsedMs <= before) {
        this.cull(owner, held);
      }
    }
  }

  private cullOldest(): boolean {
    const idle = [...this.held].filter(([, { kernel }]) => kernel.status === "idle" || kernel.status === "dead");
    const [oldest] = idle.sort(([, left], [, right]) => left.lastUsedMs - right.lastUsedMs);
    if (oldest === undefined) return false;
    this.cull(...oldest);
    return true;
  }

  private cull(owner: string, held: Held): void {
    this.held.delete(owner);
    void held.kernel.shutdown();
    held.onCulled();
  }
}
