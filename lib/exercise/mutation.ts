import { type VariantId, variantIds } from "../kafka/versions.js";
import { gradeAnswer } from "./grade.js";
import type { ExerciseFiles } from "./lint.js";
import type { Verdict } from "./verdict.js";

/** What one bug, seeded into the model, does to an exercise: the file whose verdict it changes, or null. */
export interface Mutation {
  readonly variant: VariantId;
  readonly changes: string | null;
}

/** Bugs that are seeded one after the other, the likeliest to matter first. */
const likeliest: readonly VariantId[] = [
  "last-replica-standing",
  "unclean-by-default",
  "every-restart-unclean",
  "idempotence-not-on",
  "no-broker-epoch",
  "truncate-to-high-watermark",
];
const seededBugs: readonly VariantId[] = [...new Set([...likeliest, ...variantIds])];

/** Choices are right or wrong by what they say: the model has no part in their verdicts. */
export function asksTheModel({ loaded }: ExerciseFiles): boolean {
  return loaded.exercise.kind !== "choose" && loaded.exercise.kind !== "diagnose";
}

/** One row of the mutation matrix: every historical bug, and whether a verdict notices it. */
export function mutationRow(files: ExerciseFiles): readonly Mutation[] {
  const answers = answersOf(files).map((answer) => ({ ...answer, sound: resultsOf(files, answer.text) }));
  return variantIds.map((variant) => {
    const changed = answers.find(({ text, sound }) => resultsOf(files, text, variant) !== sound);
    return { variant, changes: changed?.file ?? null };
  });
}

/**
 * The first seeded bug that changes a verdict on one of the author's own answers, or null: then nothing is checked.
 *
 * @param soundVerdict the verdict on an answer without any bug, where the caller has it already
 */
export function firstTellingBug(files: ExerciseFiles, soundVerdict: (answer: string) => Verdict): VariantId | null {
  for (const { text } of answersOf(files)) {
    const sound = resultsIn(soundVerdict(text));
    const telling = seededBugs.find((variant) => resultsOf(files, text, variant) !== sound);
    if (telling !== undefined) return telling;
  }
  return null;
}

interface Answer {
  readonly file: string;
  readonly text: string;
}

function answersOf({ loaded, solution, starter, wrong }: ExerciseFiles): readonly Answer[] {
  // A seeded bug takes the place of a rule that was chosen: only of the answer that chooses none does it say anything.
  const choosesRule = loaded.exercise.kind === "configure" && loaded.exercise.rule !== undefined;
  if (choosesRule) return solution === null ? [] : [{ file: "solution.yaml", text: solution }];
  return [
    ...(solution === null ? [] : [{ file: "solution.yaml", text: solution }]),
    ...(starter === null ? [] : [{ file: "answer.yaml", text: starter }]),
    ...wrong.map(({ name, text }) => ({ file: `wrong/${name}`, text })),
  ];
}

/** The verdict requirement by requirement: a bug may change one although the whole fails as before. */
function resultsOf({ loaded }: ExerciseFiles, answer: string, variant?: VariantId): string {
  return resultsIn(gradeAnswer(loaded, answer, { brief: true, ...(variant === undefined ? {} : { variant }) }));
}

function resultsIn({ result, requirements }: Verdict): string {
  const fields = requirements.flatMap((requirement) => requirement.fields.map(({ right }) => (right ? "+" : "-")));
  return [result, ...requirements.map((requirement) => requirement.result), ...fields].join(" ");
}
