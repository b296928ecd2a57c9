import { describe, expect, it } from "vitest";
import { answersInNotebook } from "../../../lib/exercise/classroom/notebook-answers.js";

const expected = [
  { exercise: "01-one", starter: "version: 1\ntopic:\n  min.insync.replicas: 1\nproducer:\n  acks: 1\n" },
  { exercise: "02-two", starter: "version: 1\nprediction:\n  leader:\n  epoch:\n  isr:\n" },
  { exercise: "03-three", starter: "version: 1\nchoice:\n  record:\n" },
];

interface TestCell {
  readonly id?: string;
  readonly type?: string;
  readonly exercise?: string;
  readonly source: string;
}

function notebook(...cells: readonly TestCell[]): string {
  return JSON.stringify({
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: cells.map(({ id, type = "raw", exercise, source }) => ({
      ...(id === undefined ? {} : { id }),
      cell_type: type,
      metadata: exercise === undefined ? {} : { highwater: { exercise } },
      source: source.split(/(?<=\n)/),
    })),
  });
}

function read(...cells: readonly TestCell[]) {
  const { answers, repairs } = answersInNotebook("a.ipynb", notebook(...cells), expected, 1);
  const texts = answers.map(({ exercise, content }) => [
    exercise,
    content.kind === "text"
      ? content.text
      : `${content.problem.line}:${content.problem.column} ${content.problem.what}`,
  ]);
  return { answers: Object.fromEntries(texts), repairs };
}

const one = "topic:\n  min.insync.replicas: 2\nproducer:\n  acks: all\n";
const two = "prediction:\n  leader: 2\n  epoch: 1\n  isr: [2, 3]\n";
const three = "choice:\n  record: unknown\n";

describe("answer cells", () => {
  it("are found by their mark or their id, in any order, whatever else is there", () => {
    const { answers, repairs } = read(
      { source: "# Some notes\n", type: "markdown" },
      { exercise: "03-three", source: three },
      { id: "answer-02-two", source: two },
      { source: "console.log(1)", type: "code" },
      { exercise: "01-one", source: one },
    );
    expect(answers).toEqual({ "01-one": one, "02-two": two, "03-three": three });
    expect(repairs).toEqual([]);
  });

  it("that lost their mark are found by the name they give, then by their keys, and it is told", () => {
    const { answers, repairs } = read({ source: `# exercise: 01-one\n${one}` }, { source: two }, { source: "a: 1\n" });
    expect(Object.keys(answers)).toEqual(["01-one", "02-two"]);
    expect(repairs).toEqual([
      "a.ipynb: cell 1 has lost its mark; it names 01-one and was taken for its answer",
      "a.ipynb: cell 2 has lost its mark; its keys are those of 02-two, so it was taken for its answer",
      "a.ipynb: no cell answers 03-three; if one was deleted, hand it in again",
    ]);
  });

  it("that are there twice: the last that is no untouched starter counts, and it is told", () => {
    const starter = expected[0]?.starter ?? "";
    const { answers, repairs } = read(
      { exercise: "01-one", source: "topic:\n  min.insync.replicas: 3\n" },
      { exercise: "01-one", source: one },
      { exercise: "01-one", source: starter },
      { exercise: "02-two", source: two },
      { exercise: "03-three", source: three },
    );
    expect(answers["01-one"]).toBe(one);
    expect(repairs).toEqual(["a.ipynb: cells 1, 2, 3 all answer 01-one; cell 2 counts"]);
  });

  it("a marked cell counts before one that only looks alike", () => {
    const { answers } = read(
      { exercise: "01-one", source: one },
      { source: "topic:\n  min.insync.replicas: 9\nproducer:\n  acks: 0\n" },
    );
    expect(answers["01-one"]).toBe(one);
  });

  it("a cell that might be the answer to two exercises is nobody's", () => {
    const alike = [
      { exercise: "01-one", starter: one },
      { exercise: "02-two", starter: one },
    ];
    expect(answersInNotebook("a.ipynb", notebook({ source: one }), alike, 1).answers).toEqual([]);
  });

  it("in a fence of a text cell, or behind a kernel's magic word", () => {
    const { answers } = read(
      { exercise: "01-one", type: "markdown", source: `\`\`\`yaml\n${one}\`\`\`\n` },
      { exercise: "02-two", type: "code", source: `%%yaml\n${two}` },
    );
    expect(answers).toEqual({ "01-one": one, "02-two": two });
  });
});

