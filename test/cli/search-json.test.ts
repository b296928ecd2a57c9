import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseScenario } from "../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../lib/sim/scenario/run-scenario.js";
import { run } from "./cli-under-test.js";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "highwater-search-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function schemaOf(name: string): z.ZodType {
  const file = fileURLToPath(new URL(`../../lib/schema/${name}.schema.json`, import.meta.url));
  return z.fromJSONSchema(JSON.parse(readFileSync(file, "utf8")));
}

function replays(text: string | null | undefined): boolean {
  const parsed = parseScenario(text ?? "");
  return parsed.ok && parsed.scenario.lines.length > 0 && isMet(runScenario(parsed.scenario));
}

const essay = fileURLToPath(new URL("../scenarios/acked-by-the-leader-alone.scenario", import.meta.url));

describe("--json prints one document as its schema says", () => {
  it.each([
    ["proof", ["prove", "--acks", "1", "--records", "1"], 1],
    ["proof", ["prove", "--rf", "2", "--records", "1"], 0],
    ["proof", ["prove", "--rf", "2", "--max-states", "5"], 3],
    ["proof", ["prove", "--rf", "2", "--faults", "slow 1", "--records", "1"], 0],
    ["table", ["table", "--rf", "2"], 0],
    ["table", ["table", "--rf", "1,2", "--elr", "on,off", "--acks", "1"], 0],
    ["table", ["table", "--rf", "2", "--max-states", "5", "--acks", "all"], 3],
    ["find", ["find", "acked-lost", "--acks", "1"], 0],
    ["find", ["find", "acked-lost", "--rf", "2", "--faults", "none"], 1],
    ["find", ["find", "acked-lost", "--max-states", "5"], 3],
    ["diff", ["diff", essay, "--set", "acks=all"], 0],
    ["diff", ["diff", essay, "--set", "min.insync.replicas=2"], 0],
  ] as const)(
    "%s: %j",
    async (name, argv, code) => {
      const { out, exitCode } = await run([...argv, "--json"]);
      expect(exitCode).toBe(code);
      const document = JSON.parse(out);
      expect(schemaOf(name).parse(document)).toBeTruthy();
      expect(schemaOf(name).safeParse({ ...document, version: 2 }).success).toBe(false);
      expect(schemaOf(name).safeParse({ ...document, extra: 1 }).success).toBe(false);
    },
    120_000,
  );
});

describe("highwater table", () => {
  it("holds a replayable scenario in each cell that breaks, and shows how a record is lost", async () => {
    const { out } = await run(["table", "--rf", "2", "--acks", "1,all", "--json"]);
    for (const { writes, crashes, powerLosses } of JSON.parse(out).tables[0].cells)
      for (const { next, scenario } of [writes, crashes, powerLosses])
        expect([next, next === "broken" ? replays(scenario) : scenario]).toEqual([
          next,
          next === "broken" ? true : null,
        ]);
    const text = (await run(["table", "--rf", "2", "--acks", "1"])).out;
    expect(text).toContain("replication.factor=2");
    expect(replays(text.slice(text.indexOf("looks like:") + 11))).toBe(true);
  }, 120_000);

  it("is a heat map whose cells open their scenarios", async () => {
    const figure = JSON.parse((await run(["table", "--rf", "2", "--acks", "1,all", "--format", "plotly"])).out);
    expect(figure.data[0]).toMatchObject({ type: "heatmap", x: ["1", "2"], y: ["1", "all"] });
    expect(replays(figure.data[0].customdata[0][0])).toBe(true);
    const many = JSON.parse((await run(["table", "--rf", "1,2", "--acks", "1", "--format", "plotly"])).out);
    expect(many.data.map(({ visible }: { visible: boolean }) => visible)).toEqual([true, false]);
    expect(many.layout.updatemenus[0].buttons).toHaveLength(2);
  }, 120_000);

  it("is Markdown to paste", async () => {
    const { out } = await run(["table", "--rf", "1", "--acks", "1", "--format", "markdown"]);
    expect(out).toMatch(/\n\| acks \| min\.insync\.replicas \|.*\n(\| --- )+\|\n\| 1 \| 1 \| 0 \|/);
  }, 60_000);

  it("refuses what it does not know", async () => {
    for (const [argv, message] of [
      [["--acks", "2"], "--acks lists"],
      [["--elr", "maybe"], "--elr lists"],
      [["--format", "pdf"], "--format is one of"],
      [["--rf", "9"], "--rf takes"],
    ] as const) {
      const { err, exitCode } = await run(["table", ...argv]);
      expect([exitCode, err.includes(message)]).toEqual([2, true]);
    }
  });

  it("answers published claims, each with a scenario where it does not hold", async () => {
    const { out, exitCode } = await run(["table", "--claims", "--json"]);
    expect(exitCode).toBe(1);
    const { claims } = JSON.parse(out);
    // The durability matrix says which: only two in sync against one failure hold.
    const answers = claims.map(({ outcome }: { outcome: string }) => outcome);
    expect(answers).toEqual(["violated", "violated", "violated", "violated", "violated", "holds"]);
    for (const { outcome, scenario } of claims) expect(outcome === "holds" || replays(scenario)).toBe(true);
  }, 120_000);
});

describe("highwater prove", () => {
  it("reads property files as people have them", async () => {
    writeFileSync(
      join(folder, "topic.properties"),
      "# durability\nmin.insync.replicas = 2\n! old style\nunclean.leader.election.enable:false\nretention.ms=\\\n  604800000\n",
    );
    writeFileSync(
      join(folder, "producer.properties"),
      "bootstrap.servers=b1:9092,b2:9092\r\nkey.serializer=org.apache.kafka.common.serialization.StringSerializer\r\nacks=all\r\n",
    );
    const files = ["--topic-properties", "topic.properties", "--producer-properties", "producer.properties"];
    const { out, err, exitCode } = await run(["prove", ...files, "--records", "1", "--json"], { folder });
    expect({ err, exitCode }).toEqual({ err: "", exitCode: 0 });
    expect(JSON.parse(out).configuration).toMatchObject({
      topic: { "min.insync.replicas": "2", "unclean.leader.election.enable": "false" },
      producer: { acks: "all" },
    });
  }, 60_000);

  it("explains settings that do not do what they seem to", async () => {
    const { out } = await run(["prove", "--rf", "2", "--acks", "1", "--min-isr", "2", "--records", "1"]);
    expect(out).toContain("min.insync.replicas=2 decides on acks=all writes only");
  }, 60_000);

  it("counts the failures that each promise survives", async () => {
    const { out } = await run([
      "prove",
      "--rf",
      "2",
      "--min-isr",
      "1",
      "--acks",
      "all",
      "--records",
      "1",
      "--failures",
      "2",
      "--json",
    ]);
    const survives = Object.fromEntries(
      JSON.parse(out).guarantees.map(({ id, survives: counts }: { id: string; survives: unknown }) => [id, counts]),
    );
    // Two replicas of which one must be in sync: writes and reads go on with one broker down, and not with two.
    expect(survives["writes-accepted"]).toEqual([{ fault: "crash", failures: 1, next: "broken" }]);
    expect(survives["reads-available"]).toEqual([{ fault: "crash", failures: 1, next: "broken" }]);
    expect(survives["acked-survive"]).toContainEqual({ fault: "crash", failures: 2, next: "all" });
  }, 120_000);
});
