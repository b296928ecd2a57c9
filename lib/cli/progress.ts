import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { type Attempts, addEntry, parseEntries, readAttempts } from "../exercise/store-attempts.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";

export function define(command: Command, cli: Cli): void {
  command
    .command("export")
    .description("print every attempt and hint as JSON lines")
    .action(() => {
      const { entries } = attemptsIn(learnerFolderOf(cli));
      cli.out(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""));
      cli.finish(exitCodes.ok);
    });
  command
    .command("import")
    .description("add the attempts of a file that was exported elsewhere; nothing you have is lost")
    .argument("<file>", "JSON lines from `highwater progress export`")
    .action((file: string) => importFrom(file, cli));
  addExamples(command, [
    ["highwater progress export > mine.jsonl", "on one machine"],
    ["highwater progress import mine.jsonl", "on the other: what is there already is not added twice"],
  ]);
}

function learnerFolderOf(cli: Cli): string {
  return join(courseFolder(cli.folder), ".highwater");
}

function attemptsIn(folder: string): Attempts {
  try {
    return readAttempts(folder);
  } catch (error) {
    throw new UserError(
      `the attempts in ${folder} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function importFrom(file: string, cli: Cli): void {
  let text: string;
  try {
    text = readFileSync(resolve(cli.folder, file), "utf8");
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  const { entries, tornLines } = parseEntries(text);
  if (entries.length === 0)
    throw new UserError(`${file} has no attempts in it: export them with highwater progress export`);
  const folder = learnerFolderOf(cli);
  const known = new Set(attemptsIn(folder).entries.map((entry) => JSON.stringify(entry)));
  const fresh = entries.filter((entry) => !known.has(JSON.stringify(entry)));
  try {
    for (const entry of fresh) addEntry(folder, entry);
  } catch (error) {
    throw new UserError(
      `${folder} cannot be written to: ${error instanceof Error ? error.message : String(error)}. What was added stays; import again when there is room`,
    );
  }
  const passedOver = tornLines === 0 ? "" : `; ${tornLines} lines were not whole and were passed over`;
  cli.out(`${fresh.length} added, ${entries.length - fresh.length} were there already${passedOver}\n`);
  cli.finish(exitCodes.ok);
}
