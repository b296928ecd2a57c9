import type { ProducerSettings } from "../../../kafka/config.js";
import { recordBytes } from "../../log/record.js";
import type { ProducedRecord } from "../../message.js";

/** Records for one partition that are sent, acknowledged, repeated and failed together. */
export interface ProducerBatch {
  readonly batchId: number;
  readonly records: readonly ProducedRecord[];
  readonly createdAtMs: number;
  /** Retries so far; 0 before the first answer. */
  readonly attempts: number;
  /** End of the linger or of the backoff; null: nothing holds it back. */
  readonly notBeforeMs: number | null;
  /** Leader epoch it was last sent in, -1 before. */
  readonly leaderEpoch: number;
  /** An attempt has ended such that the records may be in a log. */
  readonly mayBeWritten: boolean;
  /** Given when it is first sent; null before, and always where idempotence is off. */
  readonly sequence: BatchSequence | null;
}

export interface BatchSequence {
  readonly producerEpoch: number;
  readonly first: number;
  /** The number was changed after the batch had been sent with another. */
  readonly isRenumbered: boolean;
}

/** Whether one more record would make it larger than `batch.size`. A batch holds at least one record. */
export function isFull({ records }: ProducerBatch, { batchSizeBytes }: ProducerSettings): boolean {
  return (records.length + 1) * recordBytes > batchSizeBytes;
}

/** Whether a batch that waits still takes records. One that has its sequence, or waits for a retry, is closed for good. */
export function hasRoom(batch: ProducerBatch, settings: ProducerSettings): boolean {
  return batch.attempts === 0 && batch.sequence === null && !isFull(batch, settings);
}
