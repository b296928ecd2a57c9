import { statusMark, wordFor } from "../../view/log/text.js";
import type { PartitionView, RecordView, ReplicaView } from "../../view/partition-view.js";
import { epochColours } from "../../view/svg.js";
import { element, text } from "./dom.js";

/** The most offsets in view; older ones are left out and counted. */
const mostColumns = 12;
/** From so many on the cells are narrower. */
const manyColumns = 8;

/** Opens the why of a value that is on show. */
export type AskWhy = (fact: string) => void;

/**
 * The centre of the picture: a row a replica, a column an offset, aligned so that a divergence is seen. A table, so that
 * it can be read cell by cell too. What was cut off in this step stays for a moment, struck through. Values that change
 * are buttons that tell why they are what they are.
 */
export function logGrid(
  view: PartitionView,
  before: PartitionView,
  name: string,
  key: string,
  ask: AskWhy,
): HTMLElement {
  const ends = [...view.replicas, ...before.replicas].map((replica) => replica.logEndOffset);
  const end = Math.max(4, ...ends);
  const start = Math.max(0, end - mostColumns);
  const offsets = Array.from({ length: end - start }, (_, column) => start + column);
  const value = (fact: string, shown: string): HTMLElement => {
    const made = element(
      "button",
      { type: "button", class: "value-why", "data-key": `${key} ${fact}`, title: `Why ${shown}?` },
      text(shown),
    );
    made.addEventListener("click", () => ask(fact));
    return made;
  };
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, text("replica")),
    ...offsets.map((offset) => element("th", { scope: "col", class: "offset" }, text(String(offset)))),
    element("td", { class: "ends" }),
  );
  const rows = view.replicas.map((replica, index) => {
    const was = before.replicas[index] ?? replica;
    const at = `${view.partition}@${replica.brokerId}`;
    return element(
      "tr",
      { class: replica.status === "down" ? "down" : "" },
      element("th", { scope: "row" }, ...nameOf(replica)),
      ...offsets.map((offset) => cellOf(replica, was, offset)),
      element(
        "td",
        { class: replica.highWatermark === end ? "ends hw" : "ends" },
        value(`leo/${at}`, `LEO ${replica.logEndOffset}`),
        text(" "),
        value(`hw/${at}`, `HW ${replica.highWatermark}`),
        text(replica.status === "down" ? " on disk" : ""),
      ),
    );
  });
  const sets = [
    ...(name === "" ? [] : [element("span", { class: "name" }, text(name))]),
    value(`leader/${view.partition}`, view.leader === null ? "no leader" : `leader ${view.leader}`),
    value(`epoch/${view.partition}`, `epoch ${view.leaderEpoch}`),
    value(`isr/${view.partition}`, `ISR {${view.isr.join(", ")}}`),
    ...(view.eligibleLeaderReplicas.length > 0
      ? [value(`elr/${view.partition}`, `ELR {${view.eligibleLeaderReplicas.join(", ")}}`)]
      : []),
    ...(view.lastKnownElr.length > 0
      ? [value(`last-known-elr/${view.partition}`, `last known leader ${view.lastKnownElr.join(", ")}`)]
      : []),
  ];
  return element(
    "div",
    {
      class: offsets.length > manyColumns ? "grid many" : "grid",
      role: "region",
      tabindex: "0",
      "aria-label": `Logs of ${[name, view.partition].join(" ").trim()}`,
    },
    element(
      "table",
      {},
      element("caption", {}, ...sets.flatMap((set, index) => (index === 0 ? [set] : [text(" · "), set]))),
      element("thead", {}, head),
      element("tbody", {}, ...rows),
    ),
    start > 0 ? element("p", { class: "soft" }, text(`${start} earlier offsets not shown`)) : text(""),
  );
}

function nameOf(replica: ReplicaView): Node[] {
  const mark = replica.status === "down" ? "✕" : statusMark[replica.status];
  return [
    element("span", { class: "broker" }, text(`broker ${replica.brokerId}`)),
    element(
      "span",
      { class: `status status-${replica.status.replace(" ", "-")}` },
      text(`${mark} ${wordFor(replica)}`),
    ),
  ];
}

function cellOf(replica: ReplicaView, was: ReplicaView, offset: number): HTMLElement {
  const record = recordAt(replica, offset);
  const cut = record === undefined ? recordAt(was, offset) : undefined;
  const classes = [
    record === undefined ? (cut === undefined ? "none" : "cut") : "record",
    offset === replica.highWatermark ? "hw" : "",
    record !== undefined && offset < replica.highWatermark ? "committed" : "",
    record !== undefined && recordAt(was, offset) === undefined ? "new" : "",
  ];
  const shown = record ?? cut;
  const cell = element("td", { class: classes.filter((name) => name !== "").join(" ") });
  if (shown === undefined) return cell;
  cell.style.setProperty("--epoch", epochColours[shown.leaderEpoch % epochColours.length] ?? "#ccc");
  cell.append(
    element("span", { class: "value" }, text(shown.isMarker ? "×" : shown.value)),
    element("span", { class: "epoch" }, text(String(shown.leaderEpoch))),
  );
  if (cut !== undefined) cell.title = `${cut.value} was cut off here`;
  return cell;
}

function recordAt(replica: ReplicaView, offset: number): RecordView | undefined {
  return offset < replica.logStartOffset ? undefined : replica.records[offset - replica.logStartOffset];
}
