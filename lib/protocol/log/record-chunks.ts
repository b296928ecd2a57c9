import { invariant } from "../../core/assert.js";
import type { LogRecord } from "./record.js";

/**
 * Records by offset, from `logStartOffset` on. They lie in chunks, so that appending to a log of thousands of records
 * copies one chunk and a short list of chunks, and older logs share the rest.
 *
 * Invariant: the borders between chunks are the offsets divisible by `chunkLength`, and no chunk is empty. So equal
 * records at equal offsets always lie the same way, and logs can be compared and fingerprinted as plain data.
 */
export interface RecordChunks {
  /** First offset kept. */
  readonly logStartOffset: number;
  readonly chunks: readonly (readonly LogRecord[])[];
}

export const chunkLength = 64;

/** Log end offset (LEO): the offset that the next record will get. Exclusive end of the log. */
export function logEndOffset(log: RecordChunks): number {
  const last = log.chunks.at(-1);
  if (last === undefined) return log.logStartOffset;
  const lastStart = log.chunks.length === 1 ? log.logStartOffset : chunkStart(log, log.chunks.length - 1);
  return lastStart + last.length;
}

/** The record at an offset, or undefined below the log start and from the log end on. */
export function recordAt(log: RecordChunks, offset: number): LogRecord | undefined {
  if (offset < log.logStartOffset) return undefined;
  const index = chunkIndex(log, offset);
  return log.chunks[index]?.[offset - chunkStart(log, index)];
}

/** Records of the offsets `from` to `to`, `to` exclusive, as far as the log has them. */
export function recordsBetween(log: RecordChunks, from: number, to: number): readonly LogRecord[] {
  const first = Math.max(from, log.logStartOffset);
  const end = Math.min(to, logEndOffset(log));
  if (first >= end) return [];
  const firstIndex = chunkIndex(log, first);
  const lastIndex = chunkIndex(log, end - 1);
  const records: LogRecord[] = [];
  for (let index = firstIndex; index <= lastIndex; index++) {
    const start = chunkStart(log, index);
    const chunk = log.chunks[index];
    invariant(chunk, () => `chunk ${index} of ${log.chunks.length} below the log end ${end}`);
    const whole = first <= start && end >= start + chunk.length;
    for (const record of whole ? chunk : chunk.slice(Math.max(0, first - start), end - start)) records.push(record);
  }
  return records;
}

/** The chunks with `records` put behind the log end. */
export function appendRecords(log: RecordChunks, records: readonly LogRecord[]): RecordChunks["chunks"] {
  const chunks = log.chunks.slice();
  let offset = logEndOffset(log);
  let taken = 0;
  while (taken < records.length) {
    const room = chunkLength - (offset % chunkLength);
    const part = records.slice(taken, taken + room);
    const startsChunk = chunks.length === 0 || room === chunkLength;
    chunks.push(startsChunk ? part : (chunks.pop() ?? []).concat(part));
    taken += part.length;
    offset += part.length;
  }
  return chunks;
}

/** The chunks without the records at and after `endOffset`. */
export function dropFrom(log: RecordChunks, endOffset: number): RecordChunks["chunks"] {
  if (endOffset >= logEndOffset(log)) return log.chunks;
  if (endOffset <= log.logStartOffset) return [];
  const index = chunkIndex(log, endOffset - 1);
  const last = log.chunks[index];
  invariant(last, () => `chunk ${index} holds offset ${endOffset - 1}`);
  return [...log.chunks.slice(0, index), last.slice(0, endOffset - chunkStart(log, index))];
}

/** The chunks without the records before `startOffset`, which becomes the log start. */
export function dropBefore(log: RecordChunks, startOffset: number): RecordChunks["chunks"] {
  if (startOffset <= log.logStartOffset) return log.chunks;
  if (startOffset >= logEndOffset(log)) return [];
  const index = chunkIndex(log, startOffset);
  const first = log.chunks[index];
  invariant(first, () => `chunk ${index} holds offset ${startOffset}`);
  return [first.slice(startOffset - chunkStart(log, index)), ...log.chunks.slice(index + 1)];
}

/** Where in `chunks` the record of an offset lies. */
function chunkIndex(log: RecordChunks, offset: number): number {
  return Math.floor(offset / chunkLength) - Math.floor(log.logStartOffset / chunkLength);
}

/** Offset of the first record of a chunk: a multiple of `chunkLength`, but for the first one. */
function chunkStart(log: RecordChunks, index: number): number {
  if (index === 0) return log.logStartOffset;
  return (Math.floor(log.logStartOffset / chunkLength) + index) * chunkLength;
}
