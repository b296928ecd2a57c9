import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import type { Scenario } from "../sim/scenario/ast.js";
import { formatDiagnostic } from "../sim/scenario/diagnostic.js";
import { annotated } from "../sim/scenario/essay.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { isMet, type Run, runScenario } from "../sim/scenario/run-scenario.js";
import { addExamples, type Cli, type ExitCode, exitCodes, UserError } from "./cli.js";
import { readTime } from "./read-time.js";
import { followJson, followText } from "./run-follow.js";
import { runDocument } from "./run-json.js";
import { momentText, runText } from "./run-text.js";
import { writeWhy } from "./run-why.js";

interface RunOptions {
  readonly all?: true;
  readonly json?: true;
  readonly follow?: string | true;
  readonly why?: string;
  readonly at?: string;
  readonly steps?: string;
  readonly write?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("<file>", "a .scenario file; - reads standard input")
    .option("--all", "show quiet steps too: heartbeats, empty fetch rounds, bookkeeping")
    .option("--at <time>", "show the cluster as it stands at this time, such as 12s")
    .option("--why <question>", 'tell the causes of a value, back to the scenario: "hw@12s", "leader", "outcome(d)"')
    .option("--follow [speed]", "show each step when its time has come, as many times faster as you say")
    .option("--steps <count>", "stop after so many steps (default 300000)")
    .option("--json", "print one JSON document (with --follow: one JSON object a line)")
    .option("--write", "write what happened into the file, after each line that made it happen")
    .action((file: string, options: RunOptions) => run(file, options, cli));
  addExamples(command, [
    ["highwater run lost.scenario", "what happens, a line a step"],
    ["highwater run lost.scenario --at 60ms", "the replicas' logs at 60 ms"],
    ['highwater run lost.scenario --why "hw(2)@1s"', "why broker 2's high watermark is what it is"],
    ["highwater run lost.scenario --json | jq .hash", "one hash for the whole run"],
    ["highwater run lost.scenario --follow 10", "ten times faster than the cluster would"],
  ]);
}

async function run(file: string, options: RunOptions, cli: Cli): Promise<void> {
  const source = await readScenario(file, cli);
  const parsed = parseScenario(source);
  if (!parsed.ok) {
    for (const diagnostic of parsed.diagnostics) cli.err(`${formatDiagnostic(file, source, diagnostic)}\n`);
    return cli.finish(exitCodes.badInput);
  }
  const budget = options.steps === undefined ? {} : { maxSteps: readSteps(options.steps) };
  const done = runScenario(until(parsed.scenario, options), budget);
  if (done.stopped?.kind === "impossible") {
    const { line, reason, hint } = done.stopped;
    const problem = {
      line: line ?? 1,
      column: 1,
      length: (source.split(/\r?\n/)[(line ?? 1) - 1] ?? "").length,
      message: reason,
      hint,
    };
    cli.err(`${formatDiagnostic(file, source, problem)}\n`);
    return cli.finish(exitCodes.badInput);
  }
  await show(done, file, options, cli);
  cli.finish(exitCodeOf(done));
}

async function show(done: Run, file: string, options: RunOptions, cli: Cli): Promise<void> {
  const detail = { all: options.all === true };
  if (options.why !== undefined) return writeWhy(done, options.why, options.json === true, cli);
  if (options.write === true) return writeEssay(done, file, cli);
  if (options.follow !== undefined) {
    const speed = readSpeed(options.follow);
    return options.json === true ? followJson(done, speed, cli) : followText(done, speed, detail, cli);
  }
  if (options.json === true) return cli.out(`${JSON.stringify(runDocument(done))}\n`);
  cli.out(options.at === undefined ? runText(done, detail, cli.colors) : momentText(done));
}

/** With `--at`, the scenario up to that time and no further. */
function until(scenario: Scenario, { at }: RunOptions): Scenario {
  if (at === undefined) return scenario;
  const atMs = readTime(at, "--at");
  const kept = scenario.lines.filter(
    (line) =>
      line.type === "statement" &&
      line.statement.type !== "end" &&
      (line.statement.type !== "step" || (line.statement.atMs !== null && line.statement.atMs <= atMs)),
  );
  if (scenario.lines.some((line) => line.type === "statement" && line.statement.type === "stepwise"))
    throw new UserError("--at needs a scenario with times: this one is stepwise");
  return { lines: [...kept, { type: "statement", statement: { type: "end", atMs }, comment: null }] };
}

function exitCodeOf(done: Run): ExitCode {
  if (done.stopped !== null) return exitCodes.inconclusive;
  return isMet(done) ? exitCodes.ok : exitCodes.broken;
}

async function readScenario(file: string, cli: Cli): Promise<string> {
  if (file === "-") return cli.readInput();
  try {
    return await readFile(resolve(cli.folder, file), "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${reasonOf(error)}`);
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : null;
  switch (code) {
    case "ENOENT":
      return "there is no such file";
    case "EISDIR":
      return "it is a folder; name a .scenario file in it";
    case "EACCES":
      return "you may not read it";
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

function readSpeed(text: string | true): number {
  if (text === true) return 1;
  const speed = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : 0;
  if (speed > 0) return speed;
  throw new UserError(`--follow takes how many times faster, such as 10, not "${text}"`);
}

function readSteps(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new UserError(`--steps takes a number of steps, such as 1000, not "${text}"`);
}

async function writeEssay(done: Run, file: string, cli: Cli): Promise<void> {
  if (file === "-") throw new UserError("--write needs a file to write to, not standard input");
  const { writeFileAtomically } = await import("../server/atomic-file.js");
  await writeFileAtomically(resolve(cli.folder, file), annotated(done));
  cli.err(`wrote ${file}\n`);
}
