import { ledger } from "../ledger.js";
import { isDetail } from "../trace-fact.js";
import { traceLine } from "../trace-text.js";
import type { Line, Scenario } from "./ast.js";
import { formatScenario } from "./format.js";
import { type Run, worldBefore } from "./run-scenario.js";

/**
 * The scenario with what happened written between its lines, in place of what was written there before: an essay. What
 * stands below a line happened from that line on, until the next one.
 */
export function annotated(run: Run): string {
  return formatScenario(withOutput(run));
}

function withOutput(run: Run): Scenario {
  const outputs = outputByLine(run);
  const lines = run.scenario.lines.flatMap((line, index): Line[] => {
    if (line.type === "output") return [];
    const output = outputs.get(index + 1) ?? [];
    return [line, ...output.map((text): Line => ({ type: "output", text }))];
  });
  return { lines };
}

/** The text that belongs below each line of the scenario. */
function outputByLine(run: Run): ReadonlyMap<number, readonly string[]> {
  const outputs = new Map<number, string[]>();
  const below = (line: number): string[] => {
    const known = outputs.get(line) ?? [];
    outputs.set(line, known);
    return known;
  };
  let mark = 0;
  run.entries.forEach((entry, index) => {
    while ((run.marks[mark + 1]?.step ?? Number.POSITIVE_INFINITY) <= entry.step) mark++;
    const text = traceLine(worldBefore(run, index), entry, { all: false });
    const line = run.marks[mark]?.line;
    // What the line itself says need not be said again.
    const isEcho = entry.line === line && entry.changes.every(isDetail);
    if (text !== null && line !== undefined && !isEcho) below(line).push(text.trimEnd());
  });
  for (const { line, output } of run.toolRuns) below(line).push(...output.text.trimEnd().split("\n"));
  for (const { line, claim, actual } of run.failures)
    below(line).push(`NOT SO: expected ${claim}, but it is ${actual}`);
  const last = run.marks.at(-1)?.line;
  if (last !== undefined)
    below(last).push(...ledger(run.world).map(({ send, fate }) => `ledger ${send.value}=${fate}`));
  return outputs;
}
