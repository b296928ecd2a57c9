import { invariant } from "../../core/assert.js";
import type { EpochEntry } from "./epoch-entries.js";
import { logEndOffset, type ReplicaLog, recordsBetween } from "./log.js";
import type { ProducerState } from "./producer-state.js";
import type { LogRecord } from "./record.js";

/** `0@0,3@2`: epoch 0 starts at offset 0, epoch 3 at 2. An empty cache is an empty text. */
export function formatEpochEntries(entries: readonly EpochEntry[]): string {
  return entries.map(({ epoch, startOffset }) => `${epoch}@${startOffset}`).join(",");
}

/** @throws InvariantError when `text` is not of the form {@link formatEpochEntries} writes */
export function parseEpochEntries(text: string): readonly EpochEntry[] {
  if (text === "") return [];
  return text.split(",").map((entry) => {
    const match = /^(\d+)@(\d+)$/.exec(entry);
    invariant(match, () => `"${entry}" in "${text}" is not epoch@offset`);
    return { epoch: Number(match[1]), startOffset: Number(match[2]) };
  });
}

/**
 * `0:a 0:b+c 2:d`: four records in three batches, the last one of leader epoch 2. Markers are `commit!` and `abort!`,
 * records of a transaction carry a star (`0:a*`). A log that does not start at 0 begins with its start: `5> 0:f`.
 */
export function formatLog(log: ReplicaLog): string {
  const records = recordsBetween(log, log.logStartOffset, logEndOffset(log));
  return (log.logStartOffset === 0 ? "" : `${log.logStartOffset}> `) + formatRecords(records);
}

/** The records as {@link formatLog} writes them. */
export function formatRecords(records: readonly LogRecord[]): string {
  return records
    .map((record, index) => {
      const joins = index > 0 && !record.startsBatch;
      return joins ? `+${recordName(record)}` : `${index > 0 ? " " : ""}${record.leaderEpoch}:${recordName(record)}`;
    })
    .join("");
}

function recordName(record: LogRecord): string {
  switch (record.kind) {
    case "data":
      return record.value;
    case "transactional":
      return `${record.value}*`;
    default:
      return `${record.kind}!`;
  }
}

/** `7/0: 3@9 4-6@10`: producer 7 in its epoch 0, its remembered batches by sequence and offset; `tx@3` if one is open. */
export function formatProducerState(state: ProducerState): string {
  const batches = state.batches.map(({ firstSequence, lastSequence, firstOffset }) => {
    const sequences = firstSequence === lastSequence ? `${firstSequence}` : `${firstSequence}-${lastSequence}`;
    return ` ${sequences}@${firstOffset}`;
  });
  const open = state.openTransactionFirstOffset === null ? "" : ` tx@${state.openTransactionFirstOffset}`;
  return `${state.producerId}/${state.producerEpoch}:${batches.join("")}${open}`;
}
