import type { ReplayDocument, ReplayFrame, ReplayMark } from "../../view/replay-document.js";
import { causesOf } from "./because.js";
import { clear, element, text } from "./dom.js";
import { logGrid } from "./grid.js";
import { panels } from "./panels.js";
import { replayStyle } from "./style.js";
import { timeline } from "./timeline.js";

/** Marks that one can jump to, with what the button says. */
const jumps: readonly (readonly [ReplayMark, string])[] = [
  ["leader", "leader"],
  ["isr", "ISR"],
  ["high-watermark", "HW"],
  ["ack", "ack"],
];

/** A calm reading pace: long enough for one sentence. */
const stepEveryMs = 1100;

/**
 * `<highwater-replay>`: plays a run. Give it a `ReplayDocument` as its `trace` property, or as JSON in a
 * `<script type="application/json">` inside it. Everything works by keyboard: arrows step, space plays, Home and End jump.
 * Without a framework and in a shadow root, so that it works in foreign pages.
 */
export class HighwaterReplay extends HTMLElement {
  static readonly observedAttributes = ["step"];
  #document: ReplayDocument | null = null;
  #at = 0;
  #panel = 0;
  #asked: number | null = null;
  #playing: ReturnType<typeof setInterval> | null = null;
  readonly #root = this.attachShadow({ mode: "open" });

  constructor() {
    super();
    // A constructed sheet, because a page's content policy may refuse style elements.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(replayStyle);
    this.#root.adoptedStyleSheets = [sheet];
  }

  get trace(): ReplayDocument | null {
    return this.#document;
  }

  set trace(document: ReplayDocument | null) {
    this.stop();
    this.#document = document?.format === "highwater-replay" ? document : null;
    this.#asked = null;
    this.#at = this.#startingFrame();
    this.#render();
  }

