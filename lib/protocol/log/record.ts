/**
 * Size that a record is taken to have wherever Kafka counts bytes (`batch.size`, fetch sizes): the model counts records.
 */
export const recordBytes = 1024;

/** The producer's mark on a record; absent when the producer is not idempotent. */
export interface ProducerStamp {
  readonly producerId: number;
  readonly producerEpoch: number;
  /** Sequence number of this record in its partition; wraps from 2147483647 to 0. */
  readonly sequence: number;
}

/**
 * One record in a replica's log. Its offset is its place, so it is not stored.
 *
 * Invariant: two records of different replicas with the same offset and the same `leaderEpoch` are the same record.
 */
export interface LogRecord {
  /** The payload. The ledger tells sends apart by it, so scenarios give each send a value of its own. */
  readonly value: string;
  /** Epoch of the leader that appended it; never changed by replication. */
  readonly leaderEpoch: number;
  /** Time at which the producer made it, in virtual milliseconds. */
  readonly timestampMs: number;
  readonly producer: ProducerStamp | null;
  /** `data` outside and inside transactions; markers end a transaction and are never shown to consumers. */
  readonly kind: "data" | "transactional" | "commit" | "abort";
  /** True for the first record of a batch: truncation, validation and idempotence work on whole batches. */
  readonly startsBatch: boolean;
}
