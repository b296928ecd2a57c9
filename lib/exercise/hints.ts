import type { Exercise } from "./exercise-format.js";
import type { Verdict } from "./verdict.js";

/** The requirement that a hint is about: the first that is not met; null after a pass, and where nothing could be graded. */
export function hintedRequirement(exercise: Exercise, verdict: Verdict): string | null {
  if (verdict.result === "pass") return null;
  const { requirements } = verdict;
  const failed =
    requirements.find(({ result }) => result === "fail") ?? requirements.find(({ result }) => result !== "pass");
  return failed?.id ?? exercise.requirements[0]?.id ?? null;
}

/** The hint of one rung (from 1) for how this answer fails; undefined after the last, and after a pass. */
export function hintFor(
  exercise: Exercise,
  verdict: Verdict,
  rung: number,
): { text: string; rungs: number } | undefined {
  const requirement = hintedRequirement(exercise, verdict);
  const rungs = requirement === null ? [] : (exercise.hints[requirement] ?? []);
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
