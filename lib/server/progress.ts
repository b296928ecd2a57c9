import { existsSync, readFileSync, renameSync } from "node:fs";
import { z } from "zod";
import { writeFileAtomically } from "./atomic-file.js";

const predictionSchema = z.object({
  /** What was typed into each field; empty when skipped. */
  answers: z.record(z.string(), z.string()),
  skipped: z.boolean(),
  atMs: z.number(),
});

const lessonSchema = z.object({
  /** The cell the reader was at, and how far down the page that is, 0 to 1. */
  cell: z.string().nullable(),
  reached: z.number().min(0).max(1),
  atMs: z.number(),
  predictions: z.record(z.string(), predictionSchema),
});

const progressSchema = z.object({
  version: z.literal(1),
  lessons: z.record(z.string(), lessonSchema),
});

/** How far the learner has come in the lessons; exercises keep their own attempts. */
export type Progress = z.infer<typeof progressSchema>;
export type LessonProgress = z.infer<typeof lessonSchema>;
export type Prediction = z.infer<typeof predictionSchema>;

const untouched: LessonProgress = { cell: null, reached: 0, atMs: 0, predictions: {} };

/** The learner's progress as one small file, replaced whole. */
export class ProgressStore {
  private progress: Progress;
  private writing: Promise<void> = Promise.resolve();
  private isDirty = false;

  constructor(
    private readonly path: string,
    private readonly nowMs: () => number,
  ) {
    this.progress = read(path);
  }

  get(): Progress {
    return this.progress;
  }

  lesson(slug: string): LessonProgress {
    return this.progress.lessons[slug] ?? untouched;
  }

  /** Notes where the reader is; how far they have come only grows. */
  visit(slug: string, cell: string | null, reached: number): Promise<void> {
    const before = this.lesson(slug);
    return this.put(slug, { ...before, cell, reached: Math.max(before.reached, reached), atMs: this.nowMs() });
  }

  predict(slug: string, key: string, prediction: Omit<Prediction, "atMs">): Promise<void> {
    const before = this.lesson(slug);
    const predictions = { ...before.predictions, [key]: { ...prediction, atMs: this.nowMs() } };
    return this.put(slug, { ...before, predictions });
  }

  /** Forgets one lesson, as when it is started over. */
  forget(slug: string): Promise<void> {
    return this.put(slug, untouched);
  }

  /** Resolves when everything noted so far is on disk. */
  flush(): Promise<void> {
    return this.writing;
  }

  private put(slug: string, lesson: LessonProgress): Promise<void> {
    this.progress = { ...this.progress, lessons: { ...this.progress.lessons, [slug]: lesson } };
    if (!this.isDirty) {
      this.isDirty = true;
      // Whatever is noted while one write is under way goes into the next one together.
      this.writing = this.writing
        .catch(() => undefined)
        .then(() => {
          this.isDirty = false;
          return writeFileAtomically(this.path, `${JSON.stringify(this.progress, undefined, 1)}\n`);
        });
    }
    return this.writing;
  }
}

function read(path: string): Progress {
  const none: Progress = { version: 1, lessons: {} };
  if (!existsSync(path)) return none;
  try {
    return progressSchema.parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    renameSync(path, `${path}.unreadable`);
    return none;
  }
}
