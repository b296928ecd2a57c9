import type { Render } from "./lesson-markdown.js";
import type { LessonSummary } from "./lesson-summary.js";
import { type Lessons, LessonUnreadableError } from "./lessons.js";
import type { LessonProgress, ProgressStore } from "./progress.js";
import type { CourseServices, ExerciseDetail, ExerciseSummary, FirstCluster, ScenarioExample } from "./services.js";
import type { WireDocument } from "./wire.js";

export type PageKind = "home" | "lesson" | "exercise" | "sandbox" | "search";

export interface LessonEntry extends LessonSummary {
  /** The cell to go on at. */
  readonly resumeAt: string | null;
  readonly reached: number;
  readonly visitedAtMs: number;
}

/** The lists every page can show. */
export interface CourseState {
  readonly lessons: readonly LessonEntry[];
  readonly exercises: readonly ExerciseSummary[];
}

export interface LessonState {
  readonly document: WireDocument;
  readonly lastEventId: string;
  readonly progress: LessonProgress;
}

export interface ExerciseState extends ExerciseDetail {
  readonly readmeHtml: string;
}

/** What a page starts with. */
export type BootState =
  | {
      readonly kind: "home";
      readonly title: string;
      readonly course: CourseState;
      readonly cluster: FirstCluster | null;
    }
  | { readonly kind: "lesson"; readonly title: string; readonly course: CourseState; readonly lesson: LessonState }
  | {
      readonly kind: "exercise";
      readonly title: string;
      readonly course: CourseState;
      readonly exercise: ExerciseState;
    }
  | {
      readonly kind: "sandbox";
      readonly title: string;
      readonly course: CourseState;
      readonly examples: readonly ScenarioExample[];
    }
  | { readonly kind: "search"; readonly title: string; readonly course: CourseState }
  | { readonly kind: "problem"; readonly title: string; readonly course: CourseState; readonly message: string };

export interface BootSources {
  readonly lessons: Lessons;
  readonly progress: ProgressStore;
  readonly services: CourseServices;
  readonly render: Render;
}

/** Everything one page shows at first; `undefined` when there is no such lesson or exercise. */
export async function boot(
  kind: PageKind,
  name: string | undefined,
  sources: BootSources,
): Promise<BootState | undefined> {
  const course = await courseState(sources);
  const titled = (title: string) => `${title} · Highwater`;
  switch (kind) {
    case "home": {
      const cluster = (await sources.services.firstCluster()) ?? null;
      return { kind, title: "Highwater · learn Kafka replication by breaking it", course, cluster };
    }
    case "lesson":
      return lessonState(name ?? "", course, sources);
    case "exercise": {
      const exercise = await sources.services.exercise(name ?? "");
      if (exercise === undefined) return undefined;
      const readmeHtml = sources.render(exercise.readme);
      return { kind, title: titled(exercise.title), course, exercise: { ...exercise, readmeHtml } };
    }
    case "sandbox":
      return { kind, title: titled("Sandbox"), course, examples: await sources.services.examples() };
    case "search":
      return { kind, title: titled("Search"), course };
  }
}

function lessonState(slug: string, course: CourseState, { lessons, progress }: BootSources): BootState | undefined {
  if (!lessons.has(slug)) return undefined;
  try {
    const lesson = lessons.lesson(slug);
    const document = lesson.document();
    const state = { document, lastEventId: lesson.log.lastId, progress: progress.lesson(slug) };
    return { kind: "lesson", title: `${document.title} · Highwater`, course, lesson: state };
  } catch (error) {
    if (!(error instanceof LessonUnreadableError)) throw error;
    return { kind: "problem", title: `${slug} · Highwater`, course, message: error.message };
  }
}

async function courseState({ lessons, progress, services }: BootSources): Promise<CourseState> {
  const entries = lessons.list().map((summary): LessonEntry => {
    const { cell, reached, atMs } = progress.lesson(summary.slug);
    return { ...summary, resumeAt: cell, reached, visitedAtMs: atMs };
  });
  return { lessons: entries, exercises: await services.exercises() };
}
