import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  codeCell,
  emptyNotebook,
  markdownCell,
  type Notebook,
  serialiseNotebook,
} from "../../lib/notebook/notebook.js";
import { escapeHtml } from "../../lib/server/plain-page.js";

export interface CourseFixture {
  readonly notebooksFolder: string;
  readonly learnerFolder: string;
  write(slug: string, notebook: Notebook): void;
  remove(): void;
}

/** A course folder of one lesson and an empty learner's folder, outside of the project. */
export function courseFixture(): CourseFixture {
  const root = mkdtempSync(join(tmpdir(), "highwater-server-"));
  const notebooksFolder = join(root, "notebooks");
  mkdirSync(notebooksFolder);
  const fixture: CourseFixture = {
    notebooksFolder,
    learnerFolder: join(root, "learner"),
    write: (slug, notebook) => writeFileSync(join(notebooksFolder, `${slug}.ipynb`), serialiseNotebook(notebook)),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  fixture.write("01-copies", smallLesson);
  return fixture;
}

export const smallLesson: Notebook = {
  ...emptyNotebook,
  cells: [
    markdownCell("title", "# Three copies, one leader\n\nA **replica** is one copy of a partition's log."),
    codeCell("first", "print one"),
    codeCell("second", "print two"),
  ],
};

/** Enough of markdown for tests of what stands around it: everything is text. */
export const plainRender = (markdown: string): string => `<p>${escapeHtml(markdown)}</p>`;
