import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gradeAnswer } from "../../../lib/exercise/grade.js";
import { VerdictJournal } from "../../../lib/exercise/store-classroom/verdict-journal.js";
import { exerciseOf } from "../course.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const verdict = gradeAnswer(exerciseOf("03-what-a-timeout-tells"), "choice:\n  record: unknown\n");
const file = () => join(folder, "verdicts.jsonl");

function add(...keys: readonly string[]): void {
  const journal = new VerdictJournal(folder, null);
  for (const key of keys) journal.add(key, verdict);
  journal.close();
}

describe("the journal of verdicts", () => {
  it("gives back what was added, in another process's time", () => {
    add("a", "b");
    const again = new VerdictJournal(folder, null);
    expect([again.get("a"), again.get("c")]).toEqual([verdict, undefined]);
    expect(again.tornLines).toBe(0);
    again.close();
  });

  it("a verdict is in the file as soon as it was added: a kill does not cost it", () => {
    const journal = new VerdictJournal(folder, null);
    journal.add("a", verdict);
    expect(readFileSync(file(), "utf8")).toBe(`${JSON.stringify({ key: "a", verdict })}\n`);
    journal.close();
  });

  it("a line that a kill tore costs itself only", () => {
    add("a", "b");
    truncateSync(file(), readFileSync(file()).length - 20);
    add("c");
    const again = new VerdictJournal(folder, null);
    expect(["a", "b", "c"].map((key) => again.get(key) !== undefined)).toEqual([true, false, true]);
    expect(again.tornLines).toBe(1);
    again.close();
  });

  it("lines of somebody else are counted and passed over, changed verdicts too", () => {
    add("a");
    appendFileSync(file(), `nonsense\n{"key":"b","verdict":{"result":"pass","points":100}}\n`);
    const again = new VerdictJournal(folder, null);
    expect([again.get("b"), again.tornLines]).toEqual([undefined, 2]);
    again.close();
  });

  it("two that write at the same time both get everything in", () => {
    const [one, other] = [new VerdictJournal(folder, null), new VerdictJournal(folder, null)];
    for (let index = 0; index < 50; index++) {
      one.add(`one ${index}`, verdict);
      other.add(`other ${index}`, verdict);
    }
    one.close();
    other.close();
    const again = new VerdictJournal(folder, null);
    const keys = Array.from({ length: 50 }, (_, index) => [`one ${index}`, `other ${index}`]).flat();
    expect(keys.filter((key) => again.get(key) === undefined)).toEqual([]);
    expect(again.tornLines).toBe(0);
    again.close();
  });

  it("shards have files of their own, and all are read", () => {
    const shard = new VerdictJournal(folder, "2-of-4");
    shard.add("a", verdict);
    shard.close();
    expect(existsSync(join(folder, "verdicts-2-of-4.jsonl"))).toBe(true);
    const all = new VerdictJournal(folder, null);
    expect(all.get("a")).toEqual(verdict);
    all.close();
  });

  it.runIf(existsSync("/dev/full"))("a full disk is told, not passed over", () => {
    symlinkSync("/dev/full", file());
    expect(() => add("a")).toThrow(/ENOSPC/);
  });
});
