import type { Kernel, KernelExit, RunResult } from "./kernel.js";
import { type Cell, type CodeCell, cellTags, type Notebook } from "./notebook.js";
import { applyOutput, type CellOutputs, noOutputs, type Output } from "./output.js";

export interface RunNotebookOptions {
  /** What to do when a cell fails that is not expected to. A dead kernel ends the run in either case. */
  readonly onError: "stop" | "continue";
  /**
   * With it, a cell that takes longer than `limitMs` is interrupted. `wait` resolves after that many milliseconds, or
   * ends in any way once `signal` says that the cell has ended: a timer left running would hold up the program's end.
   */
  readonly timeout?: {
    readonly limitMs: number;
    readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  };
  /** Called after each code cell, in order. */
  readonly onCell?: (cell: CellRun) => void;
}

/** One code cell of a run. */
export interface CellRun {
  readonly id: string;
  /** Its place among the notebook's cells, counted from 1. */
  readonly position: number;
  /** The heading it stands under, for people; empty above the first. */
  readonly heading: string;
  /**
   * - `expected-error`: failed, and is tagged `raises-exception`.
   * - `unexpected-success`: is tagged `raises-exception` and did not fail.
   * - `skipped`: tagged `skip-execution`, or after the cell that ended the run; its outputs are as they were.
   */
  readonly status:
    | "ok"
    | "expected-error"
    | "error"
    | "unexpected-success"
    | "timed-out"
    | "died"
    | "aborted"
    | "skipped";
  readonly durationMs: number;
  readonly executionCount: number | null;
  readonly outputs: readonly Output[];
  /** With `died`. */
  readonly exit?: KernelExit;
}

export interface NotebookRun {
  readonly status: "ok" | "failed";
  /** The notebook with the outputs of this run. */
  readonly notebook: Notebook;
  readonly cells: readonly CellRun[];
  /** Sum of the cells' times; starting the kernel is not in it. */
  readonly durationMs: number;
}

/**
 * Runs every code cell from top to bottom. The kernel is passed in, fresh, and is the caller's to shut down; it must be
 * able to start (`await kernel.start()` tells).
 *
 * Tags on cells are those other tools know: `skip-execution`, and `raises-exception` for a cell that is there to fail.
 */
export async function runNotebook(
  notebook: Notebook,
  kernel: Kernel,
  options: RunNotebookOptions,
): Promise<NotebookRun> {
  const shown = new Map<string, CellOutputs>();
  const runs: CellRun[] = [];
  const headings = headingsAbove(notebook.cells);
  let ended = false;

  for (const [index, cell] of notebook.cells.entries()) {
    if (cell.cell_type !== "code") continue;
    const place = { id: cell.id, position: index + 1, heading: headings[index] ?? "" };
    const idle = { durationMs: 0, executionCount: null };
    let run: CellRun;
    if (ended || cellTags(cell).includes("skip-execution")) {
      run = { ...place, ...idle, status: "skipped", outputs: cell.outputs };
    } else if (cell.source.trim() === "") {
      run = { ...place, ...idle, status: "ok", outputs: [] };
      shown.set(cell.id, noOutputs);
    } else {
      const result = await runCell(cell, kernel, shown, options.timeout);
      const status = statusOf(cell, result);
      const { durationMs, executionCount, exit } = result;
      const outputs = shown.get(cell.id)?.outputs ?? [];
      run = { ...place, status, durationMs, executionCount, outputs, ...(exit ? { exit } : {}) };
      const isOver = status === "died" || (status === "timed-out" && !result.isKernelFree);
      ended = isOver || (isFailure(run) && options.onError === "stop");
    }
    runs.push(run);
    options.onCell?.(run);
  }

  // Late output may have come since a cell was reported: what is shown now counts.
  const cells = runs.map((run) => ({ ...run, outputs: shown.get(run.id)?.outputs ?? run.outputs }));
  return {
    status: cells.some(isFailure) ? "failed" : "ok",
    notebook: { ...notebook, cells: notebook.cells.map((cell) => withRun(cell, cells)) },
    cells,
    durationMs: cells.reduce((sum, cell) => sum + cell.durationMs, 0),
  };
}

/** Whether a cell's run makes the notebook's run fail. */
export function isFailure({ status }: CellRun): boolean {
  return status !== "ok" && status !== "expected-error" && status !== "skipped";
}

interface CellResult extends RunResult {
  readonly isTimedOut: boolean;
  /** False when a cell that ran too long could not be interrupted. */
  readonly isKernelFree: boolean;
}

async function runCell(
  cell: CodeCell,
  kernel: Kernel,
  shown: Map<string, CellOutputs>,
  timeout: RunNotebookOptions["timeout"],
): Promise<CellResult> {
  shown.set(cell.id, noOutputs);
  const running = kernel.execute(cell.source, {
    onOutput(event) {
      // A display is updated wherever it stands; all else belongs to this cell.
      const ids = event.type === "update" ? [...shown.keys()] : [cell.id];
      for (const id of ids) shown.set(id, applyOutput(shown.get(id) ?? noOutputs, event));
    },
  });
  const ended = new AbortController();
  const timedOut = timeout?.wait(timeout.limitMs, ended.signal).catch(() => {});
  const result = timedOut ? await Promise.race([running, timedOut]) : await running;
  ended.abort();
  if (result) return { ...result, isTimedOut: false, isKernelFree: true };
  const outcome = await kernel.interrupt();
  const nothing: RunResult = { status: "aborted", durationMs: timeout?.limitMs ?? 0, executionCount: null };
  const late = outcome === "no-answer" ? nothing : await running;
  return { ...late, isTimedOut: true, isKernelFree: outcome !== "no-answer" };
}

function statusOf(cell: CodeCell, result: CellResult): CellRun["status"] {
  if (result.status === "died") return "died";
  if (result.isTimedOut) return "timed-out";
  const mayFail = cellTags(cell).includes("raises-exception");
  if (result.status === "error") return mayFail ? "expected-error" : "error";
  if (result.status === "ok") return mayFail ? "unexpected-success" : "ok";
  return result.status;
}

function withRun(cell: Cell, runs: readonly CellRun[]): Cell {
  const run = runs.find(({ id }) => id === cell.id);
  if (cell.cell_type !== "code" || run === undefined || run.status === "skipped") return cell;
  return { ...cell, outputs: run.outputs, execution_count: run.executionCount };
}

function headingsAbove(cells: readonly Cell[]): readonly string[] {
  let heading = "";
  return cells.map((cell) => {
    const found = cell.cell_type === "markdown" ? /^#{1,6} +(.+?)[ #]*$/m.exec(cell.source)?.[1] : undefined;
    heading = found ?? heading;
    return heading;
  });
}
