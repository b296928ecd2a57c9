import { describe, expect, test } from "vitest";
import { stepBroker } from "../../../lib/protocol/broker/broker.js";
import type { BrokerEvent } from "../../../lib/protocol/broker/event.js";
import {
  crashBroker,
  crashBrokerLosingTail,
  defaultBrokerSettings,
  newBroker,
  startBroker,
  wipeBrokerDisk,
} from "../../../lib/protocol/broker/process.js";
import type { Broker } from "../../../lib/protocol/broker/state.js";
import { brokerTimers } from "../../../lib/protocol/broker/timers.js";
import { neverMs } from "../../../lib/protocol/ids.js";
import { formatEpochEntries } from "../../../lib/protocol/log/text.js";
import type { BrokerHeartbeatResponse, BrokerRegistrationResponse, Request } from "../../../lib/protocol/message.js";
import { emptyImage } from "../../../lib/protocol/metadata/apply.js";
import type { MetadataRecord } from "../../../lib/protocol/metadata/record.js";
import type { Effect } from "../../../lib/protocol/step.js";
import { logOfEpochs } from "../log/logs.js";
import { BrokerUnderTest, current, logTo, partition, T } from "./broker-under-test.js";

/** A broker process from its start, with the controller played by the test. */
class Process {
  broker: Broker;
  nowMs = 0;
  effects: readonly Effect[] = [];
  /** Next offset of the metadata log that the test writes. */
  metadataOffset = 0;

  constructor(broker = newBroker({ brokerId: 1, rack: null, settings: defaultBrokerSettings(), directoryId: 11 })) {
    this.broker = startBroker(broker, broker.incarnationId + 1, 0, emptyImage({}));
  }

  event(event: BrokerEvent): this {
    const { broker, effects } = stepBroker(this.broker, event, this.nowMs, current);
    this.broker = broker;
    this.effects = effects;
    return this;
  }

  at(nowMs: number): this {
    this.nowMs = nowMs;
    return this;
  }

  timer(name: "registration" | "heartbeat" | "lifecycleTimeout"): this {
    return this.event({ type: "timer", timer: { name } });
  }

  get request(): Request | undefined {
    const effect = this.effects.find((candidate) => candidate.type === "request");
    return effect?.type === "request" ? effect.request : undefined;
  }

  registered(answer: Partial<BrokerRegistrationResponse>): this {
    const response = { type: "BrokerRegistrationResponse", error: "NONE", brokerEpoch: 2, ...answer } as const;
    return this.event({ type: "response", from: "controller", channel: "heartbeat", response });
  }

  heartbeat(answer: Partial<BrokerHeartbeatResponse>): this {
    const response = {
      type: "BrokerHeartbeatResponse",
      error: "NONE",
      isCaughtUp: true,
      isFenced: true,
      shouldShutDown: false,
      ...answer,
    } as const;
    return this.event({ type: "response", from: "controller", channel: "heartbeat", response });
  }

  metadata(...records: readonly MetadataRecord[]): this {
    const baseOffset = this.metadataOffset;
    this.metadataOffset += records.length;
    return this.event({ type: "metadata", batch: { baseOffset, records, appendedAtMs: this.nowMs } });
  }

  /** Two records before it, then its own registration at offset 2, then the topic. */
  upTo(state: "starting" | "fenced" | "running"): this {
    this.timer("registration").registered({ brokerEpoch: 2 });
    this.metadata({ type: "TopicRecord", topic: "orders" }, aPartition);
    if (state === "starting") return this;
    this.metadata(registration(1, 2));
    if (state === "fenced") return this;
    return this.timer("heartbeat").heartbeat({ isFenced: false });
  }
}

const aPartition: MetadataRecord = {
  type: "PartitionRecord",
  topic: "orders",
  partition: "orders-0",
  replicas: [1, 2],
  isr: [1, 2],
  leader: 1,
  directories: [11, 12],
};

function registration(brokerId: number, brokerEpoch: number): MetadataRecord {
  return {
    type: "RegisterBrokerRecord",
    brokerId,
    incarnationId: 1,
    brokerEpoch,
    rack: null,
    directoryId: 11,
    fenced: true,
  };
}

const produce: BrokerEvent = {
  type: "request",
  from: "p",
  channel: "produce",
  request: {
    type: "ProduceRequest",
    partition: "orders-0",
    acks: 1,
    timeoutMs: 1,
    records: [{ value: "a", timestampMs: 0 }],
    producer: null,
    transactional: false,
  },
};

