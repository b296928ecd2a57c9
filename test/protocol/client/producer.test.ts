import { describe, expect, it } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { metadataOf, ProducerDriver, tp } from "./producer-driver.js";

const plain = { "enable.idempotence": false };

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

  it("a refused connection costs no attempt: the batch waits for a leader who can be reached", () => {
    const p = new ProducerDriver({ ...plain, retries: 0, "delivery.timeout.ms": 35_000 }).send("a");
    p.step({ type: "disconnected", peer: "1", channel: "produce", refused: true });
    expect(p.outcomes).toEqual([]);
    expect(p.producer.requests).toEqual([]);
    p.advanceTo(p.nowMs + 50);
    expect(p.producer.requests).toHaveLength(1);
  });

  it("without any connection only delivery.timeout.ms ends a batch, and nothing was written", () => {
    const p = new ProducerDriver({ ...plain, retries: 0, "request.timeout.ms": 500, "delivery.timeout.ms": 1020 });
    p.send("a");
    for (let round = 0; p.outcomes.length === 0 && round < 50; round++) {
      if (p.producer.requests.length > 0)
        p.step({ type: "disconnected", peer: "1", channel: "produce", refused: true });
      p.advanceTo(p.nowMs + 50);
    }
    const failed = p.effects.find((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toMatchObject({ error: "REQUEST_TIMED_OUT", written: "no" });
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
