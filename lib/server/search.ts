import type { Notebook } from "../notebook/notebook.js";

/** One place that answers a search. */
export interface SearchHit {
  readonly lesson: string;
  readonly lessonTitle: string;
  readonly cell: string;
  /** The nearest heading above. */
  readonly heading: string;
  /** Plain text around the first match. */
  readonly excerpt: string;
  readonly score: number;
}

export interface SearchedLesson {
  readonly slug: string;
  readonly title: string;
  readonly notebook: Notebook;
}

const hitsMax = 40;
const excerptLength = 160;

/**
 * Finds the cells in which every word of `query` occurs (the last one also as the beginning of a word), best first: a
 * word in a heading counts more than in prose, in prose more than in code.
 */
export function searchLessons(lessons: readonly SearchedLesson[], query: string): readonly SearchHit[] {
  const words = query.toLowerCase().match(/[\p{L}\p{N}._-]+/gu) ?? [];
  if (words.length === 0) return [];
  const hits: SearchHit[] = [];
  for (const { slug, title, notebook } of lessons) {
    let heading = title;
    for (const cell of notebook.cells) {
      const text = cell.cell_type === "markdown" ? plainText(cell.source) : cell.source;
      const headings = cell.cell_type === "markdown" ? headingsOf(cell.source) : [];
      heading = headings[0] ?? heading;
      const lower = text.toLowerCase();
      if (!words.every((word) => lower.includes(word))) continue;
      const inHeading = words.filter((word) => headings.join(" ").toLowerCase().includes(word)).length;
      const score = inHeading * 10 + (cell.cell_type === "markdown" ? 3 : 1) + wholeWords(lower, words);
      hits.push({ lesson: slug, lessonTitle: title, cell: cell.id, heading, excerpt: excerpt(text, words), score });
    }
  }
  return hits.sort((a, b) => b.score - a.score).slice(0, hitsMax);
}

function headingsOf(source: string): readonly string[] {
  return [...source.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map((match) => plainText(match[1] ?? ""));
}

/** Markdown without its marks, good enough to read an excerpt. A blank to fill in does not tell its answer. */
function plainText(source: string): string {
  return source
    .replaceAll(/^:::.*$/gm, "")
    .replaceAll(/\[\[[^\]]*\]\]/g, "____")
    .replaceAll(/^\s*[-+*]\s+/gm, "")
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/^[#>\s]*[#>]\s*/gm, "")
    .replaceAll(/[*`|]/g, "");
}

function wholeWords(text: string, words: readonly string[]): number {
  const present = new Set(text.match(/[\p{L}\p{N}._-]+/gu));
  return words.filter((word) => present.has(word)).length;
}

function excerpt(text: string, words: readonly string[]): string {
  const flat = text.replaceAll(/\s+/g, " ").trim();
  const at = flat.toLowerCase().indexOf(words[0] ?? "");
  const start = Math.max(0, at - excerptLength / 3);
  const from = start === 0 ? 0 : flat.indexOf(" ", start) + 1;
  const isCut = from + excerptLength < flat.length;
  // A whole word is the last, unless it fills the excerpt alone.
  const lastSpace = flat.lastIndexOf(" ", from + excerptLength);
  const end = isCut && lastSpace > from ? lastSpace : from + excerptLength;
  return `${from > 0 ? "… " : ""}${flat.slice(from, end)}${isCut ? " …" : ""}`;
}
