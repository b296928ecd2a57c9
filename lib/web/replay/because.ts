import type { ReplayChange, ReplayDocument } from "../../view/replay-document.js";
import { element, text } from "./dom.js";

/** How far back a chain is followed at once; each link leads on. */
const depthMax = 4;

/** The rule that made a change, and the steps that led to it, each a link. */
export function causesOf(run: ReplayDocument, change: ReplayChange, goTo: (step: number) => void): HTMLElement {
  return element("div", { class: "because" }, ...linksOf(run, change, goTo, 0, new Set()));
}

function linksOf(
  run: ReplayDocument,
  change: ReplayChange,
  goTo: (step: number) => void,
  depth: number,
  seen: Set<number>,
): Node[] {
  const rule = run.rules[change.rule];
  const nodes: Node[] = [
    element(
      "p",
      {},
      text(change.because),
      text(" "),
      element("small", {}, text(`[${change.rule}; ${rule?.source ?? ""}]`)),
    ),
  ];
  if (depth >= depthMax) return nodes;
  const causes = change.causes.filter((step) => !seen.has(step));
  for (const step of causes) seen.add(step);
  if (causes.length === 0) return nodes;
  const items = causes.map((step) => {
    const frame = run.frames.find((candidate) => candidate.step === step);
    const link = element("button", { type: "button", class: "cause" }, text(`step ${step}, ${frame?.atMs ?? 0} ms`));
    link.addEventListener("click", () => goTo(step));
    const item = element("li", {}, link, text(` ${frame?.text ?? ""}`));
    const deeper = frame?.changes[0];
    if (deeper !== undefined && depth + 1 < depthMax) item.append(...linksOf(run, deeper, goTo, depth + 1, seen));
    return item;
  });
  nodes.push(element("ul", {}, ...items));
  return nodes;
}
