import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { exportConfig } from "../exercise/export-config.js";
import { gradeAnswer } from "../exercise/grade.js";
import { readTextFile } from "../exercise/store-course.js";
import { readYaml } from "../exercise/yaml-text.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

interface ExportFlags {
  readonly answer?: string;
  readonly out?: string;
  readonly strimziCluster: string;
  readonly force?: true;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("<exercise>", "a configure exercise that you have passed")
    .option("--answer <file>", "the answer; default: answer.yaml of the exercise")
    .option("--out <folder>", "where the files go; default: they are printed")
    .option("--strimzi-cluster <name>", "the Kafka resource that the KafkaTopic belongs to", "my-cluster")
    .option("--force", "replace files that are there already")
    .option("--json", "print one JSON document")
    .action((exercise: string, flags: ExportFlags) => run(exercise, flags, cli));
  addExamples(command, [
    ["highwater export-config 01", "property files, a Strimzi KafkaTopic and a Terraform resource, printed"],
    ["highwater export-config 01 --out config", "written into a folder"],
  ]);
}

function run(asked: string, flags: ExportFlags, cli: Cli): void {
  const found = openExercise(join(courseFolder(cli.folder), "exercises"), asked);
  const { exercise } = found;
  if (exercise.kind !== "configure")
    throw new UserError(
      `${found.id} asks for no configuration (it is a ${exercise.kind} exercise): choose another one`,
    );
  const path = flags.answer === undefined ? join(found.folder, "answer.yaml") : resolve(cli.folder, flags.answer);
  const shown = relative(cli.folder, path) || path;
  const read = readTextFile(path, shown);
  if (!read.ok) throw new UserError(`${shown}: ${read.problem.what}; ${read.problem.remedy}`);
  const verdict = gradeAnswer(found, read.text, { file: shown });
  const yaml = readYaml(shown, read.text);
  if (verdict.result === "ungradable" || !yaml.ok) {
    const [problem] = verdict.problems;
    throw new UserError(`${shown}: ${problem?.what}; ${problem?.remedy}`);
  }
  if (verdict.result !== "pass") {
    const failed = verdict.requirements.find(({ result }) => result !== "pass");
    cli.err(`${shown} does not pass yet (${failed?.sentence}): nothing is exported. See highwater check ${found.id}\n`);
    cli.finish(exitCodes.broken);
    return;
  }
  const files = exportConfig(exercise, yaml.text, { strimziCluster: flags.strimziCluster });
  if (files.length === 0) throw new UserError(`${shown} sets no keys, so there is nothing to export`);
  if (flags.out !== undefined) write(resolve(cli.folder, flags.out), files, flags.force === true);
  if (flags.json === true)
    cli.out(`${JSON.stringify({ format: "highwater-config-files", version: 1, exercise: found.id, files })}\n`);
  else if (flags.out === undefined) cli.out(files.map(({ name, text }) => `==> ${name} <==\n${text}`).join("\n"));
  else for (const { name } of files) cli.out(`${join(flags.out, name)}\n`);
  cli.finish(exitCodes.ok);
}

/** What is there already may have been changed by somebody: it is replaced only when asked for. */
function write(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
  force: boolean,
): void {
  const inTheWay = force ? undefined : files.find(({ name }) => existsSync(join(folder, name)));
  if (inTheWay !== undefined)
    throw new UserError(`${join(folder, inTheWay.name)} is there already: take another folder, or --force`);
  try {
    mkdirSync(folder, { recursive: true });
    for (const { name, text } of files) writeFileSync(join(folder, name), text);
  } catch (error) {
    throw new UserError(`${folder} cannot be written to: ${error instanceof Error ? error.message : String(error)}`);
  }
}
