import { join, relative, resolve } from "node:path";
import type { Command } from "commander";
import { gradeAnswer } from "../exercise/grade.js";
import { addEntry } from "../exercise/store-attempts.js";
import {
  type CourseExercise,
  exerciseIds,
  findExercise,
  readExercise,
  readTextFile,
} from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";
import { type Ink, verdictText } from "../exercise/verdict-text.js";
import { addExamples, type Cli, type ExitCode, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface CheckFlags {
  readonly answer?: string;
  readonly watch?: true;
  readonly json?: true;
  readonly full?: true;
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("[exercise]", "its number or a part of its name; default: the first one")
    .option("--answer <file>", "the answer to check; default: answer.yaml of the exercise; - reads standard input")
    .option("--watch", "check again whenever the file is saved, until Ctrl-C")
    .option("--full", "tell every step and why it happened")
    .option("--json", "print one JSON document")
    .action((exercise: string | undefined, flags: CheckFlags) => check(exercise, flags, cli));
  addExamples(command, [
    ["highwater check 01", "the verdict on exercises/01-…/answer.yaml"],
    ["highwater check 01 --watch", "again on every save"],
    ["highwater check 01 --answer mine.yaml", "another file"],
    ["highwater check 01 --json | jq .requirements", "for programs"],
  ]);
}

async function check(asked: string | undefined, flags: CheckFlags, cli: Cli): Promise<void> {
  const folder = join(courseFolder(cli.folder), "exercises");
  const exercise = openExercise(folder, asked ?? exerciseIds(folder)[0] ?? "01");
  const path = flags.answer === undefined ? join(exercise.folder, "answer.yaml") : resolve(cli.folder, flags.answer);
  if (flags.watch === true) return watch(exercise, path, flags, cli);
  const text = flags.answer === "-" ? await cli.readInput() : readAnswer(path, shownPath(path, cli));
  const verdict = judge(exercise, text, flags.answer === "-" ? "standard input" : shownPath(path, cli), flags, cli);
  if (flags.answer === undefined) note(exercise.id, text, verdict, cli);
  cli.finish(exitCodeOf(verdict));
}

function shownPath(path: string, cli: Cli): string {
  return relative(cli.folder, path) || path;
}

function judge(exercise: CourseExercise, text: string, file: string, flags: CheckFlags, cli: Cli): Verdict {
  const startMs = performance.now();
  const verdict = gradeAnswer(exercise, text, { file });
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
  return verdict;
}

/** How often the file is looked at; works on every file system, network ones too. */
const lookEveryMs = 150;

/** Checks on every save. The last verdict stays visible until the next one is there. */
async function watch(exercise: CourseExercise, path: string, flags: CheckFlags, cli: Cli): Promise<void> {
  let last: string | null = null;
  for (;;) {
    const read = readTextFile(path, shownPath(path, cli));
    // An editor may replace the file in two steps: a moment without it is no news.
    if (read.ok && read.text !== last) {
      last = read.text;
      if (cli.isTerminal) cli.out("\u001b[2J\u001b[H");
      const verdict = judge(exercise, read.text, shownPath(path, cli), flags, cli);
      if (flags.answer === undefined) note(exercise.id, read.text, verdict, cli);
      cli.finish(exitCodeOf(verdict));
      if (flags.json !== true) cli.out(`watching ${shownPath(path, cli)}: save it to check again, Ctrl-C ends\n`);
    }
    await cli.sleep(lookEveryMs);
  }
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
