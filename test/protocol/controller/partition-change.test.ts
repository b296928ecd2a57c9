import { describe, expect, test } from "vitest";
import { electLeader } from "../../../lib/protocol/controller/election.js";
import { namesLeaderAnew } from "../../../lib/protocol/controller/partition-change.js";
import { revertedReassignment, startedReassignment } from "../../../lib/protocol/controller/reassignment-steps.js";
import { noLeader } from "../../../lib/protocol/ids.js";
import { change, partitionWith, rulesOf } from "./partition-under-test.js";

// Group K of the cases: expected values are those that Kafka's PartitionChangeBuilderTest asserts.

const all = (): boolean => true;
const nobody = (): boolean => false;
const only =
  (...ids: number[]) =>
  (brokerId: number): boolean =>
    ids.includes(brokerId);
const allBut3 = (brokerId: number): boolean => brokerId !== 3;

const foo = partitionWith({ replicas: [2, 1, 3], leader: 1 });
const baz = partitionWith({ replicas: [2, 1, 3], isr: [1, 3], leader: 3 });

describe("K-01 election table", () => {
  test.each([
    ["FOO preferred", foo, "preferred", [2, 1, 3], [2, 1, 3], allBut3, 2, false],
    ["FOO online keeps its leader", foo, "online", [2, 1, 3], [2, 1, 3], allBut3, 1, false],
    ["FOO unclean keeps its leader", foo, "unclean", [2, 1, 3], [2, 1, 3], allBut3, 1, false],
    ["FOO online, ISR [1,3]", foo, "online", [2, 1, 3], [1, 3], allBut3, 1, false],
    ["FOO unclean, ISR [1,3]", foo, "unclean", [2, 1, 3], [1, 3], allBut3, 1, false],
    ["FOO online, ISR [3]", foo, "online", [2, 1, 3], [3], allBut3, noLeader, false],
    ["FOO unclean, ISR [3]", foo, "unclean", [2, 1, 3], [3], allBut3, 2, true],
    ["FOO unclean, ISR [4]", foo, "unclean", [2, 1, 3, 4], [4], allBut3, 4, false],
    ["BAZ preferred", baz, "preferred", [2, 1, 3], [1, 3], all, 3, false],
    ["BAZ online", baz, "online", [2, 1, 3], [1, 3], all, 3, false],
    ["BAZ unclean", baz, "unclean", [2, 1, 3], [1, 3], all, 3, false],
  ] as const)("%s", (_, partition, election, replicas, isr, isAcceptableLeader, leader, unclean) => {
    const candidates = { election, partition, replicas, isr, elr: [], elrEnabled: false, isAcceptableLeader };
    expect(electLeader(candidates, rulesOf({}))).toMatchObject({ leader, unclean });
  });
});

