import { fileURLToPath } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { notebookCheckers } from "../../../lib/notebook/check/checker.js";

const directory = fileURLToPath(new URL("../../../notebooks", import.meta.url));
const checker = notebookCheckers(ts.sys)(directory);

describe("TypeScript's messages in plain words", () => {
  it.each([
    [1002, "const a = 'open", "end on the line it began"],
    [1005, "const a = [1, 2", "A `]` is missing"],
    [1109, "const a = ;", "A value belongs here"],
    [1128, "const a = 1; }", "bracket too many"],
    [1160, "`open", "not closed"],
    [1308, "function f() { await 1 }", "marked `async`"],
    [2304, "nothing", "There is no `nothing` here: check the spelling"],
    [2305, "import { nothingLikeIt } from 'node:path'", "has nothing called `nothingLikeIt` to import"],
    [2307, "import x from 'kafkajs'", "no module called `kafkajs`"],
    [2322, "const a: number = 'x'", "Here belongs `number`, and this is `string`"],
    [2339, "({ a: 1 }).zzz", "has nothing called `zzz`: check"],
    [2345, "Math.abs('x')", "Here belongs `number`, and this is `string`"],
    [2349, "const a = 1; a()", "not a function"],
    [2353, "const a: { b: 1 } = { b: 1, zzz: 2 }", "knows no `zzz`: check"],
    [2363, "1 - 'x'", "numbers on both sides"],
    [2365, "({}) + 1", "`+` does not work between"],
    [2367, "const a: 1 | 2 = 1 as 1 | 2; a === 3", "never true"],
    [2448, "a; const a = 1", "above the line"],
    [2451, "const a = 1; const a = 2", "declared twice"],
    [2540, "const a: { readonly b: 1 } = { b: 1 }; a.b = 1", "`b` can be read, not changed"],
    [2551, "'x'.lenght", "Did you mean `length`?"],
    [2552, "const leader = 1; leadr", "Did you mean `leader`?"],
    [2554, "Math.abs()", "takes 1 argument(s) and was given 0"],
    [2555, "((a: 1, ...b: 1[]) => b)()", "at least 1 argument(s) and was given 0"],
    [2588, "const a = 1; a = 2", "Declare it with `let`"],
    [2693, "interface A {} A", "exists for the checker only"],
    [2739, "const a: { b: 1; c: 1 } = {}", "left out: b, c."],
    [2741, "const a: { b: 1 } = {}", "`b` is left out"],
    [7006, "function f(x) {}", "`x: number`, for example"],
    [7053, "const k: string = 'a'; const o = { b: 1 }; o[k]", "under this key"],
    [18046, "try { 1 } catch (e) { e.message }", "What `e` is has to be checked"],
    [18047, "let a: string | null = null as string | null; a.length", "`a` may be missing"],
    [18048, "let a = [''].find(Boolean); a.length", "`a` may be missing"],
    [2532, "[''].find(Boolean).length", "This may be missing"],
  ])("%i: %s", (code, source, words) => {
    checker.update([{ id: "c", source }]);
    const found = checker.diagnostics("c").find((diagnostic) => diagnostic.code === code);
    expect(found?.gloss).toContain(words);
  });
});
