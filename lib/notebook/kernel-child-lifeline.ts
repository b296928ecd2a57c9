import { rmSync } from "node:fs";
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";

/**
 * A thread of the kernel process that a busy cell cannot hold up. It listens on a pipe from the process that owns
 * the kernel. When the pipe ends, because the owner closed it or is gone, however it went, the whole process group is
 * killed, with whatever programs cells have started.
 */
export interface LifelineData {
  readonly fileDescriptor: number;
  /** Removed when the owner is gone. */
  readonly directory: string;
}

const { fileDescriptor, directory } = workerData as LifelineData; // the main thread sends exactly this

const lifeline = new Socket({ fd: fileDescriptor, readable: true, writable: false });
for (const event of ["end", "error", "close"]) lifeline.on(event, end);
lifeline.resume();

function end(): void {
  rmSync(directory, { recursive: true, force: true });
  // The owner starts kernels as leaders of a group of their own; Windows has no such groups.
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
}
