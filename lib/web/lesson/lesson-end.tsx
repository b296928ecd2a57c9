import type { CourseState } from "../../server/boot.js";
import { ExerciseLine } from "../parts/exercise-line.js";

/** What comes after the last cell: the lesson's exercises, and the next lesson. */
export function LessonEnd({ course, slug }: { course: CourseState; slug: string }) {
  const index = course.lessons.findIndex((lesson) => lesson.slug === slug);
  const next = course.lessons[index + 1];
  const exercises = course.exercises.filter((exercise) => exercise.lesson === slug);
  return (
    <footer class="lesson-end">
      {exercises.length > 0 && (
        <section aria-labelledby="lesson-exercises">
          <h2 id="lesson-exercises">Try it yourself</h2>
          <ul class="exercise-list">
            {exercises.map((exercise) => (
              <ExerciseLine key={exercise.id} exercise={exercise} />
            ))}
          </ul>
        </section>
      )}
      <nav class="lesson-next" aria-label="Lessons">
        <a href="/">All lessons</a>
        {next !== undefined && (
          <a class="next-link" href={`/lessons/${encodeURIComponent(next.slug)}`}>
            Next: {next.title} <span class="muted">{`${next.minutes} min`}</span>
          </a>
        )}
      </nav>
    </footer>
  );
}
