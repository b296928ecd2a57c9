import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { classUnderTest, root } from "./class-under-test.js";
import { run } from "./cli-under-test.js";

const program = join(root, "lib/bin/highwater.js");
const { at, hand, out } = classUnderTest();

describe("the same bytes, however the work was done", () => {
  /** A class with many different answers, so that a kill comes in the middle. */
  function largeClass(): number {
    const actions = ["stop-1", "start-1", "stop-2", "start-2", "stop-3", "start-3"];
    const count = 24;
    for (let index = 0; index < count; index++) {
      const steps = Array.from(
        { length: 1 + (index % 6) },
        (_, at) => actions[(index * 5 + at * (1 + (index % 4))) % 6],
      );
      hand(`learner ${index}/05-rolling-restart.yaml`, `version: 1\nsteps: [${steps.join(", ")}]\n`);
    }
    return count;
  }

  const files = ["grades.csv", "junit.xml", "items.json", "items.html"];
  const all = (results: string) => files.map((name) => out(name, results)).join("\n");
  const options = (results: string) => ["grade", at("submissions"), "--only", "05", "--out", at(results)];

  it("killed twice and resumed, in shards, with one process or two", async () => {
    largeClass();
    await run([...options("whole"), "--jobs", "2"], { folder: root });

    for (const lines of [3, 8]) await killedAfter(lines, options("killed"), at("killed/verdicts.jsonl"));
    const known = journal("killed").length;
    expect(known).toBeGreaterThanOrEqual(8);
    const { out: said } = await run([...options("killed"), "--json", "--jobs", "1"], { folder: root });
    const { statistics } = JSON.parse(said);
    expect(statistics.remembered).toBe(known);
    expect(statistics.graded + statistics.remembered).toBe(statistics.distinct);
    expect(new Set(journal("killed")).size).toBe(journal("killed").length);
    expect(all("killed")).toBe(all("whole"));

    for (const shard of ["2/3", "1/3", "3/3"]) {
      const { out: told } = await run([...options("sharded"), "--shard", shard], { folder: root });
      expect(told).toMatch(/graded now/);
    }
    expect(existsSync(at("sharded/grades.csv"))).toBe(false);
    const last = JSON.parse((await run([...options("sharded"), "--json"], { folder: root })).out);
    expect(last.statistics).toMatchObject({ graded: 0, remembered: last.statistics.distinct });
    expect(all("sharded")).toBe(all("whole"));
  }, 120_000);

  /** Keys in the order in which they were written; a torn last line has none. */
  function journal(results: string): string[] {
    return [...out("verdicts.jsonl", results).matchAll(/^\{"key":"(\w+)".*\}$/gm)].map(([, key = ""]) => key);
  }

  async function killedAfter(lines: number, argv: readonly string[], file: string): Promise<void> {
    const child: ChildProcess = spawn(process.execPath, [program, ...argv, "--jobs", "1"], {
      cwd: root,
      stdio: "ignore",
    });
    const written = () => (existsSync(file) ? readFileSync(file, "utf8").split("\n").length - 1 : 0);
    await expect.poll(written, { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(lines);
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    expect(child.signalCode).toBe("SIGKILL");
  }
});
