import type { ExerciseSummary } from "../../server/services.js";
import { HalfIcon, RingIcon, TickIcon } from "./icons.js";

const kindWords: Readonly<Record<ExerciseSummary["kind"], string>> = {
  configure: "configure",
  predict: "predict",
  choose: "choose",
  break: "break it",
  operate: "operate",
  diagnose: "diagnose",
};

/** One exercise in a list: how it stands, what it asks, how long it takes. */
export function ExerciseLine({ exercise }: { exercise: ExerciseSummary }) {
  const { state } = exercise.progress;
  return (
    <li class="exercise-line">
      <ProgressMark state={state} />
      <a href={`/exercises/${encodeURIComponent(exercise.id)}`}>{exercise.title}</a>
      <span class="muted">{`${kindWords[exercise.kind]} · ${exercise.minutes} min`}</span>
    </li>
  );
}

const stateWords = { untouched: "not tried yet", tried: "tried", passed: "passed" } as const;

/** Shape, colour and word. */
export function ProgressMark({ state }: { state: "untouched" | "tried" | "passed" }) {
  return (
    <span class={`progress-mark progress-${state}`}>
      {state === "passed" ? <TickIcon /> : state === "tried" ? <HalfIcon /> : <RingIcon />}
      <span class="visually-hidden">{stateWords[state]}</span>
    </span>
  );
}
