import { noEpoch } from "../ids.js";
import type { EpochEndOffset } from "../message.js";
import type { ReplicaLog } from "./log.js";
import { logEndOffset } from "./record-chunks.js";

/** Start of a leader epoch in a log (Kafka: one line of `leader-epoch-checkpoint`). */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/** The newest leader epoch the log knows, written in or not; `noEpoch` if none. */
export function latestEpoch(log: Pick<ReplicaLog, "epochEntries">): number {
  return log.epochEntries.at(-1)?.epoch ?? noEpoch;
}

/**
 * Notes that a leader epoch begins at an offset: a leader does so at its election, and every replica when it appends the
 * first record of the epoch. Entries that contradict it go, among them an epoch in which nothing was written.
 *
 * Source: LeaderEpochFileCache.assign.
 */
export function assignEpoch(log: ReplicaLog, epoch: number, startOffset: number): ReplicaLog {
  const epochEntries = withEpoch(log.epochEntries, epoch, startOffset);
  return epochEntries === log.epochEntries ? log : { ...log, epochEntries };
}

/**
 * The largest epoch not above `epoch` that this log knows, and where it ends. Null when `epoch` is none, newer than all
 * the log knows, or when it knows none at all.
 *
 * Source: LeaderEpochFileCache.endOffsetFor; KIP-101, KIP-279.
 */
export function endOffsetFor(log: ReplicaLog, epoch: number): EpochEndOffset | null {
  const latest = log.epochEntries.at(-1);
  if (epoch === noEpoch || latest === undefined || epoch > latest.epoch) return null;
  if (epoch === latest.epoch) return { epoch, endOffset: logEndOffset(log) };
  const higher = log.epochEntries.findIndex((entry) => entry.epoch > epoch);
  const endOffset = log.epochEntries[higher]?.startOffset ?? logEndOffset(log);
  // An epoch older than all entries ends where the first one starts: nothing of it is left here.
  return { epoch: log.epochEntries[higher - 1]?.epoch ?? epoch, endOffset };
}

/** The entries after {@link assignEpoch}; the same array if nothing changes. */
export function withEpoch(entries: readonly EpochEntry[], epoch: number, startOffset: number): readonly EpochEntry[] {
  const latest = entries.at(-1);
  if (latest !== undefined && latest.epoch === epoch && startOffset >= latest.startOffset) return entries;
  const kept = entries.filter((entry) => entry.epoch < epoch && entry.startOffset < startOffset);
  return [...kept, { epoch, startOffset }];
}

/** The entries without those that start at or after `endOffset`. Source: LeaderEpochFileCache.truncateFromEnd. */
export function dropEpochsFrom(entries: readonly EpochEntry[], endOffset: number): readonly EpochEntry[] {
  const latest = entries.at(-1);
  if (latest === undefined || latest.startOffset < endOffset) return entries;
  return entries.filter((entry) => entry.startOffset < endOffset);
}

/**
 * The entries after the log start has moved: the epoch that `startOffset` belongs to now starts there, older ones go.
 *
 * Source: LeaderEpochFileCache.truncateFromStart.
 */
export function dropEpochsBefore(entries: readonly EpochEntry[], startOffset: number): readonly EpochEntry[] {
  const current = entries.findLast((entry) => entry.startOffset <= startOffset);
  if (current === undefined) return entries;
  const later = entries.filter((entry) => entry.startOffset > startOffset);
  return [{ epoch: current.epoch, startOffset }, ...later];
}
