import { readdirSync, readFileSync } from "node:fs";
import { type Cell, type Notebook, parseNotebook } from "../../lib/notebook/notebook.js";

const folder = new URL("../../notebooks/", import.meta.url);

/** The lessons' file names, in their order. */
export const lessonNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".ipynb"))
  .sort();

export function readLesson(name: string): Notebook {
  const parsed = parseNotebook(readFileSync(new URL(name, folder), "utf8"));
  if (!parsed.ok) throw new Error(`${name}: ${parsed.error.message}`);
  return parsed.notebook;
}

/** What an author has written about the lesson in its metadata. */
export interface LessonNotes {
  readonly title: string;
  readonly minutes: number;
  readonly objectives: readonly string[];
  readonly kafka: string;
  /** Ids of exercises that the text links. */
  readonly exercises: readonly string[];
  /** Words that the lesson introduces, each once in bold. */
  readonly terms: readonly { readonly term: string; readonly meaning: string }[];
}

export function notesOf({ metadata }: Notebook): LessonNotes {
  // Tests look at every field before anything relies on it.
  return metadata.highwater as unknown as LessonNotes;
}

export function proseOf({ cells }: Notebook): string {
  return cells.flatMap((cell) => (cell.cell_type === "markdown" ? [cell.source] : [])).join("\n\n");
}

export function hasOutput(cell: Cell | undefined): boolean {
  return cell?.cell_type === "code" && cell.outputs.length > 0;
}
