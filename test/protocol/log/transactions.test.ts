import { describe, expect, it } from "vitest";
import { appendMarker } from "../../../lib/protocol/log/append.js";
import { emptyLog, logEndOffset, type ReplicaLog } from "../../../lib/protocol/log/log.js";
import { abortedTransactions, firstUnstableOffset, lastStableOffset } from "../../../lib/protocol/log/transactions.js";
import { raiseLogStart, truncateTo } from "../../../lib/protocol/log/truncation.js";
import { batchOf, offer } from "./logs.js";

function transactional(log: ReplicaLog, producerId: number, sequence: number, count = 1): ReplicaLog {
  return offer(log, { ...batchOf(producerId, 0, sequence, count), transactional: true }).log;
}

function ended(log: ReplicaLog, producerId: number, outcome: "commit" | "abort"): ReplicaLog {
  return appendMarker(log, { producerId, producerEpoch: 0, outcome }, 0, 1).log;
}

describe("T. last stable offset, log side", () => {
  it("T-01 an open transaction holds the last stable offset at its first record", () => {
    const log = transactional(emptyLog(), 1, 0, 3);
    expect(logEndOffset(log)).toBe(3);
    expect([0, 1].map((highWatermark) => lastStableOffset(log, highWatermark))).toEqual([0, 0]);
  });

  it("T-03 the marker counts when the high watermark has passed it", () => {
    const open = transactional(emptyLog(), 1, 0, 3);
    expect(lastStableOffset(open, 3)).toBe(0);
    const committed = ended(open, 1, "commit");
    expect(logEndOffset(committed)).toBe(4);
    expect(lastStableOffset(committed, 3)).toBe(0);
    expect(lastStableOffset(committed, 4)).toBe(4);
  });

  it("the oldest of several open transactions counts", () => {
    let log = transactional(transactional(emptyLog(), 1, 0), 2, 0);
    expect(firstUnstableOffset(log, 2)).toBe(0);
    log = ended(log, 1, "commit");
    expect(firstUnstableOffset(log, 3)).toBe(1);
    expect(firstUnstableOffset(ended(log, 2, "abort"), 4)).toBeNull();
  });

  it("lists aborted transactions that reach into the range", () => {
    const first = ended(transactional(emptyLog(), 1, 0), 1, "abort");
    const log = ended(transactional(ended(transactional(first, 2, 0), 2, "commit"), 1, 1, 2), 1, "abort");
    expect(abortedTransactions(log, 0, 9)).toEqual([
      { producerId: 1, firstOffset: 0 },
      { producerId: 1, firstOffset: 4 },
    ]);
    expect(abortedTransactions(log, 1, 4)).toEqual([{ producerId: 1, firstOffset: 0 }]);
    expect(abortedTransactions(log, 2, 5)).toEqual([{ producerId: 1, firstOffset: 4 }]);
    expect(abortedTransactions(log, 2, 4)).toEqual([]);
  });

  it("a marker for a transaction without records here changes nothing but the producer", () => {
    const log = ended(emptyLog(), 1, "abort");
    expect(abortedTransactions(log, 0, 9)).toEqual([]);
    expect(lastStableOffset(log, 1)).toBe(1);
  });

  it("truncation of the marker opens the transaction again", () => {
    const log = ended(transactional(emptyLog(), 1, 0, 3), 1, "abort");
    const cut = truncateTo(log, 3);
    expect(firstUnstableOffset(cut, 3)).toBe(0);
    expect(abortedTransactions(cut, 0, 9)).toEqual([]);
  });

  it("is never before the log start", () => {
    const log = raiseLogStart(transactional(transactional(emptyLog(), 1, 0), 1, 1), 1);
    expect(firstUnstableOffset(log, 2)).toBe(1);
  });
});
