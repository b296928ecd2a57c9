import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { starterOf } from "../exercise/store-answer.js";
import { writeFileAtomically } from "../server/atomic-file.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { openExercise } from "./open-exercise.js";

export function define(command: Command, cli: Cli): void {
  command
    .argument("<exercise>", "its number or a part of its name")
    .option("--yes", "do it; without this it only says what it would do")
    .action((asked: string, flags: { readonly yes?: true }) => reset(asked, flags.yes === true, cli));
  addExamples(command, [["highwater reset 01 --yes", "start again; what you had is kept beside it"]]);
}

async function reset(asked: string, isSure: boolean, cli: Cli): Promise<void> {
  const { id, folder } = openExercise(join(courseFolder(cli.folder), "exercises"), asked);
  const answer = join(folder, "answer.yaml");
  const copy = freeName(folder);
  const starter = starterOf(folder);
  if (starter === null)
    throw new UserError(
      "the starter cannot be brought back: this course's folder has no git history. Download the course again and copy answer.yaml from it",
    );
  if (!isSure) {
    cli.err(
      `this puts the starter back into exercises/${id}/answer.yaml and keeps yours as ${copy}; add --yes to do it\n`,
    );
    return cli.finish(exitCodes.badInput);
  }
  if (existsSync(answer)) copyFileSync(answer, join(folder, copy));
  await writeFileAtomically(answer, starter, 0o644);
  cli.out(`exercises/${id}/answer.yaml is the starter again; yours is kept as ${copy}\n`);
  cli.finish(exitCodes.ok);
}

function freeName(folder: string): string {
  for (let number = 1; ; number++) {
    const name = `answer.kept-${number}.yaml`;
    if (!existsSync(join(folder, name))) return name;
  }
}