describe("registration", () => {
  test("is asked for at once, with the epoch of a clean shutdown if there was one", () => {
    const first = new Process().timer("registration");
    expect(first.request).toEqual({
      type: "BrokerRegistrationRequest",
      brokerId: 1,
      incarnationId: 1,
      previousBrokerEpoch: -1,
      rack: null,
      directoryId: 11,
    });
    const stopped = first.registered({ brokerEpoch: 2 }).event({ type: "shutdown" });
    expect(stopped.effects).toEqual([{ type: "exit", clean: true }]);
    expect(stopped.broker.cleanShutdownBrokerEpoch).toBe(2);
    const second = new Process(stopped.broker);
    expect(second.broker.cleanShutdownBrokerEpoch).toBeNull();
    expect(second.timer("registration").request).toMatchObject({ incarnationId: 2, previousBrokerEpoch: 2 });
  });

  test("a crash leaves no epoch behind", () => {
    const crashed = crashBroker(new Process().upTo("running").broker);
    expect(new Process(crashed).timer("registration").request).toMatchObject({ previousBrokerEpoch: -1 });
  });

  test("P-06 DUPLICATE_BROKER_REGISTRATION: again after 100, 200, 400 … ms, up to the session timeout", () => {
    const process = new Process();
    const waits = Array.from({ length: 9 }, () => {
      process.timer("registration").registered({ error: "DUPLICATE_BROKER_REGISTRATION" });
      return process.broker.dueMs.registration - process.nowMs;
    });
    expect(waits).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 9000, 9000]);
    process.timer("registration").registered({});
    expect(process.broker.lifecycle.state).toBe("starting");
    expect(process.broker.dueMs).toMatchObject({ registration: neverMs, heartbeat: 0, lifecycleTimeout: neverMs });
  });

  test("no answer within half a session: the channel is closed and it asks again", () => {
    const process = new Process().timer("registration");
    expect(process.broker.dueMs.registration).toBe(4500);
    process.at(4500).timer("registration");
    expect(process.effects).toEqual([{ type: "disconnect", peer: "controller", channel: "heartbeat" }]);
    expect(process.timer("registration").request?.type).toBe("BrokerRegistrationRequest");
  });

  test("the controller is gone: it asks again", () => {
    const process = new Process().timer("registration");
    process.event({ type: "disconnected", peer: "controller", channel: "heartbeat" });
    expect(process.broker.dueMs.registration).toBe(100);
  });

  test("gives up after initial.broker.registration.timeout.ms", () => {
    const process = new Process();
    expect(process.broker.dueMs.lifecycleTimeout).toBe(60_000);
    process.timer("lifecycleTimeout");
    expect(process.effects).toEqual([{ type: "exit", clean: true }]);
    expect(process.broker).toMatchObject({ process: "down", cleanShutdownBrokerEpoch: null });
  });
});

describe("starting", () => {
  test("old metadata gives no role: a returning leader does not lead in the past", () => {
    const process = new Process().upTo("starting");
    expect([process.broker.lifecycle.state, process.broker.replicas]).toEqual(["starting", []]);
    expect(process.timer("heartbeat").request).toMatchObject({ wantFence: true, metadataOffset: 2 });
    process.heartbeat({ isFenced: true, isCaughtUp: false });
    expect(process.broker.dueMs.heartbeat).toBe(2000);
  });

  test("its own registration read: roles, and a heartbeat at once that asks to be unfenced", () => {
    const process = new Process().upTo("fenced");
    expect(process.broker.lifecycle.state).toBe("fenced");
    expect(process.broker.replicas.map(({ role }) => role)).toEqual(["leader"]);
    expect(process.broker.dueMs.heartbeat).toBe(0);
    expect(process.timer("heartbeat").request).toMatchObject({ wantFence: false, metadataOffset: 3, brokerEpoch: 2 });
    process.heartbeat({ isFenced: true });
    expect([process.broker.lifecycle.state, process.broker.dueMs.heartbeat]).toEqual(["fenced", 2000]);
    process.timer("heartbeat").heartbeat({ isFenced: false });
    expect(process.broker.lifecycle.state).toBe("running");
  });

  test("a heartbeat under way is answered first", () => {
    const process = new Process().upTo("starting").timer("heartbeat");
    process.metadata(registration(1, 2));
    expect(process.broker.dueMs.heartbeat).toBe(4500);
    process.at(30).heartbeat({});
    expect(process.broker.dueMs.heartbeat).toBe(30);
  });

  test("the registration record may come before the answer to the request", () => {
    const process = new Process().timer("registration");
    process.metadata({ type: "TopicRecord", topic: "orders" }, aPartition, registration(1, 2));
    expect(process.broker.replicas).toEqual([]);
    process.registered({ brokerEpoch: 2 });
    expect(process.broker.lifecycle.state).toBe("fenced");
    expect(process.broker.replicas.map(({ role }) => role)).toEqual(["leader"]);
  });

  test.each([
    ["starting", "disconnect"],
    ["fenced", "disconnect"],
    ["running", "reply"],
  ] as const)("a %s broker answers a client with a %s", (state, type) => {
    const process = new Process().upTo(state).event(produce);
    expect(process.effects.filter((effect) => effect.type !== "change")).toMatchObject([{ type }]);
  });

  test("a copy that is not assigned any more is deleted", () => {
    const kept = new Process().upTo("running").broker.replicas;
    const stray = kept.map((replica) => ({ ...replica, partition: "old-0", topic: "old" }));
    const down = { ...crashBroker(new Process().upTo("running").broker), replicas: [...stray, ...kept] };
    const process = new Process(crashBroker({ ...down }));
    process.upTo("fenced");
    expect(process.broker.replicas.map((replica) => replica.partition)).toEqual(["orders-0"]);
  });
});

