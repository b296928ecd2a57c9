import type { Verdict } from "../verdict.js";
import { type CsvExercise, type CsvPreset, gradesCsv, type RosterRow } from "./csv.js";
import { feedbackPage } from "./feedback-page.js";
import { analyseItems, type ItemAnalysis } from "./item-analysis.js";
import { itemsPage } from "./items-page.js";
import { junitXml } from "./junit.js";
import type { AttemptsPolicy, LearnerResult } from "./results.js";

/** What a class's results are made into. */
export interface PublicationInput {
  readonly exercises: readonly CsvExercise[];
  readonly results: readonly LearnerResult[];
  readonly roster: ReadonlyMap<string, RosterRow>;
  readonly presets: readonly CsvPreset[];
  readonly policy: AttemptsPolicy;
  readonly verdictOf: (key: string) => Verdict | undefined;
  readonly textOf: (key: string) => string | undefined;
}

export interface Publication {
  /** By file name. */
  readonly files: Readonly<Record<string, string>>;
  readonly feedback: Iterable<{ readonly learner: string; readonly html: string }>;
  readonly results: readonly LearnerResult[];
  readonly items: readonly ItemAnalysis[];
}

/** Every file of a class's results; a function of the results alone, so the same results give the same bytes. */
export function publication(input: PublicationInput): Publication {
  const { exercises, results, roster, presets, policy, verdictOf, textOf } = input;
  const ids = exercises.map(({ id }) => id);
  const titles = new Map(exercises.map(({ id, title }) => [id, title]));
  const titleOf = (id: string): string => titles.get(id) ?? id;
  const items = analyseItems(ids, results, verdictOf, textOf);
  const csvs = presets.map((preset) => {
    const name = preset === "plain" ? "grades.csv" : `grades-${preset}.csv`;
    return [name, gradesCsv(preset, exercises, results, roster)];
  });
  return {
    files: {
      ...Object.fromEntries(csvs),
      "junit.xml": junitXml(results, verdictOf),
      "items.json": `${JSON.stringify({ format: "highwater-items", version: 1, items }, null, 2)}\n`,
      "items.html": itemsPage(items, titleOf, results.length),
    },
    feedback: feedbackOf(results, { titleOf, verdictOf, textOf, policy }),
    results,
    items,
  };
}

/** One page after the other: a large class's pages need not be in memory at once. */
function* feedbackOf(results: readonly LearnerResult[], context: Parameters<typeof feedbackPage>[1]) {
  for (const result of results) yield { learner: result.learner, html: feedbackPage(result, context) };
}
