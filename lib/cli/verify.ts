import { join, resolve } from "node:path";
import type { Command } from "commander";
import { gradeAnswer } from "../exercise/grade.js";
import { readTextFile } from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";
import { verdictDifferences } from "../exercise/verdict-differences.js";
import { verdictSchema } from "../exercise/verdict-schema.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

interface VerifyFlags {
  readonly answer: string;
  readonly seed: string;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("<verdict>", "the verdict: JSON as `highwater check --json` prints it")
    .requiredOption("--answer <file>", "the answer that it is about")
    .option("--seed <number>", "the seed that it was graded with", "0")
    .option("--json", "print one JSON document")
    .action((verdict: string, flags: VerifyFlags) => verify(verdict, flags, cli));
  addExamples(command, [
    ["highwater verify verdict.json --answer mine.yaml", "is this the verdict on that answer?"],
    ["highwater check 01 --json > verdict.json", "make one"],
  ]);
}

const differencesShown = 12;

function verify(verdictFile: string, { answer, seed, json }: VerifyFlags, cli: Cli): void {
  const claimed = readVerdict(verdictFile, cli);
  const exercise = openExercise(join(courseFolder(cli.folder), "exercises"), claimed.exercise.id);
  const read = readTextFile(resolve(cli.folder, answer), answer);
  if (!read.ok) throw new UserError(`${answer}: ${read.problem.what}; ${read.problem.remedy}`);
  if (!/^\d{1,9}$/.test(seed)) throw new UserError(`--seed takes a whole number, not "${seed}"`);
  const computed = gradeAnswer(exercise, read.text, { file: answer, seed: Number(seed) });
  const differences = verdictDifferences(claimed, computed);
  const isEqual = differences.length === 0;
  if (json === true) {
    const document = { format: "highwater-verification", version: 1, equal: isEqual, differences, hash: computed.hash };
    cli.out(`${JSON.stringify(document)}\n`);
  } else if (isEqual)
    cli.out(`equal: ${computed.result}, ${computed.points} of ${computed.outOf} points\n${computed.hash}\n`);
  else {
    cli.out(`not equal, in ${differences.length} ${differences.length === 1 ? "place" : "places"}:\n`);
    for (const { path, claimed, computed } of differences.slice(0, differencesShown))
      cli.out(`  ${path}: the verdict says ${claimed}, computed ${computed}\n`);
    if (differences.length > differencesShown) cli.out(`  … ${differences.length - differencesShown} more\n`);
    if (claimed.hash === computed.hash)
      cli.out("The hash is the same, so it was made from this answer: the verdict was changed by hand.\n");
    else cli.out("The hash differs: the answer, the exercise, the seed or the version of highwater is another one.\n");
  }
  cli.finish(isEqual ? exitCodes.ok : exitCodes.broken);
}

function readVerdict(file: string, cli: Cli): Verdict {
  const read = readTextFile(resolve(cli.folder, file), file);
  if (!read.ok) throw new UserError(`${file}: ${read.problem.what}; ${read.problem.remedy}`);
  let value: unknown;
  try {
    value = JSON.parse(read.text);
  } catch (error) {
    throw new UserError(`${file} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parsed = verdictSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : ` at ${issue.path.join(".")}`;
  throw new UserError(`${file} is no verdict${where}: ${issue?.message}; make one with highwater check --json`);
}
