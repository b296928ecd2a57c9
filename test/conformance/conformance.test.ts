import { describe, expect, it } from "vitest";
import { rules } from "../../lib/protocol/rules/index.js";
import { allowedDifferences } from "./allowed-differences.js";
import { readRecording, recordingNames } from "./recording.js";
import { type Difference, type Replay, replay } from "./replay.js";

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

const rows: string[] = [];
const covered = new Set<string>();

describe("the model does what a real cluster was seen to do", () => {
  it.each(replayed)("%s", (name) => {
    const runs = runsOf(name);
    const differences = runs.flatMap((run) => run.differences);
    for (const rule of runs.flatMap((run) => run.rules)) covered.add(rule);
    const fired = new Set(runs.flatMap((run) => run.rules)).size;
    const fields = runs.reduce((sum, run) => sum + run.fields, 0);
    rows.push(`| ${name} | ${runs[0]?.steps} | ${fields} | ${differences.length} | ${fired} |`);
    expect(fields).toBeGreaterThan(50);
    expect(differences.filter((difference) => reasonFor(name, difference) === undefined)).toEqual([]);
    const reasons = new Set(differences.map((difference) => reasonFor(name, difference)));
    for (const { recording, reason } of allowedDifferences)
      if (recording === name) expect(reasons, `nothing needs "${reason}" any more`).toContain(reason);
  });

  it("a recording that says something else is noticed", () => {
    const recording = readRecording("S05");
    const [first, ...others] = recording.steps;
    if (first?.observed === undefined) throw new Error("S05 has a first step");
    const forged = { ...recording, steps: [{ ...first, observed: { ...first.observed, isr: [3, 2, 1] } }, ...others] };
    expect(replay(forged).differences).toEqual([
      { step: 1, partition: "orders-0", field: "isr", recorded: "3,2,1", model: "1,2,3" },
    ]);
  });

  // CONFORMANCE_TABLE=1 prints what README.md shows.
  it.runIf(process.env.CONFORMANCE_TABLE === "1")("the table", () => {
    const all = Object.keys(rules).sort();
    const list = (ids: readonly string[]): string => ids.map((id) => `\`${id}\``).join(", ");
    const head =
      "| recording | steps | fields compared | allowed differences | rules that fired |\n| --- | ---: | ---: | ---: | ---: |";
    const seen = all.filter((id) => covered.has(id));
    const unseen = all.filter((id) => !covered.has(id));
    console.info([head, ...rows].join("\n"));
    console.info(
      `Covered (${seen.length} of ${all.length}): ${list(seen)}\n\nNot covered (${unseen.length}): ${list(unseen)}`,
    );
  });
});
