import { describe, expect, it } from "vitest";
import { cellNames } from "../../lib/notebook/dependencies.js";

const names = (source: string) => {
  const { reads, writes } = cellNames(source);
  return `${reads.join(" ")} -> ${writes.join(" ")}`.trim();
};

describe("what a cell reads and writes", () => {
  it.each([
    ["", "->"],
    ["const a = b + 1", "b -> a"],
    ["let { a, b: [c, ...d] } = e", "e -> a c d"],
    ["x = y", "y -> x"],
    ["x += y", "x y -> x"],
    ["x++", "x -> x"],
    ["-x", "x ->"],
    ["[x, { y, z: w = v }] = u", "u v -> w x y"],
    ["for (x of xs) {}", "xs -> x"],
    ["for (const x of xs) f(x)", "f xs ->"],
    ["x.y.z = w", "w x ->"],
    ["({ a, b: c, [d]: 1 })", "a c d ->"],
    ["import { a as b, type C } from 'm'; b(d as C)", "d -> C b"],
    ["import e, * as f from 'm'", "-> e f"],
    ["function f(a, b = c) { var d; return a + b + d + e }", "c e -> f"],
    ["const f = (a) => { { let b } return b }", "b -> f"],
    ["class A extends B { c = d; e() { return this.c + f } }", "B d f -> A"],
    ["interface A<T> { b: T; c: D }", "D -> A"],
    ["type A<T> = T extends Array<infer U> ? U : V", "Array V -> A"],
    ["enum A { B = c }", "c -> A"],
    ["try { a } catch (b) { b; c }", "a c ->"],
    ["outer: for (;;) break outer", "->"],
    ["function f() { return g } function g() { return f }", "-> f g"],
    ["if (a) { var b = 1 }", "a -> b"],
    ["const a = 1; { const a = b; a }", "b -> a"],
    ["const f = function g() { return g }", "-> f"],
    ["let a: typeof b; let c: D.E", "D b -> a c"],
    ["const a = await b", "b -> a"],
    [`tag\`x\${a}\``, "a tag ->"],
    ["new.target; import.meta", "->"],
    ["function isA(x: unknown): x is A { return true }", "A -> isA"],
    ["const = ; a b (", "a b ->"],
  ])("%s", (source, expected) => {
    expect(names(source)).toBe(expected);
  });
});
