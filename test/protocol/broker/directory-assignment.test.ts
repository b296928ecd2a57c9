import { describe, expect, test } from "vitest";
import type { BrokerEvent } from "../../../lib/protocol/broker/event.js";
import { crashBroker, wipeBrokerDisk } from "../../../lib/protocol/broker/process.js";
import { neverMs } from "../../../lib/protocol/ids.js";
import { Process } from "./process-under-test.js";

describe("a replaced disk is told to the controller", () => {
  function onNewDisk() {
    const wiped = wipeBrokerDisk(crashBroker(new Process().upTo("running").broker), 99);
    return new Process(wiped).upTo("fenced");
  }

  const answer = (error: "NONE" | "STALE_BROKER_EPOCH"): BrokerEvent => ({
    type: "response",
    from: "controller",
    channel: "directory-assignments",
    response: { type: "AssignReplicasToDirsResponse", error },
  });

  test("as soon as the role is known", () => {
    expect(onNewDisk().request).toEqual({
      type: "AssignReplicasToDirsRequest",
      brokerId: 1,
      brokerEpoch: 2,
      directoryId: 99,
      partitions: ["orders-0"],
    });
  });

  test("until it is accepted", () => {
    const process = onNewDisk().event(answer("STALE_BROKER_EPOCH"));
    expect(process.broker.dueMs.directoryAssignment).toBe(100);
    process.event({ type: "timer", timer: { name: "directoryAssignment" } });
    expect(process.request?.type).toBe("AssignReplicasToDirsRequest");
    process.event({ type: "disconnected", peer: "controller", channel: "directory-assignments" });
    expect(process.broker.dueMs.directoryAssignment).toBe(200);
    process.event({ type: "timer", timer: { name: "directoryAssignment" } }).event(answer("NONE"));
    expect(process.broker.dueMs.directoryAssignment).toBe(neverMs);
    expect(process.broker.directoryAssignment).toEqual({ inFlight: [], queued: [], failedAttempts: 0 });
  });

  test("not when it is known there", () => {
    expect(new Process().upTo("fenced").request).toBeUndefined();
  });
});
