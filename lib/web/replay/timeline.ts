import type { ReplayFrame, ReplayMark } from "../../view/replay-document.js";
import { element, text } from "./dom.js";

/** What a mark looks like and is called. */
export const markSigns: Readonly<Record<ReplayMark, readonly [sign: string, word: string]>> = {
  fault: ["✕", "fault"],
  repair: ["↻", "repair"],
  leader: ["⇧", "leader"],
  isr: ["⊖", "ISR"],
  "high-watermark": ["▮", "HW"],
  ack: ["✓", "ack"],
  failure: ["!", "failed send"],
  truncation: ["✂", "truncation"],
  loss: ["✗", "loss"],
};

/** Marks that stand on the line, the most telling first; the others are too many. */
const onTheLine: readonly ReplayMark[] = ["loss", "fault", "truncation", "leader", "repair", "failure", "isr"];

/** A slider over the run's steps with marks where something happened. */
export function timeline(frames: readonly ReplayFrame[], at: number, goTo: (frame: number) => void): HTMLElement {
  const last = Math.max(1, frames.length - 1);
  const slider = element("input", {
    type: "range",
    min: "0",
    max: String(frames.length - 1),
    value: String(at),
    "data-key": "slider",
    "aria-label": "Step of the run",
    "aria-valuetext": `${frames[at]?.atMs ?? 0} milliseconds: ${frames[at]?.text ?? ""}`,
  });
  slider.addEventListener("input", () => {
    if (slider instanceof HTMLInputElement) goTo(Number(slider.value));
  });
  const marks = frames.flatMap((frame, index) => {
    const mark = onTheLine.find((candidate) => frame.marks.includes(candidate));
    if (mark === undefined) return [];
    const [sign, word] = markSigns[mark];
    const made = element(
      "span",
      { class: `mark mark-${mark}`, title: `${frame.atMs} ms: ${word}`, "aria-hidden": "true" },
      text(sign),
    );
    made.style.insetInlineStart = `${((index / last) * 100).toFixed(2)}%`;
    return [made];
  });
  return element("div", { class: "timeline" }, element("div", { class: "marks" }, ...marks), slider);
}
