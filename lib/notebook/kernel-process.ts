import { type ChildProcess, execFile, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type KernelExit, KernelStartError } from "./kernel.js";
import { connectSockets, createConnection, removeConnection, type Sockets } from "./kernel-sockets.js";
import type { Message } from "./kernel-wire.js";

export interface ProcessOptions {
  /** The folder in which the cells' imports are resolved: that of the notebook. */
  readonly cwd: string;
  /** The JavaScript heap a kernel may grow to, in MiB, before it is ended as out of memory. */
  readonly maxHeapMiB: number;
  readonly startTimeoutMs: number;
}

/** One life of a kernel: a process and the sockets to it. {@link "./kernel-tslab.js"} strings lives together. */
export interface KernelProcess {
  readonly pid: number;
  /** Resolves when requests are answered; rejects with {@link KernelStartError}. */
  readonly ready: Promise<void>;
  /** Resolves when the process has ended, for whatever reason. */
  readonly exited: Promise<KernelExit>;
  /**
   * Sends a cell. `onMessage` gets what is published for it, then and later. Resolves with the reply once all output
   * up to it has been passed on; never, when the process ends first: race it with `exited`. A cell that is not
   * counted leaves the execution count as it was.
   */
  execute(
    code: string,
    onMessage: (message: Message) => void,
    options?: { readonly counted: boolean },
  ): Promise<Message>;
  /** True when the kernel's main thread has answered within `withinMs`. */
  beat(withinMs: number): Promise<boolean>;
  /** The signal behind Ctrl-C. */
  interrupt(): void;
  /** Resident memory, or undefined where it cannot be told. */
  memoryBytes(): Promise<number | undefined>;
  kill(): Promise<KernelExit>;
}

// The child is a program of its own: when this file is read as TypeScript (tests), the compiled child lies in dist.
const childPath = fileURLToPath(
  import.meta.url.endsWith(".ts")
    ? new URL("../dist/notebook/kernel-child.js", import.meta.url)
    : new URL("./kernel-child.js", import.meta.url),
);

export async function spawnKernelProcess(options: ProcessOptions): Promise<KernelProcess> {
  const connection = await createConnection();
  const spawned = spawn(
    process.execPath,
    // Cells load "highwater", which is ESM, by `require`: the warning that this is new would be a cell's first output.
    [`--max-old-space-size=${options.maxHeapMiB}`, "--disable-warning=ExperimentalWarning", childPath, connection.file],
    // A group of its own: Ctrl-C in the server's terminal is not for it, and it is killed with all it started.
    { cwd: options.cwd, detached: true, env: childEnvironment(), stdio: ["ignore", "ignore", "pipe", "pipe"] },
  );
  const exited = observeExit(spawned, options);
  const waiting = new Map<string, (reply: Message) => void>();
  const published = new Map<string, (message: Message) => void>();
  const heard = { replies: 0, published: 0 };
  let beatHeard = (): void => {};
  const sockets = await connectSockets(connection, {
    onReply(message) {
      heard.replies += 1;
      waiting.get(message.parentId)?.(message);
    },
    onPublished(message) {
      heard.published += 1;
      published.get(message.parentId)?.(message);
    },
    onBeat: () => beatHeard(),
  });
  const ready = untilHeard(sockets, heard, exited, options).finally(() => removeConnection(connection));
  ready.catch(() => {}); // whoever starts the kernel is told; a spare nobody waits for must not end the program
  void exited.then(() => sockets.close());

  return {
    pid: spawned.pid ?? -1,
    ready,
    exited,
    async execute(code, onMessage, { counted } = { counted: true }) {
      const id = sockets.request("execute_request", {
        code,
        silent: false,
        store_history: counted,
        user_expressions: {},
        allow_stdin: false,
        stop_on_error: false,
      });
      const idle = new Promise<void>((resolve) => {
        published.set(id, (message) => {
          if (message.type === "status" && message.content.execution_state === "idle") resolve();
          onMessage(message);
        });
      });
      const reply = await new Promise<Message>((resolve) => waiting.set(id, resolve));
      waiting.delete(id);
      await Promise.race([idle, elapsed(lostIdleMs)]);
      return reply;
    },
    beat(withinMs) {
      sockets.beat();
      const heardBeat = new Promise<boolean>((resolve) => {
        beatHeard = () => resolve(true);
      });
      return Promise.race([heardBeat, elapsed(withinMs).then(() => false)]);
    },
    interrupt: () => void spawned.kill("SIGINT"),
    memoryBytes: () => residentBytes(spawned.pid),
    kill() {
      killGroup(spawned);
      return exited;
    },
  };
}

