import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeEach, describe, expect, it } from "vitest";
import { type NotebookChecker, notebookCheckers } from "../../../lib/notebook/check/checker.js";

const checkerFor = notebookCheckers(ts.sys);
const directory = fileURLToPath(new URL("../../../notebooks", import.meta.url));
let checker: NotebookChecker;
beforeEach(() => {
  checker = checkerFor(directory);
});

/** Cells named c1, c2 … in order. `¦` in a text marks the place asked about and is taken out. */
function cells(...sources: string[]): { readonly cell: string; readonly offset: number } {
  const index = sources.findIndex((source) => source.includes("¦"));
  checker.update(sources.map((source, at) => ({ id: `c${at + 1}`, source: source.replace("¦", "") })));
  return { cell: `c${index + 1}`, offset: sources[index]?.indexOf("¦") ?? 0 };
}

/** Diagnostics as `c1 2:5 2322`. */
function problems(...sources: string[]): readonly string[] {
  cells(...sources);
  return sources.flatMap((_, at) =>
    checker.diagnostics(`c${at + 1}`).map(({ line, column, code }) => `c${at + 1} ${line}:${column} ${code}`),
  );
}

describe("types across cells", () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ["an empty notebook", [], []],
    ["an earlier cell's names", ["const a = 1", "const b: number = a"], []],
    ["and their types", ["const a = 1", "\n  const b: string = a"], ["c2 2:9 2322"]],
    ["a name declared again", ["const a = 1", "const a = 'x'", "a.length"], []],
    ["the latest declaration counts", ["const a = 1", "a.toFixed()", "const a = 'x'", "a.toFixed()"], ["c4 1:3 2551"]],
    [
      "the same import twice",
      ["import { readFileSync } from 'fs'", "import { readFileSync } from 'fs'; readFileSync('')"],
      [],
    ],
    ["imports reach later cells", ["import * as fs from 'node:fs'", "fs.existsSync(1)"], ["c2 1:15 2345"]],
    [
      "types, interfaces, classes, enums",
      [
        "interface A { b: C } type C = 1; class D<T> { e!: T } enum F { G }",
        "const a: A = { b: 1 }; new D<F>().e = F.G",
      ],
      [],
    ],
    ["a later cell assigns a let", ["let a = 1", "a = 2; a += 1; a++"], []],
    ["with its type", ["let a = 1", "a = 'x'"], ["c2 1:1 2322"]],
    ["a const is not assigned", ["const a = 1", "a = 2"], ["c2 1:1 2632"]],
    [
      "top-level await",
      ["const a = await Promise.resolve(1)", "const b: number = a; for await (const c of [1]) c"],
      [],
    ],
    ["await elsewhere", ["function f() { await 1 }"], ["c1 1:16 1308"]],
    ["names of later cells", ["a", "const a = 1"], ["c1 1:1 2304"]],
    [
      "strictness",
      ["function f(x) { return x }", "const a: { b: number } | undefined = JSON.parse('1'); a.b"],
      ["c1 1:12 7006", "c2 1:55 18048"],
    ],
    ["declared twice in one cell", ["const a = 1; const a = 2"], ["c1 1:7 2451", "c1 1:20 2451"]],
    ["timers and Node", ["setTimeout(() => {}, 1); process.pid; Buffer.from(''); new URL('http://x')"], []],
    ["no browser", ["document.title"], ["c1 1:1 2584"]],
    ["what the kernel's library lacks", ["[1].toSorted()"], ["c1 1:5 2550"]],
    ["the library by name", ["import { invariant } from 'highwater'", "invariant(true, 1)"], ["c2 1:17 2345"]],
    ["tslab's display", ["import { display } from 'tslab'", "display.html(1)"], ["c2 1:14 2345"]],
    [
      "an unfinished cell does not swallow the next",
      ["const a = 1 /* open", "const b = `open", "const c: string = a"],
      ["c1 1:20 1010", "c2 1:16 1160", "c3 1:7 2322"],
    ],
    ["a cell that exports", ["export const a = 1; export default a", "a.toFixed()"], []],
    ["destructuring", ["const { a, b: [c] } = { a: 1, b: ['x'] }", "a.toFixed(); c.length; b"], ["c2 1:24 2304"]],
  ])("%s", (_, sources, expected) => {
    expect(problems(...sources)).toEqual(expected);
  });

  it("keeps up with edits, and asks again only where something can have changed", () => {
    expect(problems("const a = 1", "a.toFixed()", "a.length")).toEqual(["c3 1:3 2339"]);
    const untouched = checker.diagnostics("c3");
    expect(problems("const a = 1", "a.toFixed() // edited", "a.length")).toEqual(["c3 1:3 2339"]);
    expect(checker.diagnostics("c3")).toBe(untouched);
    expect(problems("const a = 'x'", "a.toFixed()", "a.length")).toEqual(["c2 1:3 2551"]);
    expect(problems("const b = 'x'", "a.toFixed()", "a.length")).toEqual(["c2 1:1 2304", "c3 1:1 2304"]);
    expect(problems("const b = 'x'", "const a = b", "a.length")).toEqual([]);
    expect(problems("const b = 2", "const a = b", "a.length")).toEqual(["c3 1:3 2339"]);
  });

  it("says it in plain words, and points at related places", () => {
    cells(
      "interface Topic { replicas: number }",
      "const t: Topic = { replica: 1 }",
      "zz",
      "const zz = 1",
      "t = 1 as never",
    );
    const [missing] = checker.diagnostics("c2");
    expect(missing?.gloss).toBe("`Topic` knows no `replica`. Did you mean `replicas`?");
    expect(missing?.message).not.toContain("__cell__");
    expect(checker.diagnostics("c3")[0]?.gloss).toContain("declared in a cell further down");
    cells("interface Topic { replicas: number }", "const t: Topic = { replicas: '1' }");
    expect(checker.diagnostics("c2")[0]?.related).toEqual([
      { cell: "c1", from: 18, to: 26, message: expect.stringContaining("replicas") },
    ]);
  });

  it("hides that cells are modules", () => {
    cells(
      "class Cluster { step() { return 1 } }\nconst cluster = new Cluster(); let n = 1",
      "const x: string = cluster; n = 'x'",
    );
    for (const { message } of checker.diagnostics("c2")) expect(message).not.toMatch(/import|__cell__/);
    expect(checker.diagnostics("c2")[0]?.message).toBe("Type 'Cluster' is not assignable to type 'string'.");
  });
});

