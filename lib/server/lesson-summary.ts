import { isJsonObject, type JsonValue } from "../notebook/json.js";
import type { Notebook } from "../notebook/notebook.js";

/** What the list of lessons says about one. */
export interface LessonSummary {
  readonly slug: string;
  /** Counted from 1, from the number in front of the file's name. */
  readonly number: number;
  readonly title: string;
  readonly minutes: number;
  /** What one will be able to do, each a short sentence. */
  readonly objectives: readonly string[];
  readonly cellCount: number;
}

const wordsPerMinute = 160;
const minutesPerCodeCell = 0.4;

/**
 * Reads the summary from a lesson: from `metadata.highwater` (`title`, `minutes`, `objectives`) where the author wrote
 * it, else from the first heading, the length, and the list under "you will".
 */
export function summariseLesson(slug: string, notebook: Notebook): LessonSummary {
  const ours = notebook.metadata.highwater;
  const stated = isJsonObject(ours) ? ours : {};
  const prose = notebook.cells.filter((cell) => cell.cell_type === "markdown").map((cell) => cell.source);
  const text = prose.join("\n\n");
  const codeCells = notebook.cells.filter((cell) => cell.cell_type === "code").length;
  const words = text.split(/\s+/).length;
  const estimate = Math.max(1, Math.round(words / wordsPerMinute + codeCells * minutesPerCodeCell));
  return {
    slug,
    number: Number(/^\d+/.exec(slug)?.[0] ?? 0),
    title: typeof stated.title === "string" ? stated.title : (firstHeading(text) ?? slug),
    minutes: typeof stated.minutes === "number" ? stated.minutes : estimate,
    objectives: stated.objectives === undefined ? objectivesInText(text) : texts(stated.objectives),
    cellCount: notebook.cells.length,
  };
}

function firstHeading(text: string): string | undefined {
  return /^#\s+(.+?)\s*#*$/m.exec(text)?.[1]?.replaceAll(/[*_`]/g, "");
}

/** The bullets under the first line that says what one "will be able to" do. */
function objectivesInText(text: string): readonly string[] {
  const list = /^.*(?:you will|objectives|able to).*\n\n?((?:\s*[-*]\s+.+\n?)+)/im.exec(text)?.[1];
  if (list === undefined) return [];
  return list
    .split("\n")
    .map((line) => line.replace(/^\s*[-*]\s+/, "").replace(/[\s;,.]+$/, ""))
    .filter((line) => line !== "")
    .map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`)
    .slice(0, 5);
}

function texts(value: JsonValue): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
