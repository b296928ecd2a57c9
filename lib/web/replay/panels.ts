import type { ReplayDocument } from "../../view/replay-document.js";
import { element, text } from "./dom.js";

interface PanelActs {
  readonly choose: (panel: number) => void;
  readonly goTo: (frame: number) => void;
}

/** The tabs below the grid, of equal rank. Each shows the run as it stands at the step at hand. */
const tabs: readonly (readonly [title: string, show: (run: ReplayDocument, at: number, acts: PanelActs) => Node])[] = [
  ["Messages", messages],
  ["Metadata log", metadataLog],
  ["Outcomes", outcomes],
  ["Operator", operator],
  ["Text", wholeRun],
];

export function panels(run: ReplayDocument, at: number, chosen: number, acts: PanelActs): HTMLElement {
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
      acts.choose(next);
      const root = list.getRootNode();
      if (root instanceof ShadowRoot) root.querySelector<HTMLElement>(`#tab-${next}`)?.focus();
    });
    list.append(tab);
  }
  const show = tabs[chosen]?.[1] ?? messages;
  const panel = element(
    "div",
    { class: "panel", role: "tabpanel", id: "panel", "aria-labelledby": `tab-${chosen}`, tabindex: "0" },
    show(run, at, acts),
  );
  return element("div", { class: "panels" }, list, panel);
}

function messages(run: ReplayDocument, at: number, acts: PanelActs): Node {
  const rows = run.frames
    .slice(0, at + 1)
    .flatMap((frame, index) =>
      frame.message === null || frame.quiet ? [] : [{ frame, index, message: frame.message }],
    )
    .slice(-12);
  if (rows.length === 0) return empty("No message has arrived yet.");
  return table(
    ["ms", "from", "to", "message"],
    rows.map(({ frame, message }) => [String(frame.atMs), nodeName(message.from), nodeName(message.to), frame.text]),
    rows.map(
      ({ index }) =>
        () =>
          acts.goTo(index),
    ),
  );
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

/** The whole run as lines: the picture's twin. */
function wholeRun(run: ReplayDocument, at: number, acts: PanelActs): Node {
  const rows = run.frames.flatMap((frame, index) => (frame.quiet ? [] : [{ frame, index }]));
  return table(
    ["step", "ms", "what happened", "what changed"],
    rows.map(({ frame, index }) => [
      `${index === at ? "▸ " : ""}${frame.step < 0 ? "–" : frame.step}`,
      String(frame.atMs),
      frame.text,
      frame.changes.map((change) => change.text).join(" · "),
    ]),
    rows.map(
      ({ index }) =>
        () =>
          acts.goTo(index),
    ),
  );
}

function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  acts: readonly (() => void)[] = [],
): Node {
  const body = rows.map((row, index) => {
    const act = acts[index];
    return element(
      "tr",
      {},
      ...row.map((cell, column) => {
        if (column !== 0 || act === undefined) return element("td", {}, text(cell));
        const link = element("button", { type: "button", class: "cause" }, text(cell));
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

function nodeName(node: string): string {
  return /^\d+$/.test(node) ? `broker ${node}` : node;
}