describe("check(…) in a TypeScript cell", () => {
  const code = (source: string) => read({ type: "code", source }).answers["01-one"];

  it("is read, not run: keys quoted or not, any quotes, comments, constants of the cell", () => {
    const said = code(`
      const acks = "all" as const; // a constant
      display(await check('01-one', {
        topic: { 'min.insync.replicas': 2, /* no */ "unclean.leader.election.enable": false, },
        producer: { acks, n: -1, o: null, l: [true, \`a
b\`] },
      }));`);
    expect(JSON.parse(said ?? "")).toEqual({
      topic: { "min.insync.replicas": 2, "unclean.leader.election.enable": false },
      producer: { acks: "all", n: -1, o: null, l: [true, "a\nb"] },
    });
  });

  it("numbers stay as they were typed, repeated keys stay repeated", () => {
    expect(code('check("01-one", { a: 1e1, a: 2 })')).toBe('{\n  "a": 1e1,\n  "a": 2\n}\n');
  });

  it.each([
    ['check("01-one", { a: process.exit(1) })', /^1:22 this is code/],
    ['check("01-one", { a: other })', /^1:22 other is not a value of this cell/],
    ['check("01-one", { ...evil })', /only `key: value`/],
    ['check("01-one", { [x]: 1 })', /computed/],
    ['check("01-one")', /no answer/],
    ['const a = a;\ncheck("01-one", { a: a })', /nested too deeply/],
    [
      `${Array.from({ length: 8 }, (_, at) => `const b${at} = [b${at + 1}, b${at + 1}, b${at + 1}];`).join("\n")}\nconst b8 = 1;\ncheck("01-one", { a: b0 })`,
      /more than 2000 values/,
    ],
  ])("%# is told with its place", (source, what) => {
    expect(code(source)).toMatch(what);
  });

  it("survives what would break a parser", () => {
    expect(read({ type: "code", source: `check("01-one", ${"[".repeat(30_000)}` }).answers).not.toHaveProperty(
      "02-two",
    );
    expect(read({ type: "code", source: "check(".repeat(10_000) }).answers).toEqual({});
  });
});

describe("files that are no good notebook", () => {
  it.each([
    ["not JSON", "{", /not JSON/],
    ["no notebook", "[1]", /no notebook/],
    ["deep", "[".repeat(200_000), /not JSON/],
    ["too many cells", JSON.stringify({ cells: Array(5001).fill({ cell_type: "raw", source: "" }) }), /5001 cells/],
  ])("%s: every exercise is told why", (_name, text, what) => {
    const { answers } = answersInNotebook("a\nb.ipynb", text, expected, 1);
    expect(answers.map(({ exercise }) => exercise)).toEqual(["01-one", "02-two", "03-three"]);
    for (const { file, content } of answers) {
      expect(file).toBe("a\\nb.ipynb");
      expect(content.kind === "unreadable" && content.problem.what).toMatch(what);
    }
  });

  it("cells that are no cells are passed over", () => {
    const text = JSON.stringify({ cells: [null, 7, { cell_type: "raw", id: "answer-01-one", source: one }] });
    expect(answersInNotebook("a.ipynb", text, expected, 1).answers).toMatchObject([{ exercise: "01-one" }]);
  });

  it("__proto__ in a notebook reaches nothing", () => {
    const text = `{"__proto__": {"polluted": 1}, "cells": [{"cell_type":"raw","source":"x","metadata":{"__proto__":{"highwater":{"exercise":"01-one"}}}}]}`;
    expect(answersInNotebook("a.ipynb", text, expected, 1).answers).toEqual([]);
    expect(Object.prototype).not.toHaveProperty("polluted");
  });
});
