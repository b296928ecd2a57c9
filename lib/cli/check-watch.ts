import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readAttempts, standingOf } from "../exercise/store-attempts.js";
import { type CourseExercise, exerciseIds, readTextFile } from "../exercise/store-course.js";
import type { Verdict } from "../exercise/verdict.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { runScenario } from "../sim/scenario/run-scenario.js";
import type { Cli } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { takeHint } from "./hint.js";
import { exitCodeOf, type JudgeFlags, judge, note, shownPath } from "./judge.js";
import { listText } from "./list.js";
import { openExercise } from "./open-exercise.js";
import { runText } from "./run-text.js";

interface WatchFlags extends JudgeFlags {
  readonly answer?: string;
}

/** How often the file is looked at; works on every file system, network ones too. */
const lookEveryMs = 150;

const clearScreen = "\u001b[2J\u001b[H";

/**
 * Checks on every save until `q` or Ctrl-C. The last verdict stays visible until the next one is there; keys show a hint,
 * the list of exercises or the replay of what failed below it, and go on to the next exercise.
 */
export async function watch(first: CourseExercise, firstPath: string, flags: WatchFlags, cli: Cli): Promise<void> {
  let exercise = first;
  let path = firstPath;
  let text: string | undefined;
  let verdict: Verdict | undefined;
  for (;;) {
    const read = readTextFile(path, shownPath(path, cli));
    // An editor may replace the file in two steps: a moment without it is no news.
    if (read.ok && read.text !== text) {
      if (cli.isTerminal && verdict !== undefined) cli.out(cli.colors.dim("checking …\n"));
      text = read.text;
      verdict = check(exercise, path, text, flags, cli);
    }
    switch (await cli.readKey(lookEveryMs)) {
      case "h":
        tellHint(exercise, cli);
        break;
      case "l":
        cli.out(`\n${listText(cli)}`);
        break;
      case "r":
        replay(exercise, verdict, cli);
        break;
      case "n": {
        const id = flags.answer === undefined ? nextOpen(exercise.id, cli) : undefined;
        if (id === undefined) {
          cli.out("there is no next one that is not passed\n");
          break;
        }
        exercise = openExercise(exercisesFolder(cli), id);
        path = join(exercise.folder, "answer.yaml");
        text = undefined;
        break;
      }
      case "q":
        return;
    }
  }
}

function check(exercise: CourseExercise, path: string, text: string, flags: WatchFlags, cli: Cli): Verdict {
  const shown = shownPath(path, cli);
  const verdict = judge(exercise, text, shown, flags, cli, cli.isTerminal ? clearScreen : "");
  if (flags.answer === undefined) note(exercise.id, text, verdict, cli);
  cli.finish(exitCodeOf(verdict));
  if (flags.json !== true) {
    const keys = cli.isTerminal ? " · h hint  n next  l list  r replay  q quit" : "";
    cli.out(cli.colors.dim(`watching ${shown}: save it to check again${keys}\n`));
  }
  return verdict;
}

function exercisesFolder(cli: Cli): string {
  return join(courseFolder(cli.folder), "exercises");
}

function tellHint(exercise: CourseExercise, cli: Cli): void {
  const hint = takeHint(exercise, cli);
  cli.out(
    hint === null
      ? "\nyour answer passes: there is nothing to hint at\n"
      : `\n${hint.text}\n${cli.colors.dim(`hint ${hint.rung} of ${hint.rungs}`)}\n`,
  );
}

/** Shows the run that fails, step by step, and keeps it as a file for `highwater run` and `diff`. */
function replay({ id }: CourseExercise, verdict: Verdict | undefined, cli: Cli): void {
  const scenario = verdict?.requirements.find(({ counterexample }) => counterexample !== null)?.counterexample
    ?.scenario;
  const parsed = scenario === undefined ? null : parseScenario(scenario);
  if (scenario === undefined || parsed === null || !parsed.ok) return cli.out("\nthere is no run that fails\n");
  const folder = join(courseFolder(cli.folder), ".highwater", "replays");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${id}.scenario`);
  writeFileSync(file, scenario);
  const told = runText(runScenario(parsed.scenario), { all: false }, cli.colors);
  cli.out(
    `\n${told}\n${cli.colors.dim(`kept as ${shownPath(file, cli)}: npx highwater run it with --why, or diff`)}\n`,
  );
}

/** The first exercise after this one that is not passed; from the start again after the last. */
function nextOpen(id: string, cli: Cli): string | undefined {
  const { entries } = readAttempts(join(courseFolder(cli.folder), ".highwater"));
  const ids = exerciseIds(exercisesFolder(cli));
  const at = ids.indexOf(id);
  return [...ids.slice(at + 1), ...ids.slice(0, at)].find((other) => standingOf(entries, other).state !== "passed");
}
