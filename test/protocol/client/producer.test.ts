import { describe, expect, it } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { metadataOf, ProducerDriver, tp } from "./producer-driver.js";

const plain = { "enable.idempotence": false };

describe("S. producer client", () => {
  it("S-01 without idempotence a lost connection uses up one of the retries", () => {
    const p = new ProducerDriver({ ...plain, retries: 1 }).send("a");
    p.disconnect(1).advanceTo(100).answer(1, { baseOffset: 0 });
    expect(p.told()).toEqual(["a acked@0"]);
    p.send("b").disconnect(1).advanceTo(200).disconnect(1);
    expect(p.told()).toEqual(["b failed NETWORK_EXCEPTION unknown"]);
    const failed = p.effects.findLast((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toMatchObject({ exception: "NetworkException" });
  });

  it("S-02 two batches in flight complete in order", () => {
    const p = new ProducerDriver().send("a").send("b");
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/1 b"]);
    p.answer(1, { baseOffset: 0 }).answer(1, { baseOffset: 1 });
    expect(p.told()).toEqual(["a acked@0", "b acked@1"]);
  });

  it("S-03 retried batches go out one at a time, in order, before new ones", () => {
    const p = new ProducerDriver().send("a").send("b").send("c");
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/1 b", "1:0/2 c"]);
    p.answer(1, { error: "LEADER_NOT_AVAILABLE" }).send("d");
    p.answer(1, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" }).answer(1, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    expect(p.produced()).toEqual([]);
    expect(p.queued()).toEqual(["0 a", "1 b", "2 c", "- d"]);
    p.advanceTo(100);
    expect(p.produced()).toEqual(["1:0/0 a"]);
    p.answer(1, { baseOffset: 0 });
    expect(p.produced()).toEqual(["1:0/1 b"]);
    p.answer(1, { baseOffset: 1 });
    expect(p.produced()).toEqual(["1:0/2 c", "1:0/3 d"]);
    p.answer(1, { baseOffset: 2 }).answer(1, { baseOffset: 3 });
    expect(p.told()).toEqual(["a acked@0", "b acked@1", "c acked@2", "d acked@3"]);
  });

  it("S-04 answers out of order, from two leaders: the queue keeps the sequence", () => {
    const p = new ProducerDriver().send("a").hearsOfLeader(2, 1).send("b");
    expect(p.produced()).toEqual(["1:0/0 a", "2:0/1 b"]);
    p.answer(2, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    expect(p.queued()).toEqual(["1 b"]);
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER" });
    // The new leader is known already: no backoff.
    expect(p.produced()).toEqual(["2:0/0 a"]);
    expect(p.queued()).toEqual(["1 b"]);
    p.advanceTo(1000);
    expect(p.produced()).toEqual([]);
    p.answer(2, { baseOffset: 0 });
    expect(p.produced()).toEqual(["2:0/1 b"]);
    p.answer(2, { baseOffset: 1 });
    expect(p.told()).toEqual(["a acked@0", "b acked@1"]);
  });

  it("S-05 the second succeeds first", () => {
    const p = new ProducerDriver().send("a").hearsOfLeader(2, 1).send("b");
    p.answer(2, { baseOffset: 1 });
    expect(p.told()).toEqual(["b acked@1"]);
    p.answer(1, { error: "REQUEST_TIMED_OUT" });
    expect(p.producer.partitions[0]?.lastAckedSequence).toBe(1);
    p.produced();
    p.advanceTo(100).answer(2, { baseOffset: 0 });
    expect(p.told()).toEqual(["a acked@0"]);
    expect(p.producer.partitions[0]?.lastAckedSequence).toBe(1);
    expect(p.producer.producerEpoch).toBe(0);
  });

  it("S-06 DUPLICATE_SEQUENCE_NUMBER is success without an offset", () => {
    const p = new ProducerDriver().send("a").hearsOfLeader(2, 1).send("b");
    p.answer(2, { baseOffset: 1000 }).answer(1, { error: "DUPLICATE_SEQUENCE_NUMBER" });
    expect(p.told()).toEqual(["b acked@1000", "a acked@-1"]);
    expect(p.producer.partitions[0]?.lastAckedSequence).toBe(1);
  });

  const short = { "delivery.timeout.ms": 1500, "request.timeout.ms": 1500, "retry.backoff.ms": 1000 };

  it("S-07 a success that arrives when delivery.timeout.ms has passed is a TimeoutException", () => {
    const p = new ProducerDriver({ ...plain, ...short }).send("a");
    p.nowMs = 1500;
    p.answer(1, { baseOffset: 0 });
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
  });

  it("S-08 an expired batch is not sent again", () => {
    const p = new ProducerDriver({ ...plain, ...short }).send("a");
    p.produced();
    p.nowMs = 1500;
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER" });
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    p.advanceTo(9000);
    expect(p.produced()).toEqual([]);
    expect(p.told()).toEqual([]);
  });

  it("S-09 an expired batch whose follower succeeds leaves the sequence as it is", () => {
    const p = new ProducerDriver(short).send("a").advanceTo(1000).send("b");
    p.answer(1, { error: "REQUEST_TIMED_OUT" }).advanceTo(1600);
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    expect(p.producer.partitions[0]?.unresolvedSequence).toBe(1);
    p.produced();
    p.send("c");
    expect(p.produced()).toEqual([]);
    p.answer(1, { baseOffset: 1 });
    expect(p.told()).toEqual(["b acked@1"]);
    expect(p.producer.partitions[0]?.unresolvedSequence).toBeNull();
    expect(p.produced()).toEqual(["1:0/2 c"]);
  });

  it("S-10 an expired batch whose follower fails begins a new producer epoch", () => {
    const p = new ProducerDriver(short).send("a").advanceTo(1000).send("b");
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER" }).advanceTo(1600);
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    p.send("c");
    p.produced();
    p.answer(1, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    expect(p.producer.producerEpoch).toBe(1);
    expect(p.queued()).toEqual(["0 b", "- c"]);
    expect(p.producer.partitions[0]?.unresolvedSequence).toBeNull();
    p.nowMs = 2000;
    p.fire({ name: "batch", partition: tp });
    expect(p.produced()).toEqual(["1:1/0 b", "1:1/1 c"]);
  });

  it("S-11 when all sent batches have expired, a new epoch begins with the same producer id", () => {
    const p = new ProducerDriver(short).send("a").answer(1, { error: "NOT_LEADER_OR_FOLLOWER" });
    p.hearsOfLeader(-1, 1);
    p.producer = { ...p.producer, metadata: { ...p.producer.metadata, brokers: [] } };
    p.advanceTo(1500);
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    expect([p.producer.producerId, p.producer.producerEpoch]).toEqual([7, 1]);
    expect(p.producer.partitions[0]?.unresolvedSequence).toBeNull();
  });

  it("S-12 with one request in flight the second batch waits until the first is finished or expired", () => {
    const p = new ProducerDriver({ ...plain, ...short, "max.in.flight.requests.per.connection": 1 }).send("a");
    expect(p.produced()).toEqual(["1:a"]);
    p.advanceTo(750).send("b");
    expect(p.produced()).toEqual([]);
    p.nowMs = 1500;
    p.answer(1, { baseOffset: 0 });
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    expect(p.produced()).toEqual(["1:b"]);
  });

  it("S-13 without idempotence a failed batch can land after its successor", () => {
    const p = new ProducerDriver(plain).send("A").send("B");
    p.answer(1, { error: "NOT_ENOUGH_REPLICAS" }).answer(1, { baseOffset: 0 });
    expect(p.produced()).toEqual(["1:A", "1:B"]);
    p.advanceTo(100);
    expect(p.produced()).toEqual(["1:A"]);
    p.answer(1, { baseOffset: 1 });
    expect(p.told()).toEqual(["B acked@0", "A acked@1"]);
  });
});

describe("batches", () => {
  it("records of one moment share a batch while it lingers", () => {
    const p = new ProducerDriver({ "linger.ms": 5 }).send("a", "b");
    expect(p.produced()).toEqual([]);
    p.nowMs = 3;
    p.send("c");
    p.advanceTo(4);
    expect(p.produced()).toEqual([]);
    p.advanceTo(5);
    expect(p.produced()).toEqual(["1:0/0 a b c"]);
    p.send("d").advanceTo(10);
    expect(p.produced()).toEqual(["1:0/3 d"]);
    p.answer(1, { baseOffset: 40 });
    expect(p.told()).toEqual(["a acked@40", "b acked@41", "c acked@42"]);
  });

  it("a full batch leaves without lingering; batch.size counts records of 1024 bytes", () => {
    const p = new ProducerDriver({ "linger.ms": 5, "batch.size": 2048 }).send("a", "b", "c");
    expect(p.produced()).toEqual(["1:0/0 a b"]);
    p.advanceTo(5);
    expect(p.produced()).toEqual(["1:0/2 c"]);
  });

  it("without linger each record leaves at once, and those behind five in flight join up", () => {
    const p = new ProducerDriver().send("a", "b", "c", "d", "e", "f", "g");
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/1 b", "1:0/2 c", "1:0/3 d", "1:0/4 e"]);
    p.answer(1, { baseOffset: 0 });
    expect(p.produced()).toEqual(["1:0/5 f g"]);
  });

  it("a lingering batch leaves early in company", () => {
    const p = new ProducerDriver({ "linger.ms": 5 }, { metadata: metadataOf(1, 0, [tp, "orders-1"]) }).send("a");
    p.nowMs = 3;
    p.step({ type: "send", partition: "orders-1", values: ["b"] });
    p.advanceTo(5);
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/0 b"]);
    expect(p.nowMs).toBe(5);
  });

  it("batches of several partitions count as one request in flight", () => {
    const metadata = metadataOf(1, 0, [tp, "orders-1"]);
    const p = new ProducerDriver({ ...plain, "max.in.flight.requests.per.connection": 2 }, { metadata });
    for (const value of ["a", "b", "c"]) p.send(value);
    expect(p.produced()).toEqual(["1:a", "1:b"]);
    p.step({ type: "send", partition: "orders-1", values: ["x"] });
    expect(p.produced()).toEqual([]);
    p.answer(1, { baseOffset: 0 });
    expect(p.produced()).toEqual(["1:c", "1:x"]);
  });
});

describe("acks=0", () => {
  it("is success without an offset, at once", () => {
    const p = new ProducerDriver({ acks: 0 }).send("a");
    expect(p.produced()).toEqual(["1:a"]);
    expect(p.told()).toEqual(["a acked@-1"]);
    expect(p.producer.requests).toEqual([]);
  });

  it("J-08 a closed connection makes it look for the leader", () => {
    const p = new ProducerDriver({ acks: 0 }).send("a").disconnect(1);
    expect(p.asked()).toContain("2:MetadataRequest");
  });
});

describe("retries and time limits", () => {
  const retryTimes = (rules: ReturnType<typeof rulesFor>, settings = {}): number[] => {
    const p = new ProducerDriver({ ...plain, ...settings }, { rules });
    p.send("a");
    const times: number[] = [];
    for (let attempt = 0; attempt < 6; attempt++) {
      const from = p.nowMs;
      p.answer(1, { error: "NOT_ENOUGH_REPLICAS" });
      p.produced();
      while (p.produced().length === 0) p.advanceTo(p.nowMs + 50);
      times.push(p.nowMs - from);
    }
    return times;
  };

  it("back off from 100 ms, doubling up to 1000 ms", () => {
    expect(retryTimes(rulesFor("4.3"))).toEqual([100, 200, 400, 800, 1000, 1000]);
    expect(retryTimes(rulesFor("3.6"))).toEqual([100, 100, 100, 100, 100, 100]);
  });

  it("a request without an answer closes the connection; the outcome is unknown", () => {
    const p = new ProducerDriver({ ...plain, retries: 0, "request.timeout.ms": 2000 }).send("a").advanceTo(2000);
    const failed = p.effects.find((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toEqual({
      result: "failed",
      error: "REQUEST_TIMED_OUT",
      exception: "TimeoutException",
      message: "Disconnected from node 1 due to timeout",
      written: "unknown",
    });
    expect(p.effects).toContainEqual({ type: "disconnect", peer: "1", channel: "produce" });
  });

  it("a broker's REQUEST_TIMED_OUT has its own words", () => {
    const p = new ProducerDriver({ ...plain, retries: 0 }).send("a").answer(1, { error: "REQUEST_TIMED_OUT" });
    const failed = p.effects.find((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toMatchObject({
      exception: "TimeoutException",
      message: "The request timed out.",
      written: "unknown",
    });
  });

  it("delivery.timeout.ms ends in a timeout although every answer said NOT_ENOUGH_REPLICAS, and nothing was written", () => {
    const p = new ProducerDriver({ "delivery.timeout.ms": 6000, "request.timeout.ms": 3000 }).send("a");
    for (let round = 0; p.outcomes.length === 0 && round < 20; round++) {
      if (p.producer.requests.length > 0) p.answer(1, { error: "NOT_ENOUGH_REPLICAS" });
      p.advanceTo(Math.min(p.nowMs + 500, 6000));
    }
    const failed = p.effects.find((effect) => effect.type === "outcome");
    expect(p.nowMs).toBe(6000);
    expect(failed?.type === "outcome" && failed.outcome).toEqual({
      result: "failed",
      error: "REQUEST_TIMED_OUT",
      exception: "TimeoutException",
      message:
        "Expiring 1 record(s) for orders-0:6000 ms has passed since batch creation. The request has not been sent, or no server response has been received yet.",
      written: "no",
    });
  });

  it("NOT_ENOUGH_REPLICAS without retries is definite", () => {
    const p = new ProducerDriver({ ...plain, retries: 0 }).send("a").answer(1, { error: "NOT_ENOUGH_REPLICAS" });
    expect(p.told()).toEqual(["a failed NOT_ENOUGH_REPLICAS no"]);
  });

  it("one unknown attempt makes the outcome unknown for good", () => {
    const p = new ProducerDriver({ ...plain, retries: 1 }).send("a").disconnect(1).advanceTo(100);
    p.answer(1, { error: "NOT_ENOUGH_REPLICAS" });
    expect(p.told()).toEqual(["a failed NOT_ENOUGH_REPLICAS unknown"]);
  });

  it("several in flight without idempotence come back reversed when the connection is lost", () => {
    const p = new ProducerDriver(plain).send("a").send("b").send("c");
    p.produced();
    p.disconnect(1).advanceTo(100);
    expect(p.produced()).toEqual(["1:c", "1:b", "1:a"]);
  });

  it("with idempotence they keep their order", () => {
    const p = new ProducerDriver().send("a").send("b").send("c");
    p.produced();
    p.disconnect(1).advanceTo(100);
    expect(p.produced()).toEqual(["1:0/0 a"]);
  });
});

describe("leaders", () => {
  it("NOT_LEADER_OR_FOLLOWER that names the new leader skips the backoff (KIP-951)", () => {
    const p = new ProducerDriver().send("a");
    p.produced();
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER", currentLeader: { leader: 2, leaderEpoch: 1 } });
    expect(p.produced()).toEqual(["2:0/0 a"]);
  });

  it("before 3.7 a new leader is tried after the backoff", () => {
    const p = new ProducerDriver({}, { rules: rulesFor("3.6") }).send("a");
    p.produced();
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER" }).hearsOfLeader(2, 1);
    p.fire({ name: "metadata" });
    expect(p.produced()).toEqual([]);
    p.advanceTo(100);
    expect(p.produced()).toEqual(["2:0/0 a"]);
  });

  it("an older leader epoch is not believed", () => {
    const p = new ProducerDriver({}, { metadata: metadataOf(2, 5) }).send("a");
    p.answer(2, { error: "NOT_LEADER_OR_FOLLOWER", currentLeader: { leader: 1, leaderEpoch: 4 } });
    expect(p.producer.metadata.partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 5 });
    const stale = { type: "response", from: "3", channel: "metadata", response: metadataOf(1, 4) } as const;
    p.step(stale);
    expect(p.producer.metadata.partitions[0]).toMatchObject({ leader: 2, leaderEpoch: 5 });
  });

  it("without a leader the batch waits, and metadata is asked for with growing pauses, each broker in turn", () => {
    const p = new ProducerDriver({}, { metadata: metadataOf(-1, 3) }).send("a");
    const times: string[] = [];
    for (let round = 0; round < 6; round++) {
      times.push(`${p.nowMs} ${p.asked().join()}`);
      const asked = p.producer.metadata.refresh.request?.brokerId ?? 0;
      p.step({ type: "response", from: String(asked), channel: "metadata", response: metadataOf(-1, 3) });
      while (p.producer.metadata.refresh.request === null) p.advanceTo(p.nowMs + 50);
    }
    expect(times).toEqual([
      "0 1:MetadataRequest",
      "100 2:MetadataRequest",
      "300 3:MetadataRequest",
      "700 1:MetadataRequest",
      "1500 2:MetadataRequest",
      "2500 3:MetadataRequest",
    ]);
    p.step({ type: "response", from: "3", channel: "metadata", response: metadataOf(2, 4) });
    expect(p.produced()).toEqual(["2:0/0 a"]);
  });

  it("never sent for want of a leader: nothing was written, and the sequence is not touched", () => {
    const settings = { "delivery.timeout.ms": 4500, "request.timeout.ms": 4000 };
    const p = new ProducerDriver(settings, { metadata: metadataOf(-1, 3) }).send("a").advanceTo(4500);
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT no"]);
    expect([p.producer.producerEpoch, p.producer.partitions[0]?.nextSequence]).toEqual([0, 0]);
  });

  it("metadata that is not there blocks send, up to max.block.ms", () => {
    const p = new ProducerDriver({}, { metadata: null }).send("a", "b");
    expect(p.asked()).toEqual(["1:MetadataRequest"]);
    p.step({ type: "response", from: "1", channel: "metadata", response: metadataOf(1) });
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/1 b"]);

    const q = new ProducerDriver({}, { metadata: null }).send("a").advanceTo(60_000);
    expect(q.told()).toEqual(["a failed REQUEST_TIMED_OUT no"]);
    const failed = q.effects.find((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toMatchObject({
      exception: "TimeoutException",
      message: "Topic orders not present in metadata after 60000 ms.",
    });
  });

  it("a silent broker is not asked for metadata while others are there", () => {
    const p = new ProducerDriver({}, { metadata: null }).send("a");
    p.advanceTo(30_000);
    expect(p.asked()).toEqual(["1:MetadataRequest"]);
    p.advanceTo(30_100);
    expect(p.asked()).toEqual(["2:MetadataRequest"]);
    p.disconnect(2, "metadata").advanceTo(30_299);
    expect(p.asked()).toEqual([]);
    p.advanceTo(30_300);
    expect(p.asked()).toEqual(["3:MetadataRequest"]);
  });
});

describe("more of leaders and metadata", () => {
  it("a broker that has just closed a connection is passed over", () => {
    const p = new ProducerDriver({}, { metadata: metadataOf(2) }).send("a");
    p.producer = {
      ...p.producer,
      metadata: { ...p.producer.metadata, refresh: { ...p.producer.metadata.refresh, lastAsked: 1 } },
    };
    p.produced();
    p.disconnect(2);
    expect(p.asked()).toEqual(["3:MetadataRequest"]);
  });

  it("NOT_LEADER_OR_FOLLOWER alone makes it ask for metadata, NOT_ENOUGH_REPLICAS does not", () => {
    const p = new ProducerDriver().send("a").answer(1, { error: "NOT_ENOUGH_REPLICAS" });
    p.produced();
    expect(p.asked()).toEqual([]);
    p.advanceTo(100).answer(1, { error: "NOT_LEADER_OR_FOLLOWER" });
    p.produced();
    expect(p.asked()).toEqual(["1:MetadataRequest"]);
  });

  it("it goes on asking while a partition has no leader, also with nothing to send", () => {
    const p = new ProducerDriver({ ...plain, retries: 0 }).send("a").answer(1, { error: "NOT_LEADER_OR_FOLLOWER" });
    p.asked();
    p.step({ type: "response", from: "1", channel: "metadata", response: metadataOf(-1, 1) }).advanceTo(100);
    expect(p.asked()).toEqual(["2:MetadataRequest"]);
  });

  it("a leader that is not among the known brokers is no leader", () => {
    const p = new ProducerDriver().send("a");
    p.produced();
    p.answer(1, { error: "NOT_LEADER_OR_FOLLOWER", currentLeader: { leader: 9, leaderEpoch: 1 } });
    expect(p.producer.metadata.partitions[0]).toMatchObject({ leader: 1, leaderEpoch: 0 });
    const q = new ProducerDriver({}, { metadata: { ...metadataOf(1), brokers: [{ brokerId: 2, rack: null }] } });
    q.send("a");
    expect(q.asked()).toEqual(["2:MetadataRequest"]);
  });

  it("each call of send blocks for its own time", () => {
    const p = new ProducerDriver({}, { metadata: null }).send("a").advanceTo(1000).send("b").advanceTo(60_999);
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT no"]);
    p.advanceTo(61_000);
    expect(p.told()).toEqual(["b failed REQUEST_TIMED_OUT no"]);
  });

  it("retry.backoff.max.ms below retry.backoff.ms makes the wait constant", () => {
    const p = new ProducerDriver({ "retry.backoff.ms": 300, "retry.backoff.max.ms": 50 }).send("a");
    p.answer(1, { error: "NOT_ENOUGH_REPLICAS" }).advanceTo(299);
    p.produced();
    p.advanceTo(300);
    expect(p.produced()).toEqual(["1:0/0 a"]);
  });

  it("with one request in flight nothing goes to a new leader before the old one has answered", () => {
    const p = new ProducerDriver({ ...plain, "max.in.flight.requests.per.connection": 1 }).send("a");
    p.hearsOfLeader(2, 1).send("b");
    expect(p.produced()).toEqual(["1:a"]);
    p.answer(1, { baseOffset: 0 });
    expect(p.produced()).toEqual(["2:b"]);
  });

  it("the limit of requests in flight is that of one broker", () => {
    const p = new ProducerDriver({ ...plain, "max.in.flight.requests.per.connection": 2 }).send("a", "b");
    p.hearsOfLeader(2, 1).send("c");
    expect(p.produced()).toEqual(["1:a", "1:b", "2:c"]);
  });

  it("a full batch need not linger even if it is alone", () => {
    const p = new ProducerDriver({ "linger.ms": 5, "batch.size": 2048 }).send("a", "b");
    expect(p.produced()).toEqual(["1:0/0 a b"]);
  });
});

describe("producer epochs", () => {
  const two = metadataOf(1, 0, [tp, "orders-1"]);

  it("a batch that is refused for good leaves a gap, so the sequences begin again; other partitions follow when they can", () => {
    const p = new ProducerDriver({}, { metadata: two }).send("a");
    p.step({ type: "send", partition: "orders-1", values: ["x"] });
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/0 x"]);
    p.answer(1, { error: "MESSAGE_TOO_LARGE" });
    expect([p.told(), p.producer.producerEpoch]).toEqual([["a failed MESSAGE_TOO_LARGE no"], 1]);
    p.step({ type: "send", partition: "orders-1", values: ["y"] });
    p.send("b");
    expect(p.produced()).toEqual(["1:1/0 b"]);
    p.answer(1, { partition: "orders-1", baseOffset: 0 });
    expect(p.produced()).toEqual(["1:1/0 y"]);
  });

  it("the next batch in line out of order means that records are gone from the log", () => {
    const p = new ProducerDriver().send("a").answer(1, { baseOffset: 0 }).send("b");
    p.produced();
    p.answer(1, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" });
    expect([p.producer.producerEpoch, p.queued()]).toEqual([1, ["0 b"]]);
    expect(p.producer.partitions[0]?.lastAckedSequence).toBe(-1);
    p.advanceTo(100);
    expect(p.produced()).toEqual(["1:1/0 b"]);
  });

  it("a batch that was renumbered under way is only sent again", () => {
    const p = new ProducerDriver().send("a").send("b").answer(1, { error: "MESSAGE_TOO_LARGE" });
    expect(p.producer.producerEpoch).toBe(1);
    p.produced();
    p.answer(1, { error: "OUT_OF_ORDER_SEQUENCE_NUMBER" }).advanceTo(100);
    expect([p.producer.producerEpoch, p.produced()]).toEqual([1, ["1:1/0 b"]]);
  });

  it("a batch that runs out of time in its first attempt leaves no unresolved sequence", () => {
    const p = new ProducerDriver({ "delivery.timeout.ms": 1500, "request.timeout.ms": 1500 }).send("a");
    p.fire({ name: "delivery", partition: tp });
    expect(p.told()).toEqual(["a failed REQUEST_TIMED_OUT unknown"]);
    expect(p.producer.partitions[0]?.unresolvedSequence).toBeNull();
    p.send("b");
    expect(p.produced()).toEqual(["1:0/0 a", "1:0/1 b"]);
  });
});

describe("process", () => {
  it("close sends what lingers and ends when everything has its outcome", () => {
    const p = new ProducerDriver({ "linger.ms": 1000 }).send("a").step({ type: "close" });
    expect(p.produced()).toEqual(["1:0/0 a"]);
    p.send("b");
    expect(p.told()).toEqual(["b failed UNKNOWN_SERVER_ERROR no"]);
    p.answer(1, { baseOffset: 0 });
    expect(p.told()).toEqual(["a acked@0"]);
    expect(p.producer.process).toBe("closed");
  });

  it("a crash tells nothing more; the next process is another producer", () => {
    const p = new ProducerDriver().send("a").step({ type: "crash" });
    expect(p.told()).toEqual([]);
    expect(p.effects).toContainEqual({ type: "disconnect", peer: "1", channel: "produce" });
    p.step({ type: "restart", producerId: 8 });
    expect([p.producer.process, p.producer.producerId, p.producer.producerEpoch]).toEqual(["running", 8, 0]);
  });
});
