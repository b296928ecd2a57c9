/** Sequence numbers are 32-bit and wrap from here to 0. */
export const maxSequence = 2147483647;

/** Of a record without one: transaction markers, and producers that are not idempotent. */
export const noSequence = -1;

/** The sequence number `count` records after `sequence`. Source: DefaultRecordBatch.incrementSequence. */
export function sequenceAfter(sequence: number, count: number): number {
  const next = sequence + count;
  return next > maxSequence ? next - maxSequence - 1 : next;
}
