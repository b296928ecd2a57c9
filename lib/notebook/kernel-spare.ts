import type { KernelProcess, ProcessOptions } from "./kernel-process.js";
import { spawnKernelProcess } from "./kernel-process.js";

/**
 * Kernel processes for one folder, one of them started ahead and warm: taking it costs milliseconds where a start
 * costs seconds, and a restart is taking it.
 */
export interface KernelSpares {
  /** The warm process if there is one, else a starting one. Makes the next ready soon after. */
  take(): Promise<KernelProcess>;
  /** Starts the spare now, if there is none. */
  prepare(): void;
  /** Kills the spare and makes no other. Processes already taken are their takers' business. */
  close(): Promise<void>;
}

export interface SpareOptions extends ProcessOptions {
  /** False: every kernel starts when asked for. Right for a single headless run. */
  readonly keepSpare: boolean;
  /** Run once in every process before its first cell, so that the first cell finds the type checker warm. */
  readonly warmUpCode: string;
}

const warmUpLimitMs = 10_000;

export function kernelSpares(options: SpareOptions): KernelSpares {
  let spare: Promise<KernelProcess> | undefined;
  let next: NodeJS.Timeout | undefined;
  let closed = false;

  async function spawnWarm(): Promise<KernelProcess> {
    const process = await spawnKernelProcess(options);
    const warm = (async () => {
      await process.ready;
      const warmedUp = process.execute(options.warmUpCode, () => {}, { counted: false });
      // A kernel that takes long over it is still a kernel; cells wait behind the warm-up.
      const patience = new Promise((resolve) => setTimeout(resolve, warmUpLimitMs).unref());
      await Promise.race([warmedUp, process.exited, patience]);
    })();
    warm.catch(() => {}); // told to whoever waits for `ready`
    return { ...process, ready: warm };
  }

  function prepare(): void {
    if (closed || spare !== undefined || !options.keepSpare) return;
    const mine = spawnWarm();
    spare = mine;
    const forget = (): void => {
      if (spare === mine) spare = undefined;
    };
    // A spare that ended by itself must not be handed out; the next `take` starts another.
    mine.then((process) => process.exited).then(forget, forget);
  }

  return {
    async take() {
      clearTimeout(next);
      const taken = spare ?? spawnWarm();
      spare = undefined;
      const process = await taken;
      // After a while: the taker's first cells come first on a small machine.
      if (options.keepSpare) next = setTimeout(prepare, 500).unref();
      return process;
    },
    prepare,
    async close() {
      closed = true;
      clearTimeout(next);
      const last = spare;
      spare = undefined;
      await last?.then((process) => process.kill()).catch(() => {});
    },
  };
}
