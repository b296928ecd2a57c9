import { readdir, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { compareOutputs, type Difference } from "../notebook/compare.js";
import { exportNotebook } from "../notebook/export.js";
import { tslabKernels } from "../notebook/kernel-tslab.js";
import { type Notebook, parseNotebook, serialiseNotebook } from "../notebook/notebook.js";
import { runNotebook } from "../notebook/run.js";
import { isGood, type NamedRun, runsAsJson, runsAsJunit, whyFailed } from "../notebook/run-report.js";
import { stripNotebook } from "../notebook/strip.js";
import { writeFileAtomically } from "../server/atomic-file.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface RunFlags {
  readonly check?: true;
  readonly write?: true;
  readonly json?: true;
  readonly junit?: string;
  readonly timeout: string;
}

interface ExportFlags {
  readonly to: string;
  readonly code: string;
}

/** What a course publishes is not private, as a learner's own files are. */
const readableByAll = 0o644;

/** Longer than any honest cell of a lesson, in seconds. */
const usualTimeoutSeconds = "60";

export function define(command: Command, cli: Cli): void {
  command.description("run notebooks without a page, export them, or take their outputs away");
  command
    .command("run")
    .description("run every cell of these notebooks (default: all lessons) in a fresh kernel")
    .argument("[files...]", "notebooks; default: every lesson of the course")
    .option("--check", "compare the outputs with those in the file; a difference is a failure")
    .option("--write", "put the outputs of this run into the file")
    .option("--json", "print one JSON document")
    .option("--junit <file>", "write the result as JUnit XML too")
    .option("--timeout <seconds>", "interrupt a cell that takes longer", usualTimeoutSeconds)
    .action((files: readonly string[], flags: RunFlags) => run(files, flags, cli));
  command
    .command("strip")
    .description("take outputs and execution counts out of notebooks")
    .argument("<files...>", "notebooks")
    .action((files: readonly string[]) => strip(files, cli));
  command
    .command("export")
    .description("write notebooks as HTML files that need nothing else")
    .argument("[files...]", "notebooks; default: every lesson of the course")
    .option("--to <folder>", "where the files go", ".")
    .option("--code <how>", "shown, folded or hidden", "shown")
    .action((files: readonly string[], flags: ExportFlags) => exportAll(files, flags, cli));
  addExamples(command, [
    ["highwater notebook run --check", "every lesson, compared with its committed outputs"],
    ["highwater notebook run notebooks/01-*.ipynb --write", "run one and keep its outputs"],
    ["highwater notebook export --to out", "every lesson as one HTML file each"],
    ["highwater notebook strip my-copy.ipynb", "without outputs"],
  ]);
}

async function run(files: readonly string[], flags: RunFlags, cli: Cli): Promise<void> {
  const limitMs = Number(flags.timeout) * 1000;
  if (!(limitMs > 0)) throw new UserError(`--timeout takes a number of seconds, not "${flags.timeout}"`);
  const paths = files.length > 0 ? files.map((file) => resolve(cli.folder, file)) : await lessonsOf(cli.folder);
  const runs: NamedRun[] = [];
  for (const path of paths) {
    const committed = await load(path);
    const named = await runOne(path, committed, limitMs, cli);
    runs.push({ ...named, differences: flags.check === true ? named.differences : [] });
    if (flags.write === true && named.run.status === "ok")
      await writeFileAtomically(path, serialiseNotebook(named.run.notebook), readableByAll);
    if (flags.json !== true) report(runs.at(-1) ?? named, cli);
  }
  if (flags.junit !== undefined)
    await writeFileAtomically(resolve(cli.folder, flags.junit), runsAsJunit(runs), readableByAll);
  if (flags.json === true) cli.out(`${JSON.stringify(runsAsJson(runs))}\n`);
  cli.finish(runs.every(isGood) ? exitCodes.ok : exitCodes.broken);
}

async function runOne(path: string, notebook: Notebook, limitMs: number, cli: Cli): Promise<NamedRun> {
  const kernels = tslabKernels({ cwd: courseFolder(resolve(path, "..")), keepSpare: false });
  const kernel = kernels.open();
  try {
    await kernel.start();
    const done = await runNotebook(notebook, kernel, {
      onError: "continue",
      timeout: { limitMs, wait: (ms, signal) => cli.sleep(ms, signal) },
    });
    const differences: readonly Difference[] = compareOutputs(notebook, done.notebook);
    return { file: path, run: done, differences };
  } finally {
    await kernels.close();
  }
}

function report({ file, run: done, differences }: NamedRun, cli: Cli): void {
  const { colors } = cli;
  const good = done.status === "ok" && differences.length === 0;
  const mark = good ? colors.green("✓") : colors.red("✗");
  cli.out(`${mark} ${file}  ${done.cells.length} cells, ${(done.durationMs / 1000).toFixed(1)} s\n`);
  for (const cell of done.cells)
    if (cell.status !== "ok" && cell.status !== "expected-error" && cell.status !== "skipped")
      cli.out(`  cell ${cell.position} (${cell.heading}): ${whyFailed(cell)}\n`);
  for (const { position, message } of differences) cli.out(`  cell ${position}: ${message}\n`);
}

async function exportAll(files: readonly string[], { to, code }: ExportFlags, cli: Cli): Promise<void> {
  if (code !== "shown" && code !== "folded" && code !== "hidden")
    throw new UserError(`--code takes shown, folded or hidden, not "${code}"`);
  const paths = files.length > 0 ? files.map((file) => resolve(cli.folder, file)) : await lessonsOf(cli.folder);
  const script = await readFile(new URL("../web/highwater-replay.js", import.meta.url), "utf8").catch(() => null);
  for (const path of paths) {
    const html = exportNotebook(await load(path), {
      code,
      ...(script === null ? {} : { replay: { script, styles: "" } }),
    });
    const target = resolve(cli.folder, to, `${basename(path, ".ipynb")}.html`);
    await writeFileAtomically(target, html, readableByAll);
    cli.out(`${target}\n`);
  }
  cli.finish(exitCodes.ok);
}

async function strip(files: readonly string[], cli: Cli): Promise<void> {
  for (const file of files) {
    const path = resolve(cli.folder, file);
    await writeFileAtomically(path, serialiseNotebook(stripNotebook(await load(path))), readableByAll);
    cli.out(`${path}: outputs taken away\n`);
  }
  cli.finish(exitCodes.ok);
}

async function load(path: string): Promise<Notebook> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch {
    throw new UserError(`${path}: there is no such file, or it cannot be read`);
  }
  const parsed = parseNotebook(text);
  if (parsed.ok) return parsed.notebook;
  const { message, path: where, line, column } = parsed.error;
  const place = line === undefined ? "" : `:${line}:${column ?? 1}`;
  throw new UserError(`${path}${place}: ${message}${where === "" ? "" : ` (at ${where})`}`);
}

async function lessonsOf(folder: string): Promise<readonly string[]> {
  const lessons = join(courseFolder(folder), "notebooks");
  const names = (await readdir(lessons)).filter((name) => name.endsWith(".ipynb")).sort();
  return names.map((name) => join(lessons, name));
}
