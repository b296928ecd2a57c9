import { rules } from "../../lib/protocol/rules/index.js";

/** What came of the replays of one recording. */
export interface Row {
  readonly name: string;
  readonly steps: number;
  readonly fields: number;
  readonly allowed: number;
  readonly rules: readonly string[];
}

const begin = "<!-- written by the test: begin -->";
const end = "<!-- written by the test: end -->";

/** A page with the part between the two marks replaced by what the replays gave. */
export function withTable(page: string, rows: readonly Row[]): string {
  const [before, after] = [page.indexOf(begin), page.indexOf(end)];
  if (before < 0 || after < before) throw new Error(`expected a line ${begin} and, below it, a line ${end}`);
  return `${page.slice(0, before + begin.length)}\n\n${tableOf(rows)}\n\n${page.slice(after)}`;
}

function tableOf(rows: readonly Row[]): string {
  const sorted = [...rows].sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = Object.keys(rules).sort();
  const shownIn = (rule: string): string[] =>
    sorted.flatMap(({ name, rules: seen }) => (seen.includes(rule) ? [name] : []));
  const shown = all.filter((rule) => shownIn(rule).length > 0);
  const none = all.filter((rule) => shownIn(rule).length === 0);
  return [
    "| recording | steps | fields compared | allowed differences | rules at work |",
    "| --- | ---: | ---: | ---: | ---: |",
    ...sorted.map(
      ({ name, steps, fields, allowed, rules: seen }) =>
        `| ${name} | ${steps} | ${fields} | ${allowed} | ${seen.length} |`,
    ),
    "",
    `Rules that at least one recording shows: ${shown.length} of ${all.length}. With each the number of recordings that do, and`,
    "one of them:",
    "",
    ...shown.map((rule) => `- \`${rule}\` ${shownIn(rule).length}, ${shownIn(rule)[0]}`),
    "",
    `Rules that no recording shows: ${none.length}.`,
    "",
    ...none.map((rule) => `- \`${rule}\``),
  ].join("\n");
}
