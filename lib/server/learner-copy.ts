import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { isJsonObject } from "../notebook/json.js";
import { type Notebook, parseNotebook, serialiseNotebook } from "../notebook/notebook.js";
import { writeFileAtomically } from "./atomic-file.js";
import { appendJsonLine, recoverJsonLines, rewriteJsonLines } from "./json-lines.js";
import type { DocumentOp } from "./wire.js";

/** What the learner's folder held for one lesson. */
export interface LoadedCopy {
  /** Absent while the learner has changed and run nothing. */
  readonly mine?: Notebook;
  /** The course's file as it was when `mine` was begun or last merged. */
  readonly base?: Notebook;
  /** Batches of edits that were accepted after `mine` was written, oldest first. */
  readonly unsaved: readonly (readonly DocumentOp[])[];
  /** What had to be repaired on the way, in sentences for the learner. */
  readonly notices: readonly string[];
}

interface JournalEntry {
  readonly revision: number;
  readonly ops: readonly DocumentOp[];
}

/**
 * The learner's copy of one lesson on disk. Three files stand beside each other: the copy itself, the course's file it
 * grew from, and a journal. An edit is in the journal before it is acknowledged, so a killed server loses none; the
 * copy is replaced whole about once a second, and then the journal is cut.
 */
export class LearnerCopy {
  private readonly copyPath: string;
  private readonly basePath: string;
  private readonly journalPath: string;
  /** Numbers what was accepted; the copy says up to which number it goes. */
  private revision = 0;
  private isMerged = false;

  constructor(
    folder: string,
    slug: string,
    /** The lesson as the course has it now. */
    private readonly course: Notebook,
  ) {
    this.copyPath = join(folder, `${slug}.ipynb`);
    this.basePath = join(folder, `${slug}.base.ipynb`);
    this.journalPath = join(folder, `${slug}.journal.jsonl`);
  }

  load(): LoadedCopy {
    const notices: string[] = [];
    const mine = this.read(this.copyPath, notices);
    const base = this.read(this.basePath, notices);
    this.revision = mine === undefined ? 0 : revisionOf(mine);
    const unsaved: (readonly DocumentOp[])[] = [];
    const journal = recoverJsonLines(this.journalPath);
    for (const entry of journal.entries as readonly JournalEntry[]) {
      // Written by `accept` alone; entries the copy already holds are left over from a kill between two files.
      if (entry.revision <= this.revision) continue;
      unsaved.push(entry.ops);
      this.revision = entry.revision;
    }
    return { ...(mine ? { mine } : {}), ...(base ? { base } : {}), unsaved, notices };
  }

  /** Notes edits down before they are acknowledged. Throws when the disk refuses: then nothing is acknowledged. */
  accept(ops: readonly DocumentOp[]): void {
    const entry: JournalEntry = { revision: this.revision + 1, ops };
    appendJsonLine(this.journalPath, entry);
    this.revision = entry.revision;
  }

  /** Replaces the copy. Calls must not overlap. */
  async save(notebook: Notebook): Promise<void> {
    // Before anything is waited for: an edit that is accepted meanwhile is not in this notebook.
    const { revision } = this;
    if (!existsSync(this.basePath)) await this.saveBase();
    const ours = notebook.metadata.highwater;
    const highwater = { ...(isJsonObject(ours) ? ours : {}), revision };
    const stamped = { ...notebook, metadata: { ...notebook.metadata, highwater } };
    await writeFileAtomically(this.copyPath, serialiseNotebook(stamped));
    rewriteJsonLines(this.journalPath, (entry) => (entry as JournalEntry).revision > revision); // see `accept`
    // After the copy, not before: a kill in between merges once more, which changes nothing.
    if (this.isMerged) await this.saveBase();
    this.isMerged = false;
  }

  /** The next save holds the course's present file merged in, so it becomes the base. */
  merged(): void {
    this.isMerged = true;
  }

  private async saveBase(): Promise<void> {
    await writeFileAtomically(this.basePath, serialiseNotebook(this.course));
  }

  /** Sets the copy aside under a dated name, so that the lesson starts from the course's file again. */
  setAside(atMs: number): void {
    const stamp = new Date(atMs).toISOString().replaceAll(/[:.]/g, "-");
    if (existsSync(this.copyPath)) renameSync(this.copyPath, this.copyPath.replace(/\.ipynb$/, `.${stamp}.ipynb`));
    rmSync(this.basePath, { force: true });
    rmSync(this.journalPath, { force: true });
    this.revision = 0;
  }

  private read(path: string, notices: string[]): Notebook | undefined {
    if (!existsSync(path)) return undefined;
    const parsed = parseNotebook(readFileSync(path, "utf8"));
    if (parsed.ok) return parsed.notebook;
    const aside = `${path}.unreadable`;
    renameSync(path, aside);
    notices.push(`Your copy could not be read (${parsed.error.message}) It is kept as ${aside}.`);
    return undefined;
  }
}

function revisionOf(notebook: Notebook): number {
  const ours = notebook.metadata.highwater;
  const revision = isJsonObject(ours) ? ours.revision : undefined;
  return typeof revision === "number" && Number.isSafeInteger(revision) ? revision : 0;
}

/** Makes the folder, and says in one sentence when it cannot be written. */
export function prepareLearnerFolder(folder: string): string | undefined {
  try {
    mkdirSync(folder, { recursive: true });
    appendJsonLine(join(folder, ".writable"), "");
    rmSync(join(folder, ".writable"), { force: true });
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return `The folder for your work, ${folder}, cannot be written (${reason}). Choose another one or make it writable.`;
  }
}
