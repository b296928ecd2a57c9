import { type VariantId, variantIds } from "../kafka/versions.js";
import { gradeAnswer } from "./grade.js";
import type { LoadedExercise } from "./load-exercise.js";
import { misconceptions } from "./misconceptions/index.js";
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
}

export interface AnswerFile {
  readonly name: string;
  readonly text: string;
}

/** What is wrong with an exercise, and what its author can do. */
export interface Complaint {
  readonly file: string;
  readonly message: string;
}

/** Bugs that are seeded one after the other until a verdict changes; the likeliest to matter first. */
const seededBugs: readonly VariantId[] = [
  "last-replica-standing",
  "unclean-by-default",
  "no-broker-epoch",
  "truncate-to-high-watermark",
  "idempotence-not-on",
  ...variantIds,
];

/** Everything that can be wrong with an exercise that reads well. */
export function lintExercise(files: ExerciseFiles): readonly Complaint[] {
  const { loaded, folderName, readme, starter, solution } = files;
  const { exercise } = loaded;
  const complaints: Complaint[] = [];
  const complain = (file: string, message: string): void => {
    complaints.push({ file, message });
  };
  if (exercise.id !== folderName)
    complain("exercise.yaml", `id is ${exercise.id}: write the folder's name, ${folderName}`);
  if (readme === null || readme.trim() === "") complain("README.md", "there is no task: write what is asked for");
  for (const { id } of exercise.requirements) {
    if (exercise.questions[id] === undefined) complain("exercise.yaml", `questions has none for ${id}: add one`);
    if (exercise.hints[id] === undefined) complain("exercise.yaml", `hints has none for ${id}: add three`);
  }
  for (const id of [...Object.keys(exercise.questions), ...Object.keys(exercise.hints)])
    if (!exercise.requirements.some((requirement) => requirement.id === id))
      complain("exercise.yaml", `${id} is no requirement: questions and hints belong to requirements`);
  for (const id of exercise.misconceptions)
    if (!misconceptions.some((known) => known.id === id)) complain("exercise.yaml", `there is no misconception ${id}`);
  if (starter === null) complain("answer.yaml", "there is no starter: write one that fails");
  else expectResult("answer.yaml", gradeAnswer(loaded, starter), "fail", complain);
  if (solution === null) complain("solution.yaml", "there is no solution: write one that passes, with its argument");
  else {
    expectResult("solution.yaml", gradeAnswer(loaded, solution), "pass", complain);
    if (!solution.startsWith("#"))
      complain("solution.yaml", "the first lines are no comment: argue for the solution there");
  }
  for (const { name, text } of files.accepted)
    expectResult(`accepted/${name}`, gradeAnswer(loaded, text), "pass", complain);
  for (const answer of files.wrong) lintWrong(loaded, answer, complain);
  for (const id of exercise.misconceptions)
    if (!files.wrong.some(({ text }) => statedMisconception(text) === id))
      complain("wrong/", `no answer shows ${id}: add one, or take it out of misconceptions`);
  // Choices are right or wrong by what they say; the model has no part in them.
  const asksTheModel = exercise.kind !== "choose" && exercise.kind !== "diagnose";
  if (asksTheModel && complaints.length === 0 && firstTellingBug(files) === null)
    complain("exercise.yaml", "no bug seeded into the model changes a verdict: the requirements check too little");
  return complaints;
}

function lintWrong(
  loaded: LoadedExercise,
  { name, text }: AnswerFile,
  complain: (file: string, message: string) => void,
) {
  const file = `wrong/${name}`;
  const stated = statedMisconception(text);
  if (stated === null) return complain(file, "the first line names none: write `# misconception: <id>`");
  const verdict = gradeAnswer(loaded, text);
  if (!expectResult(file, verdict, "fail", complain)) return;
  const named = verdict.misconceptions.map(({ id }) => id);
  if (named[0] !== stated)
    complain(
      file,
      `it is to show ${stated}, but the verdict names ${named.join(", ") || "none"}: mend the detector or the answer`,
    );
}

function expectResult(
  file: string,
  verdict: Verdict,
  expected: Verdict["result"],
  complain: (file: string, message: string) => void,
): boolean {
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

/** The first seeded bug that changes the verdict on the solution, the starter or a wrong answer, or null: then nothing is checked. */
export function firstTellingBug({ loaded, solution, starter, wrong }: ExerciseFiles): VariantId | null {
  for (const answer of [solution, starter, ...wrong.map(({ text }) => text)]) {
    if (answer === null) continue;
    const sound = gradeAnswer(loaded, answer).result;
    const telling = seededBugs.find((variant) => gradeAnswer(loaded, answer, { variant }).result !== sound);
    if (telling !== undefined) return telling;
  }
  return null;
}
