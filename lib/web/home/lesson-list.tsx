import type { CourseState, LessonEntry } from "../../server/boot.js";
import type { ExerciseSummary } from "../../server/services.js";
import { ExerciseLine, ProgressMark } from "../parts/exercise-line.js";

/** Every lesson with its time, what one will be able to do, its exercises, and how far one has come. */
export function LessonList({ course }: { course: CourseState }) {
  const latest = latestOf(course.lessons);
  const loose = course.exercises.filter(({ lesson }) => !course.lessons.some(({ slug }) => slug === lesson));
  return (
    <section class="lesson-list" aria-labelledby="lessons">
      <h2 id="lessons">Lessons</h2>
      {latest !== undefined && (
        <a class="go-on" href={`/lessons/${encodeURIComponent(latest.slug)}?resume`}>
          <span class="go-on-label">Go on where you stopped</span>
          <span>{latest.title}</span>
        </a>
      )}
      {course.lessons.length === 0 && (
        <p>There are no lessons in this folder. Start the course from the folder that holds `notebooks/`.</p>
      )}
      <ol>
        {course.lessons.map((lesson) => (
          <LessonItem
            key={lesson.slug}
            lesson={lesson}
            exercises={course.exercises.filter((exercise) => exercise.lesson === lesson.slug)}
          />
        ))}
      </ol>
      {loose.length > 0 && (
        <>
          <h2>Exercises</h2>
          <ul class="exercise-list">
            {loose.map((exercise) => (
              <ExerciseLine key={exercise.id} exercise={exercise} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function LessonItem({ lesson, exercises }: { lesson: LessonEntry; exercises: readonly ExerciseSummary[] }) {
  const state = lesson.reached >= 1 ? "passed" : lesson.reached > 0 ? "tried" : "untouched";
  return (
    <li class="lesson-item">
      <div class="lesson-head">
        <ProgressMark state={state} />
        <a class="lesson-title" href={`/lessons/${encodeURIComponent(lesson.slug)}`}>
          {lesson.title}
        </a>
        <span class="muted lesson-minutes">{`${lesson.minutes} min`}</span>
      </div>
      {lesson.objectives.length > 0 && <p class="lesson-objective">{lesson.objectives[0]}</p>}
      {exercises.length > 0 && (
        <ul class="exercise-list">
          {exercises.map((exercise) => (
            <ExerciseLine key={exercise.id} exercise={exercise} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** The lesson last read that is not finished. */
function latestOf(lessons: readonly LessonEntry[]): LessonEntry | undefined {
  return lessons
    .filter(({ visitedAtMs, reached }) => visitedAtMs > 0 && reached < 1)
    .sort((left, right) => right.visitedAtMs - left.visitedAtMs)[0];
}
