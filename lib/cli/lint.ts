import { join } from "node:path";
import { type Command, Option } from "commander";
import { jsonSchemas } from "../exercise/json-schemas.js";
import { type Complaint, lintExercise } from "../exercise/lint.js";
import { exerciseIds, readExercise, readExerciseFiles } from "../exercise/store-course.js";
import { openExercise } from "./check.js";
import { addExamples, type Cli, exitCodes } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface LintFlags {
  readonly json?: true;
  readonly schema?: "exercise" | "answer";
}

export function define(command: Command, cli: Cli): void {
  command
    .argument("[exercise]", "its number or a part of its name; default: all of them")
    .option("--json", "print one JSON document")
    .addOption(
      new Option("--schema <file>", "print the JSON Schema of exercise.yaml or answer.yaml instead").choices([
        "exercise",
        "answer",
      ]),
    )
    .action((exercise: string | undefined, flags: LintFlags) => {
      if (flags.schema !== undefined) return cli.out(jsonSchemas()[flags.schema]);
      lint(exercise, flags.json === true, cli);
    });
  addExamples(command, [
    ["highwater lint", "every exercise of the course"],
    ["highwater lint 01", "one of them"],
  ]);
}

function lint(asked: string | undefined, asJson: boolean, cli: Cli): void {
  const folder = join(courseFolder(cli.folder), "exercises");
  const ids = asked === undefined ? exerciseIds(folder) : [openExercise(folder, asked).id];
  const found = ids.map((id) => ({ id, complaints: complaintsAbout(folder, id) }));
  if (asJson) cli.out(`${JSON.stringify({ format: "highwater-lint", version: 1, exercises: found })}\n`);
  else
    for (const { id, complaints } of found) {
      if (complaints.length === 0) cli.out(`${cli.colors.green("✓")} ${id}\n`);
      for (const { file, message } of complaints) cli.out(`${cli.colors.red("✗")} ${id}/${file}: ${message}\n`);
    }
  cli.finish(found.some(({ complaints }) => complaints.length > 0) ? exitCodes.broken : exitCodes.ok);
}

function complaintsAbout(folder: string, id: string): readonly Complaint[] {
  const read = readExercise(folder, id);
  if (read.ok) return lintExercise(readExerciseFiles(read.exercise));
  return read.problems.map(({ line, column, what, remedy }) => ({
    file: `exercise.yaml:${line ?? 1}:${column ?? 1}`,
    message: `${what}; ${remedy}`,
  }));
}
