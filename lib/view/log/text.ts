import type { PartitionView, ReplicaStatus, ReplicaView } from "../partition-view.js";

/** The mark that goes with each status: shape as well as word, for those who see no colour. */
export const statusMark: Readonly<Record<ReplicaStatus, string>> = {
  leader: "●",
  "in sync": "●",
  lagging: "◐",
  fenced: "○",
  down: "○",
};

const subscripts = "₀₁₂₃₄₅₆₇₈₉";

/** `a₀`: a value and the leader epoch it was written in. */
export function recordLabel(value: string, leaderEpoch: number): string {
  const epoch = [...String(leaderEpoch)].map((digit) => subscripts[Number(digit)] ?? digit).join("");
  return value + epoch;
}

/** The most offsets a text figure shows; older ones are left out and counted. */
const mostColumns = 24;

/**
 * The replicas of a partition as text: a row a replica, a column an offset, aligned so that a divergence is seen as the
 * same column with another letter or epoch. `┃` stands before the first record that is not committed as far as that
 * replica knows (its high watermark), `│` at the log's end.
 */
export function logText(view: PartitionView): string {
  const end = Math.max(0, ...view.replicas.map((replica) => replica.logEndOffset));
  const start = Math.max(
    0,
    end - mostColumns,
    Math.min(end, ...view.replicas.map((replica) => replica.logStartOffset)),
  );
  const widths = columnWidths(view, start, end);
  const names = view.replicas.map(
    (replica) => `broker ${replica.brokerId}  ${statusMark[replica.status]} ${wordFor(replica)}`,
  );
  const nameWidth = Math.max(0, ...names.map((name) => name.length));
  const gridWidth = widths.reduce((sum, width) => sum + width + 1, 0) + 2;
  const lines = [heading(view)];
  if (end > start) {
    const offsets = widths.map((width, column) => String(start + column).padEnd(width)).join(" ");
    const elided = start > 0 ? `… ${start} earlier` : "";
    lines.push(`${elided.padEnd(nameWidth)}   ${offsets}`.trimEnd());
  }
  for (const [index, replica] of view.replicas.entries()) {
    const row = gridRow(replica, start, widths).padEnd(gridWidth);
    lines.push(`${(names[index] ?? "").padEnd(nameWidth)}  ${row}  ${endsOf(replica)}`);
  }
  return lines.join("\n");
}

function heading(view: PartitionView): string {
  const parts = [
    view.partition,
    `${view.atMs} ms`,
    view.leader === null ? "no leader" : `leader ${view.leader}`,
    `epoch ${view.leaderEpoch}`,
    `ISR ${listOf(view.isr)}`,
  ];
  if (view.eligibleLeaderReplicas.length > 0) parts.push(`ELR ${listOf(view.eligibleLeaderReplicas)}`);
  if (view.lastKnownElr.length > 0) parts.push(`last known leader ${listOf(view.lastKnownElr)}`);
  return parts.join(" · ");
}

/** Where a replica's log ends, and its high watermark: a process that is down has only the checkpoint on its disk. */
export function endsOf({ logEndOffset, highWatermark, status }: ReplicaView): string {
  return `LEO ${logEndOffset}  HW ${highWatermark}${status === "down" ? " on disk" : ""}`;
}

/** What to call a replica: a deposed leader that does not know it yet is named as such. */
export function wordFor(replica: ReplicaView): string {
  if (replica.leads && replica.status !== "leader" && replica.status !== "down")
    return `${replica.status}, still leads`;
  return replica.status;
}

function listOf(brokers: readonly number[]): string {
  return brokers.length === 0 ? "∅" : brokers.join(",");
}

function columnWidths(view: PartitionView, start: number, end: number): number[] {
  return Array.from({ length: end - start }, (_, column) => {
    const offset = start + column;
    const labels = view.replicas.map((replica) => labelAt(replica, offset).length);
    return Math.max(String(offset).length, ...labels);
  });
}

function labelAt(replica: ReplicaView, offset: number): string {
  const record = replica.records[offset - replica.logStartOffset];
  if (record === undefined || offset < replica.logStartOffset) return "";
  return record.isMarker ? recordLabel("×", record.leaderEpoch) : recordLabel(record.value, record.leaderEpoch);
}

/** Cells with a separator before each: `┃` at the high watermark, `│` at both ends of the log. */
function gridRow(replica: ReplicaView, start: number, widths: readonly number[]): string {
  let row = "";
  for (let column = 0; column <= widths.length; column++) {
    const offset = start + column;
    row += separatorAt(replica, offset, start);
    const width = widths[column];
    if (width !== undefined) row += labelAt(replica, offset).padEnd(width);
  }
  return row;
}

function separatorAt(replica: ReplicaView, offset: number, start: number): string {
  if (offset === replica.highWatermark && offset >= start) return "┃";
  if (offset === replica.logEndOffset || offset === Math.max(start, replica.logStartOffset)) return "│";
  return " ";
}
