import { endsOf, statusMark, wordFor } from "../../view/log/text.js";
import type { PartitionView, RecordView, ReplicaView } from "../../view/partition-view.js";
import { epochColours } from "../../view/svg.js";
import { element, text } from "./dom.js";

/** The most offsets in view; older ones are left out and counted. */
const mostColumns = 18;

/**
 * The centre of the picture: a row a replica, a column an offset, aligned so that a divergence is seen. A table, so that
 * it can be read cell by cell too. What was cut off in this step stays for a moment, struck through.
 */
export function logGrid(view: PartitionView, before: PartitionView, isNamed: boolean): HTMLElement {
  const ends = [...view.replicas, ...before.replicas].map((replica) => replica.logEndOffset);
  const end = Math.max(4, ...ends);
  const start = Math.max(0, end - mostColumns);
  const offsets = Array.from({ length: end - start }, (_, column) => start + column);
  const head = element(
    "tr",
    {},
    element("th", { scope: "col" }, text("replica")),
    ...offsets.map((offset) => element("th", { scope: "col", class: "offset" }, text(String(offset)))),
    element("td", { class: "ends" }),
  );
  const rows = view.replicas.map((replica, index) => {
    const was = before.replicas[index] ?? replica;
    return element(
      "tr",
      { class: replica.status === "down" ? "down" : "" },
      element("th", { scope: "row" }, ...nameOf(replica)),
      ...offsets.map((offset) => cellOf(replica, was, offset)),
      element("td", { class: replica.highWatermark === end ? "ends hw" : "ends" }, text(endsOf(replica))),
    );
  });
  const sets = [
    isNamed ? view.partition : "",
    view.leader === null ? "no leader" : `leader ${view.leader}`,
    `epoch ${view.leaderEpoch}`,
    `ISR {${view.isr.join(", ")}}`,
    view.eligibleLeaderReplicas.length > 0 ? `ELR {${view.eligibleLeaderReplicas.join(", ")}}` : "",
    view.lastKnownElr.length > 0 ? `last known leader ${view.lastKnownElr.join(", ")}` : "",
  ].filter((part) => part !== "");
  return element(
    "div",
    { class: "grid", role: "region", tabindex: "0", "aria-label": `Logs of ${view.partition}` },
    element(
      "table",
      {},
      element("caption", {}, text(sets.join("  ·  "))),
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
