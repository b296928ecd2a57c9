import { compareCodePoints, isJsonObject, type JsonValue } from "./json.js";
import { type CodeCell, cellTags, type Notebook } from "./notebook.js";
import type { Output } from "./output.js";

/** One way in which a cell's outputs are not what they were. */
export interface Difference {
  /** The cell's id. */
  readonly cell: string;
  /** Its place among the notebook's cells, counted from 1. */
  readonly position: number;
  /** What differs, as a sentence. */
  readonly message: string;
}

/**
 * Compares what two notebooks show: a committed one and a fresh run of it, or two runs. Execution counts, metadata and
 * the way text was cut into pieces do not count. Cells tagged `varies` are left out.
 */
export function compareOutputs(before: Notebook, after: Notebook): readonly Difference[] {
  return after.cells.flatMap((cell, index): readonly Difference[] => {
    if (cell.cell_type !== "code" || cellTags(cell).includes("varies")) return [];
    const place = { cell: cell.id, position: index + 1 };
    const earlier = before.cells.find(({ id }) => id === cell.id);
    if (earlier?.cell_type !== "code") return [{ ...place, message: "The cell is new." }];
    return compareCells(earlier, cell).map((message) => ({ ...place, message }));
  });
}

function compareCells(before: CodeCell, after: CodeCell): readonly string[] {
  const was = joinStreams(before.outputs);
  const is = joinStreams(after.outputs);
  if (was.length === 0 && is.length > 0) return [`It showed nothing and now shows ${describe(is[0])}.`];
  if (was.length > 0 && is.length === 0) return [`It showed ${describe(was[0])} and now shows nothing.`];
  const length = Math.max(was.length, is.length);
  for (let index = 0; index < length; index++) {
    const name = length === 1 ? "Its output" : `Output ${index + 1}`;
    const [left, right] = [was[index], is[index]];
    if (left === undefined) return [`${name} is new: ${describe(right)}.`];
    if (right === undefined) return [`${name} is gone: ${describe(left)}.`];
    const difference = compareOutput(left, right);
    // What follows the first difference mostly follows from it.
    if (difference !== undefined) return [`${name} ${difference}`];
  }
  return [];
}

function compareOutput(was: Output, is: Output): string | undefined {
  if (kindOf(was) !== kindOf(is)) return `was ${describe(was)} and is now ${describe(is)}.`;
  if (was.output_type === "stream" && is.output_type === "stream") return compareText("text", was.text, is.text);
  if (was.output_type === "error" && is.output_type === "error") {
    return compareText("error", `${was.ename}: ${was.evalue}`, `${is.ename}: ${is.evalue}`);
  }
  const left = dataOf(was);
  const right = dataOf(is);
  const types = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort(compareCodePoints);
  for (const type of types) {
    const [a, b] = [left[type], right[type]];
    if (a === undefined) return `has a new form, ${type}.`;
    if (b === undefined) return `has lost its form ${type}.`;
    const difference =
      typeof a === "string" && typeof b === "string" ? compareText(type, a, b) : compareJson(type, a, b);
    if (difference !== undefined) return difference;
  }
  return undefined;
}

function compareText(what: string, was: string, is: string): string | undefined {
  if (was === is) return undefined;
  const left = was.split("\n");
  const right = is.split("\n");
  const line = left.findIndex((text, index) => text !== right[index]);
  const at = line < 0 ? left.length : line;
  const where = left.length > 1 || right.length > 1 ? ` in line ${at + 1}` : "";
  const [a, b] = quoteBoth(left[at], right[at]);
  return `differs (${what}${where}): was ${a}, is ${b}.`;
}

function compareJson(what: string, was: JsonValue, is: JsonValue): string | undefined {
  const difference = firstJsonDifference("", was, is);
  if (difference === undefined) return undefined;
  const { path, left, right } = difference;
  const where = path === "" ? "" : ` at ${path}`;
  const [a, b] = quoteBoth(JSON.stringify(left), JSON.stringify(right));
  return `differs (${what}${where}): was ${a}, is ${b}.`;
}

interface JsonDifference {
  readonly path: string;
  readonly left: JsonValue | undefined;
  readonly right: JsonValue | undefined;
}

function firstJsonDifference(
  path: string,
  left: JsonValue | undefined,
  right: JsonValue | undefined,
): JsonDifference | undefined {
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
      const found = firstJsonDifference(`${path}[${index}]`, left[index], right[index]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (isJsonObject(left) && isJsonObject(right)) {
    for (const key of [...new Set([...Object.keys(left), ...Object.keys(right)])].sort(compareCodePoints)) {
      const found = firstJsonDifference(path === "" ? key : `${path}.${key}`, left[key], right[key]);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return left === right ? undefined : { path, left, right };
}

/** Both texts, cut so that the first place where they differ is in view. */
function quoteBoth(was: string | undefined, is: string | undefined): readonly [string, string] {
  let same = 0;
  while (was !== undefined && is !== undefined && same < was.length && was[same] === is[same]) same++;
  const from = same > 50 ? same - 20 : 0;
  return [quote(was, from), quote(is, from)];
}

function quote(text: string | undefined, from = 0): string {
  if (text === undefined) return "nothing";
  const end = text.length > from + 80 ? from + 79 : text.length;
  return `“${from > 0 ? "…" : ""}${text.slice(from, end)}${end < text.length ? "…" : ""}”`;
}

/** Text written in pieces is one text. */
function joinStreams(outputs: readonly Output[]): readonly Output[] {
  const joined: Output[] = [];
  for (const output of outputs) {
    const last = joined.at(-1);
    if (output.output_type === "stream" && last?.output_type === "stream" && last.name === output.name) {
      joined[joined.length - 1] = { ...last, text: last.text + output.text };
    } else {
      joined.push(output);
    }
  }
  return joined;
}

/** A display and a result show the same thing. */
function kindOf(output: Output): string {
  if (output.output_type === "stream") return output.name;
  return output.output_type === "error" ? "error" : "display";
}

function dataOf(output: Output): { readonly [type: string]: JsonValue } {
  return output.output_type === "display_data" || output.output_type === "execute_result" ? output.data : {};
}

function describe(output: Output | undefined): string {
  if (output === undefined) return "nothing";
  if (output.output_type === "stream") return output.name === "stderr" ? "text on the error stream" : "text";
  if (output.output_type === "error") return `an error (${quote(`${output.ename}: ${output.evalue}`)})`;
  return `a display (${Object.keys(output.data).join(", ")})`;
}
