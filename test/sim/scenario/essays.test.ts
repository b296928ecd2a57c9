import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { formatDiagnostic } from "../../../lib/sim/scenario/diagnostic.js";
import { annotated } from "../../../lib/sim/scenario/essay.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { runScenario } from "../../../lib/sim/scenario/run-scenario.js";

/**
 * The scenarios in test/scenarios read as essays: prose, steps, and below each step what came of it. `vitest -u` writes
 * the latter anew; whoever reviews the change reads the difference. What they `expect` is not written by anything: it
 * comes from recordings of real clusters and from specifications.
 */
const folder = fileURLToPath(new URL("../../scenarios/", import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith(".scenario"));

describe.each(files)("%s", (file) => {
  const text = readFileSync(folder + file, "utf8");
  const parsed = parseScenario(text);

  test("reads", () => {
    const problems = parsed.ok ? [] : parsed.diagnostics.map((problem) => formatDiagnostic(file, text, problem));
    expect(problems).toEqual([]);
  });

  if (!parsed.ok) return;
  const run = runScenario(parsed.scenario);

  test("comes to its end and expects something that holds", () => {
    expect(run.stopped).toBeNull();
    expect(run.claims).toBeGreaterThan(0);
    expect(run.failures).toEqual([]);
  });

  test("runs the same way twice", () => {
    const again = runScenario(parsed.scenario);
    expect(again.hash).toBe(run.hash);
    expect(again.entries.length).toBe(run.entries.length);
    expect(again.world).toEqual(run.world);
  });

  test("is as it was written down", async () => {
    await expect(annotated(run)).toMatchFileSnapshot(folder + file);
  });
});

test("there are essays", () => {
  expect(files.length).toBeGreaterThanOrEqual(8);
});
