import { appendAsFollower } from "../../../lib/protocol/log/append.js";
import { emptyLog, type ReplicaLog } from "../../../lib/protocol/log/log.js";
import type { LogRecord } from "../../../lib/protocol/log/record.js";
import { parseEpochEntries } from "../../../lib/protocol/log/text.js";

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
