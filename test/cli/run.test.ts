import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { run } from "./cli-under-test.js";

const essays = fileURLToPath(new URL("../scenarios/", import.meta.url));
const lost = `${essays}acked-by-the-leader-alone.scenario`;
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}

function schemaOf(name: string): z.ZodType {
  return z.fromJSONSchema(
    JSON.parse(readFileSync(fileURLToPath(new URL(`../../lib/schema/${name}`, import.meta.url)), "utf8")),
  );
}

const head = "topic orders\nproducer p linger.ms=0\n";

describe("highwater run", () => {
  test("tells the steps, the logs, the ledger and the verdict", async () => {
    const { out, err, exitCode } = await run(["run", lost]);
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
    const lines = out.split("\n");
    expect(lines.find((line) => line.includes("crash 1"))).toMatch(
      /^ {6}5s {2}#\d+ +crash 1 +process\(1\) running→down$/,
    );
    expect(out).toContain("broker 2  ● leader");
    expect(out).toMatch(/^lost0 +acks=1 +✗ acked and LOST$/m);
    expect(out).toMatch(/^b1 +acks=all +✓ acked, kept$/m);
    expect(out).toContain("✓ all");
    expect(out).toMatch(/\d+ steps, \d+ quiet ones not shown \(--all\), hash [0-9a-f]{12}\n$/);
    expect(out).not.toContain("\u001b");
  });

  test("tells what tools print where it happened, and what the controller refused", async () => {
    const { out } = await run(["run", "-"], {
      input: `${head}at 1s $ kafka-topics --list\nat 2s elect unclean orders-0\nat 3s p send a\nend 4s`,
    });
    expect(out).toMatch(
      /^ {6}1s {2}\$ kafka-topics --list\n {12}orders\n {6}2s {2}#\d+ +elect unclean orders-0\n {12}orders-0: ELECTION_NOT_NEEDED: /m,
    );
    expect(out.indexOf("kafka-topics --list")).toBeLessThan(out.indexOf("p send a"));
  });

  test("--all shows what is quiet", async () => {
    const [short, long] = [await run(["run", lost]), await run(["run", lost, "--all"])];
    expect(short.out).not.toContain("fire 2 heartbeat");
    expect(long.out).toContain("fire 2 heartbeat");
    expect(long.out).not.toContain("quiet ones");
  });

  test("colours only on a terminal", async () => {
    expect((await run(["run", lost], { colors: true })).out).toContain("\u001b[");
  });

  test("reads standard input", async () => {
    const { out, exitCode } = await run(["run", "-"], { input: `${head}at 0 p send a\nat 1s expect hw=1` });
    expect(exitCode).toBe(0);
    expect(out).toContain("✓ all 1 expectations hold");
  });

  test("--at shows the cluster at that time, whatever comes later", async () => {
    const { out, exitCode } = await run(["run", lost, "--at", "4500ms"]);
    expect(exitCode).toBe(0);
    expect(out).toContain("leader 1 · epoch 0 · ISR 1,2,3");
    expect(out).toContain("LEO 7  HW 5");
    expect(out.split("\n").length).toBe(6);
  });

  test("--why follows a value to the fault and to the configuration", async () => {
    const { out, exitCode } = await run(["run", lost, "--why", "leader@20s"]);
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^leader went from 1 to 2 at /);
    expect(out).toContain("[session.ended;");
    expect(out).toMatch(/line \d+: at 5s crash 1\n/);
    expect(out).toContain("broker.session.timeout.ms=9000, the default of Kafka 4.3");
  });

  test("--why --json is one document", async () => {
    const { out } = await run(["run", lost, "--why", "leader", "--json"]);
    expect(schemaOf("why.schema.json").parse(JSON.parse(out))).toBeTruthy();
    const unchanged = JSON.parse((await run(["run", lost, "--why", "replicas", "--json"])).out);
    expect(schemaOf("why.schema.json").parse(unchanged)).toMatchObject({ because: null });
    expect(schemaOf("why.schema.json").safeParse({ ...unchanged, because: { fact: "x" } }).success).toBe(false);
    expect(JSON.parse(out)).toMatchObject({
      format: "highwater-why",
      version: 1,
      fact: "leader/orders-0",
      because: { from: 1, to: 2, rule: expect.any(String), causes: expect.any(Array) },
    });
  });

  test("--follow waits as long as the cluster would, divided by the speed", async () => {
    const { out, sleptMs } = await run(["run", lost, "--follow", "10"]);
    expect(out).toContain("crash 1");
    expect(sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeLessThanOrEqual(3100);
    expect(sleptMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(1500);
  });

  test("--write keeps the file's own words and writes what happened between them", async () => {
    const name = file("essay.scenario", `# prose\n${head}at 0 p send a # the first\nend 2s\n`);
    const { exitCode, err } = await run(["run", name, "--write"], { folder });
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: "wrote essay.scenario\n" });
    const written = readFileSync(join(folder, name), "utf8");
    expect(written).toContain(
      "# prose\ntopic orders\nproducer p linger.ms=0\nat 0  p send a          # the first\n    | ",
    );
    expect(written).toMatch(/end 2s\n {4}\| ledger a=acked-kept\n$/);
    await run(["run", name, "--write"], { folder });
    expect(readFileSync(join(folder, name), "utf8")).toBe(written);
  });
});

