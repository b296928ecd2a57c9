import { join } from "node:path";
import type { Command } from "commander";
import { calibrationIn, readAttempts, standingOf } from "../exercise/store-attempts.js";
import { exerciseIds, readExercise } from "../exercise/store-course.js";
import { addExamples, type Cli, exitCodes } from "./cli.js";
import { courseFolder } from "./course-folder.js";

interface ListFlags {
  readonly open?: true;
  readonly json?: true;
}

const marks = { untouched: "·", tried: "◐", passed: "✓" } as const;

export function define(command: Command, cli: Cli): void {
  command
    .argument("[words]", "only exercises whose name, title or terms have this in them")
    .option("--open", "only those not passed yet")
    .option("--json", "print one JSON document")
    .action((words: string | undefined, flags: ListFlags) => list(words, flags, cli));
  addExamples(command, [
    ["highwater list", "every exercise and how far you are"],
    ["highwater list isr --open", "those about the ISR that you have not passed"],
  ]);
}

function list(words: string | undefined, flags: ListFlags, cli: Cli): void {
  const { rows, tornLines, calibration } = standings(cli);
  const wanted = words?.toLowerCase() ?? "";
  const shown = rows.filter(
    ({ id, title, terms, state }) =>
      [id, title, ...terms].some((text) => text.toLowerCase().includes(wanted)) &&
      (flags.open !== true || state !== "passed"),
  );
  if (tornLines > 0) cli.err(`${tornLines} torn line(s) of your attempts were passed over; nothing else was lost\n`);
  if (flags.json === true)
    cli.out(`${JSON.stringify({ format: "highwater-list", version: 1, exercises: shown, tornLines, calibration })}\n`);
  else {
    cli.out(`${tableOf(shown)}${summaryOf(rows)}`);
    if (calibration !== null) cli.out(`${calibration.sentence}\n`);
  }
  cli.finish(exitCodes.ok);
}

/** Every exercise and how far the learner is, for a terminal. */
export function listText(cli: Cli): string {
  const { rows } = standings(cli);
  return `${tableOf(rows)}${summaryOf(rows)}`;
}

function standings(cli: Cli) {
  const course = courseFolder(cli.folder);
  const folder = join(course, "exercises");
  const { entries, tornLines } = readAttempts(join(course, ".highwater"));
  const rows = exerciseIds(folder).flatMap((id) => {
    const read = readExercise(folder, id);
    if (!read.ok) {
      const [problem] = read.problems;
      const place = `${problem?.file}:${problem?.line ?? 1}:${problem?.column ?? 1}`;
      cli.err(`${id} cannot be read: ${place}: ${problem?.what}\n`);
      return [];
    }
    const { exercise } = read.exercise;
    const { title, kind, minutes, difficulty, lesson = null, terms, objectives, requirements } = exercise;
    const points = requirements.reduce((sum, requirement) => sum + requirement.points, 0);
    return [{ id, title, kind, minutes, difficulty, lesson, terms, objectives, points, ...standingOf(entries, id) }];
  });
  return { rows, tornLines, calibration: calibrationIn(entries) };
}

type Row = ReturnType<typeof standings>["rows"][number];

function tableOf(rows: readonly Row[]): string {
  const width = Math.max(0, ...rows.map(({ id }) => id.length));
  return rows
    .map(({ id, title, kind, minutes, state, bestPoints, points, attempts }) => {
      const score = attempts === 0 ? "" : `${bestPoints} of ${points}`;
      return `${marks[state]}  ${id.padEnd(width)}  ${kind.padEnd(9)}  ${String(minutes).padStart(2)} min  ${score.padEnd(7)}  ${title}\n`;
    })
    .join("");
}

function summaryOf(rows: readonly Row[]): string {
  const passed = rows.filter(({ state }) => state === "passed").length;
  const next = rows.find(({ state }) => state !== "passed")?.id.slice(0, 2);
  const then = next === undefined ? "That is all of them." : `Next: npx highwater check ${next}`;
  return `${passed} of ${rows.length} passed. ${then}\n`;
}
