import { appendAsFollower, appendAsLeader, type NewBatch } from "../../../lib/protocol/log/append.js";
import { endOffsetFor, latestEpoch } from "../../../lib/protocol/log/epoch-entries.js";
import { emptyLog, logEndOffset, type ReplicaLog, readRecords } from "../../../lib/protocol/log/log.js";
import { checkProducerBatch } from "../../../lib/protocol/log/producer-state.js";
import type { LogRecord } from "../../../lib/protocol/log/record.js";
import { parseEpochEntries } from "../../../lib/protocol/log/text.js";
import { truncateTo, truncationFor } from "../../../lib/protocol/log/truncation.js";
import type { EpochEndOffset } from "../../../lib/protocol/message.js";

/** A record of its own batch, unstamped, with defaults that do not matter. */
export function record(value: string, leaderEpoch: number, more: Partial<LogRecord> = {}): LogRecord {
  return { value, leaderEpoch, timestampMs: 0, producer: null, kind: "data", startsBatch: true, ...more };
}

/** A log of `logEndOffset` records with exactly this epoch cache, whether or not the records' own epochs agree. */
export function logWithEpochs(epochEntries: string, logEndOffset: number): ReplicaLog {
  const records = Array.from({ length: logEndOffset }, (_, offset) => record(`r${offset}`, 0));
  return { ...appendAsFollower(emptyLog(), records), epochEntries: parseEpochEntries(epochEntries) };
}

/** The log of records with these epochs, one batch each, named by epoch and offset: equal where they must be equal. */
export function logOfEpochs(epochs: readonly number[], logStartOffset = 0): ReplicaLog {
  const records = epochs.map((epoch, index) => record(`${epoch}.${logStartOffset + index}`, epoch));
  return appendAsFollower({ ...emptyLog(), logStartOffset }, records);
}

/** A batch of one producer, as a produce request brings it. */
export function batchOf(producerId: number, producerEpoch: number, sequence: number, count = 1): NewBatch {
  const values = Array.from({ length: count }, (_, index) => `p${producerId}e${producerEpoch}s${sequence + index}`);
  return {
    records: values.map((value) => ({ value, timestampMs: 0 })),
    producer: { producerId, producerEpoch, sequence },
    transactional: false,
  };
}

/** The leader's verdict, in short: the offset it was appended at, `duplicate@offset`, or the error. */
export function offer(log: ReplicaLog, batch: NewBatch, leaderEpoch = 0): { log: ReplicaLog; answer: number | string } {
  const verdict = checkProducerBatch(log, batch);
  if (verdict.verdict === "error") return { log, answer: verdict.error };
  if (verdict.verdict === "duplicate") {
    return { log, answer: `duplicate@${verdict.baseOffset}-${verdict.lastOffset}` };
  }
  const appended = appendAsLeader(log, batch, leaderEpoch);
  return { log: appended.log, answer: appended.baseOffset };
}

/** Offers batches one after the other and lists the answers. */
export function offerAll(
  log: ReplicaLog,
  batches: readonly NewBatch[],
  leaderEpoch = 0,
): { log: ReplicaLog; answers: (number | string)[] } {
  let current = log;
  const answers = batches.map((batch) => {
    const { log: next, answer } = offer(current, batch, leaderEpoch);
    current = next;
    return answer;
  });
  return { log: current, answers };
}

/** What a follower learns from one fetch: records, or where the logs part. */
export type FetchAnswer = { readonly records: readonly LogRecord[] } | { readonly diverging: EpochEndOffset };

/** A leader's answer to a fetch from the end of `follower`, as section "leader side order of checks" has it. */
export function answerFetch(leader: ReplicaLog, follower: ReplicaLog): FetchAnswer {
  const fetchOffset = logEndOffset(follower);
  const lastFetchedEpoch = latestEpoch(follower);
  if (lastFetchedEpoch !== -1) {
    const end = endOffsetFor(leader, lastFetchedEpoch);
    if (end === null) throw new Error(`the leader knows nothing of epoch ${lastFetchedEpoch}`);
    if (end.epoch < lastFetchedEpoch || end.endOffset < fetchOffset) return { diverging: end };
  }
  return { records: readRecords(leader, fetchOffset, logEndOffset(leader), Number.MAX_SAFE_INTEGER) };
}

/** One fetch: the follower's next log, and what happened as text (`truncate 2`, `truncate 2, again`, `fetch 3`). */
export function fetchOnce(
  follower: ReplicaLog,
  leader: ReplicaLog,
  truncation = truncationFor,
): { log: ReplicaLog; happened: string } {
  const answer = answerFetch(leader, follower);
  if ("records" in answer) {
    return { log: appendAsFollower(follower, answer.records), happened: `fetch ${answer.records.length}` };
  }
  const { offset, complete } = truncation(follower, answer.diverging);
  return { log: truncateTo(follower, offset), happened: `truncate ${offset}${complete ? "" : ", again"}` };
}
