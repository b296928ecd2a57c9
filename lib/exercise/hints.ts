import type { Exercise } from "./exercise-format.js";
import type { Verdict } from "./verdict.js";

/** The hint of one rung (from 1) for how this answer fails; undefined after the last, and after a pass. */
export function hintFor(
  exercise: Exercise,
  verdict: Verdict,
  rung: number,
): { text: string; rungs: number } | undefined {
  if (verdict.result === "pass") return undefined;
  const failed = verdict.requirements.find(({ result }) => result !== "pass")?.id ?? exercise.requirements[0]?.id ?? "";
  const rungs = exercise.hints[failed] ?? [];
  const text = rungs[rung - 1];
  return text === undefined ? undefined : { text, rungs: rungs.length };
}

/** The first comment of a solution: the argument for it. */
export function argumentOf(solutionText: string): string {
  const lines = solutionText.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#"));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter((line) => !line.includes("yaml-language-server"))
    .map((line) => line.replace(/^#\s?/, ""))
    .join("\n");
}
