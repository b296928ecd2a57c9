import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { csvPresets } from "../exercise/classroom/csv.js";
import { learnerName } from "../exercise/classroom/learner-name.js";
import { publication } from "../exercise/classroom/publication.js";
import { attemptsPolicies, type LearnerResult, learnerResult } from "../exercise/classroom/results.js";
import { changesCsv, type ScoreChange, scoreChanges } from "../exercise/classroom/score-changes.js";
import { printable } from "../exercise/classroom/submission.js";
import { ExerciseFailure } from "../exercise/store-classroom/class-exercises.js";
import { type GradedClass, gradeClass } from "../exercise/store-classroom/grade-class.js";
import { PoolFailure } from "../exercise/store-classroom/grading-pool.js";
import { publish, publishedResults, replaceFile } from "../exercise/store-classroom/publish.js";
import { listSubmissions, type SubmissionSource } from "../exercise/store-classroom/read-submissions.js";
import { VerdictJournal } from "../exercise/store-classroom/verdict-journal.js";
import { exerciseIds } from "../exercise/store-course.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import { courseFolder } from "./course-folder.js";
import { type GradeFlags, oneOf, rosterFrom, secondsIn, secretFrom, shardOf, wholeNumber } from "./grade-options.js";
import { openExercise } from "./open-exercise.js";
import { ProgressLine } from "./progress-line.js";

export function define(command: Command, cli: Cli): void {
  command
    .argument("<folder>", "submissions: a folder, a .zip or an .ipynb for each learner")
    .option("--out <folder>", "where results go; default: the submissions' folder with -grades behind its name")
    .option("--only <exercise...>", "grade these exercises; published results of the others stay")
    .option("--learner <name...>", "grade these learners; published results of the others stay")
    .option("--changed", "grade what was handed in anew; all else stays as it was published")
    .option("--shard <i/n>", "do one of n parts of the work; a last run without it puts them together")
    .option("--hidden <folder>", "checks that only you hold: <exercise>.yaml; they are run and told by number only")
    .option("--secret <file>", "the course's secret, which decides who has which variation of an exercise")
    .option("--attempts <policy>", `which attempt makes the score: ${attemptsPolicies.join(", ")}`, "last")
    .option("--csv <preset...>", `grades for ${csvPresets.join(", ")}`, ["plain"])
    .option("--roster <file>", "CSV with a column learner and any of name, id, login, email, section")
    .option("--publish", "replace published results although scores differ")
    .option("--jobs <n>", "how many answers are graded at a time; default: one a core")
    .option("--time-limit <seconds>", "for one verdict", "300")
    .option("--memory-limit <megabytes>", "for one grading process", "1024")
    .option("--seed <number>", "for exercises that draw lots", "0")
    .option("--json", "print one JSON document")
    .action((folder: string, flags: GradeFlags) => grade(folder, flags, cli));
  addExamples(command, [
    ["highwater grade submissions", "grade everything; run it again after a kill, and it goes on"],
    ["highwater grade submissions --csv canvas --roster class.csv", "grades that Canvas imports"],
    ["highwater grade submissions --attempts best --changed", "only what is new since the last time"],
    ["highwater grade submissions --publish", "after looking at changes.csv"],
    ["highwater grade submissions --shard 1/4 --out grades", "a quarter of the work, on this machine"],
  ]);
}

