import { describe, expect, it } from "vitest";
import { appendAsFollower } from "../../../lib/protocol/log/append.js";
import { assignEpoch, latestEpoch } from "../../../lib/protocol/log/epoch-entries.js";
import { clipHighWatermark, emptyLog, logEndOffset, type ReplicaLog } from "../../../lib/protocol/log/log.js";
import { formatEpochEntries, formatLog } from "../../../lib/protocol/log/text.js";
import {
  raiseLogStart,
  recoverLog,
  truncateFullyAndStartAt,
  truncateTo,
  truncationFor,
} from "../../../lib/protocol/log/truncation.js";
import { batchOf, fetchOnce, logOfEpochs, logWithEpochs, offerAll, record } from "./logs.js";

/** The leader's log: records with these epochs, and its own epoch noted at the end. */
function leaderLog(epochs: readonly number[], leaderEpoch: number): ReplicaLog {
  const log = logOfEpochs(epochs);
  return assignEpoch(log, leaderEpoch, logEndOffset(log));
}

/** Fetches until nothing new comes; lists what happened. */
function rounds(follower: ReplicaLog, leader: ReplicaLog): { log: ReplicaLog; happened: string[] } {
  let log = follower;
  const happened: string[] = [];
  for (;;) {
    const next = fetchOnce(log, leader);
    if (next.happened === "fetch 0") return { log, happened };
    happened.push(next.happened);
    log = next.log;
  }
}

describe("I. follower truncation", () => {
  const cases: readonly [string, number[], number[], number, string, string[]][] = [
    ["I-01 case A, behind in the same epoch", [1, 1], [1, 1, 1, 1], 2, "1@0,2@4", ["fetch 2"]],
    ["I-02 case B, behind in an older epoch", [1, 1], [1, 1, 2, 2], 3, "1@0,2@2,3@4", ["fetch 2"]],
    ["I-03 case C, ahead in the same epoch", [1, 1, 1, 1], [1, 1], 2, "1@0,2@2", ["truncate 2"]],
    ["I-04 case D, ahead in a later epoch", [1, 1, 2, 2], [1, 1], 3, "1@0,3@2", ["truncate 2"]],
    [
      "I-05 case E, fork with different epochs",
      [1, 1, 2, 2],
      [1, 1, 3, 3],
      4,
      "1@0,3@2,4@4",
      ["truncate 2", "fetch 2"],
    ],
    ["I-06 case F, fork inside an older epoch", [1, 2, 2], [1, 1], 3, "1@0,3@2", ["truncate 1", "fetch 1"]],
    ["I-07 case G, nothing in common", [2], [1, 3], 4, "1@0,3@1,4@2", ["truncate 0", "fetch 2"]],
  ];
  it.each(cases)("%s", (_name, followerEpochs, leaderEpochs, leaderEpoch, cache, happened) => {
    const leader = leaderLog(leaderEpochs, leaderEpoch);
    expect(formatEpochEntries(leader.epochEntries)).toBe(cache);
    const result = rounds(logOfEpochs(followerEpochs), leader);
    expect(result.happened).toEqual(happened);
    expect(result.log.chunks).toEqual(leader.chunks);
  });

  it("I-08 fully disjoint epochs converge", () => {
    const leader = leaderLog([1, 3, 5], 5);
    const result = rounds(logOfEpochs([0, 2, 4]), leader);
    expect(formatLog(result.log)).toBe(formatLog(leader));
    expect(clipHighWatermark(result.log, 2)).toBe(2);
  });

  it("I-09 one truncation is enough where the last common epoch is known", () => {
    const leader = leaderLog([0, 0, 2, 5, 5], 5);
    const result = rounds(logOfEpochs([0, 0, 2, 4, 4, 4]), leader);
    expect(result.happened).toEqual(["truncate 3", "fetch 2"]);
    expect(logEndOffset(result.log)).toBe(5);
    expect(latestEpoch(result.log)).toBe(5);
  });

  it("I-10 a leader whose log became empty", () => {
    const cut = truncateTo(logOfEpochs([0, 0, 0]), 0);
    expect([logEndOffset(cut), cut.logStartOffset, clipHighWatermark(cut, 3)]).toEqual([0, 0, 0]);
    expect(cut).toEqual(emptyLog());
  });

  it("I-11 a follower below the leader's log start drops everything", () => {
    const cut = truncateFullyAndStartAt(logOfEpochs([0]), 2);
    expect([cut.logStartOffset, logEndOffset(cut), clipHighWatermark(cut, 0)]).toEqual([2, 2, 2]);
    expect(appendAsFollower(cut, [record("4.2", 4)])).toEqual(logOfEpochs([4], 2));
  });

  it("I-12 several rounds when the follower lacks the epoch", () => {
    const log = logWithEpochs("1@0,2@119,4@129,5@149", 200);
    expect(truncationFor(log, { epoch: 4, endOffset: 140 })).toEqual({ offset: 140, complete: true });
    const second = truncateTo(log, 140);
    expect(truncationFor(second, { epoch: 3, endOffset: 130 })).toEqual({ offset: 129, complete: false });
    // The third answer of Kafka's test comes from a stub that has forgotten epoch 2: end(2) = (1, 119).
    const third = logWithEpochs("1@0,4@119", 129);
    expect(truncationFor(third, { epoch: 2, endOffset: 120 })).toEqual({ offset: 119, complete: false });
  });

  it("I-13 truncation above the high watermark leaves it alone", () => {
    const log = logWithEpochs("4@0,5@149", 150);
    const { offset } = truncationFor(log, { epoch: 4, endOffset: 140 });
    expect([offset, clipHighWatermark(truncateTo(log, offset), 130)]).toEqual([140, 130]);
  });

  it("I-14 truncation below the high watermark lowers it, and producers are those of what is left", () => {
    const filled = appendAsFollower(
      emptyLog(),
      Array.from({ length: 118 }, (_, offset) => record(`r${offset}`, 4)),
    );
    const batches = Array.from({ length: 32 }, (_, sequence) => batchOf(7, 0, sequence));
    const { log } = offerAll(filled, batches, 4);
    expect(logEndOffset(log)).toBe(150);
    const { offset } = truncationFor(log, { epoch: 4, endOffset: 120 });
    const cut = truncateTo(log, offset);
    expect([logEndOffset(cut), clipHighWatermark(cut, 130)]).toEqual([120, 120]);
    expect(cut).toEqual(offerAll(filled, batches.slice(0, 2), 4).log);
  });
});

