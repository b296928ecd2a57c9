import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { formatDiagnostic } from "../../../lib/sim/scenario/diagnostic.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { isMet, runScenario } from "../../../lib/sim/scenario/run-scenario.js";
import { fates, subjects } from "../../../lib/sim/scenario/subjects.js";
import { verbGroups } from "../../../lib/sim/scenario/verbs/index.js";

const page = readFileSync(new URL("../../../lib/sim/scenario/README.md", import.meta.url), "utf8");
const blocks = [...page.matchAll(/```scenario\n([\s\S]*?)```/g)].map(([, text = ""]) => text);

test("every block of the page reads", () => {
  expect(blocks.length).toBe(3);
  for (const text of blocks) {
    const parsed = parseScenario(text);
    expect(parsed.ok ? [] : parsed.diagnostics.map((problem) => formatDiagnostic("README.md", text, problem))).toEqual(
      [],
    );
  }
});

test("the first block comes out as it says", () => {
  const parsed = parseScenario(blocks[0] ?? "");
  const run = parsed.ok ? runScenario(parsed.scenario) : null;
  expect(run?.failures).toEqual([]);
  expect(run !== null && isMet(run)).toBe(true);
});

test("the page names every verb, every subject and every fate", () => {
  const words = [...verbGroups.flatMap(({ verbs }) => Object.keys(verbs)), ...Object.keys(subjects), ...fates];
  expect(words.filter((word) => !new RegExp(`\\b${word}\\b`).test(page))).toEqual([]);
});
