import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { exercisesFolder } from "../exercise/course.js";
import { run } from "./cli-under-test.js";

const ids = ["02-after-the-crash", "03-what-a-timeout-tells", "04-lose-an-acknowledged-write"];
const right = "choice: { record: unknown }\n";
const wrong = "choice: { record: nowhere }\n";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-check-"));
  mkdirSync(join(folder, "notebooks"));
  for (const id of ids) cpSync(join(exercisesFolder, id), join(folder, "exercises", id), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const answer = (id: string): string => join(folder, "exercises", id, "answer.yaml");
const save =
  (text: string, id = "03-what-a-timeout-tells") =>
  (): void =>
    writeFileSync(answer(id), text);

describe("exit codes of check", () => {
  it.each([
    { name: "passed", text: right, exitCode: 0 },
    { name: "failed", text: wrong, exitCode: 1 },
    { name: "ungradable", text: "choice: { recrod: unknown }\n", exitCode: 2 },
  ])("$exitCode: $name", async ({ text, exitCode }) => {
    save(text)();
    expect((await run(["check", "03"], { folder })).exitCode).toBe(exitCode);
  });

  it("3: a search that was cut is inconclusive", async () => {
    const id = "50-too-large";
    mkdirSync(join(folder, "exercises", id));
    writeFileSync(
      join(folder, "exercises", id, "exercise.yaml"),
      `version: 1
id: ${id}
title: Too large
kind: configure
kafka: "4.3"
difficulty: 1
minutes: 1
objectives: [Too large]
given: |
  cluster brokers=3 kafka=4.3
  topic orders replicas=1,2,3 min.insync.replicas=2
  producer p
asks: { producer: [acks] }
requirements:
  - id: all
    sentence: Nothing is lost
    concern: safety
    points: 1
    check: { explore: { faults: "crash 2, slow 1", statesMax: 100 } }
`,
    );
    writeFileSync(answer(id), "producer: { acks: all }\n");
    const { out, exitCode } = await run(["check", "50"], { folder });
    expect(exitCode).toBe(3);
    expect(out).toMatch(/the search was cut at 100 states/);
    expect(out).not.toContain("✓");
  });

  it.each([
    { name: "no such exercise", argv: ["check", "99"], said: /there is no exercise "99"/ },
    { name: "no such file", argv: ["check", "03", "--answer", "none.yaml"], said: /none\.yaml: there is no such file/ },
    { name: "no such option", argv: ["check", "--fast"], said: /unknown option/ },
    { name: "hint for a pass", argv: ["hint", "03"], said: /nothing to hint at/ },
  ])("2: $name", async ({ argv, said }) => {
    save(right)();
    const { err, out, exitCode } = await run(argv, { folder });
    expect(exitCode).toBe(2);
    expect(err).toMatch(said);
    expect(out).toBe("");
  });

  it("2: a broken exercise is told with line and column, and lint goes on with the next", async () => {
    const file = join(folder, "exercises", "02-after-the-crash", "exercise.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("kind: predict", "kind: predicts"));
    const { err, exitCode } = await run(["check", "02"], { folder });
    expect(exitCode).toBe(2);
    expect(err).toMatch(/exercises\/02-after-the-crash\/exercise\.yaml:5:\d+: /);
    expect((await run(["list"], { folder })).err).toMatch(/02-after-the-crash cannot be read: .*exercise\.yaml:5:/);
    rmSync(join(folder, "exercises", "04-lose-an-acknowledged-write"), { recursive: true });
    const lint = await run(["lint"], { folder });
    expect(lint.exitCode).toBe(1);
    expect(lint.out).toMatch(/02-after-the-crash\/exercise\.yaml:5:\d+: .*\n[\s\S]*✓ 03-what-a-timeout-tells/);
  });

  it("an ungradable answer costs no attempt, a solution needs a pass", async () => {
    save("choice: 1\n")();
    await run(["check", "03"], { folder });
    const listed = JSON.parse((await run(["list", "--json"], { folder })).out);
    expect(listed.exercises.map(({ attempts }: { attempts: number }) => attempts)).toEqual([0, 0, 0]);
    expect((await run(["solution", "03"], { folder })).exitCode).toBe(1);
    save(right)();
    await run(["check", "03"], { folder });
    expect(await run(["solution", "03"], { folder })).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining("unknown"),
    });
  });
});

