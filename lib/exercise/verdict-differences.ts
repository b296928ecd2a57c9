import type { Verdict } from "./verdict.js";

/** A value in which two verdicts differ, and where: `requirements[0].points`. */
export interface VerdictDifference {
  readonly path: string;
  readonly claimed: string;
  readonly computed: string;
}

/**
 * Where two verdicts on one answer differ. What the answer's file was called is no part of a verdict: it differs between
 * who handed it in and who computes it again.
 */
export function verdictDifferences(claimed: Verdict, computed: Verdict): readonly VerdictDifference[] {
  const found: VerdictDifference[] = [];
  compare(nameless(claimed), nameless(computed), "", found);
  return found;
}

function nameless(verdict: Verdict): Verdict {
  return { ...verdict, problems: verdict.problems.map((problem) => ({ ...problem, file: "" })) };
}

function compare(one: unknown, other: unknown, path: string, found: VerdictDifference[]): void {
  if (isObject(one) && isObject(other)) {
    for (const key of [...new Set([...Object.keys(one), ...Object.keys(other)])].sort())
      compare(
        one[key],
        other[key],
        Array.isArray(one) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`,
        found,
      );
  } else if (one !== other) found.push({ path, claimed: shown(one), computed: shown(other) });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

const charactersShown = 120;

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value);
  return text.length > charactersShown ? `${text.slice(0, charactersShown)}…` : text;
}
