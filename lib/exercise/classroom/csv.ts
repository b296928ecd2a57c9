import { learnerName } from "./learner-name.js";
import type { ExerciseResult, LearnerResult } from "./results.js";

/** For whom the grades are written. */
export const csvPresets = ["plain", "canvas", "moodle"] as const;
export type CsvPreset = (typeof csvPresets)[number];

/** What the course knows of a learner beyond the name of their submission; a row of a roster. */
export interface RosterRow {
  readonly learner: string;
  readonly name?: string | undefined;
  readonly id?: string | undefined;
  readonly login?: string | undefined;
  readonly email?: string | undefined;
  readonly section?: string | undefined;
}

/** A column of points. */
export interface CsvExercise {
  readonly id: string;
  readonly title: string;
  readonly outOf: number;
}

/**
 * Grades as CSV (RFC 4180: CRLF, quotes doubled), one row a learner.
 *
 * Canvas: the columns its gradebook import looks for, and the row of points possible below the head. Moodle: the columns its
 * grade import maps to users. Exercises are columns in both.
 */
export function gradesCsv(
  preset: CsvPreset,
  exercises: readonly CsvExercise[],
  learners: readonly LearnerResult[],
  roster: ReadonlyMap<string, RosterRow>,
): string {
  const points = ({ exercises: results }: LearnerResult): readonly string[] =>
    exercises.map(({ id }) => pointsText(results.find(({ exercise }) => exercise === id)));
  const rows = learners.map((learner): readonly string[] => {
    const { name, id, login, email, section } = identity(learner.learner, roster);
    const own: Readonly<Record<CsvPreset, readonly string[]>> = {
      plain: [learner.learner, name, ...points(learner), number(learner.points), number(learner.outOf)],
      canvas: [name, id, "", login, section, ...points(learner)],
      moodle: [id === "" ? login : id, name, email, ...points(learner), number(learner.points)],
    };
    return own[preset];
  });
  return [...headOf(preset, exercises), ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function headOf(preset: CsvPreset, exercises: readonly CsvExercise[]): readonly (readonly string[])[] {
  const titles = exercises.map(({ id, title }) => `${id.slice(0, 2)} ${title}`);
  switch (preset) {
    case "plain":
      return [["learner", "name", ...exercises.map(({ id }) => id), "points", "out of"]];
    case "canvas":
      return [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", ...titles],
        ["Points Possible", "", "", "", "", ...exercises.map(({ outOf }) => number(outOf))],
      ];
    case "moodle":
      return [["ID number", "Full name", "Email address", ...titles, "Course total"]];
  }
}

function identity(learner: string, roster: ReadonlyMap<string, RosterRow>) {
  const read = learnerName(learner);
  const row = roster.get(learner) ?? roster.get(read.name);
  return {
    name: row?.name ?? read.name,
    id: row?.id ?? read.platformId ?? "",
    login: row?.login ?? (read.platformId === null ? learner : ""),
    email: row?.email ?? "",
    section: row?.section ?? "",
  };
}

/** Nothing handed in is an empty cell, so that an import does not overwrite what an instructor gave by hand. */
function pointsText(result: ExerciseResult | undefined): string {
  return result === undefined || result.result === "missing" ? "" : number(result.points);
}

function number(value: number): string {
  return String(value);
}

/** A cell that no spreadsheet takes for a formula (it begins with = + - @, a tab or a line end), quoted where it must be. */
export function cell(text: string): string {
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
  const neutral = !isNumber && /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(neutral) ? `"${neutral.replaceAll('"', '""')}"` : neutral;
}

export type RosterResult =
  | { readonly ok: true; readonly rows: ReadonlyMap<string, RosterRow> }
  | { readonly ok: false; readonly message: string };

const rosterColumns = ["learner", "name", "id", "login", "email", "section"] as const;

/** Reads a roster: CSV with a head of `learner` and any of name, id, login, email, section. */
export function readRoster(text: string): RosterResult {
  const [head = [], ...rows] = parseCsv(text.replace(/^\uFEFF/, ""));
  const columns = head.map((name) => name.trim().toLowerCase());
  if (!columns.includes("learner"))
    return { ok: false, message: `its first line has no column "learner"; it may have ${rosterColumns.join(", ")}` };
  const found = new Map<string, RosterRow>();
  for (const [index, row] of rows.entries()) {
    const values = Object.fromEntries(
      rosterColumns.flatMap((column) => {
        const value = row[columns.indexOf(column)]?.trim();
        return value === undefined || value === "" ? [] : [[column, value]];
      }),
    );
    const { learner, ...rest } = values;
    if (learner === undefined) continue;
    if (found.has(learner)) return { ok: false, message: `line ${index + 2} names ${learner} a second time` };
    found.set(learner, { learner, ...rest });
  }
  return { ok: true, rows: found };
}

/** Cells of CSV; quotes as RFC 4180 has them, any line end. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|\n|\r|$)/g)) {
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
  }
  return rows;
}
