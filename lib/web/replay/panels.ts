import type { ReplayDocument } from "../../view/replay-document.js";
import { element, text } from "./dom.js";
import { ladder, nodeName } from "./ladder.js";
import { type Filter, frameOf, happeningAt, isWorthAStop, type Moment } from "./moments.js";

/** Everything a panel may show: the lanes, the moment at hand, and what the reader wants to see alone. */
export interface PanelView {
  readonly runs: readonly ReplayDocument[];
  readonly moments: readonly Moment[];
  readonly at: number;
  readonly filter: Filter;
}

interface PanelActs {
  readonly choose: (panel: number) => void;
  readonly goTo: (moment: number) => void;
}

/** What a panel shows of one run, at one of its frames. */
type ShowLane = (run: ReplayDocument, frame: number) => Node;

/** The tabs below the grid, of equal rank. Each shows the run as it stands at the step at hand. */
const tabs: readonly (readonly [title: string, show: ShowLane | "messages" | "whole"])[] = [
  ["Messages", "messages"],
  ["Metadata log", metadataLog],
  ["Outcomes", outcomes],
  ["Operator", operator],
  ["Text", "whole"],
];

export function panels(view: PanelView, chosen: number, acts: PanelActs): HTMLElement {
  const list = element("div", { class: "tabs", role: "tablist", "aria-label": "Views of the run" });
  for (const [index, [title]] of tabs.entries()) {
    const tab = element(
      "button",
      {
        type: "button",
        role: "tab",
        id: `tab-${index}`,
        "data-key": `tab-${index}`,
        "aria-selected": String(index === chosen),
        "aria-controls": "panel",
        tabindex: index === chosen ? "0" : "-1",
      },
      text(title),
    );
    tab.addEventListener("click", () => acts.choose(index));
    tab.addEventListener("keydown", (event) => {
      const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
      if (step === 0) return;
      event.preventDefault();
      const next = (index + step + tabs.length) % tabs.length;
      const root = list.getRootNode();
      acts.choose(next);
      if (root instanceof ShadowRoot) root.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
    });
    list.append(tab);
  }
  const panel = element(
    "div",
    {
      class: "panel",
      role: "tabpanel",
      id: "panel",
      "data-key": "panel",
      "aria-labelledby": `tab-${chosen}`,
      tabindex: "0",
    },
    ...shown(view, tabs[chosen]?.[1] ?? "messages", acts),
  );
  return element("div", { class: "panels" }, list, panel);
}

function shown(view: PanelView, show: ShowLane | "messages" | "whole", acts: PanelActs): readonly Node[] {
  if (show === "whole") return [wholeRun(view, acts)];
  if (show === "messages") return view.runs.map((_, lane) => named(view, lane, ladder(view, lane, acts.goTo)));
  return view.runs.map((run, lane) => named(view, lane, show(run, frameOf(view, lane))));
}

/** With two lanes each part says whose it is. */
function named({ runs }: PanelView, lane: number, part: Node): Node {
  if (runs.length === 1) return part;
  return element("div", { class: "part" }, element("p", { class: "name" }, text(runs[lane]?.title ?? "")), part);
}

function metadataLog(run: ReplayDocument, at: number): Node {
  const records = run.frames
    .slice(0, at + 1)
    .flatMap((frame) => frame.metadataRecords.map((record) => [String(frame.atMs), record]));
  return records.length === 0 ? empty("The controller has decided nothing yet.") : table(["ms", "record"], records);
}

function outcomes(run: ReplayDocument, at: number): Node {
  const rows = run.ledgers[run.frames[at]?.ledger ?? 0] ?? [];
  if (rows.length === 0) return empty("Nothing has been sent yet.");
  return table(
    ["record", "producer", "acks", "outcome", "fate", "copies"],
    rows.map((row) => [row.value, row.producer, row.acks, row.outcome, row.fate, String(row.copies)]),
  );
}

function operator(run: ReplayDocument, at: number): Node {
  const view = run.operatorViews[run.frames[at]?.operatorView ?? 0];
  const metrics = (view?.metrics ?? []).filter(({ value }) => value !== 0);
  return element(
    "div",
    {},
    element("p", { class: "soft" }, text("$ kafka-topics --describe")),
    element("pre", {}, text(view?.describe ?? "")),
    element("p", { class: "soft" }, text("Metrics that are not 0")),
    metrics.length === 0
      ? empty("All are 0, or nobody answers.")
      : table(
          ["node", "metric", "value"],
          metrics.map(({ node, name, value }) => [nodeName(node), name, String(value)]),
        ),
  );
}

/** The whole run as lines: the picture's twin. Two runs stand beside each other, and the first difference is marked. */
function wholeRun({ runs, moments, at, filter }: PanelView, acts: PanelActs): Node {
  const rows = moments.flatMap((moment, index) =>
    index === at || isWorthAStop(happeningAt(runs, moment), filter) ? [{ moment, index }] : [],
  );
  const lanes = (moment: Moment): string[] =>
    runs.flatMap((run, lane) => {
      const frame = run.frames[moment.frames[lane] ?? 0];
      if (frame === undefined || moment.moved[lane] !== true) return ["", ""];
      return [frame.text, frame.changes.map((change) => change.text).join(" · ")];
    });
  const heads = runs.flatMap(({ title }) =>
    runs.length === 1 ? ["what happened", "what changed"] : [title, `${title}: what changed`],
  );
  const number = (moment: Moment): string => {
    const step = runs[0]?.frames[moment.frames[0] ?? 0]?.step ?? -1;
    return step < 0 ? "–" : String(step);
  };
  return table(
    ["step", "ms", ...heads],
    rows.map(({ moment, index }) => [
      `${index === at ? "▸ " : ""}${number(moment)}`,
      String(moment.atMs),
      ...lanes(moment),
    ]),
    rows.map(
      ({ index }) =>
        () =>
          acts.goTo(index),
    ),
    rows.findIndex(({ index }) => index === at),
  );
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  acts: readonly (() => void)[] = [],
  current = -1,
): Node {
  const body = rows.map((row, index) => {
    const act = acts[index];
    return element(
      "tr",
      index === current ? { "aria-current": "step" } : {},
      ...row.map((cell, column) => {
        if (column !== 0 || act === undefined) return element("td", {}, text(cell));
        const link = element(
          "button",
          { type: "button", class: "cause", "data-key": `row-${cell.replace("▸ ", "")}-${index}` },
          text(cell),
        );
        link.addEventListener("click", act);
        return element("td", {}, link);
      }),
    );
  });
  return element(
    "table",
    { class: "rows" },
    element("thead", {}, element("tr", {}, ...head.map((name) => element("th", { scope: "col" }, text(name))))),
    element("tbody", {}, ...body),
  );
}

function empty(sentence: string): HTMLElement {
  return element("p", { class: "soft" }, text(sentence));
}
