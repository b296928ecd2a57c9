import { Html } from "../parts/html.js";
import { ScrollArea } from "../parts/scroll-area.js";
import type { ExerciseSession } from "./exercise-session.js";

/** Help in rungs, each asked for; the solution with its argument after a pass. */
export function Hints({ session }: { session: ExerciseSession }) {
  const { hints } = session.exercise;
  const shown = session.hints.value;
  const isPassed = session.progress.value.state === "passed";
  return (
    <section class="hints" aria-label="Help" aria-live="polite">
      {shown.map((hint) => (
        <div class="hint" key={hint.rung}>
          <p class="hint-rung">{`Hint ${hint.rung} of ${hint.rungs}`}</p>
          <Html class="prose" html={hint.html} />
        </div>
      ))}
      <p class="button-row">
        {shown.length < hints && (
          <button type="button" onClick={() => void session.nextHint()}>
            {shown.length === 0 ? "A hint" : "Another hint"}
          </button>
        )}
        {isPassed && session.solution.value === undefined && (
          <button type="button" onClick={() => void session.showSolution()}>
            Compare with the solution
          </button>
        )}
      </p>
      {session.solution.value !== undefined && (
        <div class="solution">
          <h2>The solution, argued</h2>
          <Html class="prose" html={session.solution.value.html} />
          <ScrollArea class="solution-lines" label="The solution as YAML">
            {session.solution.value.answerText}
          </ScrollArea>
        </div>
      )}
    </section>
  );
}
