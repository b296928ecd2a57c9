import { describe, expect, it } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { visibleRecords } from "../../../lib/protocol/client/consumer/visible-records.js";
import { appendMarker } from "../../../lib/protocol/log/append.js";
import { emptyLog, logEndOffset, recordsBetween } from "../../../lib/protocol/log/log.js";
import { abortedTransactions } from "../../../lib/protocol/log/transactions.js";
import { batchOf, offer } from "../log/logs.js";
import { ConsumerDriver, records } from "./consumer-driver.js";
import { tp } from "./producer-driver.js";

const earliest = { "auto.offset.reset": "earliest" };

/** Reads from leader 1 in epoch 5 and stands at 10, behind a record of epoch 5. */
function atTen(given: Readonly<Record<string, string | number>> = earliest, rules = rulesFor("4.3")): ConsumerDriver {
  const c = new ConsumerDriver(given, { rules }).fire({ name: "metadata" }).metadata(1, 5);
  c.step({ type: "seek", partition: tp, offset: 8 });
  // Before the seek it had asked where to begin; that answer comes too late.
  if (given["auto.offset.reset"] !== "none") c.offsets(1, { offset: 0 });
  c.fetched(1, { records: records(5, "i", "j"), highWatermark: 10 });
  c.asked();
  return c;
}

/** The consumer's fetch fails because the leader changed, and metadata names leader 2. */
function leaderChanges(c: ConsumerDriver, leaderEpoch = 7): ConsumerDriver {
  c.fetched(1, { error: "NOT_LEADER_OR_FOLLOWER", currentLeader: null });
  c.advanceTo(c.nowMs + 100).metadata(2, leaderEpoch);
  return c;
}