describe("records and epochs", () => {
  test.each([
    {
      id: "K-02 assignment order decides, not the order of the ISR",
      partition: partitionWith({ replicas: [1, 2, 3], isr: [3, 2, 1], leader: 1 }),
      wish: { acceptable: only(2, 3), targetIsr: [3, 2] },
      record: { isr: [3, 2], leader: 2 },
      epochs: [101, 201],
    },
    {
      id: "K-03 an ISR change leaves the leader epoch",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 1] },
      record: { isr: [2, 1] },
      epochs: [100, 201],
    },
    {
      id: "K-04 before 3.6 an ISR shrink bumped the leader epoch",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 1], variant: "isr-shrink-bumps-leader-epoch" },
      record: { isr: [2, 1], leader: 1 },
      epochs: [101, 201],
    },
    {
      id: "K-04 in 3.6 it does not",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 1], version: "3.6" },
      record: { isr: [2, 1] },
      epochs: [100, 201],
    },
    {
      id: "K-05 an expansion never bumps it",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 1, 3, 4] },
      record: { isr: [2, 1, 3, 4] },
      epochs: [100, 201],
    },
    {
      id: "K-05 an expansion never bumps it, not even before 3.6",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 1, 3, 4], variant: "isr-shrink-bumps-leader-epoch" },
      record: { isr: [2, 1, 3, 4] },
      epochs: [100, 201],
    },
    {
      id: "K-06 dropping a replica does",
      partition: foo,
      wish: { acceptable: allBut3, targetReplicas: [2, 1, 4] },
      record: { replicas: [2, 1, 4], leader: 1 },
      epochs: [101, 201],
    },
    {
      id: "K-07 an ISR without the leader",
      partition: foo,
      wish: { acceptable: allBut3, targetIsr: [2, 3] },
      record: { isr: [2, 3], leader: 2 },
      epochs: [101, 201],
    },
    { id: "K-08 nothing wished", partition: foo, wish: { acceptable: allBut3 }, record: null, epochs: [100, 200] },
    {
      id: "K-08 nothing to elect uncleanly",
      partition: foo,
      wish: { acceptable: allBut3, election: "unclean" },
      record: null,
      epochs: [100, 200],
    },
    {
      id: "K-08 preferred replica not in the ISR",
      partition: baz,
      wish: { acceptable: all, election: "preferred" },
      record: null,
      epochs: [100, 200],
    },
    {
      id: "K-09 unclean election",
      partition: foo,
      wish: { acceptable: allBut3, election: "unclean", targetIsr: [3] },
      record: { isr: [2], leader: 2, leaderRecoveryState: "recovering" },
      epochs: [101, 201],
    },
    {
      id: "K-10 unclean election from offline, ELR off",
      partition: partitionWith({ replicas: [2, 1, 3], isr: [3], leader: noLeader }),
      wish: { acceptable: only(1), election: "unclean" },
      record: { isr: [1], leader: 1, leaderRecoveryState: "recovering" },
      epochs: [101, 201],
    },
    {
      id: "K-10 unclean election from offline, ELR on",
      partition: partitionWith({
        replicas: [2, 1, 3],
        isr: [],
        leader: noLeader,
        eligibleLeaderReplicas: [3],
        lastKnownElr: [2],
      }),
      wish: { acceptable: only(1), election: "unclean", elr: true },
      record: {
        isr: [1],
        leader: 1,
        leaderRecoveryState: "recovering",
        eligibleLeaderReplicas: [],
        lastKnownElr: [],
      },
      epochs: [101, 201],
    },
    {
      id: "K-11 the last member is kept, and with it the recovery state",
      partition: partitionWith({ replicas: [1, 2, 3], isr: [1], leader: 1, leaderRecoveryState: "recovering" }),
      wish: { acceptable: nobody, targetIsr: [] },
      record: { leader: noLeader },
      epochs: [101, 201],
    },
    {
      id: "K-11 and leads again",
      partition: partitionWith({
        replicas: [1, 2, 3],
        isr: [1],
        leader: noLeader,
        leaderRecoveryState: "recovering",
        leaderEpoch: 101,
        partitionEpoch: 201,
      }),
      wish: { acceptable: all },
      record: { leader: 1 },
      epochs: [102, 202],
    },
    {
      id: "K-12 an unclean election sets RECOVERING",
      partition: partitionWith({ replicas: [1, 2, 3], isr: [2, 3], leader: noLeader }),
      wish: { acceptable: only(1), election: "unclean" },
      record: { isr: [1], leader: 1, leaderRecoveryState: "recovering" },
      epochs: [101, 201],
    },
    {
      id: "K-12 before 3.2 it did not",
      partition: partitionWith({ replicas: [1, 2, 3], isr: [2, 3], leader: noLeader }),
      wish: { acceptable: only(1), election: "unclean", version: "2.8" },
      record: { isr: [1], leader: 1 },
      epochs: [101, 201],
    },
    {
      id: "K-14 another order of the replicas",
      partition: foo,
      wish: { acceptable: allBut3, targetReplicas: [3, 2, 1] },
      record: { replicas: [3, 2, 1] },
      epochs: [100, 201],
    },
    {
      id: "K-15 a reassignment completes and moves the leader",
      partition: partitionWith({
        replicas: [1, 2, 3, 4],
        isr: [1, 2, 3],
        leader: 1,
        removingReplicas: [1],
        addingReplicas: [4],
      }),
      wish: { acceptable: all, targetIsr: [1, 2, 3, 4] },
      record: { replicas: [2, 3, 4], isr: [2, 3, 4], leader: 2, removingReplicas: [], addingReplicas: [] },
      epochs: [101, 201],
    },
    {
      id: "K-18 a reassignment completes with nobody to lead",
      partition: partitionWith({
        replicas: [2, 3, 0, 1],
        isr: [0, 1],
        leader: 0,
        removingReplicas: [0, 1],
        addingReplicas: [2, 3],
      }),
      wish: { acceptable: nobody, targetIsr: [0, 1, 2, 3] },
      record: { replicas: [2, 3], isr: [2, 3], leader: noLeader, removingReplicas: [], addingReplicas: [] },
      epochs: [101, 201],
    },
  ] as const)("$id", ({ partition, wish, record, epochs }) => {
    const { record: decided, after } = change(partition, wish);
    expect(decided).toEqual(record);
    expect([after.leaderEpoch, after.partitionEpoch]).toEqual(epochs);
  });

  test("K-13 a record without an ISR is no shrink", () => {
    const alone = partitionWith({ replicas: [2], leader: 2 });
    for (const leaderEpochBumpedOnIsrShrink of ["never", "by-controller", "always"] as const)
      expect(namesLeaderAnew(alone, [2], undefined, "controller", { leaderEpochBumpedOnIsrShrink })).toBe(false);
  });

  test("K-16 a reassignment is reverted", () => {
    const started = partitionWith({
      replicas: [1, 2, 3, 4],
      isr: [1, 2, 3],
      leader: 1,
      removingReplicas: [1],
      addingReplicas: [4],
    });
    const { isr, replicas, adding, removing, unclean } = revertedReassignment(started);
    expect(unclean).toBe(false);
    const { record, after } = change(started, {
      acceptable: all,
      targetIsr: isr,
      targetReplicas: replicas,
      targetAdding: adding,
      targetRemoving: removing,
    });
    expect(record).toEqual({ replicas: [1, 2, 3], leader: 1, removingReplicas: [], addingReplicas: [] });
    expect(after).toMatchObject({ isr: [1, 2, 3], leader: 1, leaderEpoch: 101, partitionEpoch: 201 });
  });

  test("K-17 a replica is removed", () => {
    const { replicas, adding, removing } = startedReassignment(foo.replicas, [1, 2]);
    expect({ replicas, adding, removing }).toEqual({ replicas: [1, 2, 3], adding: [], removing: [3] });
    const { record, after } = change(foo, {
      acceptable: allBut3,
      targetReplicas: replicas,
      targetRemoving: removing,
    });
    expect(record).toEqual({ replicas: [1, 2], isr: [2, 1], leader: 1 });
    expect(after.leaderEpoch).toBe(101);
  });

  test("K-17 a replica is added", () => {
    const { replicas, adding, removing } = startedReassignment(foo.replicas, [1, 2, 3, 4]);
    expect({ replicas, adding, removing }).toEqual({ replicas: [1, 2, 3, 4], adding: [4], removing: [] });
    const { record, after } = change(foo, { acceptable: allBut3, targetReplicas: replicas, targetAdding: adding });
    expect(record).toEqual({ replicas: [1, 2, 3, 4], addingReplicas: [4] });
    expect(after.leaderEpoch).toBe(100);
  });

  test("a shrink bumps the epoch of a ZooKeeper controller only if the controller made it", () => {
    const wish = { acceptable: all, targetIsr: [2, 1], version: "2.8" } as const;
    expect(change(foo, { ...wish, madeBy: "controller" }).after.leaderEpoch).toBe(101);
    expect(change(foo, { ...wish, madeBy: "leader" }).after.leaderEpoch).toBe(100);
  });
});
