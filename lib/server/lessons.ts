import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Notebook } from "../notebook/notebook.js";
import { parseNotebook } from "../notebook/notebook.js";
import { CellHistory } from "./cell-history.js";
import type { KernelPool } from "./kernel-pool.js";
import { LearnerCopy } from "./learner-copy.js";
import type { Render } from "./lesson-markdown.js";
import { startOfLesson } from "./lesson-start.js";
import { type LessonSummary, summariseLesson } from "./lesson-summary.js";
import { OpenLesson } from "./open-lesson.js";
import type { TypeService } from "./types/type-thread.js";

export interface LessonsOptions {
  /** The folder of `NN-name.ipynb` files; only read. */
  readonly notebooksFolder: string;
  /** The learner's folder; the only one written to. */
  readonly learnerFolder: string;
  readonly pool: KernelPool;
  readonly render: Render;
  readonly types: TypeService;
  readonly nowMs: () => number;
  readonly epoch: string;
  readonly saveAfterMs: number;
  readonly runMsMax: number;
}

/** A lesson's file exists and cannot be shown; the message says why and what to do. */
export class LessonUnreadableError extends Error {
  override readonly name = "LessonUnreadableError";
}

interface CourseFile {
  readonly changedMs: number;
  readonly notebook: Notebook;
  readonly summary: LessonSummary;
}

/** The lessons of a course folder, and those that are open. */
export class Lessons {
  private readonly files = new Map<string, CourseFile>();
  private readonly open = new Map<string, OpenLesson>();
  private opened = 0;

  constructor(private readonly options: LessonsOptions) {}

  /** In the order of their numbers. An unreadable file is listed by its name, so that it can be opened and explained. */
  list(): readonly LessonSummary[] {
    return this.slugs().map((slug) => {
      try {
        return this.file(slug).summary;
      } catch (error) {
        if (!(error instanceof LessonUnreadableError)) throw error;
        return { slug, number: 0, title: slug, minutes: 0, objectives: [error.message], cellCount: 0 };
      }
    });
  }

  has(slug: string): boolean {
    return this.slugs().includes(slug);
  }

  /** The course's own text of a lesson, for searching. @throws LessonUnreadableError */
  courseNotebook(slug: string): Notebook {
    return this.file(slug).notebook;
  }

  summary(slug: string): LessonSummary {
    return this.file(slug).summary;
  }

  /** Opens a lesson, or gives the one that is open. @throws LessonUnreadableError */
  lesson(slug: string): OpenLesson {
    const known = this.open.get(slug);
    if (known !== undefined) return known;
    const lesson = this.load(slug);
    this.open.set(slug, lesson);
    return lesson;
  }

  openLesson(slug: string): OpenLesson | undefined {
    return this.open.get(slug);
  }

  /** Starts a lesson over from the course's file; the learner's copy is kept under a dated name. */
  async startOver(slug: string): Promise<void> {
    const lesson = this.lesson(slug);
    await lesson.forgetKernel();
    await lesson.flush();
    this.copyOf(slug).setAside(this.options.nowMs());
    lesson.replaceWith(this.file(slug).notebook);
  }

  async close(): Promise<void> {
    await Promise.allSettled([...this.open.values()].map((lesson) => lesson.close()));
    this.open.clear();
  }

  private load(slug: string): OpenLesson {
    const { options } = this;
    const course = this.file(slug);
    const copy = this.copyOf(slug);
    this.opened += 1;
    return new OpenLesson({
      slug,
      title: course.summary.title,
      start: startOfLesson(copy, course.notebook),
      copy,
      history: new CellHistory(join(options.learnerFolder, "history", `${slug}.jsonl`)),
      pool: options.pool,
      overflowFolder: join(options.learnerFolder, "overflow"),
      render: options.render,
      types: options.types,
      nowMs: options.nowMs,
      epoch: `${options.epoch}.${this.opened}`,
      saveAfterMs: options.saveAfterMs,
      runMsMax: options.runMsMax,
    });
  }

  private copyOf(slug: string): LearnerCopy {
    return new LearnerCopy(join(this.options.learnerFolder, "lessons"), slug, this.file(slug).notebook);
  }

  private file(slug: string): CourseFile {
    const path = join(this.options.notebooksFolder, `${slug}.ipynb`);
    const changedMs = statSync(path).mtimeMs;
    const known = this.files.get(slug);
    if (known?.changedMs === changedMs) return known;
    const text = readFileSync(path, "utf8");
    const parsed = parseNotebook(text);
    if (!parsed.ok) throw new LessonUnreadableError(`${slug}.ipynb cannot be read. ${parsed.error.message}`);
    const file = { changedMs, notebook: parsed.notebook, summary: summariseLesson(slug, parsed.notebook) };
    this.files.set(slug, file);
    return file;
  }

  private slugs(): readonly string[] {
    return readdirSync(this.options.notebooksFolder)
      .filter((name) => /^[A-Za-z0-9][A-Za-z0-9._-]*\.ipynb$/.test(name))
      .map((name) => name.slice(0, -".ipynb".length))
      .sort();
  }
}
