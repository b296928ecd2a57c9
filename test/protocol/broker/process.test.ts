import { describe, expect, test } from "vitest";
import {
  crashBroker,
  crashBrokerLosingTail,
  startBroker,
  wipeBrokerDisk,
} from "../../../lib/protocol/broker/process.js";
import type { Broker } from "../../../lib/protocol/broker/state.js";
import { brokerTimers } from "../../../lib/protocol/broker/timers.js";
import { formatEpochEntries } from "../../../lib/protocol/log/text.js";
import { emptyImage } from "../../../lib/protocol/metadata/apply.js";
import { logOfEpochs } from "../log/logs.js";
import { BrokerUnderTest, logTo, partition, T } from "./broker-under-test.js";

describe("what survives", () => {
  /** LEO 10 of which 4 are flushed, HW 9, checkpoint 6, an epoch 5 in which nothing was written. */
  function running() {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), highWatermark: 6 });
    leader.fetch(2, 9);
    const replicas = leader.broker.replicas.map((replica) => ({ ...replica, flushedEndOffset: 4 }));
    leader.broker = { ...leader.broker, replicas };
    expect(formatEpochEntries(leader.replica.log.epochEntries)).toBe("0@0,5@10");
    return leader;
  }

  const found = (broker: Broker) => {
    const started = startBroker(broker, 9, T, broker.metadata);
    const [replica] = started.replicas;
    if (replica === undefined) return "nothing";
    const { log, highWatermark, flushedEndOffset } = replica;
    const end = log.chunks.reduce((total, chunk) => total + chunk.length, log.logStartOffset);
    return `leo ${end} hw ${highWatermark} flushed ${flushedEndOffset} epochs ${formatEpochEntries(log.epochEntries)}`;
  };

  test("kill -9: the log; the high watermark starts at its checkpoint; an empty epoch is forgotten", () => {
    const down = crashBroker(running().broker);
    expect(down).toMatchObject({ process: "down", brokerEpoch: -1, lifecycle: { state: "registering" } });
    expect(down.replicas).toMatchObject([{ role: "offline", highWatermark: 6, leaderEpoch: -1, partitionEpoch: -1 }]);
    expect(brokerTimers(down)).toEqual([]);
    expect(found(down)).toBe("leo 10 hw 6 flushed 10 epochs 0@0");
  });

  test.each([
    [7, "leo 7 hw 6 flushed 7 epochs 0@0"],
    [5, "leo 5 hw 5 flushed 5 epochs 0@0"],
    [0, "leo 4 hw 4 flushed 4 epochs 0@0"],
    [99, "leo 10 hw 6 flushed 10 epochs 0@0"],
  ])("power loss that leaves %i: within what was flushed and the log end", (keep, expected) => {
    expect(found(crashBrokerLosingTail(running().broker, { [partition]: keep }))).toBe(expected);
  });

  test("power loss of a partition that is not named leaves only what was flushed", () => {
    expect(found(crashBrokerLosingTail(running().broker, {}))).toBe("leo 4 hw 4 flushed 4 epochs 0@0");
  });

  test("power loss takes whole batches", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.produce(1, 3);
    leader.produce(1, 3);
    expect(found(crashBrokerLosingTail(leader.broker, { [partition]: 5 }))).toBe("leo 3 hw 0 flushed 3 epochs 5@0");
  });

  test("an orderly stop: everything, the high watermark too", () => {
    const leader = running();
    leader.event({ type: "shutdown" }).timer({ name: "lifecycleTimeout" });
    expect(leader.effects).toEqual([{ type: "exit", clean: true }]);
    expect(leader.broker).toMatchObject({ process: "down", cleanShutdownBrokerEpoch: 101 });
    expect(leader.broker.replicas).toMatchObject([{ flushedEndOffset: 10, highWatermarkCheckpoint: 9 }]);
    expect(found(leader.broker)).toBe("leo 10 hw 9 flushed 10 epochs 0@0");
  });

  test("a new disk: nothing", () => {
    const down = crashBroker(running().broker);
    expect(wipeBrokerDisk(down, 99)).toMatchObject({ directoryId: 99, replicas: [], cleanShutdownBrokerEpoch: null });
    expect(found(wipeBrokerDisk(down, 99))).toBe("nothing");
    expect(() => wipeBrokerDisk(running().broker, 99)).toThrow("broker 1 runs");
    expect(() => startBroker(running().broker, 2, T, emptyImage({}))).toThrow("runs already");
  });

  test("the checkpoint is written every 5 s", () => {
    const leader = running();
    leader.timer({ name: "highWatermarkCheckpoint" });
    expect(found(crashBroker(leader.broker))).toBe("leo 10 hw 9 flushed 10 epochs 0@0");
    expect(leader.broker.dueMs.highWatermarkCheckpoint).toBe(T + 5000);
  });

  test("truncation takes what was flushed with it", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, log: logOfEpochs([0, 0, 1, 1]) });
    expect(follower.replica.flushedEndOffset).toBe(4);
    follower.timer({ name: "fetch", partition });
    follower.response("2", `fetch:${partition}`, {
      type: "FetchResponse",
      partition,
      error: "NONE",
      fetchOffset: 4,
      records: [],
      highWatermark: 0,
      lastStableOffset: 0,
      logStartOffset: 0,
      divergingEpoch: { epoch: 0, endOffset: 2 },
      currentLeader: null,
      preferredReadReplica: null,
      abortedTransactions: [],
    });
    expect([follower.logEnd, follower.replica.flushedEndOffset]).toEqual([2, 2]);
  });
});
