import type { ReplayMark } from "../../view/replay-document.js";
import { element, text } from "./dom.js";
import type { Filter } from "./moments.js";

/** What the buttons and keys of a replay do. */
export interface ReplayActs {
  readonly step: (direction: 1 | -1) => void;
  readonly toEnd: (direction: 1 | -1) => void;
  readonly jump: (mark: ReplayMark, direction: 1 | -1) => void;
  readonly play: () => void;
  readonly fork: () => void;
  readonly copyLink: () => void;
  readonly copyScenario: () => void;
  readonly filter: (filter: Filter) => void;
  /** To the first step in which two runs differ. */
  readonly toDifference: () => void;
}

export interface ControlsView {
  readonly atMs: number;
  readonly count: string;
  readonly isPlaying: boolean;
  readonly isForking: boolean;
  readonly filter: Filter;
  readonly nodes: readonly string[];
  readonly differs: boolean;
  /** The page has a sandbox, so that there are addresses for runs. */
  readonly hasLinks: boolean;
}

/** Marks that one can jump to: what the button says, its key, what it is. */
const jumps: readonly (readonly [mark: ReplayMark, shown: string, key: string])[] = [
  ["leader", "leader", "l"],
  ["isr", "ISR", "i"],
  ["high-watermark", "HW", "w"],
  ["ack", "ack", "a"],
];

/** What can be looked at alone besides nodes. */
const filters: readonly (readonly [ReplayMark, string])[] = [
  ["fault", "faults"],
  ["leader", "leader"],
  ["isr", "ISR"],
  ["high-watermark", "high watermarks"],
  ["ack", "acknowledgements"],
  ["truncation", "truncations"],
];

export function controls(view: ControlsView, acts: ReplayActs): HTMLElement {
  const button = (key: string, label: string, shown: string, keys: string, act: () => void): HTMLElement => {
    const made = element(
      "button",
      { type: "button", "data-key": key, "aria-label": label, title: `${label} (${keys})`, "aria-keyshortcuts": keys },
      text(shown),
    );
    made.addEventListener("click", act);
    return made;
  };
  return element(
    "div",
    { class: "controls", role: "toolbar", "aria-label": "Replay controls" },
    element("span", { class: "time" }, text(`t = ${view.atMs} ms`)),
    button("back", "Step back", "◀", "ArrowLeft", () => acts.step(-1)),
    button("play", view.isPlaying ? "Pause" : "Play", view.isPlaying ? "❚❚" : "▷", "Space", acts.play),
    button("on", "Step on", "▶", "ArrowRight", () => acts.step(1)),
    element("span", { class: "count" }, text(view.count)),
    element(
      "span",
      { class: "jumps" },
      element("span", { class: "soft" }, text("next")),
      ...jumps.map(([mark, shown, key]) =>
        button(`jump-${mark}`, `Next change of ${shown}`, shown, key, () => acts.jump(mark, 1)),
      ),
      ...(view.differs
        ? [button("jump-difference", "First difference", "≠ first difference", "d", acts.toDifference)]
        : []),
    ),
    element(
      "span",
      { class: "others" },
      filterSelect(view, acts),
      forkButton(view, button, acts),
      view.hasLinks
        ? button("link", "Copy link to this step", "copy link", "c", acts.copyLink)
        : button("copy", "Copy scenario of this run", "copy scenario", "c", acts.copyScenario),
    ),
  );
}

function forkButton(
  { isForking }: ControlsView,
  button: (key: string, label: string, shown: string, keys: string, act: () => void) => HTMLElement,
  acts: ReplayActs,
): HTMLElement {
  const made = button("fork", "Try something else from here", "try something else", "f", acts.fork);
  made.setAttribute("aria-label", "try something else from here");
  made.setAttribute("aria-expanded", String(isForking));
  return made;
}

function filterSelect({ filter, nodes }: ControlsView, acts: ReplayActs): HTMLElement {
  const select = document.createElement("select");
  select.setAttribute("aria-label", "Steps to stop at");
  select.setAttribute("data-key", "filter");
  const options: readonly (readonly [string, Filter])[] = [
    ["every change", { type: "all" }],
    ...filters.map(([mark, word]): [string, Filter] => [word, { type: "mark", mark }]),
    ...nodes.map((node): [string, Filter] => [/^\d+$/.test(node) ? `broker ${node}` : node, { type: "node", node }]),
  ];
  const chosen = JSON.stringify(filter);
  for (const [word, value] of options) {
    const option = new Option(word, JSON.stringify(value));
    option.selected = option.value === chosen;
    select.append(option);
  }
  select.addEventListener("change", () => acts.filter(options[select.selectedIndex]?.[1] ?? { type: "all" }));
  return select;
}

/** Acts on a key pressed within the replay. Letters work there only. @returns whether it was one of its keys */
export function actOnKey(event: KeyboardEvent, acts: ReplayActs): boolean {
  const target = event.composedPath()[0];
  if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof HTMLElement)) return false;
  if (target.matches("input:not([type=range]), select, textarea")) return false;
  const isSlider = target.matches("input");
  const direction = event.shiftKey ? -1 : 1;
  const jump = jumps.find(([, , key]) => key === event.key.toLowerCase());
  if (event.key === " " && !isSlider && target.closest("button, summary, a") === null) acts.play();
  else if (event.key === "ArrowRight" && !isSlider && !isTab(target)) acts.step(1);
  else if (event.key === "ArrowLeft" && !isSlider && !isTab(target)) acts.step(-1);
  else if (event.key === "Home" && !isSlider) acts.toEnd(-1);
  else if (event.key === "End" && !isSlider) acts.toEnd(1);
  else if (jump !== undefined) acts.jump(jump[0], direction);
  else if (event.key === "f") acts.fork();
  else if (event.key === "c") acts.copyLink();
  else if (event.key === "d") acts.toDifference();
  else return false;
  return true;
}

function isTab(target: HTMLElement): boolean {
  return target.getAttribute("role") === "tab";
}
