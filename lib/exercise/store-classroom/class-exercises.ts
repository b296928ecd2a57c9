import { type KeyContext, keyContext } from "../classroom/answer-key.js";
import type { HiddenChecks } from "../hidden.js";
import { type CourseExercise, readExercise, readExerciseFile, readHidden } from "../store-course.js";
import { variationIndex } from "../variation.js";
import type { Problem } from "../verdict.js";

/** Where a class's exercises come from; the same in every grading process. */
export interface ExerciseSource {
  readonly exercisesFolder: string;
  /** Checks that only the grader holds, a file an exercise; null: none are run. */
  readonly hiddenFolder: string | null;
  readonly seed: number;
}

/** An exercise as some learners have it: one of its variations, with its hidden checks. */
export interface ClassExercise {
  readonly course: CourseExercise;
  readonly variation: number;
  readonly hidden: HiddenChecks | undefined;
  /** The answer that they began from. */
  readonly starter: string | null;
  readonly outOf: number;
  readonly keys: KeyContext;
}

/** An author's mistake that keeps an exercise, or its hidden checks, from being read. */
export class ExerciseFailure extends Error {
  override readonly name = "ExerciseFailure";

  constructor([problem]: readonly Problem[]) {
    super(`${problem?.file}:${problem?.line ?? 1}:${problem?.column ?? 1}: ${problem?.what}; ${problem?.remedy}`);
  }
}

/** The exercises of a class, each variation read once. */
export class ClassExercises {
  private readonly known = new Map<string, ClassExercise>();

  constructor(private readonly source: ExerciseSource) {}

  /** @throws ExerciseFailure */
  variation(id: string, index: number): ClassExercise {
    const name = `${id} ${index}`;
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const { exercisesFolder, hiddenFolder, seed } = this.source;
    const read = readExercise(exercisesFolder, id, index);
    if (!read.ok) throw new ExerciseFailure(read.problems);
    const course = read.exercise;
    const checks = hiddenFolder === null ? undefined : readHidden(hiddenFolder, course);
    if (checks !== undefined && !checks.ok) throw new ExerciseFailure(checks.problems);
    const hidden = checks?.hidden;
    const requirements = [...course.exercise.requirements, ...(hidden?.exercise.requirements ?? [])];
    const exercise: ClassExercise = {
      course,
      variation: index,
      hidden,
      starter: readExerciseFile(course, "answer.yaml"),
      outOf: requirements.reduce((sum, { points }) => sum + points, 0),
      keys: keyContext(hidden === undefined ? [course.text] : [course.text, hidden.text], seed),
    };
    this.known.set(name, exercise);
    return exercise;
  }

  /**
   * The variation that a learner has: without the course's secret everybody has the first.
   *
   * @throws ExerciseFailure
   */
  of(id: string, learnerId: string, secret: string | null): ClassExercise {
    const first = this.variation(id, 0);
    const { variations = 1 } = first.course;
    if (secret === null || variations === 1) return first;
    return this.variation(id, variationIndex(secret, learnerId, id, variations));
  }
}
