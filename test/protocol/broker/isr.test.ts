import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { BrokerUnderTest, lagMs, logTo, T } from "./broker-under-test.js";

const appended = { ...rulesFor("4.0"), isrOrderAfterLeaderChange: "appended" } as const;

describe("C. ISR expansion", () => {
  test("C-01 basic", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10) });
    expect([leader.highWatermark, leader.leader.leaderEpochStartOffset]).toEqual([10, 10]);
    leader.fetch(2, 3);
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 10 isr 1 | 2:3");
    expect(leader.remote(2).lastCaughtUpTimeMs).toBe(Number.NEGATIVE_INFINITY);
    expect(leader.proposals).toEqual([]);
    leader.at(T + 5).fetch(2, 10);
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 10 isr 1 +2 | 2:10");
    expect(leader.remote(2).lastCaughtUpTimeMs).toBe(T + 5);
    expect(leader.proposals).toEqual(["1:101 2:102"]);
    leader.alterPartition({ partitionEpoch: 2 });
    expect(String(leader)).toBe("leader@5 pe2 leo 10 hw 10 isr 1,2 | 2:10");
    expect(leader.broker.meters).toMatchObject({ isrExpands: 1, isrShrinks: 0, failedIsrUpdates: 0 });
  });

  test("C-01 in ZooKeeper mode the members have no broker epochs", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10), rules: rulesFor("2.8") });
    leader.fetch(2, 10, { brokerEpoch: -1 });
    expect(leader.proposals).toEqual(["1:-1 2:-1"]);
  });

  test("C-02 must reach the epoch start, the high watermark is not enough", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 3], leaderEpoch: 8 });
    leader.produce(1, 2);
    leader.produce(1, 3);
    leader.fetch(3, 0);
    leader.fetch(3, 1);
    expect([leader.logEnd, leader.highWatermark]).toEqual([5, 1]);
    leader.metadata({ leader: 3, leaderEpoch: 9, partitionEpoch: 2 });
    leader.metadata({ leader: 1, leaderEpoch: 10, partitionEpoch: 3 });
    expect(leader.leader.leaderEpochStartOffset).toBe(5);
    leader.produce(1, 2);
    leader.fetch(2, 0);
    leader.fetch(2, 1);
    expect([leader.isr, leader.proposals]).toEqual(["1,3", []]);
    leader.fetch(2, 5);
    expect(leader.isr).toBe("1,3 +2");
    expect(leader.proposals.map((isr) => isr.replaceAll(/:\S+/g, ""))).toEqual(["1 2 3"]);
  });

  test("C-03 high watermark reached, log end not", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2] });
    leader.produce(1, 20);
    leader.fetch(2, 12);
    expect([leader.leader.leaderEpochStartOffset, leader.highWatermark]).toEqual([0, 12]);
    leader.fetch(3, 11);
    expect(leader.isr).toBe("1,2");
    leader.fetch(3, 12);
    expect(leader.isr).toBe("1,2 +3");
  });

  test.each([
    ["C-04 fenced", { fenced: true }, { fenced: false }],
    ["C-05 in controlled shutdown", { inControlledShutdown: true }, { inControlledShutdown: false }],
  ])("%s follower", (_, unfit, fit) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10) });
    leader.fetch(2, 10);
    expect(leader.proposals).toHaveLength(1);
    leader.alterPartition({ error: "INELIGIBLE_REPLICA" });
    expect([leader.isr, leader.proposals]).toEqual(["1", []]);
    leader.learn(2, unfit);
    leader.fetch(2, 10);
    expect([leader.isr, leader.proposals]).toEqual(["1", []]);
    leader.learn(2, fit);
    leader.fetch(2, 10);
    expect([leader.isr, leader.proposals.length]).toEqual(["1 +2", 1]);
    leader.alterPartition();
    expect(leader.isr).toBe("1,2");
  });

  test("C-04 before KIP-841 a fenced follower is proposed", () => {
    const rules = rulesFor("4.3", {}, "fenced-replica-joins");
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(10), rules }).learn(2, {
      fenced: true,
    });
    leader.fetch(2, 10);
    expect(leader.isr).toBe("1 +2");
  });

  test("C-06 broker epoch must match", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 3], log: logTo(10) });
    // A fetch of the old incarnation comes while the new one is registered but still fenced: it is not refused yet.
    leader.learn(2, { fenced: true });
    expect(leader.fetch(2, 10, { brokerEpoch: 101 })?.error).toBe("NONE");
    leader.learn(2, { fenced: false });
    expect([leader.remote(2).logEndOffset, leader.isr, leader.proposals]).toEqual([10, "1,3", []]);
    leader.fetch(2, 10, { brokerEpoch: 102 });
    expect(leader.isr).toBe("1,3 +2");
    expect(leader.proposals).toEqual(["1:101 2:102 3:-1"]);
  });

  test("C-06 a replica that fetched with another epoch than the registered one does not join", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 3], log: logTo(10) });
    // Newer than what this leader has read of the metadata.
    expect(leader.fetch(2, 10, { brokerEpoch: 103 })?.error).toBe("NONE");
    expect([leader.remote(2).logEndOffset, leader.isr]).toEqual([10, "1,3"]);
    leader.learn(2, { brokerEpoch: 103 });
    leader.fetch(2, 10, { brokerEpoch: 103 });
    expect(leader.isr).toBe("1,3 +2");
  });

  test("C-07 a stale incarnation is fenced", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    expect(leader.fetch(2, 10)?.error).toBe("NONE");
    expect(leader.fetch(2, 10, { brokerEpoch: 101 })?.error).toBe("NOT_LEADER_OR_FOLLOWER");
    expect([leader.remote(2).logEndOffset, leader.remote(2).brokerEpoch]).toEqual([10, 102]);
  });

  test("C-08 only one change at a time", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3, 4], isr: [1, 2, 3], log: logTo(10) });
    leader.fetch(4, 10);
    leader.at(T + lagMs + 1).checkIsr();
    expect([leader.isr, leader.proposals.length]).toEqual(["1,2,3 +4", 1]);
  });

  test.each([
    ["4.1 and later: ascending", rulesFor("4.3"), "1:101 2:102 3:-1"],
    ["before: the new member last", appended, "2:102 3:-1 1:101"],
  ])("C-09 order of the ISR list after a rejoin, %s", (_, rules, expected) => {
    const leader = new BrokerUnderTest({ brokerId: 2, replicas: [1, 2, 3], isr: [2, 3], log: logTo(3), rules });
    leader.fetch(1, 3);
    expect(leader.proposals).toEqual([expected]);
  });

  test("L-06 a lossy rebooted broker is proposed with the epoch that was judged, and joins only with its data", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], log: logTo(10) });
    leader.fetch(2, 10);
    leader.fetch(3, 10);
    expect([leader.highWatermark, leader.isr]).toEqual([10, "1,2 +3"]);
    expect(leader.proposals).toEqual(["1:101 2:102 3:103"]);
    // Broker 3 loses its disk, registers again and fetches before the controller has answered.
    leader.learn(3, { brokerEpoch: 1103 });
    leader.fetch(3, 0, { brokerEpoch: 1103 });
    expect(leader.proposals).toEqual(["1:101 2:102 3:103"]);
    leader.alterPartition({ error: "INELIGIBLE_REPLICA" });
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 10 isr 1,2 | 2:10 3:0");
    leader.fetch(3, 9, { brokerEpoch: 1103 });
    expect(leader.isr).toBe("1,2");
    leader.fetch(3, 10, { brokerEpoch: 1103 });
    expect(leader.isr).toBe("1,2 +3");
  });

  test("L-06 before KIP-903 the fetch of the lost disk counts for the new one", () => {
    const rules = rulesFor("4.3", {}, "no-broker-epoch");
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1, 2], log: logTo(10), rules });
    leader.learn(3, { brokerEpoch: 1103 });
    leader.fetch(3, 10, { brokerEpoch: -1 });
    expect([leader.isr, leader.proposals]).toEqual(["1,2 +3", ["1:-1 2:-1 3:-1"]]);
  });
});

