import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../lib/notebook/json.js";
import { droppedType, errorType } from "../../lib/notebook/kernel-child-outbox.js";
import { createOutputReader } from "../../lib/notebook/kernel-outputs.js";
import { describeExit } from "../../lib/notebook/kernel-process.js";
import { applyOutput, noOutputs, noticeKind, type OutputEvent, outputText } from "../../lib/notebook/output.js";

function reading(maxTextLength = 10) {
  const events: OutputEvent[] = [];
  const reader = createOutputReader({
    id: "1",
    onOutput: (event) => events.push(event),
    maxTextLength,
    overflowFile: undefined,
    mapError: (error) => error,
  });
  const read = (type: string, content: JsonObject) => reader.read({ type, id: "", parentId: "", content });
  const shown = () => events.reduce(applyOutput, noOutputs).outputs;
  return { events, reader, read, shown };
}

describe("what a kernel publishes for a cell", () => {
  it("becomes outputs, by the protocol's message types", () => {
    const { read, shown } = reading();
    read("status", { execution_state: "busy" });
    read("stream", { name: "stderr", text: "a" });
    read("execute_result", { data: { "text/plain": "1" }, metadata: {}, execution_count: 4 });
    read("display_data", { data: { "text/plain": "old" }, metadata: {}, transient: { display_id: "d" } });
    read("update_display_data", { data: { "text/plain": "new" }, metadata: { m: 1 }, transient: { display_id: "d" } });
    read("error", { ename: "E", evalue: "v", traceback: ["t"] });
    expect(shown()).toEqual([
      { output_type: "stream", name: "stderr", text: "a" },
      { output_type: "execute_result", data: { "text/plain": "1" }, metadata: {}, execution_count: 4 },
      { output_type: "display_data", data: { "text/plain": "new" }, metadata: { m: 1 } },
      { output_type: "error", ename: "E", evalue: "v", traceback: ["t"] },
    ]);
    read("clear_output", { wait: false });
    expect(shown()).toEqual([]);
  });

  it("has the error of a cell that failed, once, also where only the reply tells it", () => {
    const { read, reader, shown } = reading();
    const reply = { status: "error", ename: "Error", evalue: "no such broker", traceback: [] };
    reader.failed(reply);
    reader.answered();
    read("display_data", { data: { [errorType]: reply }, metadata: {} });
    expect(shown().map(outputText)).toEqual(["Error: no such broker"]);

    const usual = reading();
    usual.read("display_data", { data: { [errorType]: reply }, metadata: {} });
    usual.reader.failed(reply);
    expect(usual.shown().map(outputText)).toEqual(["Error: no such broker"]);

    const bare = reading();
    bare.reader.failed({ status: "error" });
    expect(bare.reader.hasError()).toBe(false);
  });

  it("is cut at the bound, once, and says at the end how much there was", () => {
    const { read, reader, shown } = reading();
    read("stream", { name: "stdout", text: "12345678" });
    read("stream", { name: "stdout", text: "90abc" });
    read("stream", { name: "stdout", text: "x".repeat(2_000) });
    reader.answered();
    expect(shown().map(outputText)).toEqual([
      "1234567890",
      "Output cut here after 0 kB; the cell has written 2 kB by now. The rest was dropped.",
    ]);
    expect(shown().map(noticeKind)).toEqual([undefined, "cut"]);
  });

  it("says when the kernel dropped what was too much to keep", () => {
    const { read, shown } = reading();
    read("display_data", { data: { [droppedType]: {} }, metadata: {}, transient: {} });
    expect(shown().map(noticeKind)).toEqual(["cut"]);
  });

  it("tells errors from silence, and late errors from others", () => {
    const { read, reader, events } = reading();
    read("stream", { name: "stdout", text: "a" });
    expect(reader.hasError()).toBe(false);
    reader.answered();
    read("display_data", {
      data: { [errorType]: { ename: "E", evalue: "v", traceback: [] } },
      metadata: {},
      transient: {},
    });
    expect(reader.hasError()).toBe(true);
    expect(events.slice(1)).toMatchObject([
      { late: true },
      { late: true, output: { output_type: "error", ename: "E" } },
    ]);
  });

  it("survives a kernel that sends nonsense", () => {
    const { read, shown } = reading();
    for (const type of ["stream", "display_data", "update_display_data", "execute_result", "error"]) {
      read(type, {});
      read(type, { data: 1, metadata: "x", transient: [], text: {}, name: 3, traceback: "no", ename: null });
    }
    expect(shown().every((output) => typeof outputText(output) === "string")).toBe(true);
  });
});

describe("why a kernel ended", () => {
  const why = (exitCode: number | null, signal: string | null, lastWords = "") =>
    describeExit(exitCode, signal, lastWords, { maxHeapMiB: 512 });

  it.each([
    [3, null, "", "process-exit", "process.exit, code 3"],
    [0, null, "", "process-exit", "process.exit, code 0"],
    [null, "SIGKILL", "", "killed", "killed from outside (SIGKILL)"],
    [
      null,
      "SIGABRT",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "out-of-memory",
      "512 MiB",
    ],
    [null, "SIGSEGV", "", "crashed", "SIGSEGV"],
    [7, null, "x\nError: Cannot find module 'tslab'\n", "crashed", "Cannot find module 'tslab'"],
  ])("code %s, signal %s, last words %j: %s", (exitCode, signal, lastWords, reason, words) => {
    const exit = why(exitCode, signal, lastWords);
    expect(exit).toMatchObject({ reason, exitCode, signal });
    expect(exit.message).toContain(words);
    expect(exit.message).toContain("Restart the kernel");
  });
});
