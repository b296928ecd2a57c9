import { resolve } from "node:path";
import { type CsvPreset, type RosterRow, readRoster } from "../exercise/classroom/csv.js";
import type { AttemptsPolicy } from "../exercise/classroom/results.js";
import { readTextFile } from "../exercise/store-course.js";
import { type Cli, UserError } from "./cli.js";

/** The options of `highwater grade` as they were typed, and what each may be. */
export interface GradeFlags {
  readonly out?: string;
  readonly only?: readonly string[];
  readonly learner?: readonly string[];
  readonly changed?: true;
  readonly shard?: string;
  readonly hidden?: string;
  readonly secret?: string;
  readonly attempts: string;
  readonly csv: readonly string[];
  readonly roster?: string;
  readonly publish?: true;
  readonly jobs?: string;
  readonly timeLimit: string;
  readonly memoryLimit: string;
  readonly seed: string;
  readonly json?: true;
}

export function secretFrom(file: string | undefined, cli: Cli): string | null {
  if (file === undefined) return null;
  const read = readTextFile(resolve(cli.folder, file), file);
  if (!read.ok) throw new UserError(`${file}: ${read.problem.what}; ${read.problem.remedy}`);
  if (read.text.trim() === "") throw new UserError(`${file} is empty: the course's secret stands in it`);
  return read.text.trim();
}

export function rosterFrom(file: string | undefined, cli: Cli): ReadonlyMap<string, RosterRow> {
  if (file === undefined) return new Map();
  const read = readTextFile(resolve(cli.folder, file), file);
  if (!read.ok) throw new UserError(`${file}: ${read.problem.what}; ${read.problem.remedy}`);
  const roster = readRoster(read.text);
  if (!roster.ok) throw new UserError(`${file}: ${roster.message}`);
  return roster.rows;
}

export function shardOf(text: string | undefined): { readonly index: number; readonly of: number } | null {
  if (text === undefined) return null;
  const [, index = "0", of = "0"] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), of: Number(of) };
  if (shard.index < 1 || shard.index > shard.of)
    throw new UserError(`--shard takes the part and the number of parts, such as 1/4, not "${text}"`);
  return shard;
}

export function oneOf<T extends AttemptsPolicy | CsvPreset>(text: string, known: readonly T[], option: string): T {
  const found = known.find((each) => each === text);
  if (found === undefined) throw new UserError(`${option} takes ${known.join(", ")}, not "${text}"`);
  return found;
}

export function wholeNumber(text: string, option: string, min: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value < min) throw new UserError(`${option} takes a whole number from ${min} up, not "${text}"`);
  return value;
}

export function secondsIn(text: string): number {
  const ms = /^\d{1,6}(?:\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * 1000) : 0;
  if (ms === 0) throw new UserError(`--time-limit takes seconds, such as 60 or 0.5, not "${text}"`);
  return ms;
}
