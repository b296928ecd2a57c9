import { describe, expect, test } from "vitest";
import { brokerTimers } from "../../../lib/protocol/broker/timers.js";
import { BrokerUnderTest, partition, T } from "./broker-under-test.js";
import { Process, registration } from "./process-under-test.js";

describe("timers", () => {
  test("a follower: what it will do by itself, and when", () => {
    const process = new Process().upTo("running");
    // Nobody to fetch from until the leader is registered.
    process.metadata({ type: "PartitionChangeRecord", partition: "orders-0", leader: 2 });
    expect(brokerTimers(process.broker).some(({ timer }) => timer.name === "fetch")).toBe(false);
    process.metadata(registration(2, 4));
    process.metadata({ type: "PartitionChangeRecord", partition: "orders-0", leader: 2 });
    expect(brokerTimers(process.broker)).toEqual([
      { timer: { name: "heartbeat" }, dueMs: 2000 },
      { timer: { name: "isrExpiration" }, dueMs: 15_000 },
      { timer: { name: "highWatermarkCheckpoint" }, dueMs: 5000 },
      { timer: { name: "producerIdExpiration" }, dueMs: 600_000 },
      { timer: { name: "fetch", partition: "orders-0" }, dueMs: 0 },
    ]);
  });

  test("a leader: the first wait to expire of each kind", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3] });
    leader.produce("all", 1, { timeoutMs: 900 });
    leader.fetch(2, 1, { maxWaitMs: 500 });
    leader.at(T + 1).fetch(3, 0, { maxWaitMs: 100, minBytes: 5 });
    const timers = brokerTimers(leader.broker).filter(({ timer }) => timer.name.startsWith("waiting"));
    expect(timers).toEqual([
      { timer: { name: "waitingFetch", partition }, dueMs: T + 101 },
      { timer: { name: "waitingProduce", partition }, dueMs: T + 900 },
    ]);
  });

  test("a stale timer changes nothing", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    const { broker } = leader;
    for (const name of ["waitingFetch", "waitingProduce", "fetch"] as const) {
      expect(leader.timer({ name, partition }).broker).toBe(broker);
      expect(leader.timer({ name, partition: "gone-0" }).broker).toBe(broker);
    }
    for (const name of ["registration", "alterPartition", "lifecycleTimeout"] as const) {
      expect(leader.timer({ name }).broker).toBe(broker);
    }
    expect(leader.effects).toEqual([]);
  });

  test("periodic tasks with nothing to do give back the very same broker when the clock stands still", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    for (const name of ["isrExpiration", "highWatermarkCheckpoint", "producerIdExpiration"] as const) {
      const { broker } = leader.timer({ name });
      expect(leader.timer({ name }).broker, name).toBe(broker);
    }
  });
});