/** Output and reply come by different sockets; if the end-of-output mark stays away this long, it is not coming. */
const lostIdleMs = 10_000;

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref());
}

/** What the parent's own start was asked for is not for its cells: a debugger, a test runner's hooks. */
function childEnvironment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, NODE_CHANNEL_FD: ___, ...environment } = process.env;
  return environment;
}

function killGroup(spawned: ChildProcess): void {
  if (spawned.pid === undefined) return;
  try {
    process.kill(process.platform === "win32" ? spawned.pid : -spawned.pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}

/**
 * Asks the kernel who it is until both its answer and something published have been heard: what is published before our
 * subscription has arrived is lost. One question at a time: hundreds of them, answered in one go by a kernel that was
 * slow to start, are more than its sockets take, and the cell sent after them would be lost.
 */
async function untilHeard(
  sockets: Sockets,
  heard: { readonly replies: number; readonly published: number },
  exited: Promise<KernelExit>,
  options: ProcessOptions,
): Promise<void> {
  const startedMs = performance.now();
  let exit: KernelExit | undefined;
  void exited.then((value) => {
    exit = value;
  });
  let asked = 0;
  while (heard.replies === 0 || heard.published === 0) {
    if (exit !== undefined) throw new KernelStartError(`The kernel ended while it was starting. ${exit.message}`);
    if (performance.now() - startedMs > options.startTimeoutMs) {
      throw new KernelStartError(
        `The kernel did not answer within ${Math.round(options.startTimeoutMs / 1000)} s. The machine may be busy: try again. If it keeps failing, run \`npm ci\` in the course folder.`,
      );
    }
    if (heard.replies === asked) {
      sockets.request("kernel_info_request", {});
      asked += 1;
    }
    // Not `elapsed`: with its kernel gone this timer may be all that keeps the program alive to tell of it.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function observeExit(spawned: ChildProcess, options: ProcessOptions): Promise<KernelExit> {
  let lastWords = "";
  spawned.stderr?.setEncoding("utf8").on("data", (text: string) => {
    lastWords = (lastWords + text).slice(-4_000);
  });
  spawned.stdio[3]?.on("error", () => {}); // the other end is gone; `exit` tells
  return new Promise((resolve) => {
    spawned.on("error", (error) => {
      const message = `The kernel process could not be started: ${error.message}.`;
      resolve({ message, reason: "crashed", exitCode: null, signal: null });
    });
    // `close` and not `exit`: the last words have been read by then. A program that a cell started may hold them open.
    spawned.on("close", (exitCode, signal) => resolve(describeExit(exitCode, signal, lastWords, options)));
    spawned.on("exit", (exitCode, signal) => {
      killGroup(spawned);
      setTimeout(() => resolve(describeExit(exitCode, signal, lastWords, options)), 200).unref();
    });
  });
}

/** What happened to a process, in words; `lastWords` is the end of what it wrote to its error stream. */
export function describeExit(
  exitCode: number | null,
  signal: string | null,
  lastWords: string,
  options: Pick<ProcessOptions, "maxHeapMiB">,
): KernelExit {
  const next = "Its variables are gone; your text is not. Restart the kernel to go on.";
  if (/heap out of memory|Reached heap limit/.test(lastWords)) {
    const message = `The kernel ran out of memory (it may use ${options.maxHeapMiB} MiB) and ended. ${next}`;
    return { message, reason: "out-of-memory", exitCode, signal };
  }
  if ((signal === "SIGKILL" || signal === "SIGTERM") && lastWords.trim() === "") {
    const message = `The kernel process was killed from outside (${signal}); the system does that when memory is short. ${next}`;
    return { message, reason: "killed", exitCode, signal };
  }
  if (signal === null && exitCode !== null && lastWords.trim() === "") {
    const message = `A cell ended the kernel process (process.exit, code ${exitCode}). ${next}`;
    return { message, reason: "process-exit", exitCode, signal };
  }
  const cause = lastWords
    .split("\n")
    .map((line) => line.trim())
    .find((line) => /error/i.test(line));
  const how = signal === null ? `code ${exitCode}` : signal;
  const message = `The kernel process ended (${how})${cause === undefined ? "" : `: ${cause}`}. ${next}`;
  return { message, reason: exitCode === null || exitCode > 1 ? "crashed" : "process-exit", exitCode, signal };
}

async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  try {
    if (process.platform === "linux") {
      const status = await readFile(`/proc/${pid}/status`, "utf8");
      const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
      return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
    }
    const { stdout } = await promisify(execFile)("ps", ["-o", "rss=", "-p", String(pid)]);
    return Number(stdout.trim()) * 1024;
  } catch {
    return undefined; // ended meanwhile, or no `ps` here
  }
}
