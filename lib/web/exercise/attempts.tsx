import type { ExerciseSession } from "./exercise-session.js";

const resultWords = {
  pass: "✓ passed",
  fail: "✗ failed",
  inconclusive: "? no answer",
  ungradable: "? not graded",
} as const;

/** What was handed in before; each can be put back. */
export function Attempts({ session }: { session: ExerciseSession }) {
  const attempts = session.attempts.value;
  if (attempts.length === 0) return null;
  return (
    <details class="attempts">
      <summary>{attempts.length === 1 ? "One attempt" : `${attempts.length} attempts`}</summary>
      <ol reversed>
        {[...attempts].reverse().map((attempt) => (
          <li key={attempt.number} value={attempt.number}>
            <span>{resultWords[attempt.result]}</span>
            <span class="muted">{`${attempt.points.earned} of ${attempt.points.possible}`}</span>
            <time class="muted" dateTime={new Date(attempt.atMs).toISOString()}>
              {new Date(attempt.atMs).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}
            </time>
            <button type="button" onClick={() => session.write(attempt.answerText)}>
              Put back
            </button>
          </li>
        ))}
      </ol>
    </details>
  );
}
