import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type AttemptEntry, addEntry, readAttempts, standingOf } from "../../lib/exercise/store-attempts.js";
import { run } from "./cli-under-test.js";

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "progress-"));
});
afterEach(() => rmSync(base, { recursive: true }));

/** A machine with the course on it. */
function machine(name: string, entries: readonly AttemptEntry[] = []): string {
  const course = join(base, name);
  for (const part of ["notebooks", "exercises"]) mkdirSync(join(course, part), { recursive: true });
  for (const entry of entries) addEntry(join(course, ".highwater"), entry);
  return course;
}

function attempt(exercise: string, atMs: number, result: AttemptEntry["result"] = "fail"): AttemptEntry {
  return { type: "attempt", exercise, atMs, result, points: 1, outOf: 2, answer: "a: 1\n", hash: "h" };
}

const entriesOn = (course: string) => readAttempts(join(course, ".highwater")).entries;

async function carry(from: string, to: string) {
  const file = join(base, "carried.jsonl");
  writeFileSync(file, (await run(["progress", "export"], { folder: from })).out);
  return run(["progress", "import", file], { folder: to });
}

describe("highwater progress", () => {
  it("takes every attempt to another machine, and none twice", async () => {
    const [one, other] = [
      machine("one", [attempt("01", 1), attempt("01", 2, "pass")]),
      machine("other", [attempt("02", 3)]),
    ];
    expect((await carry(one, other)).out).toBe("2 added, 0 were there already\n");
    expect((await carry(one, other)).out).toBe("0 added, 2 were there already\n");
    expect(entriesOn(other)).toHaveLength(3);
  });

  it("a merge never loses a pass, whatever is merged in whatever order", async () => {
    const result = fc.constantFrom("pass", "fail", "ungradable", "inconclusive");
    const attempts = fc.array(fc.tuple(fc.constantFrom("01", "02"), fc.nat(5), result), { minLength: 1, maxLength: 6 });
    let round = 0;
    await fc.assert(
      fc.asyncProperty(attempts, attempts, async (mine, theirs) => {
        round++;
        const made = [mine, theirs].map((list) =>
          list.map(([exercise, atMs, result]) => attempt(exercise, atMs, result as never)),
        );
        const [one, other] = [machine(`one-${round}`, made[0]), machine(`other-${round}`, made[1])];
        await carry(one, other);
        const before = made.flat();
        for (const exercise of ["01", "02"]) {
          const passed = standingOf(before, exercise).state === "passed";
          expect(standingOf(entriesOn(other), exercise).state === "passed").toBe(passed);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("lines that are not whole are passed over, with a word", async () => {
    const file = join(base, "torn.jsonl");
    writeFileSync(file, `${JSON.stringify(attempt("01", 1))}\n{"type":"attempt","exer`);
    const here = machine("here");
    const { out } = await run(["progress", "import", file], { folder: here });
    expect(out).toBe("1 added, 0 were there already; 1 lines were not whole and were passed over\n");
  });

  it.each([
    ["nothing", "", /no attempts in it/],
    ["something else", "not ours\n", /no attempts in it/],
    ["prototype keys", '{"__proto__":{"type":"attempt"}}\n', /no attempts in it/],
  ])("refuses %s", async (_name, text, message) => {
    const file = join(base, "bad.jsonl");
    writeFileSync(file, text);
    const { exitCode, err } = await run(["progress", "import", file], { folder: machine("here") });
    expect([exitCode, err]).toEqual([2, expect.stringMatching(message)]);
  });

  it("says when there is no such file, and when the attempts cannot be written", async () => {
    const here = machine("here");
    expect((await run(["progress", "import", "nowhere.jsonl"], { folder: here })).err).toMatch(/cannot be read/);
    const file = join(base, "good.jsonl");
    writeFileSync(file, `${JSON.stringify(attempt("01", 1))}\n`);
    const blocked = machine("blocked");
    writeFileSync(join(blocked, ".highwater"), "");
    const { exitCode, err } = await run(["progress", "import", file], { folder: blocked });
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/cannot be (?:written|read)/)]);
  });
});
