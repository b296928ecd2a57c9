import { describe, expect, test } from "vitest";
import type { AlterPartitionRequest } from "../../../lib/protocol/message.js";
import { ControllerUnderTest } from "./controller-under-test.js";

// Group O of the cases (ReplicationControlManagerTest.testInvalidAlterPartitionRequests and others), and L-06.

function three(): ControllerUnderTest {
  const cluster = new ControllerUnderTest().brokers(0, 1, 2, 3);
  cluster.topic("foo", [[0, 1, 2]]);
  return cluster;
}

const members = (...ids: readonly number[]): AlterPartitionRequest["newIsr"] =>
  ids.map((brokerId) => ({ brokerId, brokerEpoch: -1 }));

describe("the ladder of guards", () => {
  test.each([
    ["O-01 sent by a follower", { brokerId: 1, newIsr: members(0, 1) }, "INVALID_REQUEST"],
    ["O-02 an old broker epoch of the sender", { brokerEpoch: -5 }, "STALE_BROKER_EPOCH"],
    ["O-03 a leader epoch from the future", { leaderEpoch: 500 }, "NOT_CONTROLLER"],
    ["O-03 a partition epoch from the future", { partitionEpoch: 500 }, "NOT_CONTROLLER"],
    ["O-04 a member that is no replica", { newIsr: members(0, 1, 3) }, "INVALID_REQUEST"],
    ["O-04 a member twice", { newIsr: members(0, 1, 1) }, "INVALID_REQUEST"],
    ["O-05 without the leader", { newIsr: members(1, 2) }, "INVALID_REQUEST"],
    ["O-06 recovering with a follower", { leaderRecoveryState: "recovering" }, "INVALID_REQUEST"],
    ["O-06 recovered to recovering", { leaderRecoveryState: "recovering", newIsr: members(0) }, "INVALID_REQUEST"],
    ["unknown topic", { partition: "bar-0" }, "UNKNOWN_TOPIC_ID"],
    ["unknown partition", { partition: "foo-7" }, "UNKNOWN_TOPIC_OR_PARTITION"],
    // The most telling error first: an old sender is told so whatever else is wrong.
    ["stale and wrong in everything", { brokerEpoch: -5, leaderEpoch: 500, newIsr: members(9) }, "STALE_BROKER_EPOCH"],
    ["from the future and not from the leader", { brokerId: 1, leaderEpoch: 500 }, "NOT_CONTROLLER"],
  ] as const)("%s", (_, given, error) => {
    const cluster = three();
    const batches = cluster.controller.log.length;
    const response = cluster.alterPartition("foo-0", [0, 1], { brokerId: 0, ...given });
    expect(response).toMatchObject({ error, leader: -1, leaderEpoch: -1, partitionEpoch: -1, isr: [] });
    expect(cluster.controller.log.length).toBe(batches);
    expect(cluster.show("foo-0")).toBe("leader=0 isr=0,1,2 elr=- lk=- le=0 pe=0");
    // The refusal is told, with the rung it ended at.
    expect(cluster.changes).toMatchObject([{ to: error }]);
  });

  test("O-09 epochs of the past", () => {
    const cluster = three();
    cluster.fence(0);
    cluster.unfence(0);
    cluster.alterPartition("foo-0", [0, 1, 2]);
    expect(cluster.show("foo-0")).toBe("leader=1 isr=0,1,2 elr=- lk=- le=1 pe=2");
    expect(cluster.alterPartition("foo-0", [1], { leaderEpoch: 0 }).error).toBe("FENCED_LEADER_EPOCH");
    expect(cluster.alterPartition("foo-0", [1], { partitionEpoch: 1 }).error).toBe("INVALID_UPDATE_VERSION");
    expect(cluster.alterPartition("foo-0", [1]).error).toBe("NONE");
  });
});