async function grade(folder: string, flags: GradeFlags, cli: Cli): Promise<void> {
  const from = resolve(cli.folder, folder);
  const out = resolve(cli.folder, flags.out ?? `${from.replace(/[/\\]+$/, "")}-grades`);
  const exercisesFolder = join(courseFolder(cli.folder), "exercises");
  const all = exerciseIds(exercisesFolder);
  const exercises = flags.only === undefined ? all : chosenIds(exercisesFolder, all, flags.only);
  const sources = chosenSources(from, out, flags);
  const policy = oneOf(flags.attempts, attemptsPolicies, "--attempts");
  const presets = flags.csv.map((preset) => oneOf(preset, csvPresets, "--csv"));
  const roster = rosterFrom(flags.roster, cli);
  const shard = shardOf(flags.shard);
  const published = publishedResults(out);
  if (flags.changed === true && published === null)
    throw new UserError(`--changed compares with published results, and there are none in ${out}: leave it out once`);
  const line = new ProgressLine(cli);
  const journal = told(out, () => new VerdictJournal(out, shard === null ? null : `${shard.index}-of-${shard.of}`));
  let graded: GradedClass;
  try {
    graded = await gradeClass({
      ...{ sources, journal, policy, shard },
      exercises,
      source: {
        exercisesFolder,
        hiddenFolder: flags.hidden === undefined ? null : resolve(cli.folder, flags.hidden),
        seed: wholeNumber(flags.seed, "--seed", 0),
      },
      secret: secretFrom(flags.secret, cli),
      learnerId: (learner) => roster.get(learner)?.login ?? learnerName(learner).name,
      processes: flags.jobs === undefined ? availableParallelism() : wholeNumber(flags.jobs, "--jobs", 1),
      timeMaxMs: secondsIn(flags.timeLimit),
      memoryMaxMb: wholeNumber(flags.memoryLimit, "--memory-limit", 64),
      onProgress: (progress) => line.show(progress),
      standing: flags.changed === true ? standingIn(published ?? []) : () => undefined,
    });
  } catch (error) {
    if (error instanceof PoolFailure || error instanceof ExerciseFailure) throw new UserError(error.message);
    throw asTold(out, error);
  } finally {
    line.clear();
    told(out, () => journal.close());
  }
  if (journal.tornLines > 0) cli.err(`${journal.tornLines} torn line(s) of verdicts.jsonl were passed over\n`);
  if (shard !== null) return tellShard(graded, shard, flags, cli);

  const results = merged(graded.learners, published, flags, all);
  const columns = all
    .filter((id) => results.some((learner) => learner.exercises.some(({ exercise }) => exercise === id)))
    .map((id) => ({ id, title: openExercise(exercisesFolder, id).exercise.title, outOf: outOfIn(results, id) }));
  const { verdictOf, textOf } = graded;
  const made = publication({ exercises: columns, results, roster, presets, policy, verdictOf, textOf });
  const changes = published === null ? [] : scoreChanges(published, results);
  const isPublished = changes.length === 0 || flags.publish === true;
  told(out, () => {
    if (isPublished) publish(out, made);
    if (published !== null) replaceFile(join(out, "changes.csv"), changesCsv(changes));
  });
  tell(graded, results, changes, { out, isPublished, isJson: flags.json === true }, cli);
}

/** Does what may find the disk full or the folder closed, and says so. */
function told<T>(out: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asTold(out, error);
  }
}

/** An error of the file system as something the user can put right; any other as it is. */
function asTold(out: string, error: unknown): unknown {
  if (!(error instanceof Error && "syscall" in error)) return error;
  return new UserError(
    `${out} cannot be written to (${error.message}). What was graded is kept: make room, or take another --out, and run it again`,
  );
}

/** In the order of the course, each once. */
function chosenIds(exercisesFolder: string, all: readonly string[], only: readonly string[]): readonly string[] {
  const chosen = only.map((asked) => openExercise(exercisesFolder, asked).id);
  return all.filter((id) => chosen.includes(id));
}

