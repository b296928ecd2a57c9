import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { BrokerUnderTest, lagMs, logTo, T } from "./broker-under-test.js";

const before37 = rulesFor("3.6");

describe("B. high watermark", () => {
  test("B-01 ISR of one commits at once", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10) });
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 10 isr 1 | 2:-1");
    expect(leader.remote(2).lastCaughtUpTimeMs).toBe(Number.NEGATIVE_INFINITY);
  });

  test("B-02 a new leader cannot move it before everybody fetched", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3, 4], isr: [1, 2, 3], log: logTo(10) });
    leader.fetch(4, 10);
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 0 isr 1,2,3 +4 | 2:-1 3:-1 4:10");
    expect(leader.proposals).toHaveLength(1);
  });

  test("B-03 frozen under min ISR, even with a pending expansion", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], log: logTo(10), minInsyncReplicas: 3 });
    leader.fetch(2, 10);
    expect(leader.highWatermark).toBe(0);
    leader.fetch(3, 10);
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 0 isr 1,2 +3 | 2:10 3:10");
    leader.alterPartition({ partitionEpoch: 2 });
    expect(String(leader)).toBe("leader@5 pe2 leo 10 hw 10 isr 1,2,3 | 2:10 3:10");
  });

  test("B-03 up to 3.6 it moves", () => {
    const given = { replicas: [1, 2, 3], isr: [1, 2], log: logTo(10), minInsyncReplicas: 3, rules: before37 };
    const leader = new BrokerUnderTest(given);
    leader.fetch(2, 10);
    expect(leader.highWatermark).toBe(10);
  });

  /** B-04 and B-05: replica 2 at 10 at T, leader at 20, then the controller removes 2 from the ISR. */
  function removedFollower(learn: (leader: BrokerUnderTest) => void, rules = rulesFor("4.3")) {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), rules });
    leader.fetch(2, 10);
    expect(leader.highWatermark).toBe(10);
    leader.produce(1, 10);
    learn(leader);
    return leader.metadata({ isr: [1], partitionEpoch: 2 });
  }

  test("B-04 a removed but unfenced and caught-up follower holds it back", () => {
    const leader = removedFollower(() => {});
    expect(String(leader)).toBe("leader@5 pe2 leo 20 hw 10 isr 1 | 2:10");
  });

  test.each([
    ["fenced", { fenced: true }],
    ["shutting-down", { inControlledShutdown: true }],
  ])("B-05 a %s follower does not", (_, change) => {
    expect(removedFollower((leader) => leader.learn(2, change)).highWatermark).toBe(20);
  });

  test("B-05 before 3.6 it did", () => {
    const leader = removedFollower((broker) => broker.learn(2, { fenced: true }), rulesFor("2.8"));
    expect(leader.highWatermark).toBe(10);
  });

  test("B-06 release by time", () => {
    const leader = removedFollower(() => {});
    leader.at(T + lagMs).produce(1);
    expect([leader.logEnd, leader.highWatermark]).toEqual([21, 10]);
    leader.at(T + lagMs + 1).produce(1);
    expect([leader.logEnd, leader.highWatermark]).toEqual([22, 22]);
  });

  test("B-07 an answer has the value before that fetch; a rise does not wake a follower", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2] });
    expect(leader.produce("all", 2)).toBeUndefined();
    expect([leader.logEnd, leader.highWatermark]).toEqual([2, 0]);
    expect(leader.fetch(2, 2, { minBytes: 0, maxWaitMs: 1000 })?.highWatermark).toBe(0);
    expect(leader.produced).toMatchObject({ error: "NONE", baseOffset: 0 });
    expect(leader.fetch(2, 2, { minBytes: 1000, maxWaitMs: 1000 })).toBeUndefined();
    leader.at(T + 1001).timer({ name: "waitingFetch", partition: "orders-0" });
    expect(leader.replies).toMatchObject([{ error: "NONE", highWatermark: 2, records: [] }]);
  });

  test("B-07 with two followers: the parked fetch of one stays when the other moves the high watermark", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3] });
    leader.produce("all", 1);
    leader.fetch(2, 1, { maxWaitMs: 500 });
    leader.fetch(3, 1, { maxWaitMs: 500 });
    expect(leader.highWatermark).toBe(1);
    expect(leader.replyTo("2")).toBeUndefined();
    expect(leader.produced?.error).toBe("NONE");
  });

  test("B-08 the checkpoint initialises it", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(6), highWatermark: 4, leaderEpoch: 6 });
    expect(leader.highWatermark).toBe(4);
  });

  test("B-09 steps with a lagging member", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.fetch(2, 5);
    expect(leader.highWatermark).toBe(5);
    leader.produce(1, 5);
    leader.fetch(2, 10);
    expect(leader.highWatermark).toBe(10);
  });

  test("B-10 a leader with a stale value after election", () => {
    const leader = new BrokerUnderTest({
      brokerId: 2,
      replicas: [1, 2, 3],
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 0,
      log: logTo(1),
    });
    leader.metadata({ leader: 2, leaderEpoch: 1, partitionEpoch: 1, isr: [2, 3] });
    expect(String(leader)).toBe("leader@1 pe1 leo 1 hw 0 isr 2,3 | 1:-1 3:-1");
    expect(leader.leader.leaderEpochStartOffset).toBe(1);
    expect(leader.listOffsets("latest")?.error).toBe("OFFSET_NOT_AVAILABLE");
    leader.fetch(3, 1);
    expect(leader.highWatermark).toBe(1);
    expect(leader.listOffsets("latest")).toMatchObject({ error: "NONE", offset: 1 });
  });

  /** B-11: 3 is proposed while the log is empty, then ten records are written and 2 has them. */
  function proposedAndBehind(rules = rulesFor("4.3")) {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], rules });
    leader.fetch(2, 0);
    leader.fetch(3, 0);
    expect(leader.isr).toBe("1,2 +3");
    leader.produce(1, 10);
    leader.fetch(2, 10);
    return leader;
  }

  test.each(["before", "after"])("B-11 a proposed member counts %s the controller has stored it", (when) => {
    const leader = proposedAndBehind();
    expect(leader.highWatermark).toBe(0);
    if (when === "after") leader.alterPartition();
    expect(leader.highWatermark).toBe(0);
    leader.fetch(3, 10);
    expect(leader.highWatermark).toBe(10);
  });

  test("B-11 without the rule ten records are committed that a member of the stored ISR does not have", () => {
    expect(proposedAndBehind(rulesFor("4.3", {}, "high-watermark-ignores-proposed")).highWatermark).toBe(10);
  });

  test("B-12 maximal ISR smaller than the election set while under min ISR", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10), minInsyncReplicas: 2 });
    leader.fetch(2, 5);
    leader.fetch(3, 5);
    expect(leader.highWatermark).toBe(5);
    leader.learn(2, { fenced: true }).metadata({ isr: [1], partitionEpoch: 2, eligibleLeaderReplicas: [2] });
    leader.fetch(3, 10);
    expect(String(leader)).toBe("leader@5 pe2 leo 10 hw 5 isr 1 +3 | 2:5 3:10");
    leader.alterPartition();
    expect(String(leader)).toBe("leader@5 pe3 leo 10 hw 10 isr 1,3 | 2:5 3:10");
  });

  test("time alone does not move it, nor does a fetch that brings nothing new", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10) });
    leader.fetch(2, 10);
    leader.fetch(3, 10);
    leader.produce(1, 10);
    leader.fetch(3, 20);
    // 2 is removed but still caught up by time: it holds the high watermark back for as long as that lasts.
    leader.metadata({ isr: [1, 3], partitionEpoch: 2 });
    expect(leader.highWatermark).toBe(10);
    leader.at(T + lagMs + 1).fetch(3, 20);
    expect(leader.highWatermark).toBe(10);
    leader.produce(1);
    expect(leader.highWatermark).toBe(20);
  });

  test("lowering min.insync.replicas does not move it until the next append", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(4), minInsyncReplicas: 2 });
    expect(leader.highWatermark).toBe(0);
    leader.minInsyncReplicas(1);
    expect(leader.highWatermark).toBe(0);
    leader.produce(1);
    expect(leader.highWatermark).toBe(5);
  });

  test("before KIP-497 a shrunk ISR counts before it is stored", () => {
    const given = { replicas: [1, 2], log: logTo(10) };
    const leader = new BrokerUnderTest({ ...given, rules: rulesFor("4.3", {}, "isr-shrunk-before-stored") });
    leader.at(T + lagMs + 1).checkIsr();
    expect(leader.highWatermark).toBe(10);
    const today = new BrokerUnderTest(given);
    today.at(T + lagMs + 1).checkIsr();
    expect(today.highWatermark).toBe(0);
  });

  test("every rise is explained by the numbers and facts it came from", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], log: logTo(6) });
    leader.fetch(2, 5);
    expect(leader.changes.find(({ rule }) => rule === "hw.min-over-maximal-isr")).toEqual({
      fact: "hw/orders-0@1",
      from: 0,
      to: 5,
      rule: "hw.min-over-maximal-isr",
      numbers: { maximalIsr: [1, 2], logEnds: ["1:6", "2:5"], minInsyncReplicas: 1 },
      because: ["leo/orders-0@1", "isr-state/orders-0@1", "remote-leo/orders-0@1<2"],
    });
  });
});