  connectedCallback(): void {
    if (this.#document === null) {
      const inside = this.querySelector('script[type="application/json"]')?.textContent;
      // What stands inside was written by `replayDocument`; anything else is refused by the setter.
      if (inside) this.trace = JSON.parse(inside) as ReplayDocument;
    }
    this.addEventListener("keydown", this.#onKey);
    this.#render();
  }

  disconnectedCallback(): void {
    this.stop();
    this.removeEventListener("keydown", this.#onKey);
  }

  attributeChangedCallback(): void {
    this.#at = this.#startingFrame();
    this.#render();
  }

  /** Goes to a frame; beyond either end it stays there. */
  goTo(frame: number): void {
    const last = (this.#document?.frames.length ?? 1) - 1;
    this.#at = Math.max(0, Math.min(last, frame));
    this.#asked = null;
    this.#render();
  }

  stop(): void {
    if (this.#playing !== null) clearInterval(this.#playing);
    this.#playing = null;
  }

  #startingFrame(): number {
    const frames = this.#document?.frames ?? [];
    const wanted = this.getAttribute("step");
    if (wanted === null)
      return Math.max(
        0,
        frames.findLastIndex(({ quiet }) => !quiet),
      );
    const index = frames.findIndex(({ step }) => step >= Number(wanted));
    return index < 0 ? Math.max(0, frames.length - 1) : index;
  }

  #frames(): readonly ReplayFrame[] {
    return this.#document?.frames ?? [];
  }

  /** The next frame in this direction that is not quiet, or the end. */
  #loud(direction: 1 | -1, mark?: ReplayMark): number {
    const frames = this.#frames();
    for (let index = this.#at + direction; index >= 0 && index < frames.length; index += direction) {
      const frame = frames[index];
      if (frame !== undefined && (mark === undefined ? !frame.quiet : frame.marks.includes(mark))) return index;
    }
    if (mark !== undefined) return this.#at;
    return direction === 1 ? frames.length - 1 : 0;
  }

  #play(): void {
    if (this.#playing !== null) {
      this.stop();
      this.#render();
      return;
    }
    if (this.#at >= this.#frames().length - 1) this.#at = 0;
    this.#playing = setInterval(() => {
      const next = this.#loud(1);
      if (next >= this.#frames().length - 1) this.stop();
      this.goTo(next);
    }, stepEveryMs);
    this.#render();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const target = event.composedPath()[0];
    const types = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " " && target instanceof HTMLElement && target.closest("button,input") === null) this.#play();
    else if (types) return;
    else if (event.key === "ArrowRight" && !isTab(target)) this.goTo(this.#loud(1));
    else if (event.key === "ArrowLeft" && !isTab(target)) this.goTo(this.#loud(-1));
    else if (event.key === "Home") this.goTo(0);
    else if (event.key === "End") this.goTo(this.#frames().length - 1);
    else return;
    event.preventDefault();
  };

  #render(): void {
    if (!this.isConnected) return;
    const kept = this.#root.activeElement?.getAttribute("data-key") ?? null;
    clear(this.#root);
    const run = this.#document;
    const frame = run?.frames[this.#at];
    if (run === null || frame === undefined) {
      this.#root.append(element("p", { class: "empty" }, text("There is no run to show.")));
      return;
    }
    this.#root.append(
      element(
        "section",
        { class: "replay", "aria-label": `Replay: ${run.title}`, tabindex: "0", "data-key": "replay" },
        this.#controls(run, frame),
        ...run.partitions.map((_, index) => {
          const state = run.states[frame.states[index] ?? 0];
          const before = run.states[run.frames[this.#at - 1]?.states[index] ?? frame.states[index] ?? 0];
          return state === undefined ? text("") : logGrid(state, before ?? state, run.partitions.length > 1);
        }),
        timeline(run.frames, this.#at, (index) => this.goTo(index)),
        this.#happening(run, frame),
        panels(run, this.#at, this.#panel, {
          choose: (panel) => {
            this.#panel = panel;
            this.#render();
          },
          goTo: (index) => this.goTo(index),
        }),
      ),
    );
    if (kept !== null) this.#root.querySelector<HTMLElement>(`[data-key="${kept}"]`)?.focus({ preventScroll: true });
  }

  #controls(run: ReplayDocument, frame: ReplayFrame): HTMLElement {
    const button = (key: string, label: string, shown: string, act: () => void): HTMLElement => {
      const made = element(
        "button",
        { type: "button", "data-key": key, "aria-label": label, title: label },
        text(shown),
      );
      made.addEventListener("click", act);
      return made;
    };
    const isPlaying = this.#playing !== null;
    return element(
      "div",
      { class: "controls", role: "toolbar", "aria-label": "Replay controls" },
      element("span", { class: "time" }, text(`t = ${frame.atMs} ms`)),
      button("back", "Step back", "◀", () => this.goTo(this.#loud(-1))),
      button("play", isPlaying ? "Pause" : "Play", isPlaying ? "❚❚" : "▷", () => this.#play()),
      button("on", "Step on", "▶", () => this.goTo(this.#loud(1))),
      element("span", { class: "count" }, text(`step ${frame.step < 0 ? "–" : frame.step} / ${run.frames.length - 2}`)),
      element(
        "span",
        { class: "jumps" },
        element("span", { class: "soft" }, text("next")),
        ...jumps.map(([mark, label]) =>
          button(`jump-${mark}`, `Next change of ${label}`, label, () => this.goTo(this.#loud(1, mark))),
        ),
      ),
      button("copy", "Copy scenario of this run", "copy scenario", () => {
        void navigator.clipboard?.writeText(run.scenario);
      }),
    );
  }

  /** What happened in this step: one line, then each change with its why. */
  #happening(run: ReplayDocument, frame: ReplayFrame): HTMLElement {
    const items = frame.changes.map((change, index) => {
      const isOpen = this.#asked === index;
      const why = element(
        "button",
        { type: "button", class: "why", "data-key": `why-${index}`, "aria-expanded": String(isOpen) },
        text("why?"),
      );
      why.addEventListener("click", () => {
        this.#asked = isOpen ? null : index;
        this.#render();
      });
      const item = element("li", {}, element("span", { class: "change" }, text(change.text)), why);
      if (isOpen) item.append(causesOf(run, change, (step) => this.goTo(run.frames.findIndex((f) => f.step === step))));
      return item;
    });
    return element(
      "div",
      { class: "happening", role: "status" },
      element("p", {}, text(frame.text)),
      items.length === 0 ? text("") : element("ul", {}, ...items),
    );
  }
}

function isTab(target: EventTarget | undefined): boolean {
  return target instanceof HTMLElement && target.getAttribute("role") === "tab";
}

if (customElements.get("highwater-replay") === undefined) customElements.define("highwater-replay", HighwaterReplay);