describe("D. ISR shrink", () => {
  test("D-01 one of two followers", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(10) });
    leader.fetch(2, 10);
    leader.checkIsr();
    expect(leader.isr).toBe("1,2,3");
    leader.at(T + lagMs + 1).checkIsr();
    expect(leader.proposals).toEqual(["1:101 2:102"]);
    expect([leader.isr, leader.highWatermark, leader.broker.meters.isrShrinks]).toEqual(["1,2,3 -3", 0, 0]);
    leader.alterPartition({ partitionEpoch: 2 });
    expect(String(leader)).toBe("leader@5 pe2 leo 10 hw 10 isr 1,2 | 2:10 3:-1");
    expect(leader.broker.meters.isrShrinks).toBe(1);
  });

  test("D-02 the previous-fetch rule prevents a shrink", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), settings: { replicaLagTimeMaxMs: 10_000 } });
    leader.at(T + 5000).fetch(2, 5);
    expect([leader.remote(2).lastCaughtUpTimeMs, leader.highWatermark]).toEqual([T, 5]);
    leader.at(T + 10_001).produce(1, 5);
    leader.fetch(2, 10);
    expect([leader.remote(2).lastCaughtUpTimeMs, leader.highWatermark]).toEqual([T + 5000, 10]);
    leader.checkIsr();
    expect(leader.isr).toBe("1,2");
  });

  test("D-03 at log end, silence is harmless", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.fetch(2, 10);
    leader.at(T + lagMs + 1).checkIsr();
    expect([leader.isr, leader.highWatermark]).toEqual(["1,2", 10]);
  });

  test("D-04 transport failure is retried", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.at(T + lagMs + 1).checkIsr();
    expect([leader.isr, leader.proposals]).toEqual(["1,2 -2", ["1:101"]]);
    leader.alterPartition({ error: "NETWORK_EXCEPTION" });
    expect(String(leader)).toBe("leader@5 pe1 leo 10 hw 0 isr 1,2 -2 | 2:-1");
    expect([leader.proposals.length, leader.broker.meters.failedIsrUpdates]).toEqual([1, 1]);
    leader.alterPartition({ partitionEpoch: 2 });
    expect(String(leader)).toBe("leader@5 pe2 leo 10 hw 10 isr 1 | 2:-1");
    expect(leader.broker.meters.isrShrinks).toBe(1);
  });

  test("D-05 INVALID_UPDATE_VERSION leaves the shrink pending", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.at(T + lagMs + 1).checkIsr();
    leader.alterPartition({ error: "INVALID_UPDATE_VERSION" });
    expect([leader.isr, leader.proposals, leader.highWatermark]).toEqual(["1,2 -2", [], 0]);
  });

  test("D-06 metadata replaces a pending shrink; the late answer is ignored", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.at(T + lagMs + 1).checkIsr();
    leader.metadata({ partitionEpoch: 2 });
    expect([leader.isr, leader.highWatermark]).toEqual(["1,2", 0]);
    leader.at(T + 2 * lagMs + 2).checkIsr();
    // The first proposal has not been answered: a second one is not attempted.
    expect([leader.isr, leader.proposals.length, leader.broker.meters.failedIsrUpdates]).toEqual(["1,2", 1, 1]);
    leader.alterPartition({ partitionEpoch: 10 });
    expect([leader.isr, leader.replica.partitionEpoch]).toEqual(["1,2", 2]);
    leader.checkIsr();
    expect(leader.isr).toBe("1,2 -2");
  });

  /** Replica 2 is caught up last at `caughtUpMs`; the leader writes later and 2 makes no progress. Times from 0. */
  function laggard(caughtUpMs: number) {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), nowMs: 0 });
    leader.at(caughtUpMs).fetch(2, 10);
    leader.at(caughtUpMs + 1000).produce(1);
    return leader;
  }

  test.each([
    [1000, 45_000],
    [14_999, 45_000],
    [15_000, 60_000],
  ])("D-07 a follower last caught up at %i leaves at the check at %i", (caughtUpMs, leavesMs) => {
    const leader = laggard(caughtUpMs);
    for (let checkMs = 15_000; checkMs <= leavesMs; checkMs += 15_000) {
      if (checkMs > caughtUpMs) {
        leader.at(checkMs - 1).fetch(2, 9);
        leader.at(checkMs).checkIsr();
        expect(leader.isr, `at ${checkMs}`).toBe(checkMs === leavesMs ? "1,2 -2" : "1,2");
      }
    }
  });

  test("D-08 an idle partition, and the first write after a long silence", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.fetch(2, 10);
    leader.at(T + 600_000).checkIsr();
    expect(leader.isr).toBe("1,2");
    leader.at(T + 600_001).produce(1);
    leader.at(T + 615_000).checkIsr();
    expect(leader.isr).toBe("1,2 -2");
  });

  test("D-09 a slow follower catches up between checks", () => {
    const leader = laggard(1000);
    leader.at(43_000).fetch(2, 10);
    leader.at(43_500).produce(1);
    leader.at(44_000).fetch(2, 11);
    expect(leader.remote(2).lastCaughtUpTimeMs).toBe(43_000);
    leader.at(45_000).checkIsr();
    expect(leader.isr).toBe("1,2");
  });

  test("D-10 one fetch behind for ever is in sync", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), nowMs: 0 });
    leader.fetch(2, 10);
    for (let nowMs = 500; nowMs <= 120_000; nowMs += 500) {
      const fetchOffset = leader.logEnd;
      leader.at(nowMs).produce(1);
      leader.fetch(2, fetchOffset);
      expect(leader.remote(2).lastCaughtUpTimeMs).toBe(nowMs - 500);
      if (nowMs % 15_000 === 0) expect(leader.checkIsr().isr).toBe("1,2");
    }
  });

  test("the check runs at multiples of half the lag from the start of the process", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10), nowMs: 0 });
    leader.at(15_000).checkIsr();
    expect(leader.broker.dueMs.isrExpiration).toBe(30_000);
    // After a long pause the phase is kept and nothing is made up for.
    leader.at(100_001).checkIsr();
    expect(leader.broker.dueMs.isrExpiration).toBe(105_000);
    // Fired at will with a clock that stands still, it does not run away.
    leader.checkIsr().checkIsr();
    expect(leader.broker.dueMs.isrExpiration).toBe(105_000);
  });
});