describe("highwater run --json", () => {
  const schema = schemaOf("trace.schema.json");

  test.each(["acked-by-the-leader-alone", "under-min-isr", "leader-killed", "late-metadata"])(
    "%s is one document as its schema says",
    async (name) => {
      const { out, exitCode } = await run(["run", `${essays}${name}.scenario`, "--json"]);
      expect(exitCode).toBe(0);
      expect(out.endsWith("\n")).toBe(true);
      expect(schema.parse(JSON.parse(out))).toBeTruthy();
    },
  );

  test("the schema refuses what is not such a document", async () => {
    const { out } = await run(["run", lost, "--json"]);
    const document = JSON.parse(out);
    expect(schema.safeParse({ ...document, version: 2 }).success).toBe(false);
    expect(schema.safeParse({ ...document, hash: "x" }).success).toBe(false);
    expect(schema.safeParse({ ...document, steps: [{ ...document.steps[0], extra: 1 }] }).success).toBe(false);
  });

  test("anybody can recompute the hash from the steps", async () => {
    const document = JSON.parse((await run(["run", lost, "--json"])).out);
    const hash = createHash("sha256");
    for (const step of document.steps) hash.update(`${JSON.stringify(step)}\n`);
    expect(hash.digest("hex")).toBe(document.hash);
  });

  test("with --follow it is one object a line", async () => {
    const { out } = await run(["run", lost, "--json", "--follow", "1000"]);
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ format: "highwater-run", version: 1 });
    expect(lines[1]).toMatchObject({ step: 0 });
    expect(lines.at(-1)).toMatchObject({ met: true });
  });
});

