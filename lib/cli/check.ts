import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { gradeAnswer } from "../exercise/grade.js";
import { addEntry } from "../exercise/store-attempts.js";
import { exerciseIds, findExercise, readExercise, readTextFile } from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";
import { type Ink, verdictText } from "../exercise/verdict-text.js";
import { addExamples, type Cli, type ExitCode, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface CheckFlags {
  readonly answer?: string;
  readonly json?: true;
  readonly full?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("[exercise]", "its number or a part of its name; default: the first one")
    .option("--answer <file>", "the answer to check; default: answer.yaml of the exercise; - reads standard input")
    .option("--full", "tell every step and why it happened")
    .option("--json", "print one JSON document")
    .action((exercise: string | undefined, flags: CheckFlags) => check(exercise, flags, cli));
  addExamples(command, [
    ["highwater check 01", "the verdict on exercises/01-…/answer.yaml"],
    ["highwater check 01 --answer mine.yaml", "another file"],
    ["highwater check 01 --json | jq .requirements", "for programs"],
  ]);
}

async function check(asked: string | undefined, flags: CheckFlags, cli: Cli): Promise<void> {
  const startMs = performance.now();
  const folder = join(courseFolder(cli.folder), "exercises");
  const exercise = openExercise(folder, asked ?? exerciseIds(folder)[0] ?? "01");
  const path = flags.answer === undefined ? join(exercise.folder, "answer.yaml") : resolve(cli.folder, flags.answer);
  const shown = relative(cli.folder, path) || path;
  const text = flags.answer === "-" ? await cli.readInput() : readAnswer(path, shown);
  const verdict = gradeAnswer(exercise, text, { file: flags.answer === "-" ? "standard input" : shown });
  if (flags.json === true) cli.out(`${JSON.stringify(verdict)}\n`);
  else
    cli.out(
      verdictText(verdict, {
        columns: Math.min(100, cli.columns),
        elapsedMs: performance.now() - startMs,
        full: flags.full === true,
        ink: inkOf(cli),
      }),
    );
  if (flags.answer === undefined) note(exercise.id, text, verdict, cli);
  cli.finish(exitCodeOf(verdict));
}

/** Writes the attempt down; a learner without a place to write still gets the verdict. */
function note(id: string, answer: string, { result, points, outOf, hash }: Verdict, cli: Cli): void {
  try {
    const learnerFolder = join(courseFolder(cli.folder), ".highwater");
    addEntry(learnerFolder, { type: "attempt", exercise: id, atMs: Date.now(), result, points, outOf, answer, hash });
  } catch (error) {
    cli.err(`this attempt could not be written down: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}

/** The exercise a learner means, or the reason why it cannot be graded. */
export function openExercise(exercisesFolder: string, asked: string) {
  const found = findExercise(exercisesFolder, asked);
  if (!found.ok) throw new UserError(found.message);
  const read = readExercise(exercisesFolder, found.id);
  if (read.ok) return read.exercise;
  const told = read.problems.map(
    ({ file, line, column, what, remedy }) => `${file}:${line ?? 1}:${column ?? 1}: ${what}; ${remedy}`,
  );
  throw new UserError(told.join("\n"));
}

function readAnswer(path: string, shown: string): string {
  const read = readTextFile(path, shown);
  if (read.ok) return read.text;
  const { file, what, remedy } = read.problem;
  throw new UserError(`${file}: ${what}; ${remedy}`);
}

export function inkOf({ colors }: Cli): Ink {
  return { good: colors.green, bad: colors.red, strong: colors.bold, quiet: colors.dim };
}

export function exitCodeOf({ result }: Verdict): ExitCode {
  switch (result) {
    case "pass":
      return exitCodes.ok;
    case "fail":
      return exitCodes.broken;
    case "ungradable":
      return exitCodes.badInput;
    case "inconclusive":
      return exitCodes.inconclusive;
  }
}
