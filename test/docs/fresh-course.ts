import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** A course of its own, as a reader has it after `npm ci`. */
export function freshCourse(): string {
  const folder = mkdtempSync(join(tmpdir(), "highwater-docs-"));
  for (const part of ["notebooks", "exercises", "test/scenarios", "docs", "package.json"])
    cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  // npx itself would only cost half a second a line.
  const npx = `#!/bin/sh\nshift\nexec "${process.execPath}" "${join(root, "lib/bin/highwater.js")}" "$@"\n`;
  mkdirSync(join(folder, ".bin"));
  writeFileSync(join(folder, ".bin/npx"), npx, { mode: 0o755 });
  return folder;
}

/** What a line of a shell does in such a course. */
export function typeLine(folder: string, line: string) {
  const { PATH = "", ...env } = process.env;
  return spawnSync("sh", ["-c", line], {
    cwd: folder,
    env: { ...env, PATH: `${join(folder, ".bin")}:${PATH}` },
    encoding: "utf8",
  });
}