describe("T. consumer", () => {
  it("T-02 asks again while the leader cannot tell the end", () => {
    const c = new ConsumerDriver().fire({ name: "metadata" }).metadata(1, 10);
    expect(c.asked()).toEqual(["1:metadata", "1:latest"]);
    c.offsets(1, { error: "OFFSET_NOT_AVAILABLE" });
    expect(c.asked()).toEqual([]);
    c.advanceTo(100);
    expect(c.asked()).toContain("1:latest");
    c.offsets(1, { offset: 5, leaderEpoch: 10 });
    expect([c.state, c.position]).toEqual(["fetching", 5]);
  });

  it("T-03 read_committed leaves out aborted records and asks up to the last stable offset", () => {
    const c = new ConsumerDriver({ ...earliest, "isolation.level": "read_committed" });
    c.fire({ name: "metadata" }).metadata(1, 0).offsets(1, { offset: 0, leaderEpoch: 0 });
    expect(c.lastFetch?.isolation).toBe("txnCommitted");
    let { log } = offer(emptyLog(), { ...batchOf(1, 0, 0, 2), transactional: true });
    log = offer(log, { ...batchOf(2, 0, 0), transactional: true }).log;
    log = appendMarker(log, { producerId: 1, producerEpoch: 0, outcome: "abort" }, 0, 1).log;
    log = offer(log, { ...batchOf(1, 0, 2), transactional: true }).log;
    log = appendMarker(log, { producerId: 1, producerEpoch: 0, outcome: "commit" }, 0, 1).log;
    log = appendMarker(log, { producerId: 2, producerEpoch: 0, outcome: "commit" }, 0, 1).log;
    c.fetched(1, {
      records: recordsBetween(log, 0, logEndOffset(log)),
      abortedTransactions: abortedTransactions(log, 0, 7),
      highWatermark: 7,
    });
    expect(c.consumed()).toEqual(["p2e0s0@2", "p1e0s2@4"]);
    expect(c.position).toBe(7);
  });

  it("T-03 read_uncommitted gets aborted records as well, but no markers", () => {
    let { log } = offer(emptyLog(), { ...batchOf(1, 0, 0, 2), transactional: true });
    log = appendMarker(log, { producerId: 1, producerEpoch: 0, outcome: "abort" }, 0, 1).log;
    const visible = visibleRecords(0, recordsBetween(log, 0, 3), []);
    expect(visible.map(({ offset }) => offset)).toEqual([0, 1]);
  });

  it("T-03 what a producer wrote outside transactions is not aborted with them", () => {
    const { log } = offer(emptyLog(), batchOf(1, 0, 0));
    expect(visibleRecords(0, recordsBetween(log, 0, 1), [{ producerId: 1, firstOffset: 0 }])).toHaveLength(1);
  });

  it("T-04 an empty answer is no error: it asks on from the same place", () => {
    const c = atTen();
    c.fetched(1, { highWatermark: 10 });
    expect([c.asked(), c.position]).toEqual([["1:fetch 10 e5"], 10]);
  });

  it("T-06 with a reset policy a truncation is detected and the position goes back to it", () => {
    const c = leaderChanges(atTen());
    expect(c.asked()).toContain("2:epoch 5 e7");
    c.epochEnd(2, { epoch: 7, endOffset: 5 });
    expect([c.state, c.position, c.errors()]).toEqual(["fetching", 5, []]);
    expect(c.asked()).toEqual(["2:fetch 5 e7"]);
    expect(c.consumer.partitions[0]?.reading).toMatchObject({ position: { offsetEpoch: 7 } });
  });

  it("T-07 without one it is an exception that names the divergent offset, and the position stays", () => {
    const c = leaderChanges(atTen({ "auto.offset.reset": "none" }));
    c.epochEnd(2, { epoch: 7, endOffset: 5 });
    expect([c.state, c.position]).toEqual(["failed", 10]);
    expect(c.errors()).toEqual([
      "LogTruncationException: Truncated partitions detected with divergent offsets {orders-0=OffsetAndMetadata{offset=5, leaderEpoch=7, metadata=''}}",
    ]);
  });

  it("T-08 an undefined answer resets by the policy", () => {
    const c = leaderChanges(atTen());
    c.epochEnd(2, null);
    expect([c.state, c.position]).toEqual(["resetting", null]);
    expect(c.asked()).toContain("2:earliest");
    const d = leaderChanges(atTen());
    d.epochEnd(2, { epoch: -1, endOffset: 3 });
    expect(d.state).toBe("resetting");
  });

  it("validation that finds nothing lets it read on", () => {
    const c = leaderChanges(atTen());
    c.epochEnd(2, { epoch: 5, endOffset: 12 });
    expect([c.state, c.asked().at(-1)]).toEqual(["fetching", "2:fetch 10 e7"]);
    const atTheEnd = leaderChanges(atTen()).epochEnd(2, { epoch: 4, endOffset: 10 });
    expect(atTheEnd.consumer.partitions[0]?.reading).toMatchObject({ position: { offset: 10, offsetEpoch: 5 } });
  });

  it("a position without an epoch cannot be validated and is believed", () => {
    const c = new ConsumerDriver({ "auto.offset.reset": "none" }).fire({ name: "metadata" }).metadata(1, 5);
    leaderChanges(c.step({ type: "seek", partition: tp, offset: 8 }));
    expect(c.asked().at(-1)).toBe("2:fetch 8 e7");
  });

  it("an answer about a leader that has been replaced meanwhile does not count", () => {
    const c = leaderChanges(atTen());
    c.step({ type: "disconnected", peer: "3", channel: "metadata" })
      .advanceTo(c.nowMs + 100)
      .metadata(3, 8);
    expect(c.asked().at(-1)).toBe("3:epoch 5 e8");
    c.epochEnd(2, { epoch: 7, endOffset: 5 });
    expect([c.state, c.position]).toEqual(["validating", 10]);
    c.epochEnd(3, { epoch: 5, endOffset: 10 });
    expect([c.state, c.position]).toEqual(["fetching", 10]);
  });

  it("before KIP-320 nothing is validated and no epoch is sent", () => {
    const rules = { ...rulesFor("4.3"), consumerValidatesPosition: false };
    const c = leaderChanges(atTen(earliest, rules));
    expect(c.asked().at(-1)).toBe("2:fetch 10 e-1");
  });

  it("T-12 is told where to read, and asks there from the same place", () => {
    const c = atTen({ ...earliest, "client.rack": "b" });
    expect(c.lastFetch?.rack).toBe("b");
    c.fetched(1, { preferredReadReplica: 3, highWatermark: 10 });
    expect(c.asked()).toEqual(["3:fetch 10 e5"]);
    c.fetched(3, { records: records(5, "k"), highWatermark: 11 });
    expect(c.asked()).toEqual(["3:fetch 11 e5"]);
  });

  it("goes back to the leader when the follower does not have the offset, without a reset", () => {
    const c = atTen({ "auto.offset.reset": "none", "client.rack": "b" });
    c.fetched(1, { preferredReadReplica: 3, highWatermark: 10 });
    c.asked();
    c.fetched(3, { error: "OFFSET_OUT_OF_RANGE" });
    expect([c.state, c.asked()]).toEqual(["fetching", ["1:fetch 10 e5"]]);
  });

  it("goes back to the leader after five minutes, when the follower is lost, and when the leader changes", () => {
    const told = (): ConsumerDriver => {
      const c = atTen({ ...earliest, "client.rack": "b" });
      c.fetched(1, { preferredReadReplica: 3, highWatermark: 10 });
      c.asked();
      return c;
    };
    const c = told().fire({ name: "preferredReadReplica", partition: tp });
    c.fetched(3, { highWatermark: 10 });
    expect(c.asked()).toEqual(["1:fetch 10 e5"]);
    const d = told().step({ type: "disconnected", peer: "3", channel: `consume:${tp}` });
    d.advanceTo(100);
    expect(d.asked()).toContain("1:fetch 10 e5");
    const f = told().fetched(3, { error: "NOT_LEADER_OR_FOLLOWER" });
    expect(f.asked()).toEqual([]);
    f.advanceTo(100);
    expect(f.asked().sort()).toEqual(["1:fetch 10 e5", "2:metadata"]);
    const e = told().fetched(3, { error: "FENCED_LEADER_EPOCH", currentLeader: { leader: 2, leaderEpoch: 6 } });
    expect(e.asked()).toContain("2:epoch 5 e6");
    const returned = e.effects.findLast(
      (effect) => effect.type === "change" && effect.change.fact.startsWith("read-replica/"),
    );
    expect(returned?.type === "change" && returned.change).toMatchObject({
      from: 3,
      rule: "consumer.returns-to-leader",
    });
  });

  it("T-13 a position beyond the new leader: earliest, latest, none", () => {
    const outOfRange = (reset: string): ConsumerDriver => {
      const c = new ConsumerDriver({ "auto.offset.reset": reset }).fire({ name: "metadata" }).metadata(1, 0);
      c.step({ type: "seek", partition: tp, offset: 9 });
      if (reset !== "none") c.offsets(1, { offset: 0 });
      c.asked();
      return c.fetched(1, { error: "OFFSET_OUT_OF_RANGE" });
    };
    expect(outOfRange("earliest").offsets(1, { offset: 2 }).position).toBe(2);
    const latest = outOfRange("latest");
    expect(latest.asked()).toEqual(["1:latest"]);
    expect(latest.offsets(1, { offset: 5, leaderEpoch: 0 }).position).toBe(5);
    const none = outOfRange("none");
    expect([none.state, none.position]).toEqual(["failed", 9]);
    expect(none.errors()).toEqual([
      "OffsetOutOfRangeException: Fetch position 9 is out of range for partition orders-0",
    ]);
    none.step({ type: "seek", partition: tp, offset: 5 });
    expect(none.asked()).toEqual(["1:fetch 5 e0"]);
  });
});

