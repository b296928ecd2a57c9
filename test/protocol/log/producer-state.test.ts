import { describe, expect, it } from "vitest";
import { appendAsFollower, appendMarker } from "../../../lib/protocol/log/append.js";
import { emptyLog, logEndOffset, recordsBetween } from "../../../lib/protocol/log/log.js";
import {
  checkMarker,
  checkSequence,
  expireProducers,
  lastSequenceOf,
  producerStateOf,
} from "../../../lib/protocol/log/producer-state.js";
import { maxSequence } from "../../../lib/protocol/log/sequence.js";
import { formatProducerState } from "../../../lib/protocol/log/text.js";
import { truncateTo } from "../../../lib/protocol/log/truncation.js";
import { batchOf, logOfEpochs, offer, offerAll, record } from "./logs.js";

const outOfOrder = "OUT_OF_ORDER_SEQUENCE_NUMBER";

describe("R. idempotence on the broker", () => {
  it("R-01 remembers the last five batches of a producer", () => {
    const singles = [0, 1, 2, 3, 4, 5].map((sequence) => batchOf(1, 0, sequence));
    const { log, answers } = offerAll(emptyLog(), [...singles, batchOf(1, 0, 6, 3)]);
    expect(answers).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(logEndOffset(log)).toBe(9);
    const again = offerAll(log, [
      batchOf(1, 0, 6, 3),
      batchOf(1, 0, 7, 2),
      batchOf(1, 0, 2),
      batchOf(1, 0, 1),
      batchOf(1, 0, 9),
      batchOf(1, 0, 9),
    ]);
    expect(again.answers).toEqual(["duplicate@6-8", outOfOrder, "duplicate@2-2", outOfOrder, 9, "duplicate@9-9"]);
    expect(logEndOffset(again.log)).toBe(10);
  });

  it("R-02 takes the next sequence, and a newer epoch from 0", () => {
    const { log } = offerAll(emptyLog(), [batchOf(1, 0, 0), batchOf(1, 0, 1)]);
    const state = producerStateOf(log, 1);
    if (!state) throw new Error("producer 1 is known");
    const check = (producerEpoch: number, sequence: number) =>
      checkSequence(state, { producerId: 1, producerEpoch, sequence });
    expect([check(0, 1), check(0, 5)]).toEqual([outOfOrder, outOfOrder]);
    const bumped = offer(log, batchOf(1, 1, 0));
    expect(bumped.answer).toBe(2);
    expect(offer(bumped.log, batchOf(1, 0, 0)).answer).toBe("INVALID_PRODUCER_EPOCH");
  });

  it("R-03 sequences wrap from 2147483647 to 0", () => {
    const { log } = offer(emptyLog(), batchOf(1, 0, maxSequence));
    expect(offer(log, batchOf(1, 0, 0)).answer).toBe(1);
    expect(offer(log, batchOf(1, 0, 1)).answer).toBe(outOfOrder);
  });

  it("R-03 also inside a batch", () => {
    const { log, answers } = offerAll(emptyLog(), [batchOf(1, 0, maxSequence - 1, 4), batchOf(1, 0, 2)]);
    expect(answers).toEqual([0, 4]);
    expect(recordsBetween(log, 0, 4).map((entry) => entry.producer?.sequence)).toEqual([
      maxSequence - 1,
      maxSequence,
      0,
      1,
    ]);
  });

  it("R-04 a new epoch starts at 0, also when a marker began it", () => {
    const { log } = offerAll(emptyLog(), [batchOf(1, 0, 0), batchOf(1, 0, 1)]);
    const marked = appendMarker(log, { producerId: 1, producerEpoch: 1, outcome: "abort" }, 0, 5).log;
    expect(offer(marked, batchOf(1, 1, 2)).answer).toBe(outOfOrder);
    expect(offer(marked, batchOf(1, 2, 2)).answer).toBe(outOfOrder);
    expect(offer(marked, batchOf(1, 1, 0)).answer).toBe(3);
  });

  it("R-05 accepts any sequence from a producer it does not know", () => {
    expect(offer(emptyLog(), batchOf(1, 0, 16)).answer).toBe(0);
  });

  it("R-06 a follower takes what its leader has", () => {
    const { log } = offer(emptyLog(), batchOf(1, 0, 0));
    expect(offer(log, batchOf(1, 0, 3)).answer).toBe(outOfOrder);
    const stamped = record("x", 0, { producer: { producerId: 1, producerEpoch: 0, sequence: 3 } });
    const state = producerStateOf(appendAsFollower(log, [stamped]), 1);
    expect(state && lastSequenceOf(state)).toBe(3);
  });

  it("R-07 a gap is refused", () => {
    const sequences = [0, 1, 2, 13].map((sequence) => batchOf(1, 0, sequence));
    expect(offerAll(emptyLog(), sequences).answers).toEqual([0, 1, 2, outOfOrder]);
  });

  it("R-08 a new leader knows the batches in its log", () => {
    const before = logOfEpochs(Array.from({ length: 10 }, () => 0));
    const leader = offer(before, batchOf(7, 0, 4)).log;
    const follower = appendAsFollower(before, recordsBetween(leader, 10, 11));
    const again = offer(follower, batchOf(7, 0, 4), 1);
    expect(again.answer).toBe("duplicate@10-10");
    expect(logEndOffset(again.log)).toBe(11);
    const plain = { ...batchOf(7, 0, 4), producer: null };
    expect(offer(follower, plain, 1).answer).toBe(11);
  });

  it("R-09 a new leader without the batch takes it as new", () => {
    const before = offer(logOfEpochs(Array.from({ length: 9 }, () => 0)), batchOf(7, 0, 3)).log;
    expect(offer(before, batchOf(7, 0, 5), 1).answer).toBe(outOfOrder);
    const resent = offer(before, batchOf(7, 0, 4), 1);
    expect(resent.answer).toBe(10);
    expect(recordsBetween(resent.log, 10, 11)[0]?.leaderEpoch).toBe(1);
    expect(offer(resent.log, batchOf(7, 0, 4), 1).answer).toBe("duplicate@10-10");
  });

  it("forgets with the truncated batch that it was there", () => {
    const { log } = offerAll(emptyLog(), [batchOf(7, 0, 0), batchOf(7, 0, 1, 2)]);
    const cut = truncateTo(log, 2);
    expect(cut.producerStates.map(formatProducerState)).toEqual(["7/0: 0@0"]);
    expect(offer(cut, batchOf(7, 0, 1, 2)).answer).toBe(1);
  });

  it("refuses the marker of a replaced epoch", () => {
    const { log } = offer(emptyLog(), batchOf(1, 3, 0));
    expect(checkMarker(log, { producerId: 1, producerEpoch: 2 })).toBe("INVALID_PRODUCER_EPOCH");
    expect(checkMarker(log, { producerId: 1, producerEpoch: 3 })).toBeNull();
    expect(checkMarker(log, { producerId: 9, producerEpoch: 0 })).toBeNull();
  });

  it("forgets a producer that was silent for producer.id.expiration.ms, unless its transaction is open", () => {
    let { log } = offer(emptyLog(), batchOf(1, 0, 0));
    log = offer(log, { ...batchOf(2, 0, 0), transactional: true }).log;
    expect(expireProducers(log, 999, 1000)).toBe(log);
    const expired = expireProducers(log, 1000, 1000);
    expect(expired.producerStates.map((state) => state.producerId)).toEqual([2]);
    expect(offer(expired, batchOf(1, 0, 16)).answer).toBe(2);
  });
});
