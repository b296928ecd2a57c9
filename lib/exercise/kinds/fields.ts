import { nearest } from "../../core/nearest.js";
import { calibrationOf, type SureAnswer } from "../calibration.js";
import type { Evidence } from "../misconceptions/misconception.js";
import type { FieldVerdict, Problem, RequirementVerdict } from "../verdict.js";
import { isMap, type Plain, type YamlText } from "../yaml-text.js";
import type { KindResult } from "./kind.js";

/** One thing that is asked for: what is right, and what a wrong answer tells. */
export interface AskedField {
  readonly id: string;
  readonly expected: string;
  readonly isRight: (answered: string) => boolean;
  /** What may be answered; null: anything. */
  readonly allowed: readonly string[] | null;
  /** Why the expected value is right, and where that is known why the answered one (null: left out) is not. */
  readonly because: (answered: string | null) => string | null;
  /** The misconception that this answer shows. */
  readonly shows: (answered: string) => string | null;
}

export interface AskedRequirement extends Pick<RequirementVerdict, "id" | "sentence" | "concern" | "outOf"> {
  readonly fields: readonly AskedField[];
}

/**
 * Grades values below one group of the answer, field by field: a requirement's points are shared among its fields. Fields
 * that are left out are wrong; fields that nobody asked for make the answer ungradable.
 */
export function gradeFields(
  text: YamlText,
  group: string,
  requirements: readonly AskedRequirement[],
  predictions: (answers: ReadonlyMap<string, string>) => Evidence["predictions"] = () => [],
): KindResult {
  const fields = requirements.flatMap((requirement) => requirement.fields);
  const read = readGroup(text, group, fields);
  if (!read.ok) return read;
  const sure = readConfidence(text, [...read.answers.keys()]);
  if (!sure.ok) return sure;
  const { answers } = read;
  const named: string[] = [];
  const verdicts = requirements.map((requirement): RequirementVerdict => {
    const graded = requirement.fields.map((field): FieldVerdict => {
      const answered = answers.get(field.id) ?? null;
      const right = answered !== null && field.isRight(answered);
      const shown = right || answered === null ? null : field.shows(answered);
      if (shown !== null) named.push(shown);
      const because = right ? null : field.because(answered);
      return { field: field.id, answered, expected: field.expected, right, because };
    });
    const rights = graded.filter(({ right }) => right).length;
    const { id, sentence, concern, outOf } = requirement;
    return {
      id,
      sentence,
      concern,
      result: rights === graded.length ? "pass" : "fail",
      points: Math.floor((outOf * rights) / Math.max(1, graded.length)),
      outOf,
      searched: `${rights} of ${graded.length} right`,
      next: null,
      counterexample: null,
      fields: graded,
    };
  });
  const sureAnswers = verdicts.flatMap((verdict) =>
    verdict.fields.flatMap(({ field, right }): SureAnswer[] => {
      const percent = sure.percents.get(field);
      return percent === undefined ? [] : [{ field, percent, right }];
    }),
  );
  const evidence = { ...evidenceOf(named), predictions: predictions(answers) };
  return { ok: true, requirements: verdicts, evidence, calibration: calibrationOf(sureAnswers) };
}

/** Evidence of an answer that is no configuration. */
export function evidenceOf(named: readonly string[]): Evidence {
  return { value: () => null, isSet: () => false, failed: [], named, predictions: [] };
}

type GroupResult =
  | { readonly ok: true; readonly answers: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

function readGroup(text: YamlText, group: string, fields: readonly AskedField[]): GroupResult {
  const problem = (path: readonly string[], what: string, why: string, remedy: string): GroupResult => ({
    ok: false,
    problems: [{ file: text.file, ...text.placeOf(path), what, why, remedy }],
  });
  const root = text.value;
  if (!isMap(root))
    return problem([], "the file is not a group of keys", "an answer has keys", `begin with \`${group}:\``);
  for (const key of Object.keys(root))
    if (key !== group && key !== "version" && key !== "confidence")
      return problem(
        [key],
        `there is no key "${key}" here`,
        `this answer has \`${group}\` only`,
        nearest(key, [group]) === null ? "delete it" : `did you mean "${group}"?`,
      );
  const values = root[group] ?? null;
  if (values === null) return problem([], `${group} is missing`, "the answer stands below it", `write \`${group}:\``);
  if (!isMap(values))
    return problem(
      [group],
      `${group} is not a group of keys`,
      "each field stands on its own line",
      "write `field: value` below it",
    );
  const answers = new Map<string, string>();
  for (const key of Object.keys(values)) {
    const field = fields.find(({ id }) => id === key);
    const known = fields.map(({ id }) => id);
    if (field === undefined) {
      const meant = nearest(key, known);
      const remedy = meant === null ? `the fields are ${known.join(", ")}` : `did you mean "${meant}"?`;
      return problem([group, key], `there is no field "${key}"`, "nobody asked for it", remedy);
    }
    const answered = textOf(values[key] ?? null);
    if (answered === undefined)
      return problem([group, key], `${key} is a group`, "a field has one value or a list", "write the value");
    if (answered === null) continue;
    if (field.allowed !== null && !field.allowed.includes(answered))
      return problem(
        [group, key],
        `${key} cannot be "${answered}"`,
        "it is none of the choices",
        `choose ${field.allowed.join(", ")}`,
      );
    answers.set(key, answered);
  }
  return { ok: true, answers };
}

type ConfidenceResult =
  | { readonly ok: true; readonly percents: ReadonlyMap<string, number> }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** How sure the learner is, if they say so: one number for all that is answered, or one for each field. */
function readConfidence(text: YamlText, answered: readonly string[]): ConfidenceResult {
  const problem = (path: readonly string[], what: string): ConfidenceResult => ({
    ok: false,
    problems: [
      {
        file: text.file,
        ...text.placeOf(path),
        what,
        why: "confidence says in percent how sure you are; it costs no points",
        remedy: "write a whole number from 0 to 100, or delete it",
      },
    ],
  });
  const value = isMap(text.value) ? (text.value.confidence ?? null) : null;
  if (value === null) return { ok: true, percents: new Map() };
  if (isPercent(value)) return { ok: true, percents: new Map(answered.map((field) => [field, value])) };
  if (!isMap(value)) return problem(["confidence"], "confidence is no percentage");
  const percents = new Map<string, number>();
  for (const [field, percent] of Object.entries(value)) {
    if (percent === null) continue;
    if (!isPercent(percent)) return problem(["confidence", field], `the confidence in ${field} is no percentage`);
    if (!answered.includes(field)) return problem(["confidence", field], `${field} is not answered`);
    percents.set(field, percent);
  }
  return { ok: true, percents };
}

function isPercent(value: Plain): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 100;
}

/** Lists with commas; null for nothing; undefined for what is no value. */
function textOf(value: Plain): string | null | undefined {
  if (value === null || value === "") return null;
  if (Array.isArray(value)) return value.map((item) => textOf(item) ?? "").join(",");
  return typeof value === "object" ? undefined : String(value).trim();
}
