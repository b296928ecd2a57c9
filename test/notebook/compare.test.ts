import { describe, expect, it } from "vitest";
import { compareOutputs } from "../../lib/notebook/compare.js";
import type { JsonObject } from "../../lib/notebook/json.js";
import { type Cell, codeCell, emptyNotebook, type Notebook } from "../../lib/notebook/notebook.js";
import type { Output } from "../../lib/notebook/output.js";
import { stripNotebook } from "../../lib/notebook/strip.js";

const text = (value: string, name: "stdout" | "stderr" = "stdout"): Output => ({
  output_type: "stream",
  name,
  text: value,
});
const shown = (data: JsonObject): Output => ({ output_type: "display_data", data, metadata: {} });
const failed = (evalue: string): Output => ({ output_type: "error", ename: "Error", evalue, traceback: [] });
const notebook = (...outputs: readonly Output[]): Notebook => ({
  ...emptyNotebook,
  cells: [{ ...codeCell("c", "x"), outputs, execution_count: 1 }],
});
const words = (before: Notebook, after: Notebook) => compareOutputs(before, after).map(({ message }) => message);

describe("what differs between two runs, in words", () => {
  it.each<[string, Output[], Output[], string | undefined]>([
    ["nothing", [text("a")], [text("a")], undefined],
    ["text in other pieces", [text("a\n"), text("b")], [text("a\nb")], undefined],
    ["one line", [text("a\nb\nc\n")], [text("a\nX\nc\n")], "Its output differs (text in line 2): was “b”, is “X”."],
    ["a line more", [text("a\n")], [text("a\nb\n")], "Its output differs (text in line 2): was “”, is “b”."],
    ["cut short", [text("a\nb")], [text("a")], "Its output differs (text in line 2): was “b”, is nothing."],
    ["the stream", [text("a")], [text("a", "stderr")], "Its output was text and is now text on the error stream."],
    ["an error", [text("a")], [failed("no")], "Its output was text and is now an error (“Error: no”)."],
    ["another error", [failed("x")], [failed("y")], "Its output differs (error): was “Error: x”, is “Error: y”."],
    ["silence", [text("a")], [], "It showed text and now shows nothing."],
    ["speech", [], [shown({ "text/html": "a" })], "It showed nothing and now shows a display (text/html)."],
    ["one more", [text("a")], [text("a"), failed("no")], "Output 2 is new: an error (“Error: no”)."],
    ["one less", [text("a"), failed("no")], [text("a")], "Output 2 is gone: an error (“Error: no”)."],
    [
      "a form more",
      [shown({ "text/plain": "a" })],
      [shown({ "text/plain": "a", "text/html": "a" })],
      "Its output has a new form, text/html.",
    ],
    [
      "inside JSON",
      [shown({ "x/y+json": { a: [{ b: 1 }] } })],
      [shown({ "x/y+json": { a: [{ b: 2 }] } })],
      "Its output differs (x/y+json at a[0].b): was “1”, is “2”.",
    ],
    ["the order of keys", [shown({ "x/y+json": { a: 1, b: 2 } })], [shown({ "x/y+json": { b: 2, a: 1 } })], undefined],
  ])("%s", (_, before, after, expected) => {
    expect(words(notebook(...before), notebook(...after))).toEqual(expected === undefined ? [] : [expected]);
  });

  it("shows the place where long lines differ", () => {
    const [said] = words(
      notebook(text(`${"a".repeat(300)}b${"c".repeat(300)}`)),
      notebook(text(`${"a".repeat(300)}X${"c".repeat(300)}`)),
    );
    expect(said).toBe(
      `Its output differs (text): was “…${"a".repeat(20)}b${"c".repeat(58)}…”, is “…${"a".repeat(20)}X${"c".repeat(58)}…”.`,
    );
  });

  it("leaves out cells that vary by nature, and counts and metadata", () => {
    const vary = (value: string): Notebook => {
      const cell: Cell = { ...codeCell("c"), metadata: { tags: ["varies"] }, outputs: [text(value)] };
      return { ...emptyNotebook, cells: [cell] };
    };
    expect(compareOutputs(vary("a"), vary("b"))).toEqual([]);
    const again = { ...codeCell("c", "x"), outputs: [text("a")], execution_count: 9, metadata: { z: 1 } };
    expect(compareOutputs(notebook(text("a")), { ...emptyNotebook, cells: [again] })).toEqual([]);
  });

  it("says where", () => {
    expect(compareOutputs(emptyNotebook, notebook())).toEqual([
      { cell: "c", position: 1, message: "The cell is new." },
    ]);
  });
});

describe("strip", () => {
  it("takes out what running left behind, and nothing else", () => {
    const cell = {
      ...codeCell("c", "x"),
      metadata: { tags: ["t"], scrolled: true, execution: {} },
      outputs: [text("a")],
      execution_count: 3,
    };
    const kept = { ...cell, id: "k", metadata: { tags: ["keep-output"] } };
    expect(stripNotebook({ ...emptyNotebook, cells: [cell, kept] }).cells).toEqual([
      { ...codeCell("c", "x"), metadata: { tags: ["t"] } },
      kept,
    ]);
  });
});