describe("who may join", () => {
  const four = (): ControllerUnderTest => {
    const cluster = new ControllerUnderTest().brokers(1, 2, 3, 4);
    cluster.topic("foo", [[1, 2, 3, 4]]);
    return cluster;
  };

  test("O-07 not a fenced broker", () => {
    const cluster = four();
    cluster.fence(3);
    expect(cluster.show("foo-0")).toBe("leader=1 isr=1,2,4 elr=- lk=- le=0 pe=1");
    expect(cluster.alterPartition("foo-0", [1, 2, 3, 4]).error).toBe("INELIGIBLE_REPLICA");
    cluster.unfence(3);
    expect(cluster.alterPartition("foo-0", [1, 2, 3, 4])).toEqual({
      type: "AlterPartitionResponse",
      partition: "foo-0",
      error: "NONE",
      leader: 1,
      leaderEpoch: 0,
      partitionEpoch: 2,
      isr: [1, 2, 3, 4],
      leaderRecoveryState: "recovered",
    });
  });

  test("O-08 not one that is shutting down", () => {
    const cluster = four();
    cluster.topic("bar", [[3, 4]]);
    cluster.heartbeat(3, { wantShutDown: true });
    expect(cluster.show("foo-0")).toMatch(/isr=1,2,4 /);
    expect(cluster.alterPartition("foo-0", [1, 2, 3, 4]).error).toBe("INELIGIBLE_REPLICA");
  });

  test("O-09 and L-06 not one that has been seen in an earlier life", () => {
    const cluster = four();
    cluster.fence(4);
    const before = cluster.epochOf(4);
    cluster.register(4);
    cluster.unfence(4);
    const newIsr = [1, 2, 3, 4].map((brokerId) => ({
      brokerId,
      brokerEpoch: brokerId === 4 ? before : cluster.epochOf(brokerId),
    }));
    expect(cluster.alterPartition("foo-0", [], { newIsr }).error).toBe("INELIGIBLE_REPLICA");
    expect(cluster.alterPartition("foo-0", [1, 2, 3, 4]).error).toBe("NONE");
  });

  test("O-09 before 3.5 the earlier life was good enough", () => {
    const cluster = new ControllerUnderTest({ variant: "no-broker-epoch" }).brokers(1, 2);
    cluster.topic("foo", [[1, 2]]);
    cluster.fence(2);
    cluster.unfence(2);
    const newIsr = [1, 2].map((brokerId) => ({ brokerId, brokerEpoch: brokerId === 2 ? 0 : cluster.epochOf(1) }));
    expect(cluster.alterPartition("foo-0", [], { newIsr }).error).toBe("NONE");
  });

  test("before 3.3 a fenced broker could join", () => {
    const cluster = new ControllerUnderTest({ variant: "fenced-replica-joins" }).brokers(1, 2);
    cluster.topic("foo", [[1, 2]]);
    cluster.fence(2);
    expect(cluster.alterPartition("foo-0", [1, 2]).error).toBe("NONE");
  });

  test("a broker epoch of -1 is not compared", () => {
    const cluster = four();
    cluster.fence(4);
    cluster.unfence(4);
    expect(cluster.alterPartition("foo-0", [], { newIsr: members(1, 2, 3, 4) }).error).toBe("NONE");
  });
});

test("C-09 the stored order is ascending since 4.1, as proposed before", () => {
  const orders = (["4.3", "3.9"] as const).map((version) => {
    const cluster = new ControllerUnderTest({ version }).brokers(1, 2, 3);
    cluster.topic("foo", [[1, 2, 3]]);
    cluster.fence(1);
    cluster.unfence(1);
    return cluster.alterPartition("foo-0", [2, 3, 1]).isr;
  });
  expect(orders).toEqual([
    [1, 2, 3],
    [2, 3, 1],
  ]);
});

test("the first change of an uncleanly elected leader ends the recovery", () => {
  const cluster = new ControllerUnderTest().brokers(1, 2);
  cluster.topic("foo", [[1, 2]], { "unclean.leader.election.enable": "true" });
  cluster.alterPartition("foo-0", [1]);
  cluster.fence(1);
  expect(cluster.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=1 pe=2 recovering");
  cluster.unfence(1);
  expect(cluster.alterPartition("foo-0", [1, 2], { leaderRecoveryState: "recovering" }).error).toBe("INVALID_REQUEST");
  cluster.alterPartition("foo-0", [2]);
  expect(cluster.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=1 pe=3");
});

test("a change that completes a reassignment and moves the leader is stored, and the old leader is told", () => {
  const cluster = new ControllerUnderTest().brokers(1, 2, 3);
  cluster.topic("foo", [[1, 2]]);
  cluster.admin({ type: "reassignPartitions", targets: [{ partition: "foo-0", replicas: [3, 2] }] });
  expect(cluster.alterPartition("foo-0", [1, 2, 3])).toMatchObject({ error: "NEW_LEADER_ELECTED", isr: [] });
  expect(cluster.show("foo-0")).toBe("leader=3 isr=2,3 elr=- lk=- le=1 pe=2");
});

test("a change that completes a reassignment and keeps the leader is an ordinary success, in a new epoch", () => {
  const cluster = new ControllerUnderTest().brokers(1, 2, 3);
  cluster.topic("foo", [[1, 2]]);
  cluster.admin({ type: "reassignPartitions", targets: [{ partition: "foo-0", replicas: [1, 3] }] });
  expect(cluster.alterPartition("foo-0", [1, 2, 3])).toMatchObject({ error: "NONE", leader: 1, leaderEpoch: 1 });
  expect(cluster.show("foo-0")).toBe("leader=1 isr=1,3 elr=- lk=- le=1 pe=2");
});

test("a ZooKeeper controller asks less, and confirms what is already so", () => {
  const cluster = new ControllerUnderTest({ version: "2.8" });
  for (const brokerId of [1, 2, 3]) cluster.register(brokerId);
  cluster.topic("foo", [[1, 2, 3]]);
  expect(cluster.alterPartition("foo-0", [1, 2], { partitionEpoch: 500 }).error).toBe("INVALID_UPDATE_VERSION");
  expect(cluster.alterPartition("foo-0", [1, 2], { leaderEpoch: 500 }).error).toBe("NONE");
  expect(cluster.show("foo-0")).toBe("leader=1 isr=1,2 elr=- lk=- le=0 pe=1");
  expect(cluster.alterPartition("foo-0", [1, 2], { partitionEpoch: 0 })).toMatchObject({
    error: "NONE",
    partitionEpoch: 1,
  });
  expect(cluster.alterPartition("foo-0", [1, 2, 3], { partitionEpoch: 0 }).error).toBe("INVALID_UPDATE_VERSION");
});
