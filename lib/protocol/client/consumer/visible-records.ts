import type { LogRecord } from "../../log/record.js";
import type { FetchResponse } from "../../message.js";

/** A record as the application gets it. */
export interface VisibleRecord {
  readonly offset: number;
  readonly value: string;
  readonly leaderEpoch: number;
}

/**
 * What of a fetch reaches the application: no markers, and no records of the aborted transactions that the answer lists.
 * Each of them goes from its first offset to its producer's next abort marker.
 *
 * Source: CompletedFetch.nextFetchedRecord.
 */
export function visibleRecords(
  firstOffset: number,
  records: readonly LogRecord[],
  abortedTransactions: FetchResponse["abortedTransactions"],
): readonly VisibleRecord[] {
  const waiting = [...abortedTransactions].sort((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const visible: VisibleRecord[] = [];
  records.forEach(({ value, leaderEpoch, kind, producer }, index) => {
    const offset = firstOffset + index;
    while (waiting[0] !== undefined && waiting[0].firstOffset <= offset) {
      aborting.add(waiting[0].producerId);
      waiting.shift();
    }
    if (kind === "abort" && producer !== null) aborting.delete(producer.producerId);
    if (kind === "abort" || kind === "commit") return;
    if (kind === "transactional" && producer !== null && aborting.has(producer.producerId)) return;
    visible.push({ offset, value, leaderEpoch });
  });
  return visible;
}
