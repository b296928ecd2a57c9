import type { EpochEndOffset } from "../message.js";
import { noteBatches } from "./append.js";
import { dropEpochsBefore, dropEpochsFrom, endOffsetFor } from "./epoch-entries.js";
import { emptyLog, isBatchBorder, logWith, type ReplicaLog } from "./log.js";
import { dropBefore, dropFrom, logEndOffset, recordsBetween } from "./record-chunks.js";

/** What a follower does about a diverging answer of its leader. */
export interface Truncation {
  readonly offset: number;
  /** False: the two have no epoch in common yet; fetch again from `offset` and ask with the epoch that is last then. */
  readonly complete: boolean;
}

/**
 * How far a follower cuts back its log when its leader has answered where the logs part.
 *
 * An answer without an epoch (`noEpoch`) is that of a leader before KIP-279: the follower believes the offset, wrong as
 * it may be. Source: AbstractFetcherThread.getOffsetTruncationState; KIP-101, KIP-279.
 */
export function truncationFor(log: ReplicaLog, diverging: EpochEndOffset): Truncation {
  const end = logEndOffset(log);
  const own = endOffsetFor(log, diverging.epoch);
  if (own === null) return { offset: Math.min(diverging.endOffset, end), complete: true };
  if (own.epoch < diverging.epoch) return { offset: Math.min(own.endOffset, end), complete: false };
  return { offset: Math.min(own.endOffset, diverging.endOffset, end), complete: true };
}

/**
 * Drops every batch that reaches `offset` or beyond, and what was noted of it: epochs, producers and transactions are
 * those of the records that stay. The high watermark is the caller's (`clipHighWatermark`).
 *
 * At or beyond the log end only an epoch without records is dropped. Source: UnifiedLog.truncateTo.
 */
export function truncateTo(log: ReplicaLog, offset: number): ReplicaLog {
  const end = logEndOffset(log);
  if (offset >= end) {
    const epochEntries = dropEpochsFrom(log.epochEntries, end);
    return epochEntries === log.epochEntries ? log : { ...log, epochEntries };
  }
  if (offset < log.logStartOffset) return truncateFullyAndStartAt(log, offset);
  const border = batchBorder(log, offset);
  const kept: ReplicaLog = { ...log, chunks: dropFrom(log, border) };
  const noted = noteBatches(
    { ...kept, producerStates: [], completedTransactions: [] },
    recordsBetween(kept, kept.logStartOffset, border),
    kept.logStartOffset,
  );
  return { ...noted, epochEntries: dropEpochsFrom(log.epochEntries, border) };
}

/** Drops the whole log; the next record gets `offset`. Source: UnifiedLog.truncateFullyAndStartAt. */
export function truncateFullyAndStartAt(log: ReplicaLog, offset: number): ReplicaLog {
  return { ...log, ...emptyLog(), logStartOffset: offset };
}

/**
 * Forgets the records before `offset`, as retention or DeleteRecords do on a leader and its followers after it. What is
 * known of producers stays. A start beyond the log end is for a follower that is too far behind: it begins there anew.
 *
 * Source: UnifiedLog.maybeIncrementLogStartOffset.
 */
export function raiseLogStart(log: ReplicaLog, offset: number): ReplicaLog {
  if (offset <= log.logStartOffset) return log;
  if (offset > logEndOffset(log)) return truncateFullyAndStartAt(log, offset);
  return {
    ...log,
    logStartOffset: offset,
    chunks: dropBefore(log, offset),
    epochEntries: dropEpochsBefore(log.epochEntries, offset),
    completedTransactions: log.completedTransactions.filter((transaction) => transaction.lastOffset >= offset),
  };
}

/**
 * The log as a starting process finds it when the disk has kept the records below `endOffset`: a batch that was not
 * kept whole is cut off, and epochs that begin at or beyond the end are gone.
 *
 * Source: LogLoader.load, LogSegment.recover.
 */
export function recoverLog(log: ReplicaLog, endOffset: number): ReplicaLog {
  return truncateTo(log, Math.max(endOffset, log.logStartOffset));
}

/**
 * The log of a disk that lost its records from `offset` on in a power failure. The epoch file is another file and stays as
 * it was; it is cut to the log when that is loaded (`recoverLog`).
 */
export function loseRecordsFrom(log: ReplicaLog, offset: number): ReplicaLog {
  return logWith(truncateTo(log, Math.max(offset, log.logStartOffset)), { epochEntries: log.epochEntries });
}

/** The largest offset not above `offset` at which a batch starts, or the log ends or starts. */
function batchBorder(log: ReplicaLog, offset: number): number {
  let border = Math.max(offset, log.logStartOffset);
  while (border > log.logStartOffset && !isBatchBorder(log, border)) border -= 1;
  return border;
}
