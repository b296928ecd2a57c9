import { runScenario } from "../sim/scenario/run-scenario.js";
import { factParts } from "../sim/trace-fact.js";
import { noSettings, scenarioFor } from "./configure/build.js";
import { gradeAnswer } from "./grade.js";
import { expectedOf } from "./kinds/predict.js";
import type { Complaint, ExerciseFiles } from "./lint.js";
import type { Verdict } from "./verdict.js";

/** What makes a variation as hard as another: aspect by aspect, in words. */
export type Hardness = ReadonlyMap<string, string>;

/**
 * How hard one variation is: what the author's own answers get, how much of what is asked for changes, and how often the
 * cluster turns in the run. Learners who get different variations must find these the same.
 */
export function hardnessOf(files: ExerciseFiles): Hardness {
  const { loaded, starter, solution, wrong, accepted } = files;
  const graded = (text: string | null): string => (text === null ? "missing" : inWords(gradeAnswer(loaded, text)));
  return new Map([
    ["the starter", graded(starter)],
    ["the solution", graded(solution)],
    ...wrong.map(({ name, text }) => [`wrong/${name}`, graded(text)] as const),
    ...accepted.map(({ name, text }) => [`accepted/${name}`, graded(text)] as const),
    ...runAspects(loaded),
  ]);
}

function inWords({ result, points, requirements, misconceptions }: Verdict): string {
  const each = requirements.map((requirement) => `${requirement.id} ${requirement.points}`).join(", ");
  const [belief] = misconceptions;
  return `${result} with ${points} points (${each})${belief === undefined ? "" : `, ${belief.id}`}`;
}

function runAspects({ exercise }: ExerciseFiles["loaded"]): readonly (readonly [string, string])[] {
  if (exercise.kind === "configure" || exercise.kind === "choose") return [];
  const run = runScenario(scenarioFor(exercise.given, noSettings));
  const turns = run.entries.flatMap(({ changes }) =>
    changes.map(({ fact }) => factParts(fact).kind).filter((kind) => kind === "isr" || kind === "leader"),
  );
  const aspects = [["changes of leader and ISR in the run", String(turns.length)] as const];
  if (exercise.kind !== "predict") return aspects;
  const subjects = exercise.requirements.flatMap(({ fields }) => Object.values(fields).map(({ subject }) => subject));
  const changing = subjects.filter(
    (subject) => expectedOf(run, subject) !== expectedOf({ ...run, world: run.start }, subject),
  );
  return [...aspects, ["values asked for that change", `${changing.length} of ${subjects.length}`]];
}

/** Says where a variation is harder or easier than the first one. */
export function lintVariations(variations: readonly ExerciseFiles[]): readonly Complaint[] {
  const [first, ...others] = variations.map(hardnessOf);
  if (first === undefined) return [];
  return others.flatMap((hardness, index) =>
    [...first].flatMap(([aspect, expected]): Complaint[] => {
      const found = hardness.get(aspect) ?? "missing";
      if (found === expected) return [];
      const message = `variation ${index + 2} is not as hard as the first: ${aspect} is ${found}, there ${expected}`;
      return [{ file: "exercise.yaml", message }];
    }),
  );
}
