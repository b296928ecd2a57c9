import { describe, expect, it } from "vitest";
import {
  applyOutput,
  noOutputs,
  noticeKind,
  noticeOutput,
  type Output,
  type OutputEvent,
  outputText,
} from "../../lib/notebook/output.js";

const text = (value: string, name: "stdout" | "stderr" = "stdout"): OutputEvent => ({
  type: "output",
  output: { output_type: "stream", name, text: value },
});
const shown = (value: string, displayId?: string): OutputEvent => ({
  type: "output",
  output: { output_type: "display_data", data: { "text/plain": value }, metadata: {} },
  ...(displayId === undefined ? {} : { displayId }),
});
const update = (displayId: string, value: string): OutputEvent => ({
  type: "update",
  displayId,
  data: { "text/plain": value },
  metadata: {},
});
/** Outputs as `stdout:text` or the plain text of a display, in order. */
const fold = (...events: readonly OutputEvent[]) =>
  events
    .reduce(applyOutput, noOutputs)
    .outputs.map((output) => (output.output_type === "stream" ? `${output.name}:${output.text}` : outputText(output)));

describe("outputs of a running cell", () => {
  it("join text of one stream until something else comes between", () => {
    expect(fold(text("a"), text("b"), text("c", "stderr"), text("d"))).toEqual(["stdout:ab", "stderr:c", "stdout:d"]);
  });

  it("replace a display where it stands, every copy of it, and ignore unknown ids", () => {
    expect(fold(shown("1", "x"), text("t"), shown("1", "x"), update("x", "2"), update("y", "3"))).toEqual([
      "2",
      "stdout:t",
      "2",
    ]);
  });

  it("clear at once, or when the next output comes", () => {
    expect(fold(text("a"), { type: "clear", wait: false }, text("b"))).toEqual(["stdout:b"]);
    expect(fold(text("a"), { type: "clear", wait: true })).toEqual(["stdout:a"]);
    expect(fold(text("a"), { type: "clear", wait: true }, text("b"), text("c"))).toEqual(["stdout:bc"]);
    expect(fold(shown("1", "x"), { type: "clear", wait: true }, text("a"), update("x", "2"))).toEqual(["stdout:a"]);
  });
});

describe("notices", () => {
  it("are displays that read as a sentence everywhere and are known by kind here", () => {
    const notice = noticeOutput({ kind: "work-goes-on" });
    expect(outputText(notice)).toMatch(/^Interrupted\. .*\.$/);
    expect(noticeKind(notice)).toBe("work-goes-on");
    const foreign: Output = { output_type: "display_data", data: {}, metadata: { highwater: { notice: "toString" } } };
    expect(noticeKind(foreign)).toBeUndefined();
    expect(noticeKind({ output_type: "stream", name: "stdout", text: "" })).toBeUndefined();
  });
});
