import { z } from "zod";
import { nearest } from "../core/nearest.js";
import type { Problem } from "./verdict.js";
import type { PathPart, YamlText } from "./yaml-text.js";

export type ShapeResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Checks a file against its schema; what does not fit is told with its place and the nearest known key. */
export function checkShape<T>(text: YamlText, schema: z.ZodType<T>, whatFor: string): ShapeResult<T> {
  const result = schema.safeParse(text.value);
  if (result.success) return { ok: true, value: result.data };
  const known = namesIn(schema);
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, text, known, whatFor));
  return { ok: false, problems: problems.slice(0, 8) };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  text: YamlText,
  known: readonly string[],
  whatFor: string,
): readonly Problem[] {
  const path = issue.path.filter((part): part is PathPart => typeof part !== "symbol");
  const where = path.length === 0 ? "the file" : path.join(".");
  const place = (at: readonly PathPart[]) => ({ file: text.file, ...text.placeOf(at) });
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => {
        const meant = nearest(key, known);
        return {
          ...place([...path, key]),
          what: `there is no key "${key}" ${path.length === 0 ? "here" : `in ${where}`}`,
          why: `${whatFor} has no such key`,
          remedy: meant === null ? "delete it" : `did you mean "${meant}"?`,
        };
      });
    case "invalid_type":
      return [
        {
          ...place(path),
          what: issue.input === undefined ? `${where} is missing` : `${where} is not ${wordFor(issue.expected)}`,
          why: `${whatFor} needs ${wordFor(issue.expected)} here`,
          remedy: issue.input === undefined ? `add ${path.at(-1) ?? where}` : `write ${wordFor(issue.expected)}`,
        },
      ];
    case "invalid_value": {
      const values = issue.values.map(String);
      return [
        {
          ...place(path),
          what: `${where} is not one of ${values.join(", ")}`,
          why: `${whatFor} knows no other value here`,
          remedy: `write ${values.length === 1 ? values[0] : "one of them"}`,
        },
      ];
    }
    default:
      return [{ ...place(path), what: `${where}: ${issue.message}`, why: `${whatFor} is not so`, remedy: "change it" }];
  }
}

function wordFor(expected: string): string {
  const words: Readonly<Record<string, string>> = {
    string: "text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
    array: "a list",
    object: "a group of keys",
    record: "a group of keys",
  };
  return words[expected] ?? expected;
}

/** Every key that the schema names anywhere. */
function namesIn(schema: z.ZodType): readonly string[] {
  const names = new Set<string>();
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(walk);
    if (typeof part !== "object" || part === null) return;
    for (const [key, value] of Object.entries(part)) {
      if (key === "properties" && typeof value === "object" && value !== null)
        for (const name of Object.keys(value)) names.add(name);
      walk(value);
    }
  };
  walk(z.toJSONSchema(schema, { io: "input" }));
  return [...names];
}
