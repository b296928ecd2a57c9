import { wordFor } from "./log/text.js";
import type { PartitionView } from "./partition-view.js";
import type { Table } from "./table.js";

/** What each replica of a partition has and knows, as a table. */
export function replicaTable(view: PartitionView): Table {
  return {
    caption: `${view.partition} at ${view.atMs} ms`,
    columns: ["replica", "status", "log", "LEO", "HW", "leader epoch"],
    rows: view.replicas.map((replica) => [
      `broker ${replica.brokerId}`,
      wordFor(replica),
      replica.records.map(({ value, isMarker }) => (isMarker ? "×" : value)).join(" "),
      replica.logEndOffset,
      replica.highWatermark,
      replica.leaderEpoch,
    ]),
  };
}
