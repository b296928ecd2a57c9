import { isJsonObject, type JsonObject, type JsonValue } from "./json.js";
import type { Output } from "./output.js";

/** How single fields of a notebook file are read and written: text as lists of lines, outputs by type. */

/** Text from the file's one or many lines, or undefined when it is neither. */
export function joinLines(value: JsonValue | undefined): string | undefined {
  if (typeof value === "string") return value;
  if (value === undefined || !Array.isArray(value)) return undefined;
  return value.every((line) => typeof line === "string") ? value.join("") : undefined;
}

/** Lines with their ends kept, broken where Python's `splitlines` breaks, which is what writes other people's files. */
export function splitLines(text: string): readonly string[] {
  const lines: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (!lineEnds.has(text.charCodeAt(index))) continue;
    if (text.startsWith("\r\n", index)) index++;
    lines.push(text.slice(start, index + 1));
    start = index + 1;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}
const lineEnds: ReadonlySet<number> = new Set([10, 11, 12, 13, 0x1c, 0x1d, 0x1e, 0x85, 0x2028, 0x2029]);

/** nbformat stores these as lists of lines and every other string as it is. */
function isSplit(mimeType: string): boolean {
  return mimeType.startsWith("text/") || mimeType === "application/javascript" || mimeType === "image/svg+xml";
}

export function splitBundles(bundle: JsonObject): JsonObject {
  return mapBundle(bundle, (mimeType, value) =>
    typeof value === "string" && isSplit(mimeType) ? splitLines(value) : value,
  );
}

/** Any list of strings under a type that is not JSON is text; a lone string stays as it is. */
function joinBundles(bundle: JsonObject): JsonObject {
  return mapBundle(bundle, (mimeType, value) =>
    mimeType === "application/json" || mimeType.endsWith("+json") ? value : (joinLines(value) ?? value),
  );
}

function mapBundle(bundle: JsonObject, change: (mimeType: string, value: JsonValue) => JsonValue): JsonObject {
  return Object.fromEntries(Object.entries(bundle).map(([mimeType, value]) => [mimeType, change(mimeType, value)]));
}

export function readOutput(value: JsonValue): Output {
  if (!isJsonObject(value)) return foreignOutput(value);
  const metadata = isJsonObject(value.metadata) ? value.metadata : {};
  const data = value.data;
  switch (value.output_type) {
    case "stream": {
      const name = value.name === "stderr" ? "stderr" : "stdout";
      return { ...value, output_type: "stream", name, text: joinLines(value.text) ?? "" };
    }
    case "display_data":
      if (!isJsonObject(data)) return foreignOutput(value);
      return { ...value, output_type: "display_data", data: joinBundles(data), metadata };
    case "execute_result": {
      if (!isJsonObject(data)) return foreignOutput(value);
      const count = value.execution_count;
      const executionCount = typeof count === "number" ? count : null;
      return {
        ...value,
        output_type: "execute_result",
        data: joinBundles(data),
        metadata,
        execution_count: executionCount,
      };
    }
    case "error": {
      const traceback = Array.isArray(value.traceback) ? value.traceback : [];
      return {
        ...value,
        output_type: "error",
        ename: String(value.ename ?? "Error"),
        evalue: String(value.evalue ?? ""),
        traceback: traceback.map((line: JsonValue) => String(line)),
      };
    }
    default:
      return foreignOutput(value);
  }
}

export function writeOutput(output: Output): JsonValue {
  if (output.output_type === "display_data" && Object.hasOwn(output.metadata, foreignKey)) {
    return output.metadata[foreignKey] ?? null;
  }
  const written = { ...output } as unknown as JsonObject; // an output comes from JSON and goes back to it
  switch (output.output_type) {
    case "stream":
      return { ...written, text: splitLines(output.text) };
    case "display_data":
    case "execute_result":
      return { ...written, data: splitBundles(output.data) };
    case "error":
      return written;
  }
}

/** An output of a kind we do not know is shown as a line of text and written back as it came. */
function foreignOutput(value: JsonValue): Output {
  const kind = isJsonObject(value) ? String(value.output_type) : typeof value;
  return {
    output_type: "display_data",
    data: { "text/plain": `[an output of a kind this page does not know: ${kind}]` },
    metadata: { [foreignKey]: value },
  };
}
const foreignKey = "highwater.foreign";
