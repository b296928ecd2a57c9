import { gradeAnswer } from "./grade.js";
import { someFieldChanges } from "./kinds/predict.js";
import type { LoadedExercise } from "./load-exercise.js";
import { misconceptions } from "./misconceptions/index.js";
import { asksTheModel, firstTellingBug } from "./mutation.js";
import { parOf } from "./par.js";
import { showsOutputs, wronglyShown } from "./shown-outputs.js";
import type { Verdict } from "./verdict.js";

/** The files of one exercise's folder, by name; `wrong` and `accepted` by their file names. */
export interface ExerciseFiles {
  readonly loaded: LoadedExercise;
  readonly folderName: string;
  readonly readme: string | null;
  readonly starter: string | null;
  readonly solution: string | null;
  readonly wrong: readonly AnswerFile[];
  /** Other answers that must pass. */
  readonly accepted: readonly AnswerFile[];
  /** Names of files that are none of these. */
  readonly strays: readonly string[];
}

export interface AnswerFile {
  readonly name: string;
  readonly text: string;
}

type Complain = (file: string, message: string) => void;

/** What is wrong with an exercise, and what its author can do. */
export interface Complaint {
  readonly file: string;
  readonly message: string;
}

export interface LintOptions {
  /** Most runs of the search for par in each `break` exercise. A search that is cut complains of nothing. */
  readonly parRunsMax?: number;
}

/** Everything that can be wrong with an exercise that reads well. */
export function lintExercise(files: ExerciseFiles, { parRunsMax = 50 }: LintOptions = {}): readonly Complaint[] {
  const { loaded, folderName, readme, starter, solution } = files;
  const { exercise } = loaded;
  const complaints: Complaint[] = [];
  const complain: Complain = (file, message) => {
    complaints.push({ file, message });
  };
  if (exercise.id !== folderName)
    complain("exercise.yaml", `id is ${exercise.id}: write the folder's name, ${folderName}`);
  if (readme === null || readme.trim() === "") complain("README.md", "there is no task: write what is asked for");
  else if (!/^# \S/m.test(readme))
    complain("README.md", "it has no title: begin with a line like `# Survive one broker`");
  for (const { id } of exercise.requirements) {
    if (exercise.questions[id] === undefined) complain("exercise.yaml", `questions has none for ${id}: add one`);
    if (exercise.hints[id] === undefined) complain("exercise.yaml", `hints has none for ${id}: add three`);
  }
  for (const id of [...Object.keys(exercise.questions), ...Object.keys(exercise.hints)])
    if (!exercise.requirements.some((requirement) => requirement.id === id))
      complain("exercise.yaml", `${id} is no requirement: questions and hints belong to requirements`);
  for (const [id, rungs] of Object.entries(exercise.hints))
    if (new Set(rungs.map((rung) => rung.trim())).size < rungs.length)
      complain("exercise.yaml", `two hints for ${id} say the same: each rung says more than the one before`);
  for (const id of exercise.misconceptions)
    if (!misconceptions.some((known) => known.id === id)) complain("exercise.yaml", `there is no misconception ${id}`);
  const graded = new Map<string, Verdict>();
  const verdictOn = (answer: string): Verdict => {
    const verdict = graded.get(answer) ?? gradeAnswer(loaded, answer);
    graded.set(answer, verdict);
    return verdict;
  };
  if (starter === null) complain("answer.yaml", "there is no starter: write one that fails");
  else expectResult("answer.yaml", verdictOn(starter), "fail", complain);
  if (solution === null) complain("solution.yaml", "there is no solution: write one that passes, with its argument");
  else {
    expectResult("solution.yaml", verdictOn(solution), "pass", complain);
    if (!solution.startsWith("#"))
      complain("solution.yaml", "the first lines are no comment: argue for the solution there");
  }
  for (const { name, text } of files.accepted) expectResult(`accepted/${name}`, verdictOn(text), "pass", complain);
  for (const answer of files.wrong) lintWrong(loaded, answer, verdictOn(answer.text), complain);
  for (const id of exercise.misconceptions)
    if (!files.wrong.some(({ text }) => statedMisconception(text) === id))
      complain("wrong/", `no answer shows ${id}: add one, or take it out of misconceptions`);
  for (const name of files.strays)
    complain(name, "no part of an exercise has this name: rename it, or move it out of the folder");
  lintKind(files, parRunsMax, complain);
  if (asksTheModel(files) && complaints.length === 0 && firstTellingBug(files, verdictOn) === null)
    complain("exercise.yaml", "no bug seeded into the model changes a verdict: the requirements check too little");
  return complaints;
}

/** What only one kind of exercise can get wrong. */
function lintKind({ loaded, readme }: ExerciseFiles, parRunsMax: number, complain: Complain): void {
  const { exercise } = loaded;
  if (exercise.kind === "break") {
    const cheapest = exercise.requirements.toSorted((one, other) => one.faults - other.faults)[0];
    const cheaper = cheapest === undefined ? null : parOf(exercise, cheapest.fate, cheapest.faults, parRunsMax).cheaper;
    if (cheaper !== null)
      complain(
        "exercise.yaml",
        `fewer faults are enough (${cheaper.faults}), so lower \`faults\`:\n${cheaper.scenario}`,
      );
  }
  if (exercise.kind === "predict" && !someFieldChanges(exercise))
    complain("exercise.yaml", "no value that is asked for changes in the run: ask for one that does");
  if (exercise.kind === "diagnose" && readme !== null) {
    if (!showsOutputs(readme))
      complain("README.md", "it shows no output of a tool and no metric: what is to be diagnosed?");
    for (const message of wronglyShown(readme, exercise.given)) complain("README.md", message);
  }
}

function lintWrong(loaded: LoadedExercise, { name, text }: AnswerFile, verdict: Verdict, complain: Complain) {
  const file = `wrong/${name}`;
  const stated = statedMisconception(text);
  if (stated === null) return complain(file, "the first line names none: write `# misconception: <id>`");
  if (!loaded.exercise.misconceptions.includes(stated))
    complain(file, `it shows ${stated}, which misconceptions in exercise.yaml does not list: add it there`);
  if (!expectResult(file, verdict, "fail", complain)) return;
  const named = verdict.misconceptions.map(({ id }) => id);
  if (named[0] !== stated)
    complain(
      file,
      `it is to show ${stated}, but the verdict names ${named.join(", ") || "none"}: mend the detector or the answer`,
    );
}

function expectResult(file: string, verdict: Verdict, expected: Verdict["result"], complain: Complain): boolean {
  if (verdict.result === expected) return true;
  const [problem] = verdict.problems;
  const failed = verdict.requirements.filter(({ result }) => result !== "pass").map(({ id }) => id);
  const why = problem !== undefined ? `: ${problem.what}` : failed.length > 0 ? `: ${failed.join(", ")}` : "";
  complain(file, `its verdict is ${verdict.result}, not ${expected}${why}`);
  return false;
}

/** `# misconception: acks-all-alone` on the first line. */
export function statedMisconception(text: string): string | null {
  return /^#\s*misconception:\s*([a-z0-9-]+)\s*$/m.exec(text.split("\n")[0] ?? "")?.[1] ?? null;
}
