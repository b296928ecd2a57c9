import { invariant } from "../../core/assert.js";
import { rules } from "../../protocol/rules/index.js";
import { lastChange } from "../../sim/because.js";
import { factAsked, parseWhyQuery } from "../../sim/because-question.js";
import { actualOf } from "../../sim/scenario/actual.js";
import { type Run, runScenario } from "../../sim/scenario/run-scenario.js";
import { type SubjectName, subjects } from "../../sim/scenario/subjects.js";
import { currentMetadata } from "../../sim/world.js";
import { noSettings, scenarioFor } from "../configure/build.js";
import type { PredictExercise } from "../exercise-format.js";
import type { Prediction } from "../misconceptions/misconception.js";
import type { YamlText } from "../yaml-text.js";
import { type AskedField, gradeFields } from "./fields.js";
import type { GradeOptions, KindResult } from "./kind.js";

/** Fills in the next state. What is right is what the run of the given scenario ends with. */
export function gradePredict(exercise: PredictExercise, text: YamlText, { variant }: GradeOptions): KindResult {
  const head = variant === undefined ? {} : { variant };
  const run = runScenario(scenarioFor(exercise.given, noSettings, head));
  return gradeFields(
    text,
    "prediction",
    exercise.requirements.map(({ id, sentence, concern, points, fields }) => ({
      id,
      sentence,
      concern,
      outOf: points,
      fields: Object.entries(fields).map(([field, { subject, wrong }]) => fieldOf(run, field, subject, wrong ?? {})),
    })),
    (answers) =>
      exercise.requirements.flatMap(({ fields }) =>
        Object.entries(fields).flatMap(([field, { subject }]): Prediction[] => {
          const answered = answers.get(field);
          if (answered === undefined) return [];
          const { expected, isRight } = fieldOf(run, field, subject, {});
          return [{ ...askedBy(subject), answered, expected, right: isRight(answered), run }];
        }),
      ),
  );
}

/** Whether a value that is asked for is another at the end than at the start: else nothing has to be understood. */
export function someFieldChanges(exercise: PredictExercise): boolean {
  const run = runScenario(scenarioFor(exercise.given, noSettings), { keepTrace: false });
  const subjects = exercise.requirements.flatMap(({ fields }) => Object.values(fields).map(({ subject }) => subject));
  return subjects.some((subject) => expectedOf(run, subject) !== expectedOf({ ...run, world: run.start }, subject));
}

/** What a subject is worth at the end of a run. */
export function expectedOf(run: Run, asked: string): string {
  const { subject, argument } = askedBy(asked);
  const partition = currentMetadata(run.world).partitions[0]?.partition ?? null;
  return actualOf(run.world, subject, argument, partition);
}

function askedBy(text: string): Pick<Prediction, "subject" | "argument"> {
  const match = /^([a-z-]+)(?:\((.+)\))?$/.exec(text);
  const subject = match?.[1] ?? "";
  invariant(isSubjectName(subject), () => `${text} is nothing that can be asked for`);
  return { subject, argument: match?.[2] ?? null };
}

function fieldOf(run: Run, id: string, subject: string, wrong: Readonly<Record<string, string>>): AskedField {
  const { subject: name } = askedBy(subject);
  const expected = expectedOf(run, subject);
  const isSet = name !== "ledger" && subjects[name].kind === "set";
  const norm = (answered: string): string => {
    const bare = answered.replace(/\s+/g, "").toLowerCase();
    return isSet ? bare.split(",").sort().join(",") : bare;
  };
  return {
    id,
    expected,
    isRight: (answered) => norm(answered) === norm(expected),
    allowed: null,
    because: () => reasonFor(run, subject),
    shows: (answered) => Object.entries(wrong).find(([value]) => norm(value) === norm(answered))?.[1] ?? null,
  };
}

function isSubjectName(name: string): name is SubjectName {
  return name === "ledger" || Object.hasOwn(subjects, name);
}

/** The rule that gave the value, or that nothing has changed it. */
function reasonFor(run: Run, subject: string): string | null {
  const query = parseWhyQuery(subject);
  if (!query.ok) return null;
  const asked = factAsked(run.world, query.query);
  if (!("fact" in asked)) return null;
  const last = lastChange(run.entries, asked.fact, run.entries.length - 1);
  return last === null ? "Nothing in this run changes it." : rules[last.change.rule].sentence;
}
