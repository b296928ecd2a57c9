import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import { isUnderMinIsr } from "../../../lib/protocol/broker/high-watermark.js";
import { isAtMinIsr, isUnderReplicated } from "../../../lib/protocol/broker/metrics.js";
import { endOffsetFor } from "../../../lib/protocol/log/epoch-entries.js";
import { formatEpochEntries } from "../../../lib/protocol/log/text.js";
import { logOfEpochs } from "../log/logs.js";
import { BrokerUnderTest, current, logTo, T } from "./broker-under-test.js";

describe("F. leader and follower transitions", () => {
  test("F-01 follower under the same leader: fetching starts anew only in a new epoch", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2, leaderEpoch: 1 });
    follower.timer({ name: "fetch", partition: "orders-0" });
    expect(String(follower)).toBe("follower of 2@1 pe1 leo 0 hw 0 fetching");
    follower.metadata({ leaderEpoch: 4, partitionEpoch: 4 });
    expect(String(follower)).toBe("follower of 2@4 pe4 leo 0 hw 0 idle");
    expect(follower.effects[0]).toEqual({ type: "disconnect", peer: "2", channel: "fetch:orders-0" });
    follower.timer({ name: "fetch", partition: "orders-0" });
    follower.metadata({ leaderEpoch: 4, partitionEpoch: 5 });
    expect(String(follower)).toBe("follower of 2@4 pe5 leo 0 hw 0 fetching");
    expect(follower.effects).toEqual([]);
  });

  test("F-02 same leader epoch: notes on followers are kept", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], leaderEpoch: 8 });
    expect([leader.remote(2).logEndOffset, leader.remote(2).lastCaughtUpTimeMs]).toEqual([-1, -Infinity]);
    leader.fetch(2, 0);
    const { remoteReplicas } = leader.leader;
    leader.at(T + 99).metadata({ leaderEpoch: 8, partitionEpoch: 2 });
    expect(leader.leader.remoteReplicas).toEqual(remoteReplicas);
    expect([leader.remote(2).logEndOffset, leader.remote(2).lastCaughtUpTimeMs]).toEqual([0, T]);
    expect(leader.replica.partitionEpoch).toBe(2);
  });

  test.each([
    ["in the ISR", [1, 2], T + 99],
    ["outside", [1], Number.NEGATIVE_INFINITY],
  ])("A-03, A-04 a leader elected again keeps the offsets it knows, of a follower %s", (_, isr, caughtUpMs) => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], log: logTo(10) });
    leader.fetch(2, 7);
    leader.at(T + 99).metadata({ leaderEpoch: 6, partitionEpoch: 2, isr });
    expect([leader.remote(2).logEndOffset, leader.remote(2).lastFetchLeaderLogEndOffset]).toEqual([7, 10]);
    expect([leader.remote(2).lastCaughtUpTimeMs, leader.remote(2).lastFetchTimeMs]).toEqual([caughtUpMs, caughtUpMs]);
    expect(leader.leader.leaderEpochStartOffset).toBe(10);
  });

  test("F-03 same leader epoch: its start is kept", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 8 });
    expect(formatEpochEntries(leader.replica.log.epochEntries)).toBe("8@0");
    leader.produce(1, 2);
    leader.metadata({ leaderEpoch: 8, partitionEpoch: 2 });
    expect(leader.leader.leaderEpochStartOffset).toBe(0);
    expect(formatEpochEntries(leader.replica.log.epochEntries)).toBe("8@0");
  });

  test("F-04 an older partition epoch is ignored", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 8 });
    const { replica } = leader;
    leader.metadata({ leaderEpoch: 9, partitionEpoch: 0, isr: [1] });
    expect(leader.replica).toBe(replica);
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2 });
    const before = follower.replica;
    follower.metadata({ leaderEpoch: 9, partitionEpoch: 0 });
    expect(follower.replica).toBe(before);
  });

  test("F-05 becoming follower clears what was known of the others", () => {
    const replica = new BrokerUnderTest({ replicas: [1, 2, 3], leaderEpoch: 1 });
    replica.metadata({ leader: 2, leaderEpoch: 2, partitionEpoch: 2 });
    expect(replica.follower).not.toHaveProperty("remoteReplicas");
    expect(replica.follower).not.toHaveProperty("isrState");
    expect(String(replica)).toBe("follower of 2@2 pe2 leo 0 hw 0 idle");
  });

  test("F-06 epoch cache on election", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 8, log: logOfEpochs([0, 0, 5, 5]) });
    expect(leader.logEnd).toBe(4);
    expect(endOffsetFor(leader.replica.log, 8)).toEqual({ epoch: 8, endOffset: 4 });
  });

  test("F-06 before KAFKA-7415 an empty epoch is not cached", () => {
    const rules = rulesFor("4.3", {}, "empty-epoch-not-cached");
    const leader = new BrokerUnderTest({ replicas: [1, 2], leaderEpoch: 8, log: logOfEpochs([0, 5]), rules });
    expect(formatEpochEntries(leader.replica.log.epochEntries)).toBe("0@0,5@1");
    leader.produce(1);
    expect(formatEpochEntries(leader.replica.log.epochEntries)).toBe("0@0,5@1,8@2");
  });

  test.each([
    // case, replicas, ISR, min.insync.replicas, adding, then: under-replicated, under min, at min
    ["F-07 at min ISR", [1, 2, 3], [1], 1, [], true, false, true],
    ["F-08 both of two", [1, 2], [1, 2], 2, [], false, false, true],
    ["F-08 one of two", [1, 2], [1], 2, [], true, true, false],
    ["F-09 two of three", [1, 2, 3], [1, 2], 1, [], true, false, false],
    ["F-09 three of three", [1, 2, 3], [1, 2, 3], 1, [], false, false, false],
    ["F-09 adding replicas do not count", [1, 2, 3], [1, 2], 1, [3], false, false, false],
    ["F-10 min above RF, full ISR", [1, 2, 3], [1, 2, 3], 5, [], false, false, true],
    ["F-10 min above RF, one missing", [1, 2, 3], [1, 2], 5, [], true, true, false],
  ] as const)("%s", (_, replicas, isr, minInsyncReplicas, addingReplicas, underReplicated, underMin, atMin) => {
    const leader = new BrokerUnderTest({ replicas, isr, minInsyncReplicas });
    leader.metadata({ addingReplicas, partitionEpoch: 2 });
    expect(isUnderReplicated(leader.leader, current)).toBe(underReplicated);
    expect(isUnderMinIsr(leader.broker, leader.leader, current)).toBe(underMin);
    expect(isAtMinIsr(leader.broker, leader.leader, current)).toBe(atMin);
  });

  test("F-10 effective min ISR decides on acks=all", () => {
    const given = { replicas: [1, 2, 3], minInsyncReplicas: 5 };
    const accepting = new BrokerUnderTest(given);
    accepting.produce("all");
    expect(accepting.logEnd).toBe(1);
    expect(new BrokerUnderTest({ ...given, isr: [1, 2] }).produce("all")?.error).toBe("NOT_ENOUGH_REPLICAS");
    const before37 = new BrokerUnderTest({ ...given, rules: rulesFor("3.6") });
    expect(before37.produce("all")?.error).toBe("NOT_ENOUGH_REPLICAS");
  });

  test("F-11 a recovering partition is recovered in its leader's memory", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], isr: [1] });
    leader.metadata({ leaderRecoveryState: "recovering", isr: [1], leaderEpoch: 6, partitionEpoch: 2 });
    expect(leader.isr).toBe("1");
    leader.fetch(2, 0);
    expect(leader.alterPartitionSent?.leaderRecoveryState).toBe("recovered");
  });

  test("a reassignment adds and removes notes on followers, and keeps the others", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2, 3], log: logTo(3) });
    leader.fetch(2, 3);
    leader.metadata({ replicas: [1, 2, 4], isr: [1, 2], partitionEpoch: 2 });
    expect(String(leader)).toBe("leader@5 pe2 leo 3 hw 3 isr 1,2 | 2:3 4:-1");
  });

  test("no leader: nothing is fetched until there is one", () => {
    const follower = new BrokerUnderTest({ replicas: [1, 2], leader: 2 });
    follower.metadata({ leader: -1, leaderEpoch: 6, partitionEpoch: 2, isr: [] });
    expect(String(follower)).toBe("follower of none@6 pe2 leo 0 hw 0 stopped");
    follower.metadata({ leader: 2, leaderEpoch: 7, partitionEpoch: 3, isr: [2] });
    expect(String(follower)).toBe("follower of 2@7 pe3 leo 0 hw 0 idle");
  });

  test("a new role is told with where it begins", () => {
    const replica = new BrokerUnderTest({ replicas: [1, 2], leader: 2, log: logTo(4), highWatermark: 3 });
    expect(replica.news).toEqual([
      "role/orders-0@1: offline > follower of 2@5 (follower.follows-epoch)",
      "leo/orders-0@1: null > 4 (replica.log-recovered)",
      "hw/orders-0@1: null > 3 (hw.starts-at-checkpoint)",
    ]);
    replica.metadata({ leader: 1, leaderEpoch: 6, partitionEpoch: 2, isr: [1] });
    expect(replica.news).toEqual([
      "role/orders-0@1: follower of 2@5 > leader@6 (leader.begins-epoch)",
      "isr-state/orders-0@1: null > 1 (isr.committed-by-metadata)",
      "hw/orders-0@1: 3 > 4 (hw.min-over-maximal-isr)",
    ]);
  });

  test("falling under min.insync.replicas and rising again is told", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], minInsyncReplicas: 2 });
    leader.metadata({ isr: [1], partitionEpoch: 2 });
    expect(leader.news).toContain("under-min-isr/orders-0@1: false > true (hw.frozen-under-min-isr)");
    leader.metadata({ isr: [1, 2], partitionEpoch: 3 });
    expect(leader.news).toContain("under-min-isr/orders-0@1: true > false (hw.frozen-under-min-isr)");
  });

  test("a change of min.insync.replicas puts a leader under its minimum, and moves nothing by itself", () => {
    const leader = new BrokerUnderTest({ replicas: [1, 2], isr: [1], log: logTo(3) });
    const min = (baseOffset: number, value: string | null) =>
      leader.event({
        type: "metadata",
        batch: {
          baseOffset,
          records: [
            { type: "ConfigRecord", scope: { kind: "topic", topic: "orders" }, key: "min.insync.replicas", value },
          ],
          appendedAtMs: T,
        },
      }).news;
    expect(min(1000, "2")).toEqual([
      "metadata/1: 1000 > 1001 (metadata.read-in-order)",
      "under-min-isr/orders-0@1: false > true (hw.frozen-under-min-isr)",
    ]);
    expect(leader.produce("all")?.error).toBe("NOT_ENOUGH_REPLICAS");
    leader.produce(1);
    expect([leader.logEnd, leader.highWatermark]).toEqual([4, 3]);
    expect(min(1001, null)).toContain("under-min-isr/orders-0@1: true > false (hw.frozen-under-min-isr)");
    expect(leader.highWatermark).toBe(3);
  });
});
