import { AsyncLocalStorage } from "node:async_hooks";
import { writeSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import vm from "node:vm";
import { Worker } from "node:worker_threads";
import { type Diagnostic, describeRefusal, describeThrown, runCells, stackOfCells } from "./kernel-child-errors.js";
import type { LifelineData } from "./kernel-child-lifeline.js";
import { createOutbox, type DisplayContent, type ErrorReport, type Outbox } from "./kernel-child-outbox.js";
import { type PublishingSocket, publishEverything } from "./kernel-child-publisher.js";

/**
 * The program a kernel process runs: tslab, with five things around it.
 *
 * - It ends when its owner ends ({@link "./kernel-child-lifeline.js"}).
 * - Output belongs to the cell that started the work, also when it comes from a timer or promise while another cell
 *   runs; tslab gives it to whichever cell ran last.
 * - Errors are reported as data beside the error stream, so that a cell that replaces the stream does not silence them.
 * - Output is paced ({@link "./kernel-child-outbox.js"}), and none of it is lost when the reader is slow.
 * - Node's type declarations are read without their comments, which are most of what there is to parse at the start.
 *
 * Arguments: the connection file; its folder is removed when the owner goes.
 */

interface ZeroMq {
  readonly Publisher: { readonly prototype: PublishingSocket };
}

/** The parts of tslab 1.0.22 that are used; it ships no types for them that resolve here. */
interface TslabMain {
  startKernel(options: { configPath: string; enableFindLocal: boolean }): void;
}
interface TslabJupyter {
  readonly JupyterHandlerImpl: { readonly prototype: Handler };
}
interface TslabTypeScript {
  readonly sys: { readFile(path: string, encoding?: string): string | undefined };
}
interface ExecuteRequest {
  readonly code: string;
  readonly store_history?: boolean;
}
type WriteStream = (name: string, text: string) => void;
type WriteDisplay = (content: DisplayContent, update?: boolean) => void;
interface Handler {
  execCount: number;
  /** Answers a request: the content of the reply. */
  handleExecute(request: ExecuteRequest, writeStream: WriteStream, writeDisplay: WriteDisplay): Promise<unknown>;
  /** Runs the cell when its turn has come; throws its execution count when it fails. */
  handleExecuteImpl(request: ExecuteRequest, writeStream: WriteStream, writeDisplay: WriteDisplay): Promise<unknown>;
}

const require = createRequire(import.meta.url);
const connectionFile = process.argv[2] ?? "";

const lifeline: LifelineData = { fileDescriptor: 3, directory: dirname(connectionFile) };
const watcher = new Worker(new URL("./kernel-child-lifeline.js", import.meta.url), { workerData: lifeline });
watcher.unref();
// Without its watcher a kernel would outlive its owner. Where memory is short a thread may not even start.
watcher.on("error", (error) => endUnwatched(String(error)));
watcher.on("exit", () => endUnwatched("its watching thread ended"));
// Until tslab is ready, an interrupt finds nothing to stop.
process.on("SIGINT", () => {});

const turn = { sent: 0 };
const clock = { nowMs: () => performance.now(), nextTurn: (callback: () => void) => void setImmediate(callback) };
const speaking = new AsyncLocalStorage<Outbox>();
let lastOutbox: Outbox | undefined;
/** Messages of the type checker for the cell at hand; they arrive one by one and are reported as one error. */
let diagnostics: Diagnostic[] = [];
const cells = runCells();
Error.prepareStackTrace = stackOfCells(cells);
let running: { readonly file: string; readonly source: string } = { file: "", source: "" };

const requireOfTslab = createRequire(require.resolve("tslab/dist/main.js"));
skipComments(requireOfTslab("@tslab/typescript-for-tslab") as TslabTypeScript);
publishEverything((requireOfTslab("zeromq") as ZeroMq).Publisher.prototype);
speakPerCell(require("tslab/dist/jupyter.js") as TslabJupyter);
nameScripts();
startTslab(require("tslab/dist/main.js") as TslabMain);

function speakPerCell({ JupyterHandlerImpl: { prototype } }: TslabJupyter): void {
  const handleExecute = prototype.handleExecuteImpl;
  const handleRequest = prototype.handleExecute;
  const outboxes = new WeakMap<object, Outbox>();
  prototype.handleExecute = async function (request, ...wire) {
    return withError(await handleRequest.call(this, request, ...wire), outboxes.get(request)?.firstError());
  };
  prototype.handleExecuteImpl = function (request, writeStream, writeDisplay) {
    const outbox = createOutbox({ stream: writeStream, display: writeDisplay }, turn, clock);
    outboxes.set(request, outbox);
    lastOutbox = outbox;
    diagnostics = [];
    running = { file: `cell[${this.execCount + 1}]`, source: request.code };
    const speaker = (): Outbox => speaking.getStore() ?? outbox;
    return speaking.run(outbox, async () => {
      try {
        return await handleExecute.call(
          this,
          request,
          (name, text) => speaker().stream(name, text),
          (content, update) => speaker().display(content, update === true),
        );
      } finally {
        if (request.store_history === false) this.execCount -= 1;
        if (diagnostics.length > 0) outbox.error(describeRefusal(diagnostics));
        diagnostics = [];
        await outbox.drain();
      }
    });
  };
  process.on("exit", () => lastOutbox?.flush());
}

/** A failed cell's reply with name, message and traceback in it, as the protocol has it and tslab does not. */
function withError(reply: unknown, error: ErrorReport | undefined): unknown {
  const isFailure = typeof reply === "object" && reply !== null && "status" in reply && reply.status === "error";
  return isFailure && error !== undefined ? { ...reply, ...error } : reply;
}

function endUnwatched(why: string): void {
  writeSync(2, `Error: the kernel cannot be watched over: ${why}\n`);
  process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
}

function skipComments({ sys }: TslabTypeScript): void {
  const { readFile } = sys;
  sys.readFile = (path, encoding) => {
    const text = readFile(path, encoding);
    return /[\\/]@types[\\/]node[\\/].*\.d\.ts$/.test(path) ? text?.replaceAll(/\/\*\*[\s\S]*?\*\//g, "") : text;
  };
}

function nameScripts(): void {
  const runInThisContext = vm.runInThisContext;
  vm.runInThisContext = (compiled, options) => {
    if (typeof options !== "object") return runInThisContext(compiled, options);
    cells.add(running.file, running.source, compiled);
    return runInThisContext(compiled, { ...options, filename: running.file });
  };
}

function startTslab({ startKernel }: TslabMain): void {
  // tslab takes `console.error` as it is at this moment for all it has to say about a failing cell.
  const consoleError = console.error;
  console.error = onCellError;
  startKernel({ configPath: connectionFile, enableFindLocal: false });
  console.error = consoleError;
  for (const event of ["uncaughtException", "unhandledRejection"]) {
    process.removeAllListeners(event);
    process.on(event, report);
  }
}

function onCellError(...args: readonly unknown[]): void {
  const [first, file, line, column, message] = args;
  if (first !== "%s%d:%d - %s") report(first);
  else diagnostics.push([String(file), Number(line), Number(column), String(message)]);
}

function report(error: unknown): void {
  // The output socket refusing a message is not the cell's error, and reporting it would be refused too.
  if (error instanceof Error && "code" in error && error.code === "EBUSY") return;
  (speaking.getStore() ?? lastOutbox)?.error(describeThrown(error));
}
