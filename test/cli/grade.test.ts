import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { strToU8, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./cli-under-test.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const program = join(root, "lib/bin/highwater.js");

let folder: string;
let submissions: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "grade-"));
  submissions = join(folder, "submissions");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const right = "version: 1\nchoice:\n  record: unknown\n";
const wrong = "version: 1\nchoice:\n  record: nowhere\n";
const exercise = "03-what-a-timeout-tells";

function hand(path: string, content: string | Uint8Array): void {
  const full = join(submissions, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
}

async function grade(...options: readonly string[]) {
  return run(["grade", submissions, "--only", exercise, "--jobs", "1", ...options], { folder: root });
}

function out(name: string, results = "submissions-grades"): string {
  return readFileSync(join(folder, results, name), "utf8");
}

function resultsOf(results?: string): Record<string, { result: string; points: number; problems: { what: string }[] }> {
  const lines = out("results.jsonl", results).trim().split("\n");
  return Object.fromEntries(
    lines.map((line) => {
      const { learner, exercises } = JSON.parse(line);
      return [learner, exercises[0]];
    }),
  );
}

describe("highwater grade", () => {
  it("writes grades, results, JUnit, an analysis and a page for each learner", async () => {
    hand("ada/03.yaml", right);
    hand("bob.zip", zipSync({ [`${exercise}.yaml`]: strToU8(wrong) }));
    hand("cyd.ipynb", notebook(`check("${exercise}", { version: 1, choice: { record: "unknown" } })`));
    hand("dan/notes.txt", "I did nothing");
    const { exitCode, out: said } = await grade("--csv", "plain", "canvas", "moodle");
    expect(exitCode).toBe(0);
    expect(said).toMatch(/^4 learners, 3 answers, 3 of them different: 2 graded now, 0 known from before\n/);
    expect(out("grades.csv")).toBe(
      `learner,name,${exercise},points,out of\r\nada,ada,2,2,2\r\nbob,bob,0,0,2\r\ncyd,cyd,2,2,2\r\ndan,dan,,0,2\r\n`,
    );
    expect(readdirSync(join(folder, "submissions-grades")).sort()).toEqual(
      [
        "feedback",
        "grades-canvas.csv",
        "grades-moodle.csv",
        "grades.csv",
        "items.html",
        "items.json",
        "junit.xml",
      ].concat(["results.jsonl", "verdicts.jsonl"]),
    );
    expect(readdirSync(join(folder, "submissions-grades/feedback")).sort()).toEqual(
      ["ada", "bob", "cyd", "dan"].map((name) => `${name}.html`),
    );
    expect(out("junit.xml")).toMatch(/<testsuite name="bob" tests="1" failures="1" errors="0" skipped="0">/);
    expect(JSON.parse(out("items.json")).items[0]).toMatchObject({ tried: 3, passed: 2, passRate: 67, missing: 1 });
  });

  it("a second run computes nothing and writes the same bytes", async () => {
    hand("ada/03.yaml", right);
    await grade();
    const before = out("grades.csv") + out("junit.xml") + out("results.jsonl") + out("feedback/ada.html");
    const { out: said } = await grade();
    expect(said).toMatch(/0 graded now, 1 known from before/);
    expect(out("grades.csv") + out("junit.xml") + out("results.jsonl") + out("feedback/ada.html")).toBe(before);
  });

  it("shows which scores would change, and publishes only when told to", async () => {
    hand("ada/03.yaml", wrong);
    hand("bob/03.yaml", right);
    await grade();
    const before = out("grades.csv");
    hand("ada/03.yaml", right);
    const held = await grade();
    expect(held.exitCode).toBe(1);
    expect(held.out).toContain(`ada  ${exercise}  0 of 2 (fail) → 2 of 2 (pass): something else was handed in`);
    expect(out("grades.csv")).toBe(before);
    expect(out("changes.csv")).toBe(
      `learner,exercise,before,after,because\r\nada,${exercise},0 of 2 (fail),2 of 2 (pass),something else was handed in\r\n`,
    );
    expect((await grade("--publish")).exitCode).toBe(0);
    expect(resultsOf().ada?.points).toBe(2);
  });

  it("--changed leaves what was published alone, --learner the others", async () => {
    hand("ada/03.yaml", right);
    hand("bob/03.yaml", wrong);
    await grade();
    // As if an instructor had given a point by hand.
    const published = join(folder, "submissions-grades/results.jsonl");
    writeFileSync(published, readFileSync(published, "utf8").replaceAll('"points":0', '"points":1'));
    hand("cyd/03.yaml", right);
    expect((await grade("--changed", "--publish")).out).toMatch(/cyd .*it is new/);
    expect(resultsOf()).toMatchObject({ ada: { points: 2 }, bob: { points: 1 }, cyd: { points: 2 } });
    hand("ada/03.yaml", wrong);
    await grade("--learner", "ada", "--publish");
    expect(resultsOf()).toMatchObject({ ada: { points: 0 }, bob: { points: 1 }, cyd: { points: 2 } });
  });

  it("--only keeps what was published of other exercises", async () => {
    hand("ada/03.yaml", right);
    hand("ada/06.yaml", readFileSync(join(root, "exercises/06-refused-writes/solution.yaml")));
    await grade();
    await run(["grade", submissions, "--only", "06", "--publish"], { folder: root });
    expect(out("grades.csv")).toBe(`learner,name,${exercise},06-refused-writes,points,out of\r\nada,ada,2,4,6,6\r\n`);
  });

  it.each([
    ["last", 0],
    ["best", 2],
    ["first", 0],
    ["average", 0.67],
  ])("--attempts %s gives %d points", async (policy, points) => {
    hand("ada/attempt-1/03.yaml", wrong);
    hand("ada/attempt-2/03.yaml", right);
    hand("ada/03.yaml", "choice:\n  record: written\n");
    await grade("--attempts", policy);
    expect(resultsOf().ada?.points).toBe(points);
  });

  it.each([
    [["--attempts", "luckiest"], /--attempts takes last, best, first, average, not "luckiest"/],
    [["--csv", "excel"], /--csv takes/],
    [["--shard", "5/4"], /--shard takes/],
    [["--jobs", "0"], /--jobs takes a whole number from 1 up/],
    [["--learner", "zoe"], /no submission of "zoe"/],
    [["--changed"], /there are none/],
    [["--roster", "nowhere.csv"], /no such file/],
  ])("refuses %j", async (options, message) => {
    hand("ada/03.yaml", right);
    const { exitCode, err } = await grade(...options);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
  });

  it("an empty folder, and one that is not there, are told", async () => {
    expect((await grade()).err).toMatch(/cannot be listed/);
    mkdirSync(submissions);
    expect((await grade()).err).toMatch(/there are no submissions/);
  });

  it.runIf(existsSync("/dev/full"))("a full disk ends it with a reason, and nothing is published", async () => {
    hand("ada/03.yaml", right);
    mkdirSync(join(folder, "submissions-grades"));
    symlinkSync("/dev/full", join(folder, "submissions-grades/verdicts.jsonl"));
    const { exitCode, err } = await grade();
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/cannot be written to .*ENOSPC.*run it again/)]);
    expect(existsSync(join(folder, "submissions-grades/grades.csv"))).toBe(false);
  });

  it("a file where the results' folder should be is told", async () => {
    hand("ada/03.yaml", right);
    writeFileSync(join(folder, "submissions-grades"), "");
    expect((await grade()).err).toMatch(/cannot be written to/);
  });
});

