import type { ReplayComparison, ReplayDocument, ReplayFrame, ReplayMark } from "../../view/replay-document.js";
import { actOnKey, controls, type ReplayActs } from "./controls.js";
import { element, text } from "./dom.js";
import { type Fork, forkedScenario, forkForm } from "./fork.js";
import { logGrid } from "./grid.js";
import { type Asked, happening } from "./happening.js";
import { sandboxAddress } from "./links.js";
import {
  type Filter,
  frameOf,
  happeningAt,
  isWorthAStop,
  lastChange,
  type Moment,
  momentOfStep,
  momentsOf,
} from "./moments.js";
import { panels } from "./panels.js";
import { replayStyle } from "./style.js";
import { type Timeline, timeline } from "./timeline.js";

/** A calm reading pace: long enough for one sentence. */
const stepEveryMs = 1100;

/** What a reader wants to try instead: a page that can run scenarios listens for it and says so by `preventDefault`. */
export const forkEvent = "highwater-fork";

/**
 * `<highwater-replay>`: plays a run, or two beside each other. Give it a `ReplayDocument` or a `ReplayComparison` as its
 * `trace` property, or as JSON in a `<script type="application/json">` inside it. `step` is the step to start at;
 * `sandbox` the address of a page that runs scenarios, for links and forks.
 *
 * Everything works by keyboard: arrows step, space plays, Home and End go to the ends, l i w a jump to the next change of
 * leader, ISR, high watermark, acknowledgement (with Shift back), f forks, c copies a link. Without a framework and in a
 * shadow root, so that it works in foreign pages.
 */
