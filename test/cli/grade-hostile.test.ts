import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { classUnderTest, exercise, notebook, right, root } from "./class-under-test.js";
import { run } from "./cli-under-test.js";

const { at, hand, out, resultsOf, grade } = classUnderTest();

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
    mkdirSync(at("submissions", "linked"));
    symlinkSync(at("submissions", "secret.txt"), at("submissions", "linked/03.yaml"));
    symlinkSync("/etc", at("submissions", "etc"));
    const before = treeOf(at());
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
    const after = treeOf(at()).filter((line) => !line.startsWith("submissions-grades"));
    expect(after).toEqual(before);
    expect(Object.prototype).not.toHaveProperty("polluted");
    // What learners call themselves is text in every file.
    expect(out("grades.csv")).toContain("'=cmd(),");
    const pages = readdirSync(at("submissions-grades/feedback"));
    expect(pages).toHaveLength(hostile.length + 3);
    for (const page of pages) expect(out(`feedback/${page}`)).not.toMatch(/<script/i);
    expect(out("junit.xml")).not.toMatch(/<script/);
  });

  it("a runbook that goes on for ever is ungradable, in time", async () => {
    hand("ada/05-rolling-restart.yaml", `steps: [${Array(2000).fill("stop-1, start-1").join(", ")}]\n`);
    await run(["grade", at("submissions"), "--only", "05"], { folder: root });
    expect(resultsOf().ada).toMatchObject({ result: "ungradable" });
    expect(resultsOf().ada?.problems[0]?.what).toMatch(/there are 4000 steps/);
  });

  it("a verdict that reaches a bound is none: it is told, and tried again by the next run", async () => {
    hand("ada/01-survive-one-broker.yaml", readFileSync(join(root, "exercises/01-survive-one-broker/solution.yaml")));
    hand("bob/01-survive-one-broker.yaml", Buffer.from([255]));
    const argv = ["grade", at("submissions"), "--only", "01"];
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
