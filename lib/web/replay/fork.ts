import type { ReplayDocument } from "../../view/replay-document.js";
import { element, text } from "./dom.js";

/** A run that goes another way from some step on. */
export interface Fork {
  /** The scenario of the other way. */
  readonly scenario: string;
  /** The scenario it left. */
  readonly original: string;
  /** The step it was left at. */
  readonly step: number;
}

/** How long the other way is followed: long enough for a session to end and an election to be seen. */
const followMs = 12_000;

/**
 * The scenario up to a frame, then `step` instead of what came. A line that sends over a stretch of time is kept whole:
 * the application does not know of the fork.
 */
export function forkedScenario(run: ReplayDocument, frame: number, step: string): string {
  const lines = run.scenario.trimEnd().split("\n");
  const done = run.frames.slice(0, frame + 1).flatMap(({ line }) => line ?? []);
  const first = Math.min(...run.frames.flatMap(({ line }) => line ?? []), lines.length + 1);
  const kept = lines.slice(0, Math.max(first - 1, ...done)).filter((line) => !/^\s*end\b/.test(line));
  const atMs = run.frames[frame]?.atMs ?? 0;
  const isStepwise = lines.some((line) => /^\s*stepwise\b/.test(line));
  const endMs = Math.max(atMs + followMs, run.frames.at(-1)?.atMs ?? 0);
  const added = isStepwise ? [step] : [`at ${atMs}ms  ${step}`, `end ${endMs}ms`];
  return `${[...kept, ...added].join("\n")}\n`;
}

/** Steps one may want to try, the likeliest first: what the leader's end would do. */
export function stepsToTry(run: ReplayDocument, frame: number): readonly string[] {
  const leader = run.states[run.frames[frame]?.states[0] ?? 0]?.leader;
  const brokers = [...run.brokers].sort((a, b) => Number(b === leader) - Number(a === leader) || a - b);
  const producers = [...run.scenario.matchAll(/^\s*producer\s+(\S+)/gm)].map(([, name]) => name ?? "");
  return [
    ...brokers.map((broker) => `crash ${broker}`),
    ...brokers.map((broker) => `isolate ${broker}`),
    ...brokers.map((broker) => `start ${broker}`),
    "heal",
    ...producers.map((producer) => `${producer} send x`),
    ...brokers.flatMap((broker) => [`pause ${broker}`, `resume ${broker}`, `shutdown ${broker}`, `wipe ${broker}`]),
  ];
}

/** Asks which step to try instead. */
export function forkForm(
  run: ReplayDocument,
  frame: number,
  go: (step: string) => void,
  leave: () => void,
): HTMLElement {
  const steps = stepsToTry(run, frame);
  const input = document.createElement("input");
  input.type = "text";
  input.setAttribute("list", "steps-to-try");
  input.setAttribute("data-key", "fork-step");
  input.setAttribute("spellcheck", "false");
  input.setAttribute("autocomplete", "off");
  input.value = steps[0] ?? "";
  const form = element(
    "form",
    { class: "fork" },
    element("label", {}, text(`Instead of what came after ${run.frames[frame]?.atMs ?? 0} ms:`), input),
    element("datalist", { id: "steps-to-try" }, ...steps.map((step) => element("option", { value: step }))),
    element("button", { type: "submit", class: "main" }, text("Try it")),
  );
  const close = element("button", { type: "button" }, text("Leave it"));
  close.addEventListener("click", leave);
  form.append(close);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.value.trim() !== "") go(input.value.trim());
  });
  return form;
}
