import { join } from "node:path";
import type { Command } from "commander";
import { gradeAnswer } from "../exercise/grade.js";
import { hintFor } from "../exercise/hints.js";
import { addEntry, attemptsAt, readAttempts } from "../exercise/store-attempts.js";
import { readTextFile } from "../exercise/store-course.js";
import { openExercise } from "./check.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

export function define(command: Command, cli: Cli): void {
  command
    .argument("<exercise>", "its number or a part of its name")
    .option("--json", "print one JSON document")
    .action((asked: string, flags: { readonly json?: true }) => hint(asked, flags.json === true, cli));
  addExamples(command, [["highwater hint 01", "the next rung: a question, then a pointer, then nearly the answer"]]);
}

function hint(asked: string, asJson: boolean, cli: Cli): void {
  const course = courseFolder(cli.folder);
  const learnerFolder = join(course, ".highwater");
  const exercise = openExercise(join(course, "exercises"), asked);
  const answer = readTextFile(join(exercise.folder, "answer.yaml"), `exercises/${exercise.id}/answer.yaml`);
  if (!answer.ok) throw new UserError(`${answer.problem.file}: ${answer.problem.what}; ${answer.problem.remedy}`);
  const { entries } = readAttempts(learnerFolder);
  // Rungs start anew with each attempt that was noted: the hint is about how this one fails.
  const lastMs = attemptsAt(entries, exercise.id).at(-1)?.atMs ?? 0;
  const taken = entries.filter(
    ({ type, exercise: id, atMs }) => type === "hint" && id === exercise.id && atMs >= lastMs,
  ).length;
  const verdict = gradeAnswer(exercise, answer.text);
  const found = hintFor(exercise.exercise, verdict, taken + 1) ?? hintFor(exercise.exercise, verdict, taken);
  if (found === undefined) throw new UserError(`your answer to ${exercise.id} passes: there is nothing to hint at`);
  const rung = Math.min(taken + 1, found.rungs);
  if (taken < found.rungs) addEntry(learnerFolder, { type: "hint", exercise: exercise.id, atMs: Date.now(), rung });
  if (asJson)
    cli.out(`${JSON.stringify({ format: "highwater-hint", version: 1, exercise: exercise.id, rung, ...found })}\n`);
  else cli.out(`${found.text}\n${cli.colors.dim(`hint ${rung} of ${found.rungs}`)}\n`);
  cli.finish(exitCodes.ok);
}
