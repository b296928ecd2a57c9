import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type AttemptEntry,
  addEntry,
  attemptsFile,
  readAttempts,
  standingOf,
} from "../../lib/exercise/store-attempts.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "attempts-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function attempt(points: number, result: AttemptEntry["result"] = "fail"): AttemptEntry {
  return { type: "attempt", exercise: "01-x", atMs: points, result, points, outOf: 7, answer: "a: 1\n", hash: "h" };
}

describe("the attempt store", () => {
  it("a torn last line costs itself only, and the next attempt stands on a line of its own", () => {
    addEntry(folder, attempt(1));
    addEntry(folder, attempt(2));
    const file = attemptsFile(folder);
    truncateSync(file, readFileSync(file).length - 9);
    expect(readAttempts(folder)).toEqual({ entries: [attempt(1)], tornLines: 1 });
    addEntry(folder, attempt(3, "pass"));
    expect(readAttempts(folder)).toEqual({ entries: [attempt(1), attempt(3, "pass")], tornLines: 1 });
  });

  it("lines of somebody else are passed over and counted", () => {
    addEntry(folder, attempt(1));
    appendFileSync(attemptsFile(folder), '{"type":"attempt"}\nnonsense\n');
    addEntry(folder, attempt(2));
    expect(readAttempts(folder)).toEqual({ entries: [attempt(1), attempt(2)], tornLines: 2 });
  });

  it("ungradable answers cost no attempt; a pass stays a pass", () => {
    const entries = [attempt(0, "ungradable"), attempt(3), attempt(7, "pass"), attempt(1)];
    expect(standingOf(entries, "01-x")).toEqual({ state: "passed", attempts: 3, bestPoints: 7 });
    expect(standingOf(entries, "02-y")).toEqual({ state: "untouched", attempts: 0, bestPoints: 0 });
  });

  it("there is nothing before the first attempt", () => {
    expect(readAttempts(join(folder, "nobody"))).toEqual({ entries: [], tornLines: 0 });
  });
});