describe("what is wrong with the input", () => {
  test.each([
    [["run", "nowhere.scenario"], "error: nowhere.scenario cannot be read: there is no such file\n"],
    [["run", "."], "error: . cannot be read: it is a folder; name a .scenario file in it\n"],
    [["run"], "error: missing required argument 'file'\n"],
    [["run", "x", "--why"], "error: option '--why <question>' argument missing\n"],
    [["run", "x", "--al"], "error: unknown option '--al'\n(Did you mean one of --all, --at?)\n"],
    [["rnu"], 'error: there is no command "rnu": did you mean "run"?\n'],
    [["frobnicate"], 'error: there is no command "frobnicate": `highwater --help` lists them all\n'],
    [["run", lost, "--at", "soon"], 'error: --at takes a time, such as 50ms, 12s or 2m, not "soon"\n'],
    [["run", lost, "--follow", "fast"], 'error: --follow takes how many times faster, such as 10, not "fast"\n'],
    [["run", lost, "--steps", "0"], 'error: --steps takes a number of steps, such as 1000, not "0"\n'],
    [["run", lost, "--why", "hv"], 'error: --why: nothing is called "hv": did you mean "hw"?\n'],
    [
      ["run", lost, "--why", "hw(9"],
      'error: --why: "hw(9" is not a question: ask like hw@12s, hw(1)@12s, leader, outcome(d) or orders-0 isr@#140\n',
    ],
    [["run", lost, "--why", "outcome(zzz)"], 'error: --why: nobody has sent "zzz" by then\n'],
    [["run", "-", "--write"], "error: --write needs a file to write to, not standard input\n"],
  ])("%j", async (argv, message) => {
    const { out, err, exitCode } = await run(argv, { folder, input: `${head}at 0 p send a` });
    expect({ out, err, exitCode }).toEqual({ out: "", err: message, exitCode: 2 });
  });

  test("every mistake of a scenario is told with file, line, column and a caret", async () => {
    const name = file("bad.scenario", `${head}at 0 p sned a\nat 5 crash 9\n`);
    const { out, err, exitCode } = await run(["run", name], { folder });
    expect({ out, exitCode }).toEqual({ out: "", exitCode: 2 });
    expect(err).toBe(
      'bad.scenario:3:8: expected what p does, found "sned"\n  3 | at 0 p sned a\n    |        ^^^^ did you mean "send"?\n' +
        "bad.scenario:4:12: there is no broker 9\n  4 | at 5 crash 9\n    |            ^ the cluster has brokers 1 to 3\n",
    );
  });

  test("a step that cannot happen is a mistake of its line", async () => {
    const name = file("impossible.scenario", `${head}at 0 start 1\n`);
    const { err, exitCode } = await run(["run", name], { folder });
    expect(exitCode).toBe(2);
    expect(err).toBe("impossible.scenario:3:1: broker 1 is running already\n  3 | at 0 start 1\n    | ^^^^^^^^^^^^\n");
  });

  test("a budget that is reached is exit code 3, and nothing is judged", async () => {
    const { out, exitCode } = await run(["run", lost, "--steps", "20"]);
    expect(exitCode).toBe(3);
    expect(out).toContain("stopped at ");
    expect(out).toContain("the run has made 20 steps without coming to its end");
    expect(out).not.toContain("expectations hold");
  });

  test("expectations that do not hold are exit code 1", async () => {
    const { out, exitCode } = await run(["run", "-"], { input: `${head}at 0 p send a\nat 1s expect hw=2 leader=1` });
    expect(exitCode).toBe(1);
    expect(out).toContain("✗ line 4: expected hw=2, but it is 1\n1 of 2 expectations hold");
  });
});

describe("help", () => {
  test("lists every command with what it does, and the exit codes", async () => {
    for (const argv of [[], ["--help"], ["help"]]) {
      const { out, exitCode } = await run(argv);
      expect(exitCode).toBe(0);
      expect(out).toContain("run [options] <file>".replace(" [options]", ""));
      expect(out).toContain("Exit codes: 0 it holds, 1 it does not, 2 bad input or usage, 3 a budget was reached.");
    }
  });

  test("of a command has examples", async () => {
    for (const argv of [
      ["run", "--help"],
      ["help", "run"],
    ]) {
      const { out, exitCode } = await run(argv);
      expect(exitCode).toBe(0);
      expect(out).toContain("Usage: highwater run [options] <file>");
      expect(out).toContain("Examples:\n  highwater run lost.scenario ");
    }
  });

  test("--version is the package's", async () => {
    const packageJson = JSON.parse(readFileSync(new URL("../../lib/package.json", import.meta.url), "utf8"));
    expect((await run(["--version"])).out).toBe(`${packageJson.version}\n`);
  });
});
