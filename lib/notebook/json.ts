/**
 * JSON as Jupyter writes it: keys sorted by code point, indent of one space, a newline at the end.
 * A notebook that passes through here and through nbformat's own writer comes out as the same bytes, with one
 * exception: JavaScript has no 1.0, so a whole number written as a float elsewhere (`1.0`) becomes `1`.
 */

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Compares as Python does: by code point, not by UTF-16 unit. */
export function compareCodePoints(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const difference = (a[index]?.codePointAt(0) ?? 0) - (b[index]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** The canonical text of `value`; `indent` 0 gives one line without spaces. Ends without a newline. */
export function canonicalJson(value: JsonValue, indent = 1): string {
  return write(value, indent, "");
}

function write(value: JsonValue, indent: number, margin: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = indent === 0 ? "" : `${margin}${" ".repeat(indent)}`;
  const open = indent === 0 ? "" : `\n${inner}`;
  const close = indent === 0 ? "" : `\n${margin}`;
  const separator = indent === 0 ? "," : `,\n${inner}`;
  if (isJsonObject(value)) {
    // `undefined` cannot come out of JSON, but an optional field may hold it: it is left out, as JSON.stringify does.
    const keys = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort(compareCodePoints);
    if (keys.length === 0) return "{}";
    const colon = indent === 0 ? ":" : ": ";
    const fields = keys.map((key) => `${JSON.stringify(key)}${colon}${write(value[key] ?? null, indent, inner)}`);
    return `{${open}${fields.join(separator)}${close}}`;
  }
  if (value.length === 0) return "[]";
  return `[${open}${value.map((item) => write(item, indent, inner)).join(separator)}${close}]`;
}
