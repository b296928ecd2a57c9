import type { PartitionView, RecordView, ReplicaStatus, ReplicaView } from "../partition-view.js";
import { epochColours, escapeXml } from "../svg.js";
import { logDescription } from "./description.js";
import { endsOf, statusMark, wordFor } from "./text.js";

const cell = { width: 34, height: 36, gap: 2 };
const left = 150;
const right = 150;
const top = 58;
const rowHeight = 50;

/** The most offsets a figure shows; older ones are left out and counted. */
const mostColumns = 20;

/**
 * The replicas of a partition as SVG: a row a replica, a box an offset, aligned across rows. Colour and the small number
 * tell the leader epoch, the thick bar is the high watermark, the end of the boxes is the log end offset. The same view
 * gives the same bytes; the title and description are made from the data.
 */
export function logSvg(view: PartitionView): string {
  const end = Math.max(1, ...view.replicas.map((replica) => replica.logEndOffset));
  const start = Math.max(0, end - mostColumns);
  const columns = end - start;
  const width = left + columns * (cell.width + cell.gap) + right;
  const height = top + view.replicas.length * rowHeight + 14;
  const rows = view.replicas.map((replica, index) => replicaRow(replica, start, top + index * rowHeight));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img" class="hw-log" font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="14">`,
    `<title>${escapeXml(`Logs of ${view.partition} at ${view.atMs} ms`)}</title>`,
    `<desc>${escapeXml(logDescription(view))}</desc>`,
    `<style>${style}</style>`,
    heading(view),
    offsets(start, columns),
    ...rows,
    "</svg>",
  ].join("");
}

/** Colours follow the page where it sets them, and the reader's scheme elsewhere. */
const style = [
  ".hw-log text{fill:var(--hw-ink,#1b1f24)}",
  ".hw-log .hw-soft{fill:var(--hw-soft,#59636e)}",
  ".hw-log .hw-bar{fill:var(--hw-ink,#1b1f24)}",
  ".hw-log .hw-cell text{fill:#111}",
  "@media (prefers-color-scheme:dark){.hw-log text{fill:var(--hw-ink,#e6edf3)}.hw-log .hw-soft{fill:var(--hw-soft,#9aa4ae)}.hw-log .hw-bar{fill:var(--hw-ink,#e6edf3)}.hw-log .hw-cell text{fill:#111}}",
].join("");

function heading(view: PartitionView): string {
  const leader = view.leader === null ? "no leader" : `leader ${view.leader}`;
  const isr = `ISR {${view.isr.join(",")}}`;
  const elr = view.eligibleLeaderReplicas.length > 0 ? `   ELR {${view.eligibleLeaderReplicas.join(",")}}` : "";
  const text = `t = ${view.atMs} ms   ${leader}   epoch ${view.leaderEpoch}   ${isr}${elr}`;
  return `<text x="8" y="20" font-weight="600">${escapeXml(view.partition)}</text><text x="8" y="40" class="hw-soft" xml:space="preserve">${escapeXml(text)}</text>`;
}

function offsets(start: number, columns: number): string {
  const labels = Array.from({ length: columns }, (_, column) => {
    const x = columnX(column) + cell.width / 2;
    return `<text x="${x}" y="${top - 4}" text-anchor="middle" font-size="11" class="hw-soft">${start + column}</text>`;
  });
  return labels.join("");
}

function replicaRow(replica: ReplicaView, start: number, y: number): string {
  const middle = y + cell.height / 2 + 5;
  const parts = [
    `<text x="8" y="${middle}">broker ${replica.brokerId}</text>`,
    `<text x="84" y="${middle}" font-size="12" fill-opacity="0.9">${statusSymbol(replica.status)} ${escapeXml(wordFor(replica))}</text>`,
  ];
  for (const [index, record] of replica.records.entries()) {
    const column = replica.logStartOffset + index - start;
    if (column >= 0) parts.push(recordBox(record, columnX(column), y));
  }
  const bar = columnX(replica.highWatermark - start) - cell.gap - 1;
  if (replica.highWatermark >= start)
    parts.push(`<rect class="hw-bar" x="${bar}" y="${y - 4}" width="4" height="${cell.height + 8}" rx="1"/>`);
  const after = columnX(Math.max(0, replica.logEndOffset - start)) + 10;
  parts.push(`<text x="${after}" y="${middle}" font-size="12" class="hw-soft">${endsOf(replica)}</text>`);
  return `<g>${parts.join("")}</g>`;
}

function recordBox(record: RecordView, x: number, y: number): string {
  const colour = epochColours[record.leaderEpoch % epochColours.length];
  const label = record.isMarker ? "×" : shortened(record.value);
  return (
    `<g class="hw-cell"><rect x="${x}" y="${y}" width="${cell.width}" height="${cell.height}" rx="3" fill="${colour}"/>` +
    `<text x="${x + cell.width / 2}" y="${y + 18}" text-anchor="middle">${escapeXml(label)}</text>` +
    `<text x="${x + cell.width / 2}" y="${y + 32}" text-anchor="middle" font-size="10">${record.leaderEpoch}</text></g>`
  );
}

function statusSymbol(status: ReplicaStatus): string {
  return status === "down" ? "✕" : statusMark[status];
}

function shortened(value: string): string {
  return value.length > 4 ? `${value.slice(0, 3)}…` : value;
}

function columnX(column: number): number {
  return left + column * (cell.width + cell.gap);
}
