import type { ReplayDocument, ReplayFrame } from "../../view/replay-document.js";
import { element, text } from "./dom.js";
import { frameOf, type Moment } from "./moments.js";

/** So many messages before the moment at hand are drawn. */
const messagesMax = 12;

interface Arrival {
  readonly frame: ReplayFrame;
  readonly index: number;
  readonly message: { readonly from: string; readonly to: string; readonly name: string };
}

interface LadderView {
  readonly runs: readonly ReplayDocument[];
  readonly moments: readonly Moment[];
  readonly at: number;
}

/**
 * The latest messages as a ladder: a lane a node, a row a message, an arrow from sender to receiver. It is a table whose
 * cells are the lanes, so that the same thing can be read: time, who, to whom, what.
 */
export function ladder(view: LadderView, lane: number, goTo: (moment: number) => void): Node {
  const run = view.runs[lane];
  const at = frameOf(view, lane);
  const arrivals: readonly Arrival[] = (run?.frames.slice(0, at + 1) ?? [])
    .flatMap((frame, index) => (frame.message === null ? [] : [{ frame, index, message: frame.message }]))
    .filter(({ frame }, index, all) => !frame.quiet || index === all.length - 1)
    .slice(-messagesMax);
  if (run === undefined || arrivals.length === 0)
    return element("p", { class: "soft" }, text("No message has arrived yet."));
  const nodes = [...new Set(arrivals.flatMap(({ message }) => [message.from, message.to]))].sort(byKind);
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, text("ms")),
    ...nodes.map((node) => element("th", { scope: "col", class: "rail" }, text(nodeName(node)))),
    element("th", { scope: "col" }, text("what it says")),
  );
  const rows = arrivals.map(({ frame, index, message }) => {
    const [from, to] = [nodes.indexOf(message.from), nodes.indexOf(message.to)];
    const [left, right] = [Math.min(from, to), Math.max(from, to)];
    const link = element(
      "button",
      { type: "button", class: "cause", "data-key": `message-${lane}-${index}` },
      text(String(frame.atMs)),
    );
    link.addEventListener("click", () => goTo(view.moments.findIndex(({ frames }) => frames[lane] === index)));
    const arrow = element(
      "td",
      { class: to > from ? "arrow" : "arrow back", colspan: String(right - left + 1) },
      element("span", { class: "shaft" }, text(shortName(message.name))),
      element("span", { class: "hidden" }, text(` from ${nodeName(message.from)} to ${nodeName(message.to)}`)),
    );
    arrow.style.setProperty("--lanes", String(right - left + 1));
    return element(
      "tr",
      index === at ? { "aria-current": "step" } : {},
      element("td", {}, link),
      ...Array.from({ length: left }, () => element("td", { class: "rail" })),
      arrow,
      ...Array.from({ length: nodes.length - 1 - right }, () => element("td", { class: "rail" })),
      element("td", { class: "said" }, text(contentOf(frame.text))),
    );
  });
  return element(
    "table",
    { class: "rows ladder" },
    element("thead", {}, head),
    element("tbody", {}, ...rows.reverse()),
  );
}

export function nodeName(node: string): string {
  return /^\d+$/.test(node) ? `broker ${node}` : node;
}

/** Clients first, then brokers, then the controller: left to right as a write goes. */
function byKind(a: string, b: string): number {
  const rank = (node: string): number => (/^\d+$/.test(node) ? 1 : node === "controller" ? 2 : 0);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function shortName(name: string): string {
  return name.endsWith("Response") ? `${name.slice(0, -"Response".length)} answer` : name.replace(/Request$/, "");
}

/** What stands in brackets at the end of a step's line. */
function contentOf(line: string): string {
  return /\((.*)\)$/.exec(line)?.[1] ?? "";
}