describe("truncation and recovery", () => {
  it("believes the offset of a leader that answers without an epoch", () => {
    const log = logWithEpochs("0@0,2@10", 20);
    expect(truncationFor(log, { epoch: -1, endOffset: 15 })).toEqual({ offset: 15, complete: true });
  });

  it("believes the offset when it knows no epochs itself", () => {
    expect(truncationFor(logWithEpochs("", 20), { epoch: 3, endOffset: 15 })).toEqual({ offset: 15, complete: true });
  });

  it("cuts whole batches", () => {
    const log = appendAsFollower(emptyLog(), [
      record("a", 0),
      record("b", 0),
      record("c", 0, { startsBatch: false }),
      record("d", 1),
    ]);
    expect(formatLog(truncateTo(log, 2))).toBe("0:a");
    expect(formatLog(truncateTo(log, 3))).toBe("0:a 0:b+c");
  });

  it("drops an epoch without records even if nothing else is cut", () => {
    expect(formatEpochEntries(truncateTo(logWithEpochs("0@0,1@5", 5), 9).epochEntries)).toBe("0@0");
  });

  it("a restart drops epochs that begin at or beyond the log end", () => {
    expect(formatEpochEntries(recoverLog(logWithEpochs("0@0,1@5", 5), 5).epochEntries)).toBe("0@0");
    expect(formatEpochEntries(recoverLog(logWithEpochs("0@0,1@5,2@7", 9), 6).epochEntries)).toBe("0@0,1@5");
  });

  it("a raised log start begins the epoch it falls into", () => {
    const raised = raiseLogStart(logWithEpochs("0@0,1@5,2@7", 9), 6);
    expect(formatEpochEntries(raised.epochEntries)).toBe("1@6,2@7");
    expect(formatLog(raised)).toBe("6> 0:r6 0:r7 0:r8");
    expect(formatEpochEntries(raiseLogStart(logWithEpochs("0@0,1@5", 9), 5).epochEntries)).toBe("1@5");
  });
});
