import { inspect } from "node:util";
import { sourceLines } from "./kernel-child-lines.js";
import type { ErrorReport } from "./kernel-child-outbox.js";

/** Cells as they were run, by script name: what stack frames refer to. */
export interface RunCells {
  /** @param file the name of the script, `cell[3]`: the cell that got execution count 3 */
  add(file: string, source: string, compiled: string): void;
  /** Line of the cell's text for a line of its script, both counted from 1; undefined for the kernel's own lines. */
  line(file: string, compiledLine: number): number | undefined;
}

export function runCells(): RunCells {
  const cells = new Map<string, { source: string; compiled: string; lines?: readonly (number | undefined)[] }>();
  return {
    add: (file, source, compiled) => void cells.set(file, { source, compiled }),
    line(file, compiledLine) {
      const cell = cells.get(file);
      if (cell === undefined) return undefined;
      cell.lines ??= sourceLines(cell.source, cell.compiled);
      return cell.lines[compiledLine - 1];
    },
  };
}

/**
 * An `Error.prepareStackTrace`: every stack, printed or reported, names lines of cells as they are written and leaves
 * out the kernel's machinery, whose paths differ from machine to machine.
 */
export function stackOfCells(cells: RunCells): (error: Error, frames: readonly NodeJS.CallSite[]) => string {
  return (error, frames) => {
    const lines = frames.flatMap((frame) => {
      const file = frame.getFileName() ?? "";
      if (machinery.test(file) || file === "") return [];
      if (!file.startsWith("cell[")) return [`    at ${String(frame)}`];
      const line = cells.line(file, frame.getLineNumber() ?? 0);
      const name = frame.getFunctionName();
      // tslab wraps each cell in a function and calls it: that call has no line in the cell.
      if (line === undefined && name === null) return [];
      const place = line === undefined ? file : `${file}, line ${line}`;
      return [name === null ? `    at ${place}` : `    at ${name} (${place})`];
    });
    return [headline(error), ...lines].join("\n");
  };
}

const machinery = /^node:|[\\/]node_modules[\\/]tslab[\\/]|[\\/]kernel-child/;

function headline(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error";
  }
}

/** An error thrown by a cell. Any value can be thrown, also one that resists being looked at. */
export function describeThrown(error: unknown): ErrorReport {
  try {
    if (!(error instanceof Error)) return { ename: "Thrown", evalue: inspect(error), traceback: [] };
    const [ename, evalue] = [String(error.name), String(error.message)];
    const text = inspect(error);
    // Node puts the compiled line and an arrow in front of what a script throws.
    const start = `\n${text}`.indexOf(`\n${ename}`);
    return { ename, evalue, traceback: text.slice(Math.max(start, 0)).split("\n") };
  } catch {
    return { ename: "Thrown", evalue: "a value that cannot be shown", traceback: [] };
  }
}

/** One message of the type checker, as tslab prints it. */
export type Diagnostic = readonly [file: string, line: number, column: number, message: string];

/** Why a cell was refused before it ran. Messages at one place belong together: the later ones explain the first. */
export function describeRefusal(diagnostics: readonly Diagnostic[]): ErrorReport {
  let previous = "";
  const traceback = diagnostics.map(([file, line, column, message]) => {
    const where = `${file}line ${line}, column ${column}`;
    const text = where === previous ? `  ${message}` : `${where}: ${message}`;
    previous = where;
    return text;
  });
  return { ename: "TypeScript", evalue: traceback[0] ?? "", traceback };
}
