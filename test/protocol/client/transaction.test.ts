import { describe, expect, it } from "vitest";
import type { WriteTxnMarkersRequest } from "../../../lib/protocol/message.js";
import { metadataOf, ProducerDriver, tp } from "./producer-driver.js";

const transactional = { "transactional.id": "t" };

function markers(p: ProducerDriver): string[] {
  const sent = p.sent.flatMap(({ to, request }) =>
    request.type === "WriteTxnMarkersRequest" ? [{ to, request }] : [],
  );
  p.sent = [];
  const text = ({ outcome, partition, producerEpoch }: WriteTxnMarkersRequest): string =>
    `${outcome} ${partition} in epoch ${producerEpoch}`;
  return sent.map(({ to, request }) => `${to}:${text(request)}`);
}

function answerMarker(p: ProducerDriver, brokerId: number, error: "NONE" | "NOT_ENOUGH_REPLICAS" = "NONE"): void {
  const response = { type: "WriteTxnMarkersResponse", partition: tp, error } as const;
  p.step({ type: "response", from: String(brokerId), channel: "transaction", response });
}

describe("transactions", () => {
  it("a commit waits for the batches, then writes a marker to each partition", () => {
    const p = new ProducerDriver({ ...transactional, "linger.ms": 1000 });
    p.step({ type: "transaction", step: "begin" }).send("a");
    expect(p.produced()).toEqual([]);
    p.step({ type: "transaction", step: "commit" });
    const request = p.sent.find(({ request }) => request.type === "ProduceRequest")?.request;
    expect(request).toMatchObject({ transactional: true, producer: { producerId: 7, producerEpoch: 0, sequence: 0 } });
    expect(markers(p)).toEqual([]);
    p.answer(1, { baseOffset: 0 });
    expect(markers(p)).toEqual([`1:commit ${tp} in epoch 0`]);
    answerMarker(p, 1);
    expect(p.producer.transaction).toEqual({ state: "none" });
    expect(p.told()).toEqual(["a acked@0"]);
  });

  it("a marker that is refused or lost is written again after the backoff", () => {
    const p = new ProducerDriver(transactional);
    p.step({ type: "transaction", step: "begin" }).send("a").answer(1, { baseOffset: 0 });
    p.step({ type: "transaction", step: "commit" });
    expect(markers(p)).toHaveLength(1);
    answerMarker(p, 1, "NOT_ENOUGH_REPLICAS");
    expect(markers(p)).toEqual([]);
    p.advanceTo(100);
    expect(markers(p)).toEqual([`1:commit ${tp} in epoch 0`]);
    p.disconnect(1, "transaction").advanceTo(300);
    expect(markers(p)).toEqual([`1:commit ${tp} in epoch 0`]);
    answerMarker(p, 1);
    expect(p.producer.transaction.state).toBe("none");
  });

  it("an abort gives up what was never sent", () => {
    const p = new ProducerDriver({ ...transactional, "linger.ms": 1000 });
    p.step({ type: "transaction", step: "begin" }).send("a").step({ type: "transaction", step: "abort" });
    expect(p.told()).toEqual(["a failed UNKNOWN_SERVER_ERROR no"]);
    expect(markers(p)).toEqual([`1:abort ${tp} in epoch 0`]);
  });

  it("sends need an open transaction", () => {
    const p = new ProducerDriver(transactional).send("a");
    const failed = p.effects.find((effect) => effect.type === "outcome");
    expect(failed?.type === "outcome" && failed.outcome).toMatchObject({
      exception: "IllegalStateException",
      written: "no",
    });
  });

  it("after a failed batch only an abort is possible, and the next transaction has a new epoch", () => {
    const p = new ProducerDriver({ ...transactional, "delivery.timeout.ms": 1500, "request.timeout.ms": 1500 });
    p.step({ type: "transaction", step: "begin" }).send("a").answer(1, { error: "MESSAGE_TOO_LARGE" });
    expect(p.told()).toEqual(["a failed MESSAGE_TOO_LARGE no"]);
    p.step({ type: "transaction", step: "commit" });
    expect(p.producer.transaction).toMatchObject({ state: "open", failed: true });
    p.send("b");
    expect(p.told()).toEqual(["b failed UNKNOWN_SERVER_ERROR no"]);
    p.step({ type: "transaction", step: "abort" });
    expect(markers(p)).toEqual([`1:abort ${tp} in epoch 0`]);
    answerMarker(p, 1);
    expect(p.producer.producerEpoch).toBe(1);
    p.step({ type: "transaction", step: "begin" }).send("c");
    expect(p.produced()).toEqual(["1:1/0 c"]);
  });

  it("the batches behind a refused one move up in sequence", () => {
    const p = new ProducerDriver(transactional).step({ type: "transaction", step: "begin" }).send("a").send("b");
    p.answer(1, { error: "MESSAGE_TOO_LARGE" });
    expect(p.producer.partitions[0]?.inFlight[0]?.sequence).toEqual({ producerEpoch: 0, first: 0, isRenumbered: true });
    expect(p.producer.partitions[0]?.nextSequence).toBe(1);
  });

  it("a new process with the same transactional.id fences the old one and aborts what it left open", () => {
    const p = new ProducerDriver(transactional);
    p.step({ type: "transaction", step: "begin" }).send("a").step({ type: "crash" });
    p.step({ type: "restart", producerId: 8 });
    expect([p.producer.producerId, p.producer.producerEpoch]).toEqual([7, 1]);
    p.step({ type: "response", from: "1", channel: "metadata", response: metadataOf(1) });
    expect(markers(p)).toEqual([`1:abort ${tp} in epoch 1`]);
    answerMarker(p, 1);
    p.step({ type: "transaction", step: "begin" }).send("b");
    expect(p.produced()).toEqual(["1:1/0 b"]);
  });

  it("close aborts an open transaction", () => {
    const p = new ProducerDriver(transactional);
    p.step({ type: "transaction", step: "begin" }).send("a").step({ type: "close" }).answer(1, { baseOffset: 0 });
    expect(markers(p)).toEqual([`1:abort ${tp} in epoch 0`]);
    answerMarker(p, 1);
    expect(p.producer.process).toBe("closed");
  });
});
