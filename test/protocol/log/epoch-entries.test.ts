import { describe, expect, it } from "vitest";
import { assignEpoch, endOffsetFor, latestEpoch } from "../../../lib/protocol/log/epoch-entries.js";
import { formatEpochEntries } from "../../../lib/protocol/log/text.js";
import { truncateTo } from "../../../lib/protocol/log/truncation.js";
import { logWithEpochs } from "./logs.js";

/** `(0,13)` or `undefined`, as CASES writes an answer. */
function end(log: Parameters<typeof endOffsetFor>[0], epoch: number): string {
  const answer = endOffsetFor(log, epoch);
  return answer === null ? "undefined" : `(${answer.epoch},${answer.endOffset})`;
}

describe("H. leader epoch cache", () => {
  it("H-01 answers with the next smaller epoch when the one asked for is not there", () => {
    const log = logWithEpochs("0@10,2@13,4@17", 20);
    expect([1, 2, 3].map((epoch) => end(log, epoch))).toEqual(["(0,13)", "(2,17)", "(2,17)"]);
  });

  it("H-02 an epoch older than all ends where the first one starts", () => {
    expect(end(logWithEpochs("5@11,6@12,7@13", 14), 4)).toBe("(4,11)");
  });

  it("H-03 the same epoch at an earlier offset replaces what it contradicts", () => {
    const log = assignEpoch(logWithEpochs("5@11,6@12,7@13", 14), 7, 12);
    expect(formatEpochEntries(log.epochEntries)).toBe("5@11,7@12");
    expect([5, 6].map((epoch) => end(log, epoch))).toEqual(["(5,12)", "(5,12)"]);
  });

  it("H-04 start offsets strictly grow", () => {
    const log = assignEpoch(assignEpoch(logWithEpochs("", 9), 2, 9), 3, 9);
    expect(formatEpochEntries(log.epochEntries)).toBe("3@9");
  });

  it("H-05 epochs strictly grow", () => {
    let log = logWithEpochs("", 8);
    for (const [epoch, offset] of [
      [1, 5],
      [2, 6],
      [1, 7],
    ] as const)
      log = assignEpoch(log, epoch, offset);
    expect(formatEpochEntries(log.epochEntries)).toBe("1@7");
    expect([1, 2].map((epoch) => end(log, epoch))).toEqual(["(1,8)", "undefined"]);
  });

  it("H-06 a later epoch at an earlier offset replaces the earlier epoch", () => {
    const log = assignEpoch(assignEpoch(logWithEpochs("", 7), 2, 6), 3, 5);
    expect(formatEpochEntries(log.epochEntries)).toBe("3@5");
  });

  it("H-07 nothing is known of a newer epoch, of no epoch, and by an empty cache", () => {
    const log = logWithEpochs("2@100", 101);
    expect([end(log, 3), end(log, -1), end(logWithEpochs("", 5), 0)]).toEqual(["undefined", "undefined", "undefined"]);
  });

  it("H-08 follows many changes of leader", () => {
    let log = assignEpoch(assignEpoch(logWithEpochs("", 0), 0, 0), 1, 0);
    expect([latestEpoch(log), end(log, 1), end(log, 0)]).toEqual([1, "(1,0)", "(0,0)"]);
    log = logWithEpochs(formatEpochEntries(log.epochEntries), 5);
    expect([end(log, 1), end(log, 0)]).toEqual(["(1,5)", "(0,0)"]);
    log = assignEpoch(log, 2, 5);
    log = logWithEpochs(formatEpochEntries(log.epochEntries), 10);
    expect([end(log, 2), end(log, 1), end(log, 0)]).toEqual(["(2,10)", "(1,5)", "(0,0)"]);
  });

  it("H-09 truncation to the start of an epoch drops that epoch", () => {
    expect(formatEpochEntries(truncateTo(logWithEpochs("2@6,3@8,4@11", 12), 8).epochEntries)).toBe("2@6");
  });
});
