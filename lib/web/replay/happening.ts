import type { ReplayDocument } from "../../view/replay-document.js";
import { causesOf } from "./because.js";
import { element, text } from "./dom.js";

/** A change whose why is open: in which lane, at which of its frames, which of that frame's changes. */
export interface Asked {
  readonly lane: number;
  readonly frame: number;
  readonly change: number;
}

interface HappeningActs {
  readonly ask: (asked: Asked | null) => void;
  /** To a step of a lane. */
  readonly goTo: (lane: number, step: number) => void;
}

/** What happened in a lane at this moment: one line, then each change with its why; and the why of a value asked for. */
export function happening(
  run: ReplayDocument,
  lane: number,
  frameIndex: number,
  moved: boolean,
  asked: Asked | null,
  acts: HappeningActs,
): HTMLElement {
  const frame = run.frames[frameIndex];
  const causes = (at: Asked): Node => {
    const change = run.frames[at.frame]?.changes[at.change];
    return change === undefined ? text("") : causesOf(run, change, (step) => acts.goTo(lane, step));
  };
  const items = (moved ? (frame?.changes ?? []) : []).map((change, index) => {
    const isOpen = asked?.lane === lane && asked.frame === frameIndex && asked.change === index;
    const why = element(
      "button",
      { type: "button", class: "why", "data-key": `why-${lane}-${index}`, "aria-expanded": String(isOpen) },
      text("why?"),
    );
    why.addEventListener("click", () => acts.ask(isOpen ? null : { lane, frame: frameIndex, change: index }));
    const item = element("li", {}, element("span", { class: "change" }, text(change.text)), why);
    if (isOpen) item.append(causes(asked));
    return item;
  });
  const isEarlier = asked !== null && asked.lane === lane && (asked.frame !== frameIndex || !moved);
  return element(
    "div",
    { class: "happening" },
    element("p", {}, text(moved ? (frame?.text ?? "") : "nothing happens here at this moment")),
    items.length === 0 ? text("") : element("ul", {}, ...items),
    isEarlier ? earlier(run, asked, causes(asked), acts) : text(""),
  );
}

/** Why a value is what it is, where the change that made it lies further back. */
function earlier(run: ReplayDocument, asked: Asked, causes: Node, acts: HappeningActs): HTMLElement {
  const frame = run.frames[asked.frame];
  const link = element(
    "button",
    { type: "button", class: "cause", "data-key": "asked-step" },
    text(`step ${frame?.step ?? 0}, ${frame?.atMs ?? 0} ms`),
  );
  link.addEventListener("click", () => acts.goTo(asked.lane, frame?.step ?? 0));
  const close = element("button", { type: "button", class: "why", "data-key": "asked-close" }, text("close"));
  close.addEventListener("click", () => acts.ask(null));
  return element(
    "div",
    { class: "asked" },
    element("p", {}, text(`${frame?.changes[asked.change]?.text ?? ""} at `), link, close),
    causes,
  );
}
