import { isMap, isScalar, parseDocument } from "yaml";

export type AnswerValue = string | number | boolean | readonly (string | number | boolean)[];

/** Reads and writes single values of an `answer.yaml` text; comments, order and everything else stay as they were. */

/** The value at a path; `undefined` when it is not there or the text is not YAML. */
export function readValue(text: string, path: readonly string[]): AnswerValue | undefined {
  const document = parseDocument(text, { merge: false });
  if (document.errors.length > 0 || !isMap(document.contents)) return undefined;
  const value: unknown = document.getIn(path);
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  const items: unknown = typeof value === "object" && value !== null && "toJSON" in value ? document.toJS() : undefined;
  const list = path.reduce<unknown>((at, key) => (isRecord(at) ? at[key] : undefined), items);
  return Array.isArray(list) && list.every(isSimple) ? list : undefined;
}

/** The text with another value at `path`; with none, the key goes. An unreadable text is left alone. */
export function writeValue(text: string, path: readonly string[], value: AnswerValue | undefined): string {
  const document = parseDocument(text, { merge: false });
  if (document.errors.length > 0) return text;
  if (value === undefined) {
    document.deleteIn(path);
    return document.toString();
  }
  const old = document.getIn(path, true);
  if (isScalar(old) && !Array.isArray(value)) {
    old.value = value; // Keeps the comment that stands behind it.
    delete old.source;
  } else document.setIn(path, value);
  return document.toString({ lineWidth: 0 });
}

/** The first thing that makes the text no YAML, with its place. */
export function syntaxProblem(text: string): { readonly message: string; readonly line: number } | undefined {
  const [error] = parseDocument(text, { merge: false }).errors;
  if (error === undefined) return undefined;
  const line = error.linePos?.[0].line ?? 1;
  return { message: error.message.split("\n")[0]?.replace(/ at line \d+, column \d+:?$/, "") ?? "", line };
}

function isSimple(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
