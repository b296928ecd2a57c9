import { describe, expect, it } from "vitest";
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
