import { invariant } from "../../core/assert.js";
import type { ProducedRecord } from "../message.js";
import { withEpoch } from "./epoch-entries.js";
import { logWith, type ReplicaLog } from "./log.js";
import { producerStateOf, stateAfterBatch, withProducerState } from "./producer-state.js";
import type { LogRecord, ProducerStamp } from "./record.js";
import { appendRecords, logEndOffset } from "./record-chunks.js";
import { noSequence, sequenceAfter } from "./sequence.js";

/** A batch as a produce request brings it. */
export interface NewBatch {
  readonly records: readonly ProducedRecord[];
  /** Stamp of the first record; null when the producer is not idempotent. */
  readonly producer: ProducerStamp | null;
  readonly transactional: boolean;
}

export interface Appended {
  readonly log: ReplicaLog;
  /** Offset of the first record appended. */
  readonly baseOffset: number;
}

/**
 * The leader's append: the batch gets the next offsets and the leader's epoch. Whether it may be appended has been
 * asked before, of `checkProducerBatch`.
 *
 * Source: UnifiedLog.appendAsLeader.
 */
export function appendAsLeader(log: ReplicaLog, batch: NewBatch, leaderEpoch: number): Appended {
  invariant(batch.records.length > 0, "a batch has at least one record");
  const { producer } = batch;
  const records = batch.records.map(
    (record, index): LogRecord => ({
      value: record.value,
      leaderEpoch,
      timestampMs: record.timestampMs,
      producer: producer === null ? null : { ...producer, sequence: sequenceAfter(producer.sequence, index) },
      kind: batch.transactional ? "transactional" : "data",
      startsBatch: index === 0,
    }),
  );
  return { log: appendAsFollower(log, records), baseOffset: logEndOffset(log) };
}

/**
 * The marker that ends a transaction on this partition: one record that consumers never see.
 *
 * Source: KafkaApis.handleWriteTxnMarkersRequest, ProducerAppendInfo.appendEndTxnMarker.
 */
export function appendMarker(
  log: ReplicaLog,
  marker: { readonly producerId: number; readonly producerEpoch: number; readonly outcome: "commit" | "abort" },
  leaderEpoch: number,
  nowMs: number,
): Appended {
  const record: LogRecord = {
    value: "",
    leaderEpoch,
    timestampMs: nowMs,
    producer: { producerId: marker.producerId, producerEpoch: marker.producerEpoch, sequence: noSequence },
    kind: marker.outcome,
    startsBatch: true,
  };
  return { log: appendAsFollower(log, [record]), baseOffset: logEndOffset(log) };
}

/**
 * The follower's append: the leader's records as they are, whole batches, nothing validated. Epochs, producers and
 * transactions are noted from what the records say.
 *
 * Source: UnifiedLog.appendAsFollower.
 */
export function appendAsFollower(log: ReplicaLog, records: readonly LogRecord[]): ReplicaLog {
  if (records.length === 0) return log;
  return noteBatches(logWith(log, { chunks: appendRecords(log, records) }), records, logEndOffset(log));
}

/** The log with epochs, producer states and completed transactions as `records`, which start at `firstOffset`, say. */
export function noteBatches(log: ReplicaLog, records: readonly LogRecord[], firstOffset: number): ReplicaLog {
  let noted = log;
  let start = 0;
  for (let end = 1; end <= records.length; end++) {
    if (end < records.length && records[end]?.startsBatch !== true) continue;
    const isAll = end - start === records.length;
    noted = noteBatch(noted, isAll ? records : records.slice(start, end), firstOffset + start);
    start = end;
  }
  return noted;
}

function noteBatch(log: ReplicaLog, batch: readonly LogRecord[], firstOffset: number): ReplicaLog {
  const first = batch[0];
  invariant(first, "a batch has at least one record");
  const epochEntries = withEpoch(log.epochEntries, first.leaderEpoch, firstOffset);
  const stamp = first.producer;
  if (stamp === null) return epochEntries === log.epochEntries ? log : logWith(log, { epochEntries });
  const before = producerStateOf(log, stamp.producerId);
  const producerStates = withProducerState(log.producerStates, stateAfterBatch(before, stamp, batch, firstOffset));
  const open = before?.openTransactionFirstOffset ?? null;
  // A marker without a record before it ends nothing: the producer's transaction was on other partitions.
  const completedTransactions =
    open !== null && (first.kind === "commit" || first.kind === "abort")
      ? [
          ...log.completedTransactions,
          { producerId: stamp.producerId, firstOffset: open, lastOffset: firstOffset, outcome: first.kind },
        ]
      : log.completedTransactions;
  return logWith(log, { epochEntries, producerStates, completedTransactions });
}
