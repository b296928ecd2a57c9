import { type Run, worldBefore } from "../sim/scenario/run-scenario.js";
import type { TraceEntry } from "../sim/trace.js";
import { traceStepJson, traceStepLine } from "../sim/trace-json.js";
import { type TraceTextOptions, traceLine } from "../sim/trace-text.js";
import type { Cli } from "./cli.js";
import { head, tail } from "./run-json.js";
import { summaryText } from "./run-text.js";

/** Shows each line when its time has come. The run itself is over long before: nothing here can change it. */
export async function followText(run: Run, speed: number, options: TraceTextOptions, cli: Cli): Promise<void> {
  let shown = 0;
  await pace(run, speed, cli, (entry, index) => {
    const line = traceLine(worldBefore(run, index), entry, options);
    if (line !== null) shown++;
    return line;
  });
  cli.out(`\n${summaryText(run, shown, cli.colors)}`);
}

/** JSON Lines: the head, a step a line, and the end. */
export async function followJson(run: Run, speed: number, cli: Cli): Promise<void> {
  cli.out(`${JSON.stringify(head(run))}\n`);
  await pace(run, speed, cli, (entry, index) => traceStepLine(traceStepJson(worldBefore(run, index), entry)));
  cli.out(`${JSON.stringify(tail(run))}\n`);
}

async function pace(
  run: Run,
  speed: number,
  cli: Cli,
  lineOf: (entry: TraceEntry, index: number) => string | null,
): Promise<void> {
  let nowMs = 0;
  for (const [index, entry] of run.entries.entries()) {
    const line = lineOf(entry, index);
    if (line === null) continue;
    if (entry.atMs > nowMs) await cli.sleep((entry.atMs - nowMs) / speed);
    nowMs = entry.atMs;
    cli.out(`${line}\n`);
  }
}
