import type { Difference } from "./compare.js";
import type { JsonObject } from "./json.js";
import { noticeKind, outputText } from "./output.js";
import { type CellRun, isFailure, type NotebookRun } from "./run.js";

/** A notebook's run under the name people know it by, with what `--check` found. */
export interface NamedRun {
  readonly file: string;
  readonly run: NotebookRun;
  readonly differences: readonly Difference[];
}

/** Whether the run is what it should be: no cell failed, and nothing shows that was not committed. */
export function isGood({ run, differences }: NamedRun): boolean {
  return run.status === "ok" && differences.length === 0;
}

/** The document `highwater notebook run --json` prints. Version 1. */
export function runsAsJson(runs: readonly NamedRun[]): JsonObject {
  return {
    format: "highwater-notebook-run",
    version: 1,
    status: runs.every(isGood) ? "ok" : "failed",
    notebooks: runs.map(({ file, run, differences }) => ({
      file,
      status: run.status,
      durationMs: Math.round(run.durationMs),
      cells: run.cells.map((cell) => ({
        id: cell.id,
        position: cell.position,
        heading: cell.heading,
        status: cell.status,
        durationMs: Math.round(cell.durationMs),
        ...(isFailure(cell) ? { message: whyFailed(cell) } : {}),
      })),
      differences: differences.map(({ cell, position, message }) => ({ cell, position, message })),
    })),
  };
}

/** The runs as JUnit XML, which build servers read: a suite a notebook, a case a code cell. */
export function runsAsJunit(runs: readonly NamedRun[]): string {
  const suites = runs.map(({ file, run, differences }) => {
    const cases = run.cells.map((cell) => {
      const mine = differences.filter((difference) => difference.cell === cell.id);
      const messages = [...(isFailure(cell) ? [whyFailed(cell)] : []), ...mine.map(({ message }) => message)];
      const failure =
        messages.length === 0
          ? ""
          : `<failure message="${xml(messages[0] ?? "")}">${xml(messages.join("\n"))}</failure>`;
      const inside = failure !== "" ? failure : cell.status === "skipped" ? "<skipped/>" : "";
      const name = `cell ${cell.position}${cell.heading === "" ? "" : `: ${cell.heading}`}`;
      const seconds = (cell.durationMs / 1000).toFixed(3);
      return {
        failed: failure !== "",
        xml: `    <testcase classname="${xml(file)}" name="${xml(name)}" time="${seconds}">${inside}</testcase>`,
      };
    });
    const failures = cases.filter(({ failed }) => failed).length;
    const skipped = run.cells.filter(({ status }) => status === "skipped").length;
    const seconds = (run.durationMs / 1000).toFixed(3);
    return [
      `  <testsuite name="${xml(file)}" tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}" time="${seconds}">`,
      ...cases.map((each) => each.xml),
      "  </testsuite>",
    ].join("\n");
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("\n")}\n</testsuites>\n`;
}

/** Why a cell's run counts as failed, in a sentence. */
export function whyFailed(cell: CellRun): string {
  switch (cell.status) {
    case "died":
      return cell.exit?.message ?? "The kernel ended.";
    case "timed-out":
      return `The cell ran longer than ${Math.round(cell.durationMs / 1000)} s and was interrupted.`;
    case "unexpected-success":
      return "The cell is tagged raises-exception and did not fail.";
    case "aborted":
      return "The cell was stopped before it ended.";
    default: {
      const told =
        cell.outputs.find((output) => output.output_type === "error") ??
        cell.outputs.find((output) => noticeKind(output) !== undefined) ??
        cell.outputs.findLast((output) => output.output_type === "stream" && output.name === "stderr");
      const text = told === undefined ? "" : outputText(told).trim();
      return text === "" ? "The cell failed, and its kernel did not say why. Run it again to see." : text;
    }
  }
}

function xml(text: string): string {
  const clean = [...text].filter((character) => character >= " " || character === "\n" || character === "\t").join("");
  return clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
