import type { LedgerEntry } from "../sim/ledger.js";
import { ledger } from "../sim/ledger.js";
import { formatDuration } from "../sim/scenario/line-reader.js";
import { type Run, worldBefore } from "../sim/scenario/run-scenario.js";
import { shortHash } from "../sim/trace-hash.js";
import { type TraceTextOptions, traceLine } from "../sim/trace-text.js";
import type { World } from "../sim/world.js";
import { logText } from "../view/log/text.js";
import { partitionViews } from "../view/partition-view.js";
import type { Colors } from "./cli.js";

/** A whole run for people: the steps, where they led, and what was expected. */
export function runText(run: Run, options: TraceTextOptions, colors: Colors): string {
  const told = story(run, options, colors);
  return `${[...told.map(({ text }) => text), "", summaryText(run, told, colors)].join("\n")}`;
}

/** Something that is told of a run: a step, or what a tool printed. */
export interface Told {
  readonly atMs: number;
  readonly text: string;
  readonly isStep: boolean;
}

/** What there is to tell, in the order in which it happened. */
export function story(run: Run, options: TraceTextOptions, colors: Colors): readonly Told[] {
  const told: Told[] = [];
  const tools = [...run.toolRuns];
  const tellTools = (beforeStep: number): void => {
    while (tools[0] !== undefined && stepAfter(run, tools[0]) <= beforeStep) {
      const { kind, atMs, command, output } = tools[0];
      tools.shift();
      // What a verb asked for stands in the line of its step already.
      const asked = kind === "verb" ? [] : [`${formatDuration(atMs).padStart(8)}  ${colors.bold(`$ ${command}`)}`];
      const printed = output.text.trimEnd() === "" ? [] : [output.text.trimEnd().replace(/^/gm, " ".repeat(12))];
      told.push({ atMs, isStep: false, text: [...asked, ...printed].join("\n") });
    }
  };
  run.entries.forEach((entry, index) => {
    tellTools(entry.step);
    const line = traceLine(worldBefore(run, index), entry, options);
    if (line === null) return;
    told.push({ atMs: entry.atMs, isStep: true, text: entry.line === null ? line : colors.bold(line) });
  });
  tellTools(Number.POSITIVE_INFINITY);
  return told;
}

/** The first step that is no longer part of what a command line did. */
function stepAfter(run: Run, { line }: Run["toolRuns"][number]): number {
  let step = run.marks.find((mark) => mark.line === line)?.step ?? 0;
  while (run.entries[step]?.line === line) step++;
  return step;
}

/** What is said below the steps. */
export function summaryText(run: Run, told: readonly Told[], colors: Colors): string {
  const parts = [momentText(run).trimEnd(), ledgerText(run.world, colors), verdictText(run, colors)];
  const hidden = run.entries.length - told.filter(({ isStep }) => isStep).length;
  const steps = `${count(run.entries.length, "step")}${hidden > 0 ? `, ${hidden} quiet ones not shown (--all)` : ""}`;
  const hash = run.hash === null ? "" : `, hash ${shortHash(run.hash)}`;
  return `${parts.filter((part) => part !== "").join("\n\n")}\n${colors.dim(`${steps}${hash}`)}\n`;
}

/** The replicas of every partition as they stand at the end of the run. */
export function momentText(run: Run): string {
  return `${partitionViews(run.world).map(logText).join("\n\n")}\n`;
}

function ledgerText(world: World, colors: Colors): string {
  const entries = ledger(world);
  const width = Math.max(0, ...entries.map(({ send }) => send.value.length));
  return entries.map((entry) => ledgerLine(entry, width, colors)).join("\n");
}

const fateMarks = {
  "acked-kept": "✓ acked, kept",
  "acked-lost": "✗ acked and LOST",
  refused: "– refused, not written",
  "unknown-kept": "? told it failed, yet kept",
  "unknown-gone": "? told it failed, gone",
  pending: "… not told yet",
} as const;

function ledgerLine({ send, fate, copies, readThenGone }: LedgerEntry, width: number, colors: Colors): string {
  const twice = copies > 1 ? `, ${copies} copies` : "";
  const gone = readThenGone ? ", a consumer has read it" : "";
  const line = `${send.value.padEnd(width)}  acks=${send.acks}  ${fateMarks[fate]}${twice}${gone}`;
  return fate === "acked-lost" ? colors.red(line) : line;
}

function verdictText({ claims, failures, stopped }: Run, colors: Colors): string {
  if (stopped !== null) return colors.yellow(`stopped at ${formatDuration(stopped.atMs)}: ${stopped.reason}`);
  if (claims === 0) return "";
  const broken = failures.map(
    ({ line, claim, actual }) => `${colors.red("✗")} line ${line}: expected ${claim}, but it is ${actual}`,
  );
  const met = claims - failures.length;
  const verdict =
    failures.length === 0 ? colors.green(`✓ all ${claims} expectations hold`) : `${met} of ${claims} expectations hold`;
  return [...broken, verdict].join("\n");
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}