describe("a consumer", () => {
  it("begins by its first timer, at the start or the end", () => {
    const c = new ConsumerDriver(earliest);
    c.advanceTo(0).metadata(1, 3);
    expect(c.asked()).toEqual(["1:metadata", "1:earliest"]);
    c.offsets(1, { offset: 4, leaderEpoch: 2 });
    expect(c.asked()).toEqual(["1:fetch 4 e3"]);
  });

  it("without a reset policy and without a seek it has no position", () => {
    const c = new ConsumerDriver({ "auto.offset.reset": "none" });
    expect(c.consumer.partitions[0]?.reading).toMatchObject({ exception: "NoOffsetForPartitionException" });
  });

  it("drops the late answer of an old leader once the position has moved on", () => {
    const c = atTen();
    // A metadata answer asked for elsewhere names leader 2 while the fetch to 1 is out.
    c.step({ type: "disconnected", peer: "2", channel: "metadata" }).advanceTo(100).metadata(2, 6);
    expect(c.asked()).toContain("2:epoch 5 e6");
    c.epochEnd(2, { epoch: 5, endOffset: 9 });
    expect(c.position).toBe(9);
    c.fetched(1, { fetchOffset: 10, records: records(5, "late"), highWatermark: 11 });
    expect(c.position).toBe(9);
    expect(c.consumed()).not.toContain("late@10");
  });

  it("asks again, later each time, when the connection is lost", () => {
    const c = atTen();
    const waits: number[] = [];
    for (let round = 0; round < 6; round++) {
      const from = c.nowMs;
      c.step({ type: "disconnected", peer: "1", channel: `consume:${tp}` });
      while (!c.asked().includes("1:fetch 10 e5")) c.advanceTo(c.nowMs + 50);
      waits.push(c.nowMs - from);
    }
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000]);
  });

  it("gives a request up after request.timeout.ms", () => {
    const c = atTen().advanceTo(30_000);
    expect(c.effects).toContainEqual({ type: "disconnect", peer: "1", channel: `consume:${tp}` });
    c.advanceTo(30_100);
    expect(c.asked()).toContain("1:fetch 10 e5");
  });

  it("counts fetch.min.bytes in records of 1024 bytes", () => {
    expect(atTen({ ...earliest, "fetch.min.bytes": 5000 }).lastFetch?.minBytes).toBe(5);
    expect(atTen().lastFetch?.minBytes).toBe(1);
  });
});
