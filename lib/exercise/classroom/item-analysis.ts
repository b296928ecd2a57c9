import type { Verdict } from "../verdict.js";
import type { ExerciseResult, LearnerResult } from "./results.js";

/** How a class did at one exercise. */
export interface ItemAnalysis {
  readonly exercise: string;
  /** Learners who handed something in that could be graded and was not the untouched starter. */
  readonly tried: number;
  readonly passed: number;
  /** Passed of tried, in a hundred; null where nobody tried. */
  readonly passRate: number | null;
  /** Points gained of points to be had, in a hundred, of those who tried. */
  readonly meanScore: number | null;
  /** Attempts of those who tried; the lower of two middles. */
  readonly medianAttempts: number | null;
  readonly untouched: number;
  readonly ungradable: number;
  readonly missing: number;
  /** Answers that many had and that do not pass, commonest first. */
  readonly wrongAnswers: readonly WrongAnswer[];
  /** Requirements in their order. */
  readonly requirements: readonly { readonly id: string; readonly sentence: string; readonly passed: number }[];
  /**
   * How well the exercise tells strong learners from weak ones: the correlation of its score with the score of all others
   * (item-rest, from −1 to 1, two decimals). Null where fewer than three tried or nothing varies.
   */
  readonly discrimination: number | null;
}

export interface WrongAnswer {
  readonly key: string;
  readonly learners: number;
  readonly misconceptions: readonly string[];
  /** The answer of one of them, as it was handed in. */
  readonly text: string;
}

const wrongAnswersShown = 3;

/** @param textOf the answer behind a verdict's key */
export function analyseItems(
  exercises: readonly string[],
  learners: readonly LearnerResult[],
  verdictOf: (key: string) => Verdict | undefined,
  textOf: (key: string) => string | undefined,
): readonly ItemAnalysis[] {
  return exercises.map((exercise) => {
    const results = learners.flatMap((learner) => {
      const result = learner.exercises.find((each) => each.exercise === exercise);
      return result === undefined ? [] : [{ learner, result }];
    });
    const tried = results.filter(({ result }) => isTried(result));
    const passed = tried.filter(({ result }) => result.result === "pass").length;
    const gained = tried.reduce((sum, { result }) => sum + Math.round(result.points * 100), 0);
    const possible = tried.reduce((sum, { result }) => sum + result.outOf * 100, 0);
    const verdicts = tried.flatMap(({ result }) => (result.key === null ? [] : (verdictOf(result.key) ?? [])));
    const first = verdicts[0]?.requirements ?? [];
    return {
      exercise,
      tried: tried.length,
      passed,
      passRate: percent(passed, tried.length),
      meanScore: percent(gained, possible),
      medianAttempts: median(tried.map(({ result }) => result.attempts)),
      untouched: results.filter(({ result }) => result.isUntouched && result.result !== "missing").length,
      ungradable: results.filter(({ result }) => result.result === "ungradable").length,
      missing: results.filter(({ result }) => result.result === "missing").length,
      wrongAnswers: wrongAnswers(tried, textOf),
      requirements: first.map(({ id, sentence }) => ({
        id,
        sentence,
        passed: verdicts.filter(({ requirements }) =>
          requirements.some((each) => each.id === id && each.result === "pass"),
        ).length,
      })),
      discrimination: correlation(
        tried.map(({ learner, result }) => [
          Math.round(result.points * 100),
          learner.exercises.reduce((sum, each) => sum + (each === result ? 0 : Math.round(each.points * 100)), 0),
        ]),
      ),
    };
  });
}

interface Tried {
  readonly learner: LearnerResult;
  readonly result: ExerciseResult;
}

function isTried({ result, isUntouched }: ExerciseResult): boolean {
  return (result === "pass" || result === "fail" || result === "inconclusive") && !isUntouched;
}

function wrongAnswers(tried: readonly Tried[], textOf: (key: string) => string | undefined): readonly WrongAnswer[] {
  const byKey = new Map<string, Tried[]>();
  for (const each of tried) {
    if (each.result.result !== "fail" || each.result.key === null) continue;
    byKey.set(each.result.key, [...(byKey.get(each.result.key) ?? []), each]);
  }
  return [...byKey]
    .sort(([oneKey, one], [otherKey, other]) => other.length - one.length || (oneKey < otherKey ? -1 : 1))
    .slice(0, wrongAnswersShown)
    .map(([key, alike]) => ({
      key,
      learners: alike.length,
      misconceptions: alike[0]?.result.misconceptions ?? [],
      text: textOf(key) ?? "",
    }));
}

/** Rounded to whole numbers, halves up. */
function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.floor((200 * part + whole) / (2 * whole));
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}

/** Pearson's, from whole numbers: sums, a division and roots, which IEEE 754 rounds alike on every machine. */
export function correlation(pairs: readonly (readonly [number, number])[]): number | null {
  const count = pairs.length;
  if (count < 3) return null;
  const sum = (of: (pair: readonly [number, number]) => number): number =>
    pairs.reduce((total, pair) => total + of(pair), 0);
  const [sumOne, sumOther] = [sum(([one]) => one), sum(([, other]) => other)];
  const varianceOne = count * sum(([one]) => one * one) - sumOne * sumOne;
  const varianceOther = count * sum(([, other]) => other * other) - sumOther * sumOther;
  if (varianceOne === 0 || varianceOther === 0) return null;
  const covariance = count * sum(([one, other]) => one * other) - sumOne * sumOther;
  const rounded = Math.round((100 * covariance) / (Math.sqrt(varianceOne) * Math.sqrt(varianceOther))) / 100;
  return rounded === 0 ? 0 : rounded;
}
