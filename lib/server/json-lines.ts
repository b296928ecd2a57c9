import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** What was read back: the whole entries, and how many torn bytes a kill in mid-write left at the end. */
export interface JsonLines {
  readonly entries: readonly unknown[];
  readonly tornBytes: number;
}

/**
 * Adds one entry at the end of a file of JSON lines. When this returns, the entry survives the death of the process
 * (the operating system has it); surviving a power cut is left to the next checkpoint, which syncs.
 */
export function appendJsonLine(path: string, entry: unknown): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
}

/** Reads a file of JSON lines; a missing file is an empty one. Stops at the first line that is not whole. */
export function readJsonLines(path: string): JsonLines {
  if (!existsSync(path)) return { entries: [], tornBytes: 0 };
  const bytes = readFileSync(path);
  const entries: unknown[] = [];
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(0x0a, start);
    if (end === -1) break;
    try {
      entries.push(JSON.parse(bytes.toString("utf8", start, end)));
    } catch {
      break;
    }
    start = end + 1;
  }
  return { entries, tornBytes: bytes.length - start };
}

/** Like {@link readJsonLines}, and cuts the torn end off so that the next append starts on a line of its own. */
export function recoverJsonLines(path: string): JsonLines {
  const lines = readJsonLines(path);
  if (lines.tornBytes > 0) truncateSync(path, readFileSync(path).length - lines.tornBytes);
  return lines;
}

/** Keeps the entries that `keep` wants. A kill in between leaves the old file whole. */
export function rewriteJsonLines(path: string, keep: (entry: unknown) => boolean): void {
  if (!existsSync(path)) return;
  const kept = readJsonLines(path).entries.filter(keep);
  const temporary = `${path}.tmp`;
  writeFileSync(temporary, kept.map((entry) => `${JSON.stringify(entry)}\n`).join(""), { mode: 0o600 });
  renameSync(temporary, path);
}