export class HighwaterReplay extends HTMLElement {
  static readonly observedAttributes = ["step"];
  #runs: readonly ReplayDocument[] = [];
  #comparison: ReplayComparison | null = null;
  #moments: readonly Moment[] = [];
  #at = 0;
  #panel = 0;
  #asked: Asked | null = null;
  #filter: Filter = { type: "all" };
  #isForking = false;
  #forked: string | null = null;
  #said = "";
  #playing: ReturnType<typeof setInterval> | null = null;
  #timeline: Timeline | null = null;
  readonly #root = this.attachShadow({ mode: "open" });
  /** Parts are filled anew at each step, but stay: what is announced, dragged or scrolled must not be replaced. */
  readonly #parts = {
    sentence: element("p", { class: "sentence" }),
    controls: element("div", {}),
    fork: element("div", {}),
    lanes: element("div", { class: "lanes" }),
    line: element("div", {}),
    panels: element("div", {}),
    said: element("p", { class: "said-once", role: "status" }),
    spoken: element("p", { class: "hidden", role: "status" }),
  };

  constructor() {
    super();
    // A constructed sheet, because a page's content policy may refuse style elements.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(replayStyle);
    this.#root.adoptedStyleSheets = [sheet];
  }

  get trace(): ReplayDocument | ReplayComparison | null {
    return this.#comparison ?? this.#runs[0] ?? null;
  }

  set trace(given: ReplayDocument | ReplayComparison | null) {
    this.stop();
    this.#comparison = given?.format === "highwater-replay-comparison" ? given : null;
    this.#runs = this.#comparison?.runs ?? (given?.format === "highwater-replay" ? [given] : []);
    this.#moments = momentsOf(this.#runs, this.#comparison?.sameSteps ?? null);
    this.#asked = null;
    this.#isForking = false;
    this.#forked = null;
    this.#said = "";
    this.#filter = { type: "all" };
    this.#at = this.#startingMoment();
    this.#build();
  }

  connectedCallback(): void {
    if (this.#runs.length === 0) {
      const inside = this.querySelector('script[type="application/json"]')?.textContent;
      // What stands inside was written by `replayDocument`; anything else is refused by the setter.
      if (inside) this.trace = JSON.parse(inside) as ReplayDocument | ReplayComparison;
    }
    this.addEventListener("keydown", this.#onKey);
    this.#build();
  }

  disconnectedCallback(): void {
    this.stop();
    this.removeEventListener("keydown", this.#onKey);
  }

  attributeChangedCallback(): void {
    this.#at = this.#startingMoment();
    this.#render();
  }

  /** Goes to a moment; beyond either end it stays there. */
  goTo(moment: number): void {
    const at = Math.max(0, Math.min(this.#moments.length - 1, moment));
    if (at !== this.#at) {
      this.#asked = null;
      this.#forked = null;
    }
    this.#at = at;
    this.#said = "";
    this.#render();
  }

  stop(): void {
    if (this.#playing !== null) clearInterval(this.#playing);
    this.#playing = null;
  }

  /** The first moment at which two runs differ. */
  get #difference(): number | null {
    const same = this.#comparison?.sameSteps ?? null;
    return same === null ? null : Math.min(this.#moments.length - 1, same + 1);
  }

  #startingMoment(): number {
    const wanted = this.getAttribute("step");
    if (wanted !== null) return momentOfStep(this.#runs, this.#moments, Number(wanted));
    if (this.#difference !== null) return this.#difference;
    const last = this.#moments.findLastIndex((moment) => isWorthAStop(this.#happening(moment), { type: "all" }));
    return Math.max(0, last);
  }

  #happening(moment: Moment): readonly ReplayFrame[] {
    return happeningAt(this.#runs, moment);
  }

  /** The next moment in this direction that the filter lets pass, or the end. */
  #loud(direction: 1 | -1, filter: Filter, orEnd: boolean): number {
    for (let index = this.#at + direction; index >= 0 && index < this.#moments.length; index += direction) {
      const moment = this.#moments[index];
      if (moment !== undefined && isWorthAStop(this.#happening(moment), filter)) return index;
    }
    if (!orEnd) return this.#at;
    return direction === 1 ? this.#moments.length - 1 : 0;
  }

  readonly #acts: ReplayActs = {
    step: (direction) => this.goTo(this.#loud(direction, this.#filter, true)),
    toEnd: (direction) => this.goTo(direction === 1 ? this.#moments.length - 1 : 0),
    jump: (mark, direction) => this.#jump(mark, direction),
    play: () => this.#play(),
    fork: () => {
      this.#isForking = !this.#isForking;
      this.#render();
      const first = this.#isForking ? "fork-step" : "fork";
      this.#root.querySelector<HTMLElement>(`[data-key="${first}"]`)?.focus();
    },
    copyLink: () => {
      const sandbox = this.getAttribute("sandbox");
      if (sandbox === null) this.#copy(this.#runs.at(-1)?.scenario ?? "", "Scenario copied.");
      else this.#copy(this.#link(sandbox), "Link copied: it opens this run at this step.");
    },
    copyScenario: () => this.#copy(this.#runs.at(-1)?.scenario ?? "", "Scenario copied."),
    filter: (filter) => {
      this.#filter = filter;
      this.#render();
    },
    toDifference: () => this.#difference !== null && this.goTo(this.#difference),
  };

  #jump(mark: ReplayMark, direction: 1 | -1): void {
    const found = this.#loud(direction, { type: "mark", mark }, false);
    if (found !== this.#at) this.goTo(found);
    else this.#say(`Nothing of that kind ${direction === 1 ? "comes after" : "came before"} this step.`);
  }

  #play(): void {
    if (this.#playing !== null) {
      this.stop();
      this.#render();
      return;
    }
    if (this.#at >= this.#moments.length - 1) this.#at = 0;
    this.#playing = setInterval(() => {
      const next = this.#loud(1, this.#filter, true);
      if (next >= this.#moments.length - 1) this.stop();
      this.goTo(next);
    }, stepEveryMs);
    this.#render();
  }

  #link(sandbox: string): string {
    const [first, second] = this.#runs;
    const step = first?.frames[frameOf({ moments: this.#moments, at: this.#at }, 0)]?.step ?? 0;
    const address = sandboxAddress(sandbox, {
      text: (second ?? first)?.scenario ?? "",
      step: Math.max(0, step),
      ...(second === undefined || first === undefined ? {} : { against: first.scenario }),
    });
    return new URL(address, location.href).href;
  }

  #copy(what: string, done: string): void {
    const copied = navigator.clipboard?.writeText(what) ?? Promise.reject(new Error("no clipboard"));
    copied.then(
      () => this.#say(done),
      () => this.#say(`It cannot be copied here, so here it is: ${what}`),
    );
  }

  #say(sentence: string): void {
    this.#said = sentence;
    this.#parts.said.textContent = sentence;
  }

  /** Goes another way from the step at hand: in the page around if it can, else in its sandbox, else as text. */
  #fork(step: string): void {
    const run = this.#runs.at(-1);
    if (run === undefined) return;
    const frame = frameOf({ moments: this.#moments, at: this.#at }, this.#runs.length - 1);
    const detail: Fork = {
      scenario: forkedScenario(run, frame, step),
      original: run.scenario,
      step: Math.max(0, run.frames[frame]?.step ?? 0),
    };
    this.#isForking = false;
    const event = new CustomEvent(forkEvent, { detail, bubbles: true, composed: true, cancelable: true });
    if (!this.dispatchEvent(event)) return;
    const sandbox = this.getAttribute("sandbox");
    if (sandbox === null) this.#forked = detail.scenario;
    else {
      const place = { text: detail.scenario, step: detail.step, against: detail.original };
      window.open(new URL(sandboxAddress(sandbox, place), location.href), "_blank", "noopener");
    }
    this.#render();
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape" && this.#isForking) this.#acts.fork();
    else if (!actOnKey(event, this.#acts)) return;
    event.preventDefault();
  };

  /** The parts of a run, once for each run. */
  #build(): void {
    if (!this.isConnected) return;
    const [run] = this.#runs;
    if (run === undefined) {
      this.#root.replaceChildren(element("p", { class: "empty" }, text("There is no run to show.")));
      return;
    }
    const { sentence, controls: buttons, fork, lanes, line, panels: below, said, spoken } = this.#parts;
    this.#timeline = timeline(
      this.#moments.map((moment) => this.#happening(moment)),
      this.#moments.map(({ atMs }) => atMs),
      this.#difference,
      (moment) => this.goTo(moment),
    );
    sentence.textContent = this.#comparison?.sentence ?? "";
    sentence.hidden = this.#comparison === null;
    line.replaceChildren(this.#timeline.element);
    const label = `Replay: ${this.#runs.map(({ title }) => title).join(" and ")}`;
    this.#root.replaceChildren(
      element(
        "section",
        { class: "replay", "aria-label": label, tabindex: "0", "data-key": "replay" },
        ...[sentence, buttons, fork, line, lanes, said, below, spoken],
      ),
    );
    this.#render();
  }

  #render(): void {
    const moment = this.#moments[this.#at];
    if (!this.isConnected || moment === undefined || this.#timeline === null) return;
    const focused = this.#root.activeElement?.getAttribute("data-key") ?? null;
    const scrolled = this.#root.querySelector(".panel")?.scrollTop ?? 0;
    const { controls: buttons, fork, lanes, panels: below, said } = this.#parts;
    buttons.replaceChildren(controls(this.#controlsView(moment), this.#acts));
    fork.replaceChildren(...this.#forkParts());
    lanes.replaceChildren(...this.#runs.map((run, lane) => this.#lane(run, lane, moment)));
    lanes.classList.toggle("differs", this.#difference !== null && this.#at >= this.#difference);
    said.textContent = this.#said;
    const told = this.#happening(moment).map(({ text: line, changes }) =>
      [line, ...changes.map((change) => change.text)].join(", "),
    );
    this.#timeline.show(this.#at, `${moment.atMs} milliseconds: ${told.join("; ")}`);
    // The slider speaks for itself while it is being moved.
    if (focused !== null && focused !== "slider") this.#parts.spoken.textContent = told.join("; ");
    const view = { runs: this.#runs, moments: this.#moments, at: this.#at, filter: this.#filter };
    below.replaceChildren(
      panels(view, this.#panel, {
        choose: (panel) => {
          this.#panel = panel;
          this.#render();
        },
        goTo: (at) => this.goTo(at),
      }),
    );
    const panel = this.#root.querySelector(".panel");
    if (panel !== null) panel.scrollTop = scrolled;
    if (focused !== null) this.#focus(focused);
  }

  /** Back to where the keyboard was; what is gone leaves it to the replay itself. */
  #focus(key: string): void {
    const found = this.#root.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    (found ?? this.#root.querySelector<HTMLElement>("section"))?.focus({ preventScroll: true });
  }

  #controlsView(moment: Moment): Parameters<typeof controls>[0] {
    const [run] = this.#runs;
    const step = run?.frames[moment.frames[0] ?? 0]?.step ?? -1;
    return {
      atMs: moment.atMs,
      count: `step ${step < 0 ? "–" : step} / ${(run?.frames.length ?? 2) - 2}`,
      isPlaying: this.#playing !== null,
      isForking: this.#isForking,
      filter: this.#filter,
      nodes: run?.brokers.map(String) ?? [],
      differs: this.#difference !== null,
      hasLinks: this.hasAttribute("sandbox"),
    };
  }

  #lane(run: ReplayDocument, lane: number, moment: Moment): HTMLElement {
    const frameIndex = moment.frames[lane] ?? 0;
    const frame = run.frames[frameIndex];
    const name = this.#runs.length > 1 ? run.title : "";
    const grids = run.partitions.flatMap((partition, index) => {
      const state = run.states[frame?.states[index] ?? 0];
      const before = run.states[run.frames[frameIndex - 1]?.states[index] ?? frame?.states[index] ?? 0];
      if (state === undefined) return [];
      const label = [name, run.partitions.length > 1 ? partition : ""].filter((part) => part !== "").join(" · ");
      const was = moment.moved[lane] === true ? before : state;
      return [logGrid(state, was ?? state, label, `${lane}`, (fact) => this.#askWhy(lane, fact, frameIndex))];
    });
    const acts = {
      ask: (asked: Asked | null) => {
        this.#asked = asked;
        this.#render();
      },
      goTo: (of: number, step: number) => this.#goToStep(of, step),
    };
    const told = happening(run, lane, frameIndex, moment.moved[lane] === true, this.#asked, acts);
    return element("div", { class: "lane" }, ...grids, told);
  }

  #askWhy(lane: number, fact: string, frame: number): void {
    const run = this.#runs[lane];
    const found = run === undefined ? null : lastChange(run, fact, frame);
    if (found === null) {
      this.#say("It has been so from the beginning.");
      return;
    }
    this.#asked = { lane, frame: found[0], change: found[1] };
    this.#said = "";
    this.#render();
  }

  #goToStep(lane: number, step: number): void {
    const frames = this.#runs[lane]?.frames ?? [];
    this.goTo(this.#moments.findIndex((moment) => frames[moment.frames[lane] ?? 0]?.step === step));
  }

  #forkParts(): readonly Node[] {
    const run = this.#runs.at(-1);
    if (run === undefined) return [];
    const frame = frameOf({ moments: this.#moments, at: this.#at }, this.#runs.length - 1);
    if (this.#isForking) return [forkForm(run, frame, (step) => this.#fork(step), this.#acts.fork)];
    if (this.#forked === null) return [];
    return [
      element("p", { class: "soft" }, text("Save this as a file and run it: highwater run FILE.scenario")),
      element("pre", { class: "forked", tabindex: "0" }, text(this.#forked)),
    ];
  }
}

if (customElements.get("highwater-replay") === undefined) customElements.define("highwater-replay", HighwaterReplay);
