import type { ReplicaLog } from "./log.js";

/** A transaction of one producer on one partition, from its first record to its marker. */
export interface CompletedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Offset of the marker. */
  readonly lastOffset: number;
  readonly outcome: "commit" | "abort";
}

/**
 * The first offset that a `read_committed` consumer may not pass yet: of a transaction that is open, or whose marker is
 * not below the high watermark. Null if there is none; then the last stable offset is the high watermark.
 *
 * Source: ProducerStateManager.firstUnstableOffset.
 */
export function firstUnstableOffset(log: ReplicaLog, highWatermark: number): number | null {
  let first: number | null = null;
  for (const state of log.producerStates) {
    const offset = state.openTransactionFirstOffset;
    if (offset !== null && (first === null || offset < first)) first = offset;
  }
  for (let index = log.completedTransactions.length - 1; index >= 0; index--) {
    const transaction = log.completedTransactions[index];
    if (transaction === undefined || transaction.lastOffset < highWatermark) break;
    if (first === null || transaction.firstOffset < first) first = transaction.firstOffset;
  }
  return first === null ? null : Math.max(first, log.logStartOffset);
}

/** Exclusive end of what `read_committed` consumers may read: high watermark or first unstable offset. Source: UnifiedLog.lastStableOffset. */
export function lastStableOffset(log: ReplicaLog, highWatermark: number): number {
  const unstable = firstUnstableOffset(log, highWatermark);
  return unstable === null ? highWatermark : Math.min(unstable, highWatermark);
}

/**
 * Aborted transactions with a record in the offsets `from` to `to` (exclusive), in the order of their markers. A
 * consumer leaves out the records of each from its first offset to its marker.
 *
 * Source: TransactionIndex.collectAbortedTxns.
 */
export function abortedTransactions(
  log: ReplicaLog,
  from: number,
  to: number,
): readonly { readonly producerId: number; readonly firstOffset: number }[] {
  return log.completedTransactions
    .filter(({ outcome, firstOffset, lastOffset }) => outcome === "abort" && lastOffset >= from && firstOffset < to)
    .map(({ producerId, firstOffset }) => ({ producerId, firstOffset }));
}
