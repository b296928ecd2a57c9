import { describe, expect, it } from "vitest";
import type { Kernel, RunResult } from "../../lib/notebook/kernel.js";
import { type Cell, codeCell, emptyNotebook, markdownCell } from "../../lib/notebook/notebook.js";
import type { OutputEvent } from "../../lib/notebook/output.js";
import { type NotebookRun, runNotebook } from "../../lib/notebook/run.js";
import { runsAsJson, runsAsJunit } from "../../lib/notebook/run-report.js";

/** A kernel that says each cell's text, and ends as the text asks: `error`, `die`, `hang` or `hang for ever`. */
function echoKernel(): Kernel & { readonly executed: string[] } {
  let count = 0;
  let free: ((result: RunResult) => void) | undefined;
  const executed: string[] = [];
  const never = () => () => {};
  return {
    executed,
    status: "idle",
    start: () => Promise.resolve(),
    execute(code, { onOutput } = {}) {
      executed.push(code);
      const end = { durationMs: 10, executionCount: ++count };
      const say = (event: OutputEvent) => onOutput?.(event);
      say({ type: "output", output: { output_type: "stream", name: "stdout", text: code } });
      if (code.startsWith("hang")) {
        return new Promise((resolve) => {
          if (code === "hang") free = resolve;
        });
      }
      if (code.startsWith("show")) {
        const output = { output_type: "display_data" as const, data: { "text/plain": "first" }, metadata: {} };
        say({ type: "output", output, displayId: "id" });
      }
      if (code.startsWith("update"))
        say({ type: "update", displayId: "id", data: { "text/plain": "second" }, metadata: {} });
      if (code.startsWith("error")) {
        say({ type: "output", output: { output_type: "error", ename: "Error", evalue: 'a < "b"', traceback: [] } });
        return Promise.resolve({ status: "error", ...end });
      }
      if (code.startsWith("die")) {
        const exit = { message: "The kernel ended.", reason: "crashed", exitCode: 1, signal: null } as const;
        return Promise.resolve({ status: "died", ...end, exit });
      }
      return Promise.resolve({ status: "ok", ...end });
    },
    interrupt() {
      free?.({ status: "aborted", durationMs: 50, executionCount: count });
      return Promise.resolve(free === undefined ? "no-answer" : "stopped");
    },
    restart: () => Promise.resolve(),
    shutdown: () => Promise.resolve(),
    onStatus: never,
    onExit: never,
  };
}

const tagged = (cell: Cell, ...tags: string[]): Cell => ({ ...cell, metadata: { tags } });
const of = (...sources: readonly (string | Cell)[]) => ({
  ...emptyNotebook,
  cells: sources.map((source, index) => (typeof source === "string" ? codeCell(`c${index + 1}`, source) : source)),
});
const statuses = ({ cells }: NotebookRun) => cells.map(({ id, status }) => `${id} ${status}`);
const stop = { onError: "stop" } as const;