describe("running", () => {
  test("a heartbeat every 2 s; being fenced later changes nothing", () => {
    const process = new Process().upTo("running");
    expect(process.broker.dueMs.heartbeat).toBe(2000);
    process.at(2000).timer("heartbeat").at(2010).heartbeat({ isFenced: true });
    expect([process.broker.lifecycle.state, process.broker.dueMs.heartbeat]).toEqual(["running", 4010]);
    expect(process.event(produce).effects).toContainEqual(expect.objectContaining({ type: "reply" }));
  });

  test("heartbeats go on after errors", () => {
    const process = new Process().upTo("running").timer("heartbeat").heartbeat({ error: "STALE_BROKER_EPOCH" });
    expect([process.broker.lifecycle.state, process.broker.dueMs.heartbeat]).toEqual(["running", 100]);
  });
});

describe("controlled shutdown", () => {
  test("asks at once, soon once more, then every heartbeat, and ends when it may", () => {
    const process = new Process().upTo("running").at(500).event({ type: "shutdown" });
    expect(process.broker.lifecycle.state).toBe("controlled-shutdown");
    expect(process.broker.dueMs).toMatchObject({ heartbeat: 500, lifecycleTimeout: 300_500 });
    expect(process.timer("heartbeat").request).toMatchObject({ wantShutDown: true, wantFence: false });
    process.heartbeat({ isFenced: false });
    expect(process.broker.dueMs.heartbeat).toBe(550);
    process.at(550).timer("heartbeat").heartbeat({ isFenced: false });
    expect(process.broker.dueMs.heartbeat).toBe(2550);
    process.event(produce);
    expect(process.effects).toContainEqual(expect.objectContaining({ type: "reply" }));
    process.at(2550).timer("heartbeat").heartbeat({ shouldShutDown: true });
    expect(process.effects).toEqual([{ type: "exit", clean: true }]);
    expect(process.broker).toMatchObject({ process: "down", cleanShutdownBrokerEpoch: 2 });
    expect(process.broker.replicas).toMatchObject([{ role: "offline", flushedEndOffset: 1 }]);
  });

  test("a second SIGTERM changes nothing; without leave it ends after five minutes", () => {
    const process = new Process().upTo("running").event({ type: "shutdown" });
    const { broker } = process;
    expect(process.event({ type: "shutdown" }).broker).toBe(broker);
    process.timer("lifecycleTimeout");
    expect(process.effects).toEqual([{ type: "exit", clean: true }]);
  });

  test("out of the ISR it stops fetching", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, leaderEpoch: 5 });
    follower.timer({ name: "fetch", partition });
    follower.event({ type: "shutdown" });
    follower.metadata({ isr: [2], partitionEpoch: 2 });
    expect(follower.follower.fetcher).toEqual({ state: "stopped", reason: "controlled-shutdown" });
    expect(follower.effects).toEqual([{ type: "disconnect", peer: "2", channel: `fetch:${partition}` }]);
  });

  test("controlled.shutdown.enable=false: stops at once", () => {
    const settings = defaultBrokerSettings({ controlledShutdownEnable: false });
    const process = new Process(newBroker({ brokerId: 1, rack: null, settings, directoryId: 11 })).upTo("running");
    expect(process.event({ type: "shutdown" }).effects).toEqual([{ type: "exit", clean: true }]);
  });
});

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

  test("power loss of a partition that is not named takes nothing of it", () => {
    expect(found(crashBrokerLosingTail(running().broker, {}))).toBe("leo 10 hw 6 flushed 10 epochs 0@0");
  });

  test("power loss takes whole batches", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    leader.produce(1, 3);
    leader.produce(1, 3);
    expect(found(crashBrokerLosingTail(leader.broker, { [partition]: 5 }))).toBe("leo 3 hw 0 flushed 3 epochs 5@0");
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
});
