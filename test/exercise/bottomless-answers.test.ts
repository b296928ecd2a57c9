import { expect, it } from "vitest";
import { readYaml } from "../../lib/exercise/yaml-text.js";

/** Calls itself until so many levels of stack are gone, and then does the work. */
function deep<T>(levels: number, work: () => T): T {
  return levels === 0 ? work() : ([deep(levels - 1, work)][0] as T); // the same value, one level up
}

it.each([
  ["brackets", "[".repeat(3000)],
  ["braces", "{a: ".repeat(3000)],
  ["brackets that are closed", "[".repeat(3000) + "]".repeat(3000)],
  ["dashes", "- ".repeat(3000)],
  ["question marks", "? ".repeat(3000)],
  ["indentation", Array.from({ length: 340 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
])("bottomless %s are told alike, however much stack is left", (_name, nested) => {
  const text = `topic:\n  ${nested.replaceAll("\n", "\n  ")}\n`;
  const told = readYaml("a.yaml", text);
  expect(told.ok ? [] : told.problems.map(({ what }) => what)).toEqual(["the file is nested too deeply"]);
  for (const levels of [1000, 3000, 5000]) expect(deep(levels, () => readYaml("a.yaml", text))).toEqual(told);
});