describe("a notebook run from top to bottom", () => {
  it("runs code cells in order and keeps what they show", async () => {
    const kernel = echoKernel();
    const seen: string[] = [];
    const notebook = of(markdownCell("m", "# Part one"), "one", "  ", "two");
    const run = await runNotebook(notebook, kernel, { ...stop, onCell: ({ id }) => seen.push(id) });
    expect(kernel.executed).toEqual(["one", "two"]);
    expect(run).toMatchObject({ status: "ok", durationMs: 20 });
    expect(seen).toEqual(["c2", "c3", "c4"]);
    expect(run.cells[0]).toMatchObject({ id: "c2", position: 2, heading: "Part one", executionCount: 1 });
    expect(run.notebook.cells[3]).toMatchObject({ execution_count: 2, outputs: [{ text: "two" }] });
    expect(run.notebook.cells[0]).toBe(notebook.cells[0]);
  });

  it("stops at an error or goes on, as asked", async () => {
    const stopped = await runNotebook(of("one", "error", "two"), echoKernel(), stop);
    expect(stopped.status).toBe("failed");
    expect(statuses(stopped)).toEqual(["c1 ok", "c2 error", "c3 skipped"]);
    const went = await runNotebook(of("one", "error", "two"), echoKernel(), { onError: "continue" });
    expect(statuses(went)).toEqual(["c1 ok", "c2 error", "c3 ok"]);
    expect(went.status).toBe("failed");
  });

  it("ends with a dead kernel in either case", async () => {
    const run = await runNotebook(of("one", "die", "two"), echoKernel(), { onError: "continue" });
    expect(statuses(run)).toEqual(["c1 ok", "c2 died", "c3 skipped"]);
    expect(run.cells[1]?.exit?.reason).toBe("crashed");
  });

  it("knows the tags of other tools", async () => {
    const fails = tagged(codeCell("x", "error"), "raises-exception");
    const works = tagged(codeCell("y", "one"), "raises-exception");
    const skipped = tagged(codeCell("z", "two"), "skip-execution");
    const run = await runNotebook(of(fails, skipped, works), echoKernel(), { onError: "continue" });
    expect(statuses(run)).toEqual(["x expected-error", "z skipped", "y unexpected-success"]);
    const before = { ...codeCell("z", "two"), metadata: { tags: ["skip-execution"] }, execution_count: 5 };
    const kept = await runNotebook(of(fails, before), echoKernel(), stop);
    expect(kept.status).toBe("ok");
    expect(kept.notebook.cells[1]).toEqual(before);
  });

  it("interrupts a cell that takes too long, and gives up when that does not help", async () => {
    const timeout = { limitMs: 5, wait: () => new Promise<void>((resolve) => setTimeout(resolve, 5)) };
    const run = await runNotebook(of("hang", "one"), echoKernel(), { onError: "continue", timeout });
    expect(statuses(run)).toEqual(["c1 timed-out", "c2 ok"]);
    const lost = await runNotebook(of("hang for ever", "one"), echoKernel(), { onError: "continue", timeout });
    expect(statuses(lost)).toEqual(["c1 timed-out", "c2 skipped"]);
  });

  it("lets go of the timer when a cell ends in time", async () => {
    let waiting = 0;
    const wait = (_: number, signal: AbortSignal) =>
      new Promise<void>((_, reject) => {
        waiting += 1;
        signal.addEventListener("abort", () => {
          waiting -= 1;
          reject(new Error("aborted"));
        });
      });
    const run = await runNotebook(of("one", "two"), echoKernel(), { ...stop, timeout: { limitMs: 60_000, wait } });
    expect([run.status, waiting]).toEqual(["ok", 0]);
  });

  it("updates displays of earlier cells", async () => {
    const run = await runNotebook(of("show", "update"), echoKernel(), stop);
    expect(run.cells[0]?.outputs[1]).toMatchObject({ data: { "text/plain": "second" } });
    expect(run.notebook.cells[0]).toMatchObject({ outputs: [{}, { data: { "text/plain": "second" } }] });
  });
});

describe("reports", () => {
  const report = async () => {
    const run = await runNotebook(of(markdownCell("m", "## A & B"), "one", "error", "two"), echoKernel(), stop);
    return [{ file: "a<b>.ipynb", run, differences: [{ cell: "c2", position: 2, message: "It differs." }] }];
  };

  it("is JSON with a version, one entry a cell, and why it failed", async () => {
    expect(runsAsJson(await report())).toEqual({
      format: "highwater-notebook-run",
      version: 1,
      status: "failed",
      notebooks: [
        {
          file: "a<b>.ipynb",
          status: "failed",
          durationMs: 20,
          cells: [
            { id: "c2", position: 2, heading: "A & B", status: "ok", durationMs: 10 },
            { id: "c3", position: 3, heading: "A & B", status: "error", durationMs: 10, message: 'Error: a < "b"' },
            { id: "c4", position: 4, heading: "A & B", status: "skipped", durationMs: 0 },
          ],
          differences: [{ cell: "c2", position: 2, message: "It differs." }],
        },
      ],
    });
  });

  it("is JUnit XML with everything escaped", async () => {
    expect(runsAsJunit(await report())).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
  <testsuite name="a&lt;b&gt;.ipynb" tests="3" failures="2" errors="0" skipped="1" time="0.020">
    <testcase classname="a&lt;b&gt;.ipynb" name="cell 2: A &amp; B" time="0.010"><failure message="It differs.">It differs.</failure></testcase>
    <testcase classname="a&lt;b&gt;.ipynb" name="cell 3: A &amp; B" time="0.010"><failure message="Error: a &lt; &quot;b&quot;">Error: a &lt; &quot;b&quot;</failure></testcase>
    <testcase classname="a&lt;b&gt;.ipynb" name="cell 4: A &amp; B" time="0.000"><skipped/></testcase>
  </testsuite>
</testsuites>
`);
  });
});
