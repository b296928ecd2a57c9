import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach } from "vitest";
import { run } from "./cli-under-test.js";

export const root = fileURLToPath(new URL("../..", import.meta.url));
/** A small exercise: what is tried here is the run, not the grader. */
export const exercise = "03-what-a-timeout-tells";
export const right = "version: 1\nchoice:\n  record: unknown\n";
export const wrong = "version: 1\nchoice:\n  record: nowhere\n";

export interface PublishedResult {
  readonly result: string;
  readonly points: number;
  readonly problems: readonly { readonly what: string }[];
}

/** A folder of submissions for each test, and its results beside it. */
export function classUnderTest() {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "grade-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const at = (...path: readonly string[]): string => join(folder, ...path);
  const out = (name: string, results = "submissions-grades"): string => readFileSync(at(results, name), "utf8");
  return {
    at,
    out,
    /** Hands something in; the first part of the path is the learner. */
    hand(path: string, content: string | Uint8Array): void {
      const full = at("submissions", path);
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, content);
    },
    /** By learner, what they got for their first exercise. */
    resultsOf(): Record<string, PublishedResult> {
      const lines = out("results.jsonl").trim().split("\n");
      return Object.fromEntries(
        lines.map((line) => {
          const { learner, exercises } = JSON.parse(line);
          return [learner, exercises[0]];
        }),
      );
    },
    grade: (...options: readonly string[]) =>
      run(["grade", at("submissions"), "--only", exercise, "--jobs", "1", ...options], { folder: root }),
  };
}

/** A notebook with one cell. */
export function notebook(source: string): string {
  const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [], execution_count: null };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
}
