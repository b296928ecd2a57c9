import type {
  ExecuteOptions,
  InterruptOutcome,
  Kernel,
  KernelExit,
  KernelStatus,
  RunResult,
} from "../../lib/notebook/kernel.js";
import type { KernelSource, MeasuredKernel } from "../../lib/server/kernel-pool.js";

/**
 * A kernel in memory for tests of what stands around kernels. A cell is a list of lines: `print TEXT`, `error TEXT`,
 * `html MARKUP`, `svg MARKUP`, `plot JSON`, `trace JSON`, `wait` (until released by `step`), `loop` (until interrupted),
 * `die`. Other lines do nothing.
 */
export class FakeKernel implements Kernel, MeasuredKernel {
  status: KernelStatus = "starting";
  starts = 0;
  /** A restart takes until this resolves. */
  restarted: Promise<void> = Promise.resolve();
  private count = 0;
  private readonly statusListeners = new Set<(status: KernelStatus) => void>();
  private readonly exitListeners = new Set<(exit: KernelExit) => void>();
  private releases: (() => void)[] = [];
  private stop: ((ending: "aborted" | "died") => void) | undefined;

  constructor(private readonly ready: Promise<void> = Promise.resolve()) {}

  memoryBytes(): Promise<number> {
    return Promise.resolve(1_000_000);
  }

  async start(): Promise<void> {
    this.starts += 1;
    await this.ready;
    if (this.status === "starting") this.become("idle");
  }

  async execute(code: string, options: ExecuteOptions = {}): Promise<RunResult> {
    await this.ready;
    options.onStart?.();
    this.count += 1;
    this.become("busy");
    const stopped = new Promise<"aborted" | "died">((resolve) => {
      this.stop = resolve;
    });
    const status = await Promise.race([stopped, this.perform(code, options)]);
    this.stop = undefined;
    if (status !== "died" && this.status === "busy") this.become("idle");
    return { status, durationMs: 5, executionCount: this.count };
  }

  /** Lets one `wait` go on. */
  step(): void {
    this.releases.shift()?.();
  }

  interrupt(): Promise<InterruptOutcome> {
    if (this.stop === undefined) return Promise.resolve("nothing-running");
    this.stop("aborted");
    return Promise.resolve("stopped");
  }

  async restart(): Promise<void> {
    this.stop?.("aborted");
    this.count = 0;
    this.become("restarting");
    await this.restarted;
    this.become("idle");
  }

  shutdown(): Promise<void> {
    this.stop?.("aborted");
    this.become("closed");
    return Promise.resolve();
  }

  die(message: string): void {
    this.become("dead");
    for (const listener of this.exitListeners)
      listener({ message, reason: "killed", exitCode: null, signal: "SIGKILL" });
    this.stop?.("died");
  }

  onStatus(listener: (status: KernelStatus) => void): () => void {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  }

  onExit(listener: (exit: KernelExit) => void): () => void {
    this.exitListeners.add(listener);
    return () => this.exitListeners.delete(listener);
  }

  private become(status: KernelStatus): void {
    this.status = status;
    for (const listener of this.statusListeners) listener(status);
  }

  private async perform(code: string, { onOutput = () => undefined }: ExecuteOptions): Promise<"ok" | "error"> {
    const display = (mime: string, value: string) =>
      onOutput({
        type: "output",
        output: {
          output_type: "display_data",
          data: { [mime]: mime.endsWith("+json") ? JSON.parse(value) : value, "text/plain": "a display" },
          metadata: {},
        },
      });
    for (const line of code.split("\n")) {
      const [verb, ...rest] = line.split(" ");
      const argument = rest.join(" ");
      if (verb === "print") {
        onOutput({ type: "output", output: { output_type: "stream", name: "stdout", text: `${argument}\n` } });
      } else if (verb === "error") {
        const traceback = [`Error: ${argument}`, "    at cell 1:1"];
        onOutput({ type: "output", output: { output_type: "error", ename: "Error", evalue: argument, traceback } });
        return "error";
      } else if (verb === "html") display("text/html", argument);
      else if (verb === "svg") display("image/svg+xml", argument);
      else if (verb === "plot") display("application/vnd.plotly.v1+json", argument);
      else if (verb === "trace") display("application/vnd.highwater.trace+json", argument);
      else if (verb === "wait") await new Promise<void>((resolve) => this.releases.push(resolve));
      else if (verb === "pause") await new Promise((resolve) => setTimeout(resolve, Number(argument)));
      else if (verb === "loop") await new Promise(() => undefined);
      else if (verb === "die") this.die("The kernel was killed. Restart it and run the cells again.");
    }
    return "ok";
  }
}

/** Hands out fake kernels and keeps them, so that a test can look at them. */
export class FakeKernels implements KernelSource {
  readonly opened: FakeKernel[] = [];
  isClosed = false;

  constructor(private readonly ready: Promise<void> = Promise.resolve()) {}

  open(): FakeKernel {
    const kernel = new FakeKernel(this.ready);
    this.opened.push(kernel);
    return kernel;
  }

  prepare(): void {}

  async close(): Promise<void> {
    this.isClosed = true;
    await Promise.all(this.opened.map((kernel) => kernel.shutdown()));
  }
}
