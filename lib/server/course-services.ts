import { argumentOf, hintedRequirement, hintFor } from "../exercise/hints.js";
import { answerFile, readAnswerOf, starterOf } from "../exercise/store-answer.js";
import { addEntry, attemptOf, attemptsAt, readAttempts, standingOf } from "../exercise/store-attempts.js";
import { type CourseExercise, exerciseIds, readExercise, readExerciseFile } from "../exercise/store-course.js";
import { answerForm } from "./answer-form.js";
import { writeFileAtomically } from "./atomic-file.js";
import { clusterServices } from "./cluster-services.js";
import { GradeThread } from "./grade-thread.js";
import type { CourseServices, ExerciseDetail, ExerciseSummary } from "./services.js";

export interface CourseFolders {
  /** One folder for each exercise. */
  readonly exercisesFolder: string;
  /** Where attempts and hints taken are kept, and answers where it is not the course's own (`answerFile`). */
  readonly learnerFolder: string;
}

/** The exercises, the grader and the model as the page asks for them. */
export function courseServices({ exercisesFolder, learnerFolder }: CourseFolders): CourseServices {
  const thread = new GradeThread();
  /** One write at a time for each file. */
  const writing = new Map<string, Promise<void>>();
  const starters = new Map<string, string>();
  const starter = (course: CourseExercise): string => {
    const known = starters.get(course.id) ?? starterOf(course.folder) ?? readExerciseFile(course, "answer.yaml") ?? "";
    starters.set(course.id, known);
    return known;
  };

  /** By its folder's name only: nothing that a request says becomes a path unless it is one of them. */
  const open = (id: string): CourseExercise | undefined => {
    if (!exerciseIds(exercisesFolder).includes(id)) return undefined;
    const read = readExercise(exercisesFolder, id);
    return read.ok ? read.exercise : undefined;
  };
  const summary = ({ id, exercise }: CourseExercise): ExerciseSummary => ({
    id,
    title: exercise.title,
    kind: exercise.kind,
    minutes: exercise.minutes,
    difficulty: exercise.difficulty,
    ...(exercise.lesson === undefined ? {} : { lesson: exercise.lesson }),
    objective: exercise.objectives[0] ?? exercise.title,
    progress: {
      ...standingOf(readAttempts(learnerFolder).entries, id),
      possiblePoints: exercise.requirements.reduce((sum, { points }) => sum + points, 0),
    },
  });
  const fileOf = (course: CourseExercise, name: string): string => readExerciseFile(course, name) ?? "";
  const verdictOn = async (id: string, answerText: string, signal: AbortSignal) => {
    const verdict = await thread.grade({ exercisesFolder, id, answerText }, signal);
    if (verdict === null) throw new Error(`exercise ${id} cannot be read: highwater lint says why`);
    return verdict;
  };

  return {
    ...clusterServices(),
    exercises: async () =>
      exerciseIds(exercisesFolder)
        .flatMap((id) => open(id) ?? [])
        .map(summary),
    exercise: async (id) => {
      const course = open(id);
      if (course === undefined) return undefined;
      const { exercise } = course;
      const possible = exercise.requirements.reduce((sum, { points }) => sum + points, 0);
      const detail: ExerciseDetail = {
        ...summary(course),
        // The page shows the title itself.
        readme: fileOf(course, "README.md").replace(/^\s*# .*\n/, ""),
        starter: starter(course),
        draft: readAnswerOf(exercisesFolder, learnerFolder, id) ?? starter(course),
        form: answerForm(exercise),
        attempts: attemptsAt(readAttempts(learnerFolder).entries, id).map((attempt, index) => ({
          number: index + 1,
          atMs: attempt.atMs,
          result: attempt.result,
          points: { earned: attempt.points, possible },
          answerText: attempt.answer,
        })),
        hints: Math.max(0, ...Object.values(exercise.hints).map((rungs) => rungs.length)),
      };
      return detail;
    },
    grade: async (id, answerText, signal) => {
      const startMs = performance.now();
      const verdict = await verdictOn(id, answerText, signal);
      addEntry(learnerFolder, attemptOf(id, answerText, verdict, Date.now()));
      return { verdict, elapsedMs: performance.now() - startMs };
    },
    hint: async (id, answerText, rung) => {
      const course = open(id);
      if (course === undefined) return undefined;
      const verdict = await verdictOn(id, answerText, new AbortController().signal);
      const hint = hintFor(course.exercise, verdict, rung);
      const requirement = hintedRequirement(course.exercise, verdict);
      if (hint === undefined || requirement === null) return undefined;
      addEntry(learnerFolder, { type: "hint", exercise: id, atMs: Date.now(), rung, requirement });
      return { rung, ...hint };
    },
    solution: async (id) => {
      const course = open(id);
      if (course === undefined) return undefined;
      if (standingOf(readAttempts(learnerFolder).entries, id).state !== "passed") return undefined;
      const answerText = fileOf(course, "solution.yaml");
      return { answerText, argument: argumentOf(answerText) };
    },
    saveDraft: async (id, answerText) => {
      if (open(id) === undefined) return;
      const before = writing.get(id) ?? Promise.resolve();
      const path = answerFile(exercisesFolder, learnerFolder, id);
      const written = before.catch(() => undefined).then(() => writeFileAtomically(path, answerText, 0o644));
      writing.set(id, written);
      await written;
    },
  };
}
