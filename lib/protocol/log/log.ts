import type { LogRecord } from "./record.js";

/** Start of a leader epoch in a log. */
export interface EpochEntry {
  readonly epoch: number;
  readonly startOffset: number;
}

/** What a log knows of one idempotent producer (Kafka: `ProducerStateEntry`). */
export interface ProducerState {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** The last five batches, oldest first. */
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

/**
 * The log of one replica, as it would be found on its disk.
 *
 * Invariants: `epochEntries` strictly grow in epoch and in offset; `producerStates` is what the records below the log
 * end say, sorted by producer id.
 */
export interface ReplicaLog {
  /** First offset kept. `records[0]` stands there. */
  readonly logStartOffset: number;
  readonly records: readonly LogRecord[];
  readonly epochEntries: readonly EpochEntry[];
  readonly producerStates: readonly ProducerState[];
}