it("list tells how well the learner knows what they know: the first try at each exercise counts", async () => {
  const grade = async (text: string) => {
    save(text, ids[0])();
    await run(["check", "02"], { folder });
  };
  expect((await run(["list"], { folder })).out).not.toMatch(/sure/);
  await grade("prediction: { leader: 2, epoch: 2 }\nconfidence: 90\n");
  await grade("prediction: { leader: 2, epoch: 1 }\nconfidence: 100\n");
  const { out } = await run(["list"], { folder });
  expect(out).toMatch(
    /You were 90 % sure and right in 1 of 2: surer than right\. Look again at 02-after-the-crash\/epoch/,
  );
});

describe("hints", () => {
  it("three rungs by what failed, then the last one again; another requirement begins anew", async () => {
    const id = "02-after-the-crash";
    const hint = async () => JSON.parse((await run(["hint", "02", "--json"], { folder })).out);
    save("prediction: { leader: 1 }\n", id)();
    const rungs = [await hint(), await hint(), await hint(), await hint()];
    expect(rungs.map(({ rung }) => rung)).toEqual([1, 2, 3, 3]);
    expect(new Set(rungs.map(({ text }) => text)).size).toBe(3);
    save("prediction: { leader: 2, epoch: 1, isr: [2] }\n", id)();
    const other = await hint();
    expect(other.rung).toBe(1);
    expect(rungs.map(({ text }) => text)).not.toContain(other.text);
    // A check in between does not begin the rungs anew.
    await run(["check", "02"], { folder });
    expect((await hint()).rung).toBe(2);
  });
});

describe("check --watch", () => {
  const watch = (keys: Parameters<typeof run>[1] & object) =>
    run(["check", "03", "--watch"], { folder, ...keys, colors: true });
  const plain = stripVTControlCharacters;

  it("checks on every save, and only then; the exit code is that of the last verdict", async () => {
    save(wrong)();
    const { out, exitCode } = await watch({
      keys: [() => undefined, save(right), () => undefined, () => undefined, "q"],
    });
    expect(out.split("\u001b[2J\u001b[H").length - 1).toBe(2);
    expect(exitCode).toBe(0);
    const attempts = readFileSync(join(folder, ".highwater", "attempts.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(attempts.map((line) => JSON.parse(line).result)).toEqual(["fail", "pass"]);
  });

  it("the last verdict stays until the next is there, and a file that is away for a moment is no news", async () => {
    save(wrong)();
    const away = (): void => rmSync(answer("03-what-a-timeout-tells"));
    const { out } = await watch({ keys: [away, () => undefined, save(right), "q"] });
    const [, first = "", second = ""] = out.split("\u001b[2J\u001b[H");
    expect(plain(first)).toMatch(/nowhere/);
    expect(plain(first)).toMatch(/checking …\n$/);
    expect(plain(second)).toMatch(/^✓/);
  });

  it("h, l, n and r: a hint, the list, the next exercise, the run that fails", async () => {
    save(wrong)();
    save("prediction: {}\n", ids[0])();
    const { out, exitCode } = await watch({ keys: ["h", "l", "r", "n", () => undefined, "r", "n", "q"] });
    const text = plain(out);
    expect(text).toMatch(/hint 1 of 3/);
    expect(text).toMatch(/0 of 3 passed\. Next: npx highwater check 02/);
    expect(text).toMatch(/there is no run that fails/);
    expect(text).toMatch(/watching exercises\/04-lose-an-acknowledged-write\/answer\.yaml/);
    expect(text).toMatch(/#\d+\s.*wipe 1/);
    expect(readFileSync(join(folder, ".highwater/replays/04-lose-an-acknowledged-write.scenario"), "utf8")).toMatch(
      /wipe 1/,
    );
    expect(exitCode).toBe(1);
  });
});
