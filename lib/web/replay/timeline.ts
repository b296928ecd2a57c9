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

/** The line of the run, which lives as long as the run does: a slider that is made anew cannot be dragged. */
export interface Timeline {
  readonly element: HTMLElement;
  show(moment: number, spoken: string): void;
}

/**
 * A slider over the moments with marks where something happened.
 *
 * @param differs the first moment at which two runs differ; null for one run, and for two that never do
 */
export function timeline(
  moments: readonly (readonly ReplayFrame[])[],
  times: readonly number[],
  differs: number | null,
  goTo: (moment: number) => void,
): Timeline {
  const last = Math.max(1, moments.length - 1);
  const slider = document.createElement("input");
  slider.type = "range";
  slider.min = "0";
  slider.max = String(moments.length - 1);
  slider.setAttribute("aria-label", "Step of the run");
  slider.setAttribute("data-key", "slider");
  slider.addEventListener("input", () => goTo(Number(slider.value)));
  const placed = (made: HTMLElement, index: number): HTMLElement => {
    made.style.insetInlineStart = `${((index / last) * 100).toFixed(2)}%`;
    return made;
  };
  const marks = moments.flatMap((frames, index) => {
    const mark = onTheLine.find((candidate) => frames.some((frame) => frame.marks.includes(candidate)));
    if (mark === undefined || index === differs) return [];
    const [sign, word] = markSigns[mark];
    const title = `${times[index] ?? 0} ms: ${word}`;
    return [placed(element("span", { class: `mark mark-${mark}`, title, "aria-hidden": "true" }, text(sign)), index)];
  });
  if (differs !== null) {
    const title = `${times[differs] ?? 0} ms: the first step that differs`;
    marks.push(
      placed(element("span", { class: "mark mark-differs", title, "aria-hidden": "true" }, text("≠")), differs),
    );
  }
  return {
    element: element("div", { class: "timeline" }, element("div", { class: "marks" }, ...marks), slider),
    show(moment, spoken) {
      slider.value = String(moment);
      slider.setAttribute("aria-valuetext", spoken);
    },
  };
}