describe("what only the grader holds", () => {
  const hiddenFile = `version: 1
exercise: 05-rolling-restart
requirements:
  - id: unseen
    sentence: This sentence is a secret
    concern: availability
    points: 4
    require: { nothing: [acked-lost], acked: [m1] }
`;

  it("hidden checks count and are told by number; nothing else of them is in any file", async () => {
    hand("ada/05-rolling-restart.yaml", readFileSync(join(root, "exercises/05-rolling-restart/solution.yaml")));
    const hidden = join(folder, "hidden");
    mkdirSync(hidden);
    writeFileSync(join(hidden, "05-rolling-restart.yaml"), hiddenFile);
    const argv = ["grade", submissions, "--only", "05"];
    await run(argv, { folder: root });
    expect(out("results.jsonl")).toMatch(/"points":5,"outOf":5/);
    const { out: said } = await run([...argv, "--hidden", hidden, "--publish"], { folder: root });
    // Another verdict: the one without hidden checks does not stand for it.
    expect(said).toMatch(/1 graded now, 0 known from before/);
    expect(out("results.jsonl")).toMatch(/"points":9,"outOf":9/);
    expect(out("verdicts.jsonl")).toContain('"hidden":{"run":true,"passed":1,"of":1}');
    for (const name of readdirSync(join(folder, "submissions-grades"), { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), "utf8")).not.toMatch(/secret|unseen/);
  });

  it("a mistake in hidden checks ends the run with its place", async () => {
    hand("ada/05-rolling-restart.yaml", "steps: []");
    mkdirSync(join(folder, "hidden"));
    writeFileSync(join(folder, "hidden/05-rolling-restart.yaml"), hiddenFile.replace("points", "pints"));
    const { exitCode, err } = await run(["grade", submissions, "--only", "05", "--hidden", join(folder, "hidden")], {
      folder: root,
    });
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/05-rolling-restart\.yaml:4:5: requirements\.0\.points is missing/),
    ]);
  });

  it("the course's secret decides who has which variation, and each is graded by their own", async () => {
    const course = join(folder, "course");
    mkdirSync(join(course, "notebooks"), { recursive: true });
    mkdirSync(join(course, "exercises/01-varied"), { recursive: true });
    const varied = readFileSync(join(root, `exercises/${exercise}/exercise.yaml`), "utf8")
      .replace(`id: ${exercise}`, "id: 01-varied\nvariations:\n  - { said: unknown }\n  - { said: unsure }")
      .replace("          unknown:", "          $said$:");
    writeFileSync(join(course, "exercises/01-varied/exercise.yaml"), varied);
    writeFileSync(join(folder, "secret.txt"), "a secret\n");
    const learners = Array.from({ length: 12 }, (_, index) => `learner-${index}`);
    for (const learner of learners) hand(`${learner}/01.yaml`, "choice:\n  record: unsure\n");
    await run(["grade", submissions], { folder: course });
    expect(new Set(Object.values(resultsOf()).map(({ result }) => result))).toEqual(new Set(["ungradable"]));
    await run(["grade", submissions, "--secret", join(folder, "secret.txt"), "--publish"], { folder: course });
    const results = resultsOf();
    for (const learner of learners) {
      // What variation.ts promises: HMAC-SHA-256 of exercise and learner under the secret, its first 48 bits modulo the count.
      const digest = createHmac("sha256", "a secret")
        .update(JSON.stringify(["01-varied", learner]))
        .digest();
      expect(results[learner]?.result).toBe(digest.readUIntBE(0, 6) % 2 === 1 ? "pass" : "ungradable");
    }
    expect(new Set(Object.values(results).map(({ result }) => result)).size).toBe(2);
  });
});

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
  const options = (results: string) => ["grade", submissions, "--only", "05", "--out", join(folder, results)];

  it("killed twice and resumed, in shards, with one process or two", async () => {
    largeClass();
    await run([...options("whole"), "--jobs", "2"], { folder: root });

    for (const lines of [3, 8]) await killedAfter(lines, options("killed"), join(folder, "killed/verdicts.jsonl"));
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
    expect(existsSync(join(folder, "sharded/grades.csv"))).toBe(false);
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

describe("hostile submissions", () => {
  const bomb = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n";
  const hostile: readonly (readonly [name: string, content: string | Uint8Array, what: RegExp])[] = [
    ["aliases/03.yaml", bomb, /anchor/],
    ["loops/03.yaml", "choice: &c\n  record: *c\n", /anchor|refers/],
    ["deep/03.yaml", `choice: ${"[".repeat(60)}${"]".repeat(60)}\n`, /nested too deeply/],
    ["bottomless/03.yaml", `choice: ${"[".repeat(30_000)}`, /nested too deeply|not YAML/],
    ["twice/03.yaml", "choice:\n  record: unknown\n  record: nowhere\n", /second time/],
    ["proto/03.yaml", "__proto__:\n  polluted: 1\n", /__proto__/],
    ["tagged/03.yaml", "choice: !!js/function 'x'\n", /tag/],
    ["documents/03.yaml", `${right}---\n${right}`, /second document/],
    ["long/03.yaml", `# ${"x".repeat(100_000)}\n`, /characters/],
    ["huge/03.yaml", Buffer.alloc(2_000_000, "#"), /2000000 bytes/],
    ["binary/03.yaml", Buffer.from([0, 1, 2, 200, 201]), /not UTF-8/],
    ["utf16/03.yaml", Buffer.from(`\ufeff${right}`, "utf16le"), /UTF-16/],
    ["control/03.yaml", "choice:\n  record: \u0007\n", /not text/],
    ["slip.zip", zipSync({ "../../slipped.yaml": strToU8(right), [`${exercise}.yaml`]: strToU8("{") }), /not YAML/],
    ["bomb.zip", zipSync({ [`${exercise}.yaml`]: new Uint8Array(20_000_000) }, { level: 9 }), /20000000 bytes/],
    ["torn.zip", zipSync({ [`${exercise}.yaml`]: strToU8(right) }).subarray(0, 60), /no zip archive/],
    ["code.ipynb", notebook(`check("${exercise}", { choice: process.exit(1) })`), /this is code/],
    ["broken.ipynb", "{", /not JSON/],
    ["line\nend/03.yaml", "{", /not YAML/],
    ["=cmd()/03.yaml", "{", /not YAML/],
    ["<script>alert(1)/03.yaml", "{", /not YAML/],
  ];

  it("each is ungradable with its place and reason; the others are graded; nothing else is touched", async () => {
    for (const [path, content] of hostile) hand(path, content);
    hand("honest/03.yaml", right);
    hand("secret.txt", right);
    mkdirSync(join(submissions, "linked"));
    symlinkSync(join(submissions, "secret.txt"), join(submissions, "linked/03.yaml"));
    symlinkSync("/etc", join(submissions, "etc"));
    const before = treeOf(folder);
    const { exitCode } = await grade();
    expect(exitCode).toBe(0);
    const results = resultsOf();
    for (const [path, , what] of hostile) {
      const learner = path.split("/")[0]?.replace(/\.(zip|ipynb)$/, "") ?? "";
      expect(results[learner], learner).toMatchObject({ result: "ungradable", points: 0 });
      expect(results[learner]?.problems[0]?.what, learner).toMatch(what);
    }
    expect(results.linked?.problems[0]?.what).toMatch(/link/);
    expect(results.etc?.result).toBe("missing");
    expect(results.honest).toMatchObject({ result: "pass", points: 2 });
    const after = treeOf(folder).filter((line) => !line.startsWith("submissions-grades"));
    expect(after).toEqual(before);
    expect(Object.prototype).not.toHaveProperty("polluted");
    // What learners call themselves is text in every file.
    expect(out("grades.csv")).toContain("'=cmd(),");
    const pages = readdirSync(join(folder, "submissions-grades/feedback"));
    expect(pages).toHaveLength(hostile.length + 3);
    for (const page of pages) expect(out(`feedback/${page}`)).not.toMatch(/<script/i);
    expect(out("junit.xml")).not.toMatch(/<script/);
  });

  it("a runbook that goes on for ever is ungradable, in time", async () => {
    hand("ada/05-rolling-restart.yaml", `steps: [${Array(2000).fill("stop-1, start-1").join(", ")}]\n`);
    await run(["grade", submissions, "--only", "05"], { folder: root });
    expect(resultsOf().ada).toMatchObject({ result: "ungradable" });
    expect(resultsOf().ada?.problems[0]?.what).toMatch(/there are 4000 steps/);
  });

  it("a verdict that reaches a bound is none: it is told, and tried again by the next run", async () => {
    hand("ada/01-survive-one-broker.yaml", readFileSync(join(root, "exercises/01-survive-one-broker/solution.yaml")));
    hand("bob/01-survive-one-broker.yaml", Buffer.from([255]));
    const argv = ["grade", submissions, "--only", "01"];
    // Thousands of runs of a cluster are not played in two milliseconds.
    const cut = await run([...argv, "--time-limit", "0.002"], { folder: root });
    expect([cut.exitCode, cut.out]).toEqual([3, expect.stringMatching(/1 answer reached a bound/)]);
    expect(resultsOf()).toMatchObject({ ada: { result: "inconclusive", points: 0 }, bob: { result: "ungradable" } });
    expect(resultsOf().ada?.problems[0]?.what).toBe("grading took longer than 0.002 s");
    const { exitCode, out: said } = await run([...argv, "--publish"], { folder: root });
    expect([exitCode, said]).toEqual([0, expect.stringMatching(/1 graded now, 0 known from before/)]);
    expect(resultsOf().ada).toMatchObject({ result: "pass" });
  });
});

function notebook(source: string): string {
  const cell = { cell_type: "code", id: "a", metadata: {}, source, outputs: [], execution_count: null };
  return JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] });
}

/** Every file below, with size and time of change. */
function treeOf(from: string, inside = ""): string[] {
  return readdirSync(join(from, inside), { withFileTypes: true }).flatMap((entry) => {
    const path = join(inside, entry.name);
    if (entry.isDirectory()) return treeOf(from, path);
    if (!entry.isFile()) return [path];
    const { size, mtimeMs } = statSync(join(from, path));
    return [`${path} ${size} ${mtimeMs}`];
  });
}
