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
  );
}

function fieldOf(run: Run, id: string, subject: string, wrong: Readonly<Record<string, string>>): AskedField {
  const match = /^([a-z-]+)(?:\((.+)\))?$/.exec(subject);
  const name = match?.[1] ?? "";
  invariant(isSubjectName(name), () => `${subject} is nothing that can be asked for`);
  const partition = currentMetadata(run.world).partitions[0]?.partition ?? null;
  const expected = actualOf(run.world, name, match?.[2] ?? null, partition);
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
    because: reasonFor(run, subject),
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
