import { type Run, worldBefore } from "../sim/scenario/run-scenario.js";
import { traceStepJson, traceStepLine } from "../sim/trace-json.js";
import type { TraceTextOptions } from "../sim/trace-text.js";
import type { Cli } from "./cli.js";
import { head, tail } from "./run-json.js";
import { story, summaryText } from "./run-text.js";

/** Shows each line when its time has come. The run itself is over long before: nothing here can change it. */
export async function followText(run: Run, speed: number, options: TraceTextOptions, cli: Cli): Promise<void> {
  const told = story(run, options, cli.colors);
  await pace(told, speed, cli);
  cli.out(`\n${summaryText(run, told, cli.colors)}`);
}

/** JSON Lines: the head, a step a line, and the end. */
export async function followJson(run: Run, speed: number, cli: Cli): Promise<void> {
  cli.out(`${JSON.stringify(head(run))}\n`);
  const steps = run.entries.map((entry, index) => ({
    atMs: entry.atMs,
    text: traceStepLine(traceStepJson(worldBefore(run, index), entry)),
  }));
  await pace(steps, speed, cli);
  cli.out(`${JSON.stringify(tail(run))}\n`);
}

async function pace(
  told: readonly { readonly atMs: number; readonly text: string }[],
  speed: number,
  cli: Cli,
): Promise<void> {
  let nowMs = 0;
  for (const { atMs, text } of told) {
    if (atMs > nowMs) await cli.sleep((atMs - nowMs) / speed);
    nowMs = atMs;
    cli.out(`${text}\n`);
  }
}
