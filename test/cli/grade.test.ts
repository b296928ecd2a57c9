import { createHmac } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { classUnderTest, exercise, notebook, right, root, wrong } from "./class-under-test.js";
import { run } from "./cli-under-test.js";

const { at, hand, out, resultsOf, grade } = classUnderTest();

describe("highwater grade", () => {
  it("writes grades, results, JUnit, an analysis and a page for each learner", async () => {
    hand("ada/03.yaml", right);
    hand("bob.zip", zipSync({ [`${exercise}.yaml`]: strToU8(wrong) }));
    hand("cyd.ipynb", notebook(`check("${exercise}", { version: 1, choice: { record: "unknown" } })`));
    hand("dan/notes.txt", "I did nothing");
    hand("eve/03.yaml", `${right}# the same, with a comment\n`);
    const { exitCode, out: said } = await grade("--csv", "plain", "canvas", "moodle");
    expect(exitCode).toBe(0);
    expect(said).toMatch(/^5 learners, 4 answers, 4 of them different: 3 graded now, 0 known from before\n/);
    expect(out("grades.csv")).toBe(
      `learner,name,${exercise},points,out of\r\nada,ada,2,2,2\r\nbob,bob,0,0,2\r\ncyd,cyd,2,2,2\r\ndan,dan,,0,2\r\neve,eve,2,2,2\r\n`,
    );
    expect(readdirSync(at("submissions-grades")).sort()).toEqual(
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
    expect(readdirSync(at("submissions-grades/feedback")).sort()).toEqual(
      ["ada", "bob", "cyd", "dan", "eve"].map((name) => `${name}.html`),
    );
    expect(out("junit.xml")).toMatch(/<testsuite name="bob" tests="1" failures="1" errors="0" skipped="0">/);
    expect(JSON.parse(out("items.json")).items[0]).toMatchObject({ tried: 4, passed: 3, passRate: 75, missing: 1 });
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
    const published = at("submissions-grades/results.jsonl");
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
    await run(["grade", at("submissions"), "--only", "06", "--publish"], { folder: root });
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
    mkdirSync(at("submissions"));
    expect((await grade()).err).toMatch(/there are no submissions/);
  });

  it.runIf(existsSync("/dev/full"))("a full disk ends it with a reason, and nothing is published", async () => {
    hand("ada/03.yaml", right);
    mkdirSync(at("submissions-grades"));
    symlinkSync("/dev/full", at("submissions-grades/verdicts.jsonl"));
    const { exitCode, err } = await grade();
    expect([exitCode, err]).toEqual([2, expect.stringMatching(/cannot be written to .*ENOSPC.*run it again/)]);
    expect(existsSync(at("submissions-grades/grades.csv"))).toBe(false);
  });

  it("a file where the results' folder should be is told", async () => {
    hand("ada/03.yaml", right);
    writeFileSync(at("submissions-grades"), "");
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
    const hidden = at("hidden");
    mkdirSync(hidden);
    writeFileSync(join(hidden, "05-rolling-restart.yaml"), hiddenFile);
    const argv = ["grade", at("submissions"), "--only", "05"];
    await run(argv, { folder: root });
    expect(out("results.jsonl")).toMatch(/"points":5,"outOf":5/);
    const { out: said } = await run([...argv, "--hidden", hidden, "--publish"], { folder: root });
    // Another verdict: the one without hidden checks does not stand for it.
    expect(said).toMatch(/1 graded now, 0 known from before/);
    expect(out("results.jsonl")).toMatch(/"points":9,"outOf":9/);
    expect(out("verdicts.jsonl")).toContain('"hidden":{"run":true,"passed":1,"of":1}');
    for (const name of readdirSync(at("submissions-grades"), { recursive: true, withFileTypes: true }))
      if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name), "utf8")).not.toMatch(/secret|unseen/);
  });

  it("a mistake in hidden checks ends the run with its place", async () => {
    hand("ada/05-rolling-restart.yaml", "steps: []");
    mkdirSync(at("hidden"));
    writeFileSync(at("hidden/05-rolling-restart.yaml"), hiddenFile.replace("points", "pints"));
    const { exitCode, err } = await run(["grade", at("submissions"), "--only", "05", "--hidden", at("hidden")], {
      folder: root,
    });
    expect([exitCode, err]).toEqual([
      2,
      expect.stringMatching(/05-rolling-restart\.yaml:4:5: requirements\.0\.points is missing/),
    ]);
  });

  it("the course's secret decides who has which variation, and each is graded by their own", async () => {
    const course = at("course");
    mkdirSync(join(course, "notebooks"), { recursive: true });
    mkdirSync(join(course, "exercises/01-varied"), { recursive: true });
    const varied = readFileSync(join(root, `exercises/${exercise}/exercise.yaml`), "utf8")
      .replace(`id: ${exercise}`, "id: 01-varied\nvariations:\n  - { said: unknown }\n  - { said: unsure }")
      .replace("          unknown:", "          $said$:");
    writeFileSync(join(course, "exercises/01-varied/exercise.yaml"), varied);
    writeFileSync(at("secret.txt"), "a secret\n");
    const learners = Array.from({ length: 12 }, (_, index) => `learner-${index}`);
    for (const learner of learners) hand(`${learner}/01.yaml`, "choice:\n  record: unsure\n");
    await run(["grade", at("submissions")], { folder: course });
    expect(new Set(Object.values(resultsOf()).map(({ result }) => result))).toEqual(new Set(["ungradable"]));
    await run(["grade", at("submissions"), "--secret", at("secret.txt"), "--publish"], { folder: course });
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
