import type { ErrorCode } from "../../kafka/errors.js";
import { longAgoMs } from "../ids.js";
import type { ReplicaLog } from "./log.js";
import type { LogRecord, ProducerStamp } from "./record.js";
import { noSequence, sequenceAfter } from "./sequence.js";

/** What a log knows of one idempotent producer (Kafka: `ProducerStateEntry`). */
export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The last five batches of this producer epoch, oldest first. Empty after a marker has begun a new epoch. */
  readonly batches: readonly ProducerBatch[];
  readonly lastTimestampMs: number;
  /** First offset of the open transaction, or null. */
  readonly openTransactionFirstOffset: number | null;
}

export interface ProducerBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** Batches of a producer that a log remembers, and so the most requests an idempotent producer may have in flight. */
export const batchesRemembered = 5;

/** What a leader does with a batch from a client. */
export type ProducerBatchVerdict =
  | { readonly verdict: "append" }
  /** It is in the log already: answer with the offsets of the first time. */
  | { readonly verdict: "duplicate"; readonly baseOffset: number; readonly lastOffset: number }
  | { readonly verdict: "error"; readonly error: ErrorCode };

/**
 * Whether a leader may append a batch: first "is it one of the last five again?", then the producer epoch, then the
 * sequence. A batch without a stamp, and one of a producer the log does not know, is appended as it comes.
 *
 * Errors: INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER.
 * Source: UnifiedLog.analyzeAndValidateProducerState; KIP-98.
 */
export function checkProducerBatch(
  log: Pick<ReplicaLog, "producerStates">,
  request: { readonly producer: ProducerStamp | null; readonly records: { readonly length: number } },
): ProducerBatchVerdict {
  const stamp = request.producer;
  const state = stamp === null ? undefined : producerStateOf(log, stamp.producerId);
  if (stamp === null || state === undefined) return { verdict: "append" };
  const earlier = duplicateOf(state, stamp, request.records.length);
  if (earlier) return { verdict: "duplicate", baseOffset: earlier.firstOffset, lastOffset: earlier.lastOffset };
  const error = checkSequence(state, stamp);
  return error === null ? { verdict: "append" } : { verdict: "error", error };
}

/**
 * The remembered batch that has the same producer epoch and exactly the same sequences, if there is one.
 *
 * Source: ProducerStateEntry.findDuplicateBatch.
 */
export function duplicateOf(
  state: ProducerState,
  stamp: ProducerStamp,
  recordCount: number,
): ProducerBatch | undefined {
  if (stamp.producerEpoch !== state.producerEpoch) return undefined;
  const lastSequence = sequenceAfter(stamp.sequence, recordCount - 1);
  return state.batches.find((batch) => batch.firstSequence === stamp.sequence && batch.lastSequence === lastSequence);
}

/**
 * What is wrong with a batch that is no duplicate: an older producer epoch, or a sequence that is not the next one. A
 * newer epoch starts at 0.
 *
 * Source: ProducerAppendInfo.maybeValidateDataBatch.
 */
export function checkSequence(state: ProducerState, stamp: ProducerStamp): ErrorCode | null {
  if (stamp.producerEpoch < state.producerEpoch) return "INVALID_PRODUCER_EPOCH";
  const expected = stamp.producerEpoch > state.producerEpoch ? 0 : sequenceAfter(lastSequenceOf(state), 1);
  return stamp.sequence === expected ? null : "OUT_OF_ORDER_SEQUENCE_NUMBER";
}

/** Whether a transaction marker comes from a producer epoch that has been replaced. */
export function checkMarker(
  log: Pick<ReplicaLog, "producerStates">,
  marker: { readonly producerId: number; readonly producerEpoch: number },
): ErrorCode | null {
  const state = producerStateOf(log, marker.producerId);
  return state !== undefined && marker.producerEpoch < state.producerEpoch ? "INVALID_PRODUCER_EPOCH" : null;
}

export function producerStateOf(
  log: Pick<ReplicaLog, "producerStates">,
  producerId: number,
): ProducerState | undefined {
  return log.producerStates.find((state) => state.producerId === producerId);
}

/** The states with one added or replaced. */
export function withProducerState(states: readonly ProducerState[], state: ProducerState): readonly ProducerState[] {
  const changed = states.slice();
  const index = changed.findIndex(({ producerId }) => producerId >= state.producerId);
  const isKnown = changed[index]?.producerId === state.producerId;
  changed.splice(index < 0 ? changed.length : index, isKnown ? 1 : 0, state);
  return changed;
}

/** Sequence of the producer's last record, or `noSequence` in an epoch without records. */
export function lastSequenceOf(state: ProducerState): number {
  return state.batches.at(-1)?.lastSequence ?? noSequence;
}

/**
 * Forgets producers whose last record is `producerIdExpirationMs` old, unless a transaction of theirs is open.
 *
 * Source: ProducerStateManager.isProducerExpired, `producer.id.expiration.ms`.
 */
export function expireProducers(log: ReplicaLog, nowMs: number, producerIdExpirationMs: number): ReplicaLog {
  const producerStates = log.producerStates.filter(
    (state) => state.openTransactionFirstOffset !== null || nowMs - state.lastTimestampMs < producerIdExpirationMs,
  );
  return producerStates.length === log.producerStates.length ? log : { ...log, producerStates };
}

/** The state of a batch's producer after the batch, or after the marker that `batch` consists of. No validation. */
export function stateAfterBatch(
  before: ProducerState | undefined,
  stamp: ProducerStamp,
  batch: readonly LogRecord[],
  firstOffset: number,
): ProducerState {
  const known = before?.producerEpoch === stamp.producerEpoch ? before.batches : [];
  const kind = batch[0]?.kind ?? "data";
  const isMarker = kind === "commit" || kind === "abort";
  const open = before?.openTransactionFirstOffset ?? null;
  return {
    producerId: stamp.producerId,
    producerEpoch: stamp.producerEpoch,
    batches: isMarker ? known : [...known, producerBatch(stamp, batch, firstOffset)].slice(-batchesRemembered),
    lastTimestampMs: batch.reduce((latestMs, { timestampMs }) => Math.max(latestMs, timestampMs), longAgoMs),
    openTransactionFirstOffset: isMarker ? null : (open ?? (kind === "transactional" ? firstOffset : null)),
  };
}

function producerBatch(stamp: ProducerStamp, batch: readonly LogRecord[], firstOffset: number): ProducerBatch {
  return {
    firstSequence: stamp.sequence,
    lastSequence: sequenceAfter(stamp.sequence, batch.length - 1),
    firstOffset,
    lastOffset: firstOffset + batch.length - 1,
  };
}
