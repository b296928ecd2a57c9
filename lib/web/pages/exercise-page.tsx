import { useEffect, useMemo, useRef } from "preact/hooks";
import { TextEditor } from "../editor/text-editor.js";
import { answerHelp } from "../editor/yaml-help.js";
import { AnswerForm } from "../exercise/answer-form.js";
import { Attempts } from "../exercise/attempts.js";
import { ExerciseSession } from "../exercise/exercise-session.js";
import { Hints } from "../exercise/hints.js";
import { VerdictView } from "../exercise/verdict-view.js";
import { TraceOutput } from "../output/trace-output.js";
import type { BootOf } from "../parts/boot.js";
import { Html } from "../parts/html.js";
import { Tabs } from "../parts/tabs.js";

const difficultyWords = { 1: "easy", 2: "middling", 3: "hard" } as const;

/** An exercise: the task, the answer as a form or as YAML, the verdict. */
export function ExercisePage({ boot }: { boot: BootOf<"exercise"> }) {
  const { exercise, course } = boot;
  const session = useMemo(() => new ExerciseSession(exercise), [exercise]);
  const lesson = course.lessons.find(({ slug }) => slug === exercise.lesson);
  return (
    <article class="exercise">
      <header class="exercise-head">
        {lesson !== undefined && (
          <p class="crumb">
            <a href={`/lessons/${encodeURIComponent(lesson.slug)}`}>{lesson.title}</a>
          </p>
        )}
        <h1>{exercise.title}</h1>
        <p class="muted">
          {`${exercise.kind} · ${exercise.minutes} min · ${difficultyWords[exercise.difficulty]} · `}
          <ProgressWords session={session} />
        </p>
      </header>
      <Task session={session} />
      {exercise.trace !== undefined && (
        <div class="figure">
          <TraceOutput trace={exercise.trace} text="" />
        </div>
      )}
      <Answer session={session} />
      <Outcome session={session} />
      <Hints session={session} />
      <Attempts session={session} />
    </article>
  );
}

/** The task. Its links to the answer's file lead to the answer on this page. */
function Task({ session }: { session: ExerciseSession }) {
  const onLink = (href: string): boolean => {
    if (href !== "answer.yaml") return false;
    session.view.value = "yaml";
    requestAnimationFrame(() => document.querySelector<HTMLElement>(".answer .cm-content")?.focus());
    return true;
  };
  return <Html class="prose" html={session.exercise.readmeHtml} onLink={onLink} />;
}

function ProgressWords({ session }: { session: ExerciseSession }) {
  const { state, attempts, bestPoints, possiblePoints } = session.progress.value;
  if (state === "untouched") return <>not tried yet</>;
  const tries = attempts === 1 ? "one try" : `${attempts} tries`;
  return (
    <>{`${state === "passed" ? "passed" : "not passed yet"}, ${bestPoints} of ${possiblePoints} points, ${tries}`}</>
  );
}

function Answer({ session }: { session: ExerciseSession }) {
  const hasForm = session.exercise.form.length > 0;
  const verdict = session.isOutdated.value ? undefined : session.grade.value?.verdict;
  const marks = useMemo(
    () =>
      (verdict?.problems ?? []).map(({ line, column, what, remedy }) => ({
        line,
        column,
        message: `${what} ${remedy}`,
      })),
    [verdict],
  );
  const editor = (
    <TextEditor
      text={session.text.value}
      onText={(text) => session.write(text)}
      language="yaml"
      label="Your answer as YAML"
      marks={marks}
      extensions={answerHelp(session.exercise.form)}
      onSubmit={() => void session.check()}
    />
  );
  return (
    // Mod-Enter hands in from any field
    <section
      class="answer"
      aria-labelledby="answer-title"
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.defaultPrevented) void session.check();
      }}
    >
      <h2 id="answer-title" class="visually-hidden">
        Your answer
      </h2>
      {hasForm ? (
        <Tabs
          label="Your answer"
          current={session.view.value}
          onChange={(view) => {
            session.view.value = view;
          }}
          tabs={[
            { id: "form", label: "Form", content: () => <AnswerForm session={session} /> },
            { id: "yaml", label: "answer.yaml", content: () => editor },
          ]}
        />
      ) : (
        editor
      )}
      <p class="button-row">
        <button
          type="button"
          class="button-primary"
          aria-disabled={session.isChecking.value}
          onClick={() => void session.check()}
        >
          {session.isChecking.value ? "Checking…" : "Check"}
        </button>
        <button
          type="button"
          onClick={() => session.write(session.exercise.starter)}
          disabled={session.text.value === session.exercise.starter}
        >
          Back to the start
        </button>
        <DraftWords session={session} />
      </p>
    </section>
  );
}

function DraftWords({ session }: { session: ExerciseSession }) {
  const state = session.draft.value;
  if (state === "offline") return <span class="save-bad">Server not reached; your answer is kept here</span>;
  return <span class="muted">{state === "saving" ? "Saving" : ""}</span>;
}

function Outcome({ session }: { session: ExerciseSession }) {
  const place = useRef<HTMLDivElement>(null);
  const grade = session.grade.value;
  const problem = session.problem.value;
  useEffect(() => {
    if (grade === undefined) return;
    // The reader who has just pressed the button wants to see this; the keyboard stays where it is.
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    place.current?.scrollIntoView({ block: "nearest", behavior });
  }, [grade]);
  return (
    <div ref={place} class="outcome" aria-live="polite">
      {problem !== undefined && <p role="alert">{problem}</p>}
      {grade !== undefined && (
        <>
          {session.isOutdated.value && <p class="muted">You have changed the answer since this verdict.</p>}
          <VerdictView verdict={grade.verdict} elapsedMs={grade.elapsedMs} />
        </>
      )}
    </div>
  );
}
