import { join, resolve } from "node:path";
import type { Command } from "commander";
import { exerciseIds, readTextFile } from "../exercise/store-course.js";
import { watch } from "./check-watch.js";
import { addExamples, type Cli, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { exitCodeOf, judge, note, shownPath } from "./judge.js";
import { openExercise } from "./open-exercise.js";

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
    .option(
      "--watch",
      "check again whenever the file is saved; keys for a hint, the next exercise, the list, the replay",
    )
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

function readAnswer(path: string, shown: string): string {
  const read = readTextFile(path, shown);
  if (read.ok) return read.text;
  const { file, what, remedy } = read.problem;
  throw new UserError(`${file}: ${what}; ${remedy}`);
}
