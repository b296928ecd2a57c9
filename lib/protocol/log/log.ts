import type { EpochEntry } from "./epoch-entries.js";
import type { ProducerState } from "./producer-state.js";
import type { LogRecord } from "./record.js";
import { logEndOffset, type RecordChunks, recordAt, recordsBetween } from "./record-chunks.js";
import type { CompletedTransaction } from "./transactions.js";

export { logEndOffset, recordAt, recordsBetween } from "./record-chunks.js";

/**
 * The log of one replica, as it would be found on its disk. Plain data: read it with `logEndOffset`, `recordAt`,
 * `recordsBetween` and `readRecords`, change it with append.ts and truncation.ts.
 *
 * Invariants: `epochEntries` strictly grow in epoch and in offset; `producerStates` and `completedTransactions` are
 * what the records say, folded in order (less what has expired).
 */
export interface ReplicaLog extends RecordChunks {
  /** The leader epoch cache. Its last entry may stand at the log end: an epoch in which nothing was written yet. */
  readonly epochEntries: readonly EpochEntry[];
  /** Sorted by producer id. */
  readonly producerStates: readonly ProducerState[];
  /** Transactions whose marker is in the log, in the order of the markers. */
  readonly completedTransactions: readonly CompletedTransaction[];
}

/** The log with some fields changed. Written out like the copies of `../broker/copy.ts`, and for their reason. */
export function logWith(log: ReplicaLog, change: Partial<ReplicaLog>): ReplicaLog {
  return {
    logStartOffset: change.logStartOffset ?? log.logStartOffset,
    chunks: change.chunks ?? log.chunks,
    epochEntries: change.epochEntries ?? log.epochEntries,
    producerStates: change.producerStates ?? log.producerStates,
    completedTransactions: change.completedTransactions ?? log.completedTransactions,
  };
}

/** The log of a replica that never had a record: a new partition, or a replaced disk. */
export function emptyLog(): ReplicaLog {
  return { logStartOffset: 0, chunks: [], epochEntries: [], producerStates: [], completedTransactions: [] };
}

/**
 * Whole batches from offset `from` up to `to` (exclusive), together at most `maxRecords`, but always one batch if there
 * is one: a fetch must make progress. Starts at `from` exactly, also inside a batch.
 *
 * Source: LogSegment.read (`minOneMessage`).
 */
export function readRecords(log: ReplicaLog, from: number, to: number, maxRecords: number): readonly LogRecord[] {
  const end = Math.min(to, logEndOffset(log));
  let until = Math.min(end, from + Math.max(1, maxRecords));
  while (until > from && !isBatchBorder(log, until)) until -= 1;
  if (until === from) {
    until = from + 1;
    while (until < end && !isBatchBorder(log, until)) until += 1;
  }
  return recordsBetween(log, from, Math.min(until, end));
}

/** Whether a batch starts at `offset`, or no record stands there. */
export function isBatchBorder(log: RecordChunks, offset: number): boolean {
  return recordAt(log, offset)?.startsBatch !== false;
}

/**
 * The high watermark that fits this log: not before its start, not beyond its end. At process start it is the
 * checkpointed one, on a follower the one its leader told, after a truncation the one from before.
 *
 * Source: UnifiedLog.updateHighWatermark.
 */
export function clipHighWatermark(log: RecordChunks, highWatermark: number): number {
  return Math.max(log.logStartOffset, Math.min(highWatermark, logEndOffset(log)));
}
