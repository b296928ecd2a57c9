import type { PartitionView } from "../partition-view.js";

/** The figure in words, made from the same data: what a screen reader reads and what a search finds. */
export function logDescription(view: PartitionView): string {
  const head =
    view.leader === null
      ? `Partition ${view.partition} at ${view.atMs} ms has no leader (leader epoch ${view.leaderEpoch}).`
      : `Partition ${view.partition} at ${view.atMs} ms is led by broker ${view.leader} in epoch ${view.leaderEpoch}.`;
  const isr = `In sync: ${view.isr.length === 0 ? "none" : view.isr.join(", ")}.`;
  const rows = view.replicas.map((replica) => {
    const values = replica.records.map(({ value, isMarker }) => (isMarker ? "a marker" : value));
    const holds = values.length === 0 ? "holds nothing" : `holds ${values.join(", ")}`;
    return `Broker ${replica.brokerId} (${replica.status}) ${holds}; log end ${replica.logEndOffset}, high watermark ${replica.highWatermark}.`;
  });
  return [head, isr, ...rows].join(" ");
}
