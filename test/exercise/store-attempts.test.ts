import { execFile, execFileSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
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

/** A program of its own that adds entries; it runs the built library, which `npm test` builds first. */
const library = new URL("../../lib/dist/exercise/store-attempts.js", import.meta.url).href;
function adding(count: number, name: string, answer: string): readonly string[] {
  const program = `import { addEntry } from ${JSON.stringify(library)};
    const entry = { type: "attempt", exercise: ${JSON.stringify(name)}, result: "fail", points: 0, outOf: 7, hash: "h" };
    for (let atMs = 0; atMs < ${count}; atMs++) addEntry(${JSON.stringify(folder)}, { ...entry, atMs, answer: ${JSON.stringify(answer)} });`;
  return ["--input-type=module", "-e", program];
}

describe("the attempt store under bad conditions", () => {
  it("two processes that add at the same time both get everything in", async () => {
    const run = promisify(execFile);
    const answer = "x".repeat(2000);
    await Promise.all(["one", "other"].map((name) => run(process.execPath, adding(100, name, answer))));
    const { entries, tornLines } = readAttempts(folder);
    expect(tornLines).toBe(0);
    for (const name of ["one", "other"])
      expect(entries.filter(({ exercise }) => exercise === name).map(({ atMs }) => atMs)).toEqual(
        Array.from({ length: 100 }, (_, index) => index),
      );
  }, 60_000);

  it.runIf(existsSync("/dev/full"))("a full disk is told, and nothing that was there is lost", () => {
    addEntry(folder, attempt(1));
    const other = mkdtempSync(join(folder, "full-"));
    symlinkSync("/dev/full", attemptsFile(other));
    expect(() => addEntry(other, attempt(2))).toThrow(/ENOSPC/);
    expect(readAttempts(folder).entries).toEqual([attempt(1)]);
  });

  it.skipIf(process.platform === "win32")("a disk that fills up in the middle of a line costs that line only", () => {
    // The system lets this process write files of at most 4 KB: the second entry fits in half.
    const argv = adding(2, "long", "y".repeat(2500)).map((part) => `'${part.replaceAll("'", "'\\''")}'`);
    const command = `ulimit -f 4; exec '${process.execPath}' ${argv.join(" ")}`;
    const failed = () => execFileSync("bash", ["-c", command], { stdio: "pipe" });
    expect(failed).toThrow(/EFBIG|file too large/i);
    expect(readFileSync(attemptsFile(folder)).length).toBe(4096);
    expect(readAttempts(folder)).toMatchObject({ entries: [{ exercise: "long", atMs: 0 }], tornLines: 1 });
    addEntry(folder, attempt(3));
    expect(readAttempts(folder)).toMatchObject({ entries: [{ atMs: 0 }, { atMs: 3 }], tornLines: 1 });
  });

  it("a folder that cannot be written to is told, and what is in it is still read", () => {
    addEntry(folder, attempt(1));
    const blocked = join(folder, "a-file");
    writeFileSync(blocked, "");
    expect(() => addEntry(join(blocked, "learner"), attempt(2))).toThrow(/ENOTDIR|EEXIST/);
    // Permissions do not hold the superuser.
    if (process.getuid?.() !== 0 && process.platform !== "win32") {
      chmodSync(attemptsFile(folder), 0o400);
      expect(() => addEntry(folder, attempt(2))).toThrow(/EACCES/);
    }
    expect(readAttempts(folder).entries).toEqual([attempt(1)]);
  });

  it("bytes that are no text, and lines without end, cost themselves only", () => {
    addEntry(folder, attempt(1));
    appendFileSync(attemptsFile(folder), Buffer.concat([Buffer.from([0xff, 0xfe, 0]), Buffer.alloc(100_000, "z")]));
    addEntry(folder, attempt(2));
    expect(readAttempts(folder)).toEqual({ entries: [attempt(1), attempt(2)], tornLines: 1 });
  });
});
