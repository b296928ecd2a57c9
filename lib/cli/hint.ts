import { join } from "node:path";
import type { Command } from "commander";
import { gradeAnswer } from "../exercise/grade.js";
import { hintedRequirement } from "../exercise/hints.js";
import { addEntry, readAttempts } from "../exercise/store-attempts.js";
import { type CourseExercise, readTextFile } from "../exercise/store-course.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

export function define(command: Command, cli: Cli): void {
  command
    .argument("<exercise>", "its number or a part of its name")
    .option("--json", "print one JSON document")
    .action((asked: string, flags: { readonly json?: true }) => hint(asked, flags.json === true, cli));
  addExamples(command, [["highwater hint 01", "the next rung: a question, then a pointer, then nearly the answer"]]);
}

function hint(asked: string, asJson: boolean, cli: Cli): void {
  const exercise = openExercise(join(courseFolder(cli.folder), "exercises"), asked);
  const taken = takeHint(exercise, cli);
  if (taken === null) throw new UserError(`your answer to ${exercise.id} passes: there is nothing to hint at`);
  const { text, rung, rungs } = taken;
  if (asJson)
    cli.out(`${JSON.stringify({ format: "highwater-hint", version: 1, exercise: exercise.id, rung, text, rungs })}\n`);
  else cli.out(`${text}\n${cli.colors.dim(`hint ${rung} of ${rungs}`)}\n`);
  cli.finish(exitCodes.ok);
}

/** The next rung for how the answer fails as it stands, noted as taken; the last one again after that; null after a pass. */
export function takeHint(
  exercise: CourseExercise,
  cli: Cli,
): { readonly text: string; readonly rung: number; readonly rungs: number } | null {
  const learnerFolder = join(courseFolder(cli.folder), ".highwater");
  const answer = readTextFile(join(exercise.folder, "answer.yaml"), `exercises/${exercise.id}/answer.yaml`);
  if (!answer.ok) throw new UserError(`${answer.problem.file}: ${answer.problem.what}; ${answer.problem.remedy}`);
  const verdict = gradeAnswer(exercise, answer.text, { brief: true });
  const requirement = hintedRequirement(exercise.exercise, verdict);
  if (requirement === null) return null;
  // Rungs are climbed for each requirement by itself, however often the answer changes in between.
  const { entries } = readAttempts(learnerFolder);
  const taken = entries.filter(
    (entry) => entry.type === "hint" && entry.exercise === exercise.id && entry.requirement === requirement,
  ).length;
  const rungs = exercise.exercise.hints[requirement] ?? [];
  const rung = Math.min(taken + 1, rungs.length);
  const text = rungs[rung - 1];
  if (text === undefined) throw new UserError(`${exercise.id} has no hints for ${requirement}`);
  if (taken < rungs.length)
    addEntry(learnerFolder, { type: "hint", exercise: exercise.id, atMs: Date.now(), rung, requirement });
  return { text, rung, rungs: rungs.length };
}