describe("what the editor asks", () => {
  const hover = (...sources: string[]) => {
    const { cell, offset } = cells(...sources);
    return checker.hover(cell, offset);
  };

  it("hovers over names of this and earlier cells", () => {
    expect(hover("/** How many. */\nconst count = 3", "cou¦nt + 1")).toEqual({
      from: 0,
      to: 5,
      signature: "const count: 3",
      documentation: "How many.",
    });
    expect(hover("let count = 3", "count¦")?.signature).toBe("let count: number");
    expect(hover("function f(a: number) { return [a] }", "f¦(1)")?.signature).toBe("f(a: number): number[]");
    expect(hover("1 + ¦ 2")).toBeUndefined();
  });

  it("completes names and members", () => {
    const completions = (...sources: string[]) => {
      const { cell, offset } = cells(...sources);
      return checker.completions(cell, offset);
    };
    const members = completions("const cluster = { crash() {}, restart: 1 }", "cluster.re¦");
    expect(members?.entries.map(({ name, kind }) => `${kind} ${name}`)).toEqual(["method crash", "property restart"]);
    expect(members).toMatchObject({ from: 8, to: 10 });
    const names = completions("const cluster = 1", "clu¦")?.entries.map(({ name }) => name);
    expect(names).toContain("cluster");
    expect(names?.filter((name) => name.includes("cell__"))).toEqual([]);
    const detail = completions("/** Stops it. */ function crash(id: number) {}", "cra¦");
    expect(detail?.entries.some(({ name }) => name === "crash")).toBe(true);
    expect(checker.completionDetail("c2", 3, "crash")).toEqual({
      signature: "function crash(id: number): void",
      documentation: "Stops it.",
    });
    expect(completions("const = (¦")).toBeDefined();
  });

  it("helps with arguments", () => {
    const { cell, offset } = cells("function send(topic: string, value: number) {}", "send('a', ¦)");
    expect(checker.signatureHelp(cell, offset)).toEqual({
      from: 5,
      to: 10,
      signatures: [
        {
          label: "send(topic: string, value: number): void",
          parameters: [
            { from: 5, to: 18, documentation: "" },
            { from: 20, to: 33, documentation: "" },
          ],
          documentation: "",
        },
      ],
      activeSignature: 0,
      activeParameter: 1,
    });
  });

  it("goes to a definition in another cell, whether let or const, and in a library", () => {
    const definition = (...sources: string[]) => {
      const { cell, offset } = cells(...sources);
      return checker.definition(cell, offset);
    };
    expect(definition("const a = 1", "2", "a¦")).toEqual([{ cell: "c1", from: 6, to: 7 }]);
    expect(definition("let a = 1", "2", "a¦")).toEqual([{ cell: "c1", from: 4, to: 5 }]);
    expect(definition("const a = 1", "const a = 2; a¦")).toEqual([{ cell: "c2", from: 6, to: 7 }]);
    expect(definition("JSON.parse¦('1')")).toEqual([
      { file: expect.stringContaining("lib.es5.d.ts"), line: expect.any(Number), column: 5 },
    ]);
  });

  it("answers nothing for cells that are not there and for places beyond the end", () => {
    cells("const a = 1");
    expect(checker.diagnostics("none")).toEqual([]);
    expect(checker.hover("none", 0)).toBeUndefined();
    expect(checker.definition("none", 0)).toEqual([]);
    expect(checker.hover("c1", 1_000)).toBeUndefined();
    expect(checker.hover("c1", -5)).toBeUndefined();
  });
});
