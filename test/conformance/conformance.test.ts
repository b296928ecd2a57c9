import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { rules } from "../../lib/protocol/rules/index.js";
import { allowedDifferences } from "./allowed-differences.js";
import { readRecording, recordingNames } from "./recording.js";
import { type Difference, type Replay, replay } from "./replay.js";
import { type Row, withTable } from "./table.js";

/** What these record are the literal answers of command line tools, which have a test of their own. */
const ofTools = ["S31"];

const replayed = recordingNames.filter((name) => !ofTools.includes(name));

/** One run for each topic where every topic has a link of its own held: the model holds whole links. */
const oneTopicAtATime = ["S27"];

function runsOf(name: string): Replay[] {
  const recording = readRecording(name);
  if (!oneTopicAtATime.includes(name)) return [replay(recording)];
  return Object.keys(recording.topics).map((topic) => replay(recording, topic));
}

function reasonFor(name: string, { step, partition, field }: Difference): string | undefined {
  return allowedDifferences.find(
    (row) =>
      row.recording === name &&
      step >= row.steps[0] &&
      step <= row.steps[1] &&
      partition === row.partition &&
      (row.fields === null || row.fields.test(field)),
  )?.reason;
}

const rows = new Map<string, Row>();

describe("the model does what a real cluster was seen to do", () => {
  it.each(replayed)("%s", (name) => {
    const runs = runsOf(name);
    const differences = runs.flatMap((run) => run.differences);
    const shown = [...new Set(runs.flatMap((run) => run.rules))];
    const fields = runs.reduce((sum, run) => sum + run.fields, 0);
    rows.set(name, { name, steps: runs[0]?.steps ?? 0, fields, allowed: differences.length, rules: shown });
    expect(fields).toBeGreaterThan(50);
    expect(differences.filter((difference) => reasonFor(name, difference) === undefined)).toEqual([]);
    const reasons = new Set(differences.map((difference) => reasonFor(name, difference)));
    for (const { recording, reason } of allowedDifferences)
      if (recording === name) expect(reasons, `nothing needs "${reason}" any more`).toContain(reason);
  });

  // CONFORMANCE_TABLE=write writes what this expects.
  it.runIf(replayed.length > 0)("README.md says what came of it", () => {
    const page = new URL("./README.md", import.meta.url);
    const written = readFileSync(page, "utf8");
    const expected = withTable(written, [...rows.values()]);
    if (process.env.CONFORMANCE_TABLE === "write") writeFileSync(page, expected);
    else expect(written).toBe(expected);
  });
});

describe("what would be missed is noticed", () => {
  it("a recording in prose that says something else", () => {
    const recording = readRecording("S05");
    const [first, ...others] = recording.steps;
    if (first?.observed === undefined) throw new Error("S05 has a first step");
    const forged = { ...recording, steps: [{ ...first, observed: { ...first.observed, isr: [3, 2, 1] } }, ...others] };
    expect(replay(forged).differences).toEqual([
      { step: 1, partition: "orders-0", field: "isr", recorded: "3,2,1", model: "1,2,3" },
    ]);
  });

  it.each([
    [
      "a metric",
      '"UnderReplicatedPartitions": 1',
      '"UnderReplicatedPartitions": 2',
      "metric(2/UnderReplicatedPartitions)",
    ],
    ["a line of describe", "Isr: 2,3\\tElr", "Isr: 3,2\\tElr", "describe(orders)"],
    ["an offset that was told", '"offset": 2}', '"offset": 3}', "offset(during-failover)"],
    ["a final log", '"2:e1:during-failover"', '"2:e1:another"', "log(1)"],
    ["what a tool printed", "Valid replica already elected", "Successfully completed", "told"],
    ["the standing of a broker", '"1": "fenced"', '"1": "active"', "broker(1)"],
  ])("%s in a recording of a scenario", (_, from, to, field) => {
    const text = JSON.stringify(readRecording("leader-killed"), null, 1)
      .replace(/\n\s*/g, " ")
      .replace(/([{[]) /g, "$1")
      .replace(/ ([}\]])/g, "$1");
    expect(text).toContain(from);
    const differences = replay(JSON.parse(text.replaceAll(from, to))).differences;
    expect(differences.map((difference) => difference.field)).toContain(field);
  });

  it("every rule in the table is one of the model's", () => {
    const known = Object.keys(rules);
    for (const { rules: shown } of rows.values()) expect(known).toEqual(expect.arrayContaining([...shown]));
  });
});
