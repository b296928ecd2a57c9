import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { run } from "./cli-under-test.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "verify-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

async function verdictOn(answer: string): Promise<string> {
  return (await run(["check", "03", "--answer", put("checked.yaml", answer), "--json"], { folder: root })).out;
}

async function verify(verdict: string, answer: string, ...options: readonly string[]) {
  const files = [put("verdict.json", verdict), "--answer", put("answer.yaml", answer)];
  return run(["verify", ...files, ...options], { folder: root });
}

const wrong = "choice:\n  record: nowhere\n";

describe("highwater verify", () => {
  it.each([wrong, "choice:\n  record: unknown\n", "choice: [\n"])("a verdict is what it says: %j", async (answer) => {
    const { exitCode, out } = await verify(await verdictOn(answer), answer);
    expect([exitCode, out]).toEqual([0, expect.stringMatching(/^equal: \w+, \d of 2 points\n[0-9a-f]{64}\n$/)]);
  });

  it("comments and layout are no part of an answer", async () => {
    expect((await verify(await verdictOn(wrong), `# mine\nchoice: { record: nowhere }\n`)).exitCode).toBe(0);
  });

  it("says what somebody changed by hand", async () => {
    const changed = (await verdictOn(wrong))
      .replace('"points":0', '"points":2')
      .replace('"result":"fail"', '"result":"pass"');
    const { exitCode, out } = await verify(changed, wrong);
    expect(exitCode).toBe(1);
    expect(out).toMatch(/points: the verdict says 2, computed 0/);
    expect(out).toMatch(/result: the verdict says "pass", computed "fail"/);
    expect(out).toMatch(/the verdict was changed by hand/);
  });

  it("says that it is about another answer, or another seed", async () => {
    const other = await verify(await verdictOn(wrong), "choice:\n  record: written\n", "--json");
    const { equal, differences } = JSON.parse(other.out);
    expect([other.exitCode, equal]).toEqual([1, false]);
    expect(differences.map(({ path }: { path: string }) => path)).toContain("hash");
    const seeded = await verify(await verdictOn(wrong), wrong, "--seed", "7");
    expect([seeded.exitCode, seeded.out]).toEqual([1, expect.stringMatching(/the seed or the version/)]);
  });

  it.each([
    ["not JSON", "{", /is not JSON/],
    ["no verdict", '{"format":"highwater-list"}', /is no verdict at/],
    ["of an exercise that is not here", "", /no exercise "99-nowhere"/],
  ])("refuses what is %s", async (_name, text, message) => {
    const verdict = text === "" ? (await verdictOn(wrong)).replaceAll("03-what-a-timeout-tells", "99-nowhere") : text;
    const { exitCode, err } = await verify(verdict, wrong);
    expect([exitCode, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
