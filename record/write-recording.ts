import { renameSync, writeFileSync } from "node:fs";
import type { Recording } from "../test/conformance/recording.js";

/** Writes a recording so that people can read it and differences are small: one field a line, one record a line. */
export function writeRecording(file: string, recording: Recording): void {
  const { steps, metadataRecords, ...rest } = recording;
  const fields = Object.entries(rest).map(([key, value]) => ` ${JSON.stringify(key)}: ${inline(value)}`);
  const text = [
    "{",
    [
      ...fields,
      ` "steps": [\n${steps.map(stepText).join(",\n")}\n ]`,
      ` "metadataRecords": [\n${metadataRecords.map((entry) => `  ${inline(entry)}`).join(",\n")}\n ]`,
    ].join(",\n"),
    "}\n",
  ].join("\n");
  // Never half a recording under its name.
  writeFileSync(`${file}.partial`, text);
  renameSync(`${file}.partial`, file);
}

function stepText(step: Recording["steps"][number]): string {
  const fields = Object.entries(step).map(([key, value]) => `   ${JSON.stringify(key)}: ${inline(value)}`);
  return `  {\n${fields.join(",\n")}\n  }`;
}

/** JSON on one line, with a space behind commas and colons. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined);
  return `{${entries.map(([key, entry]) => `${JSON.stringify(key)}: ${inline(entry)}`).join(", ")}}`;
}