function chosenSources(from: string, out: string, { learner }: GradeFlags): readonly SubmissionSource[] {
  let sources: readonly SubmissionSource[];
  try {
    sources = listSubmissions(from, out);
  } catch (error) {
    throw new UserError(`${from} cannot be listed: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (sources.length === 0)
    throw new UserError(
      `there are no submissions in ${from}: put a folder, a .zip or an .ipynb for each learner there`,
    );
  if (learner === undefined) return sources;
  const unknown = learner.find((name) => !sources.some((source) => source.learner === name));
  if (unknown !== undefined) throw new UserError(`there is no submission of "${unknown}" in ${from}`);
  return sources.filter((source) => learner.includes(source.learner));
}

function standingIn(published: readonly LearnerResult[]) {
  const results = new Map(
    published.flatMap(({ learner, exercises }) =>
      exercises.map((result) => [JSON.stringify([learner, result.exercise, result.handedIn]), result] as const),
    ),
  );
  return (learner: string, exercise: string, handedIn: string) =>
    results.get(JSON.stringify([learner, exercise, handedIn]));
}

/** What was graded now, and beside it what was published of learners and exercises that were not asked for. */
function merged(
  graded: readonly LearnerResult[],
  published: readonly LearnerResult[] | null,
  { only, learner }: GradeFlags,
  order: readonly string[],
): readonly LearnerResult[] {
  const before = new Map((published ?? []).map((result) => [result.learner, result]));
  const now = graded.map((result) => {
    const old = only === undefined ? undefined : before.get(result.learner);
    if (old === undefined) return result;
    const kept = old.exercises.filter(({ exercise }) => !result.exercises.some((each) => each.exercise === exercise));
    const exercises = [...kept, ...result.exercises].sort(
      (one, other) => order.indexOf(one.exercise) - order.indexOf(other.exercise),
    );
    return learnerResult(result.learner, exercises, result.notes);
  });
  if (learner === undefined) return now;
  const others = (published ?? []).filter((result) => !now.some((each) => each.learner === result.learner));
  return [...others, ...now].sort((one, other) => (one.learner < other.learner ? -1 : 1));
}

interface Told {
  readonly out: string;
  readonly isPublished: boolean;
  readonly isJson: boolean;
}

const changesShown = 20;

function tell(
  { statistics }: GradedClass,
  results: readonly LearnerResult[],
  changes: readonly ScoreChange[],
  { out, isPublished, isJson }: Told,
  cli: Cli,
): void {
  const { learners, answers, distinct, graded, remembered, unfinished } = statistics;
  if (isJson) {
    const document = {
      format: "highwater-grades",
      version: 1,
      out,
      published: isPublished,
      statistics,
      changes,
      results,
    };
    cli.out(`${JSON.stringify(document)}\n`);
  } else {
    cli.out(`${counted(learners, "learner")}, ${counted(answers, "answer")}, ${distinct} of them different: `);
    cli.out(`${graded} graded now, ${remembered} known from before\n`);
    if (unfinished > 0)
      cli.out(`${counted(unfinished, "answer")} reached a bound of time or memory: look at them by hand\n`);
    for (const { learner, exercise, before, after, because } of changes.slice(0, changesShown))
      cli.out(`  ${printable(learner)}  ${exercise}  ${before} → ${after}: ${because}\n`);
    if (changes.length > changesShown) cli.out(`  … ${changes.length - changesShown} more in changes.csv\n`);
    if (isPublished) cli.out(`Results are in ${out}\n`);
    else
      cli.out(
        `${counted(changes.length, "score")} would change, so nothing was published. Look at ${join(out, "changes.csv")}, then run this again with --publish\n`,
      );
  }
  cli.finish(unfinished > 0 ? exitCodes.inconclusive : isPublished ? exitCodes.ok : exitCodes.broken);
}

function tellShard(
  { statistics }: GradedClass,
  { index, of }: { readonly index: number; readonly of: number },
  { json }: GradeFlags,
  cli: Cli,
): void {
  if (json === true)
    cli.out(`${JSON.stringify({ format: "highwater-grades", version: 1, shard: { index, of }, statistics })}\n`);
  else
    cli.out(
      `shard ${index} of ${of}: ${statistics.graded} graded now. When all are done, put their verdicts-*.jsonl into one folder and run this with --out on it and without --shard\n`,
    );
  cli.finish(statistics.unfinished > 0 ? exitCodes.inconclusive : exitCodes.ok);
}

/** Points to be had, hidden checks included where they were run. */
function outOfIn(results: readonly LearnerResult[], id: string): number {
  return Math.max(
    ...results.flatMap(({ exercises }) => exercises.flatMap((each) => (each.exercise === id ? each.outOf : []))),
  );
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
