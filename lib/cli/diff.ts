import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { compareRuns, judgement } from "../check/compare-runs.js";
import { findConfig } from "../kafka/config.js";
import type { Scenario, Setting, Statement } from "../sim/scenario/ast.js";
import { formatDiagnostic } from "../sim/scenario/diagnostic.js";
import { formatScenario } from "../sim/scenario/format.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { type Run, runScenario } from "../sim/scenario/run-scenario.js";
import { traceLine } from "../sim/trace-text.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";

interface DiffOptions {
  readonly set: string;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("<file>", "a .scenario file; - reads standard input")
    .requiredOption("--set <key=value>", "the one setting that is another in the second run")
    .option("--json", "print one JSON document")
    .action((file: string, options: DiffOptions) => run(file, options, cli));
  addExamples(command, [
    ["highwater diff lost.scenario --set acks=all", "what waiting for the ISR would have changed"],
    ["highwater diff lost.scenario --set min.insync.replicas=1", "what the minimum buys, and what it costs"],
  ]);
}

async function run(file: string, options: DiffOptions, cli: Cli): Promise<void> {
  const source = file === "-" ? await cli.readInput() : await readText(file, cli);
  const before = runOf(file, source, cli);
  if (before === null) return;
  const after = runOf(file, formatScenario(withSetting(before.scenario, options.set)), cli);
  if (after === null) return;
  const comparison = compareRuns(before, after);
  const sentence = judgement(comparison, options.set);
  const { sameSteps, first, fates } = comparison;
  if (options.json === true) {
    const step = { before: first.before?.step ?? null, after: first.after?.step ?? null };
    cli.out(
      `${JSON.stringify({ format: "highwater-diff", version: 1, set: options.set, sameSteps, first: step, fates, sentence })}\n`,
    );
    return;
  }
  const lines =
    sameSteps === null
      ? [`${options.set} changes nothing: both runs are the same, step by step.`]
      : [
          `The runs are the same for ${sameSteps} steps, then:`,
          `  as written       ${lineOf(before, sameSteps)}`,
          `  ${options.set.padEnd(15)}  ${lineOf(after, sameSteps)}`,
          "",
          sentence,
        ];
  if (after.stopped !== null) lines.push(`The second run stops: ${after.stopped.reason}.`);
  cli.out(`${lines.join("\n")}\n`);
}

function runOf(file: string, source: string, cli: Cli): Run | null {
  const parsed = parseScenario(source);
  if (parsed.ok) return runScenario(parsed.scenario);
  for (const diagnostic of parsed.diagnostics) cli.err(`${formatDiagnostic(file, source, diagnostic)}\n`);
  cli.finish(exitCodes.badInput);
  return null;
}

function lineOf(run: Run, index: number): string {
  const entry = run.entries[index];
  if (entry === undefined) return "(the run is over)";
  const before = run.entries[index - 1]?.world ?? run.start;
  return traceLine(before, entry, { all: true })?.trim() ?? "(a quiet step)";
}

/** The scenario with one setting changed in every statement it belongs to. */
function withSetting(scenario: Scenario, set: string): Scenario {
  const at = set.indexOf("=");
  if (at <= 0) throw new UserError(`--set takes key=value, such as min.insync.replicas=1, not "${set}"`);
  const setting: Setting = { key: set.slice(0, at), value: set.slice(at + 1) };
  const type = placeOf(setting.key);
  const isThere = scenario.lines.some((line) => line.type === "statement" && line.statement.type === type);
  if (!isThere && type !== "cluster")
    throw new UserError(`${setting.key} belongs to a ${type}, and the scenario has none`);
  const lines = scenario.lines.map((line) => {
    if (line.type !== "statement" || line.statement.type !== type) return line;
    return { ...line, statement: changed(line.statement, setting) };
  });
  if (isThere) return { lines };
  return {
    lines: [{ type: "statement", statement: { type: "cluster", settings: [setting] }, comment: null }, ...lines],
  };
}

/** The kind of statement in which a key stands. Keys that topics and brokers share are the topic's. */
function placeOf(key: string): "topic" | "producer" | "consumer" | "cluster" {
  if (key === "replication.factor" || key === "replicas" || findConfig("topic", key) !== undefined) return "topic";
  if (findConfig("producer", key) !== undefined) return "producer";
  return findConfig("consumer", key) !== undefined ? "consumer" : "cluster";
}

function changed(statement: Statement, setting: Setting): Statement {
  if (!("settings" in statement)) return statement;
  const others = statement.settings.filter(({ key }) => key !== setting.key);
  return { ...statement, settings: [...others, setting] };
}

async function readText(file: string, cli: Cli): Promise<string> {
  try {
    return await readFile(resolve(cli.folder, file), "utf8");
  } catch {
    throw new UserError(`${file} cannot be read`);
  }
}
