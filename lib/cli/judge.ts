import { join, relative } from "node:path";
import { gradeAnswer } from "../exercise/grade.js";
import { addEntry, attemptOf } from "../exercise/store-attempts.js";
import type { CourseExercise } from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";
import { type Ink, verdictText } from "../exercise/verdict-text.js";
import { type Cli, type ExitCode, exitCodes } from "./cli.js";
import { courseFolder } from "./course-folder.js";

/** How a verdict is shown. */
export interface JudgeFlags {
  readonly json?: true;
  readonly full?: true;
}

/** A path as the learner would write it. */
export function shownPath(path: string, cli: Cli): string {
  return relative(cli.folder, path) || path;
}

/**
 * Grades an answer and shows the verdict.
 *
 * @param before said right before it: on a terminal the last verdict stays until this one is there
 */
export function judge(
  exercise: CourseExercise,
  text: string,
  file: string,
  flags: JudgeFlags,
  cli: Cli,
  before = "",
): Verdict {
  const startMs = performance.now();
  const verdict = gradeAnswer(exercise, text, { file });
  if (flags.json === true) cli.out(`${JSON.stringify(verdict)}\n`);
  else
    cli.out(
      before +
        verdictText(verdict, {
          columns: Math.min(100, cli.columns),
          elapsedMs: performance.now() - startMs,
          full: flags.full === true,
          ink: inkOf(cli),
        }),
    );
  return verdict;
}

/** Writes the attempt down; a learner without a place to write still gets the verdict. */
export function note(id: string, answer: string, verdict: Verdict, cli: Cli): void {
  try {
    const learnerFolder = join(courseFolder(cli.folder), ".highwater");
    addEntry(learnerFolder, attemptOf(id, answer, verdict, Date.now()));
  } catch (error) {
    cli.err(`this attempt could not be written down: ${error instanceof Error ? error.message : String(error)}\n`);
  }
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
