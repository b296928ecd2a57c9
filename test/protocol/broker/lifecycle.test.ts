import { describe, expect, test } from "vitest";
import { crashBroker, defaultBrokerSettings, newBroker } from "../../../lib/protocol/broker/process.js";
import { neverMs } from "../../../lib/protocol/ids.js";
import { BrokerUnderTest, partition } from "./broker-under-test.js";
import { aPartition, Process, produce, registration } from "./process-under-test.js";

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
