import { join } from "node:path";
import type { Command } from "commander";
import { argumentOf } from "../exercise/hints.js";
import { readAttempts, standingOf } from "../exercise/store-attempts.js";
import { readTextFile } from "../exercise/store-course.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

export function define(command: Command, cli: Cli): void {
  command
    .argument("<exercise>", "its number or a part of its name")
    .option("--json", "print one JSON document")
    .action((asked: string, flags: { readonly json?: true }) => solution(asked, flags.json === true, cli));
  addExamples(command, [["highwater solution 01", "after you have passed"]]);
}

function solution(asked: string, asJson: boolean, cli: Cli): void {
  const course = courseFolder(cli.folder);
  const { id, folder } = openExercise(join(course, "exercises"), asked);
  if (standingOf(readAttempts(join(course, ".highwater")).entries, id).state !== "passed") {
    cli.err(
      `${id} is not passed yet: the solution is shown afterwards. Until then: npx highwater hint ${id.slice(0, 2)}\n`,
    );
    return cli.finish(exitCodes.broken);
  }
  const read = readTextFile(join(folder, "solution.yaml"), `exercises/${id}/solution.yaml`);
  if (!read.ok) throw new UserError(`${read.problem.file}: ${read.problem.what}`);
  const document = {
    format: "highwater-solution",
    version: 1,
    exercise: id,
    answer: read.text,
    argument: argumentOf(read.text),
  };
  cli.out(asJson ? `${JSON.stringify(document)}\n` : read.text);
  cli.finish(exitCodes.ok);
}
