import { describe, expect, test } from "vitest";
import { ControllerUnderTest } from "./controller-under-test.js";

// Group M of the cases (ReplicationControlManagerTest, QuorumControllerTest), ELR off. `†` values of the cases included.

/** M-04: three partitions on five brokers. */
function threePartitions(): ControllerUnderTest {
  const cluster = new ControllerUnderTest().brokers(0, 1, 2, 3, 4);
  cluster.topic("foo", [
    [1, 2, 3],
    [2, 3, 4],
    [0, 2, 1],
  ]);
  return cluster;
}

function all(cluster: ControllerUnderTest): readonly string[] {
  return ["foo-0", "foo-1", "foo-2"].map((key) => cluster.show(key));
}

describe("creation", () => {
  test("M-01 initial ISR", () => {
    const cluster = new ControllerUnderTest().brokers(0, 1, 3);
    cluster.register(2);
    cluster.topic("other", [[1]]);
    expect(cluster.heartbeat(1, { wantShutDown: true }).shouldShutDown).toBe(false);
    cluster.topic("foo", [[1, 0, 2]]);
    expect(cluster.show("foo-0")).toBe("leader=0 isr=0 elr=- lk=- le=0 pe=0");
  });

  test("M-02 nobody to place replicas on", () => {
    const cluster = new ControllerUnderTest();
    for (const brokerId of [0, 1, 2]) cluster.register(brokerId);
    expect(
      cluster.admin({
        type: "createTopic",
        topic: "foo",
        assignment: { partitions: 1, replicationFactor: 3 },
        configs: {},
      }),
    ).toEqual({
      type: "refused",
      error: "INVALID_REPLICATION_FACTOR",
      message: "Unable to replicate the partition 3 time(s): All brokers are currently fenced.",
    });
    expect(cluster.topic("foo", [[0, 1, 2]])).toEqual({
      type: "refused",
      error: "INVALID_REPLICA_ASSIGNMENT",
      message:
        "All brokers specified in the manual partition assignment for partition 0 are fenced or in controlled shutdown.",
    });
  });

  test("M-02 the only unfenced broker is shutting down", () => {
    const cluster = new ControllerUnderTest().brokers(0);
    for (const brokerId of [1, 2]) cluster.register(brokerId);
    cluster.topic("other", [[0]]);
    cluster.heartbeat(0, { wantShutDown: true });
    const assignment = { partitions: 1, replicationFactor: 3 };
    expect(cluster.admin({ type: "createTopic", topic: "foo", assignment, configs: {} })).toMatchObject({
      error: "INVALID_REPLICATION_FACTOR",
    });
  });

  test("M-03 all up", () => {
    const cluster = new ControllerUnderTest().brokers(0, 1, 2);
    expect(cluster.topic("foo", [[1, 2, 0]])).toEqual({
      type: "created",
      topic: "foo",
      partitions: [{ partition: "foo-0", replicas: [1, 2, 0], isr: [1, 2, 0], leader: 1 }],
    });
    expect(cluster.show("foo-0")).toBe("leader=1 isr=1,2,0 elr=- lk=- le=0 pe=0");
  });
});

describe("fencing and unfencing", () => {
  test("M-04 to M-07, step by step", () => {
    const cluster = threePartitions();
    expect(all(cluster)).toEqual([
      "leader=1 isr=1,2,3 elr=- lk=- le=0 pe=0",
      "leader=2 isr=2,3,4 elr=- lk=- le=0 pe=0",
      "leader=0 isr=0,2,1 elr=- lk=- le=0 pe=0",
    ]);
    cluster.fence(2, 3);
    expect(all(cluster), "M-04").toEqual([
      "leader=1 isr=1 elr=- lk=- le=0 pe=2",
      "leader=4 isr=4 elr=- lk=- le=2 pe=2",
      "leader=0 isr=0,1 elr=- lk=- le=0 pe=1",
    ]);
    cluster.fence(1);
    expect(all(cluster), "M-05 the last member stays in the ISR").toEqual([
      "leader=-1 isr=1 elr=- lk=- le=1 pe=3",
      "leader=4 isr=4 elr=- lk=- le=2 pe=2",
      "leader=0 isr=0 elr=- lk=- le=0 pe=2",
    ]);
    const before = all(cluster);
    cluster.unfence(2);
    expect(all(cluster), "M-06 unfencing restores no ISR").toEqual(before);
    cluster.unfence(1);
    expect(cluster.show("foo-0"), "M-07").toBe("leader=1 isr=1 elr=- lk=- le=2 pe=4");
  });

  test("M-08 four of five fall silent", () => {
    const cluster = new ControllerUnderTest({ settings: { brokerSessionTimeoutMs: 1000 } }).brokers(1, 2, 3, 4, 5);
    cluster.topic("foo", [
      [1, 2, 3, 4, 5],
      [2, 3, 4, 5, 1],
      [3, 4, 5, 1, 2],
    ]);
    for (cluster.nowMs = 100; cluster.nowMs <= 2000; cluster.nowMs += 100) {
      cluster.heartbeat(1);
      for (const brokerId of [2, 3, 4, 5]) {
        const due = cluster.dueOf({ name: "session", brokerId });
        if (due !== undefined && due <= cluster.nowMs) cluster.fence(brokerId);
      }
    }
    for (const key of ["foo-0", "foo-1", "foo-2"]) expect(cluster.show(key)).toMatch(/^leader=1 isr=1 /);
    const imbalanced = cluster.controller.image.partitions.filter(({ leader, replicas }) => leader !== replicas[0]);
    expect(imbalanced.length).toBe(2);
  });
});

describe("preferred elections", () => {
  test("M-09 a preferred election does not go unclean", () => {
    const cluster = new ControllerUnderTest().brokers(1, 2, 3);
    cluster.topic("foo", [[1, 2, 3]]);
    cluster.fence(2, 3, 1);
    cluster.unfence(2);
    expect(cluster.show("foo-0")).toMatch(/^leader=-1 isr=1 /);
    cluster.configure("foo", { "unclean.leader.election.enable": "true" });
    const batches = cluster.controller.log.length;
    expect(cluster.elect("preferred", ["foo-0"])).toEqual({
      type: "elected",
      election: "preferred",
      results: [
        {
          partition: "foo-0",
          error: "PREFERRED_LEADER_NOT_AVAILABLE",
          message: "The preferred leader was not available.",
        },
      ],
    });
    expect(cluster.controller.log.length).toBe(batches);
  });

  /** M-10: 0 and 1 are not active when the topic is created. */
  function withoutPreferred(): ControllerUnderTest {
    const cluster = new ControllerUnderTest().brokers(2, 3, 4);
    cluster.register(0);
    cluster.register(1);
    cluster.topic("foo", [
      [1, 2, 3],
      [2, 3, 4],
      [0, 2, 1],
    ]);
    return cluster;
  }

  test("M-10 by hand", () => {
    const cluster = withoutPreferred();
    const asked = ["foo-0", "foo-1", "foo-2", "bar-0"];
    const errors = (): readonly string[] => {
      const answer = cluster.elect("preferred", asked);
      return answer.type === "elected" ? answer.results.map(({ error }) => error) : [];
    };
    expect(errors()).toEqual([
      "PREFERRED_LEADER_NOT_AVAILABLE",
      "ELECTION_NOT_NEEDED",
      "PREFERRED_LEADER_NOT_AVAILABLE",
      "UNKNOWN_TOPIC_OR_PARTITION",
    ]);
    cluster.unfence(0, 1);
    cluster.alterPartition("foo-0", [1, 2, 3]);
    cluster.alterPartition("foo-2", [0, 2, 1]);
    expect(cluster.show("foo-0")).toMatch(/leader=2 .* le=0 pe=1/);
    expect(cluster.show("foo-2")).toMatch(/leader=2 .* le=0 pe=1/);
    expect(errors()).toEqual(["NONE", "ELECTION_NOT_NEEDED", "NONE", "UNKNOWN_TOPIC_OR_PARTITION"]);
    expect(cluster.show("foo-0")).toMatch(/^leader=1 .* le=1 pe=2/);
    expect(cluster.show("foo-2")).toMatch(/^leader=0 .* le=1 pe=2/);
  });

  test("M-11 preferred but not in the ISR", () => {
    const cluster = new ControllerUnderTest().brokers(1, 2, 3);
    cluster.topic("foo", [[1, 2, 3]]);
    cluster.fence(1);
    cluster.unfence(1);
    expect(cluster.show("foo-0")).toMatch(/^leader=2 isr=2,3 /);
    expect(cluster.elect("preferred", ["foo-0"])).toMatchObject({
      results: [{ error: "PREFERRED_LEADER_NOT_AVAILABLE" }],
    });
  });

  test("M-12 automatic balancing", () => {
    const cluster = withoutPreferred();
    const isImbalanced = (): boolean =>
      cluster.controller.image.partitions.some(({ leader, replicas }) => leader !== replicas[0]);
    expect(isImbalanced()).toBe(true);
    cluster.unfence(1);
    cluster.alterPartition("foo-0", [1, 2, 3]);
    expect(cluster.show("foo-0")).toMatch(/pe=1$/);
    let batches = cluster.controller.log.length;
    cluster.fire({ name: "preferredRebalance" });
    expect(cluster.written(batches)).toEqual([{ type: "PartitionChangeRecord", partition: "foo-0", leader: 1 }]);
    expect(isImbalanced()).toBe(true);
    cluster.unfence(0);
    cluster.alterPartition("foo-2", [0, 2, 1]);
    batches = cluster.controller.log.length;
    cluster.fire({ name: "preferredRebalance" });
    expect(cluster.written(batches)).toEqual([{ type: "PartitionChangeRecord", partition: "foo-2", leader: 0 }]);
    expect(isImbalanced()).toBe(false);
  });

  test("M-12 the timer comes every 300 s, counted from the controller's start", () => {
    const cluster = new ControllerUnderTest();
    expect(cluster.dueOf({ name: "preferredRebalance" })).toBe(300_000);
    cluster.nowMs = 300_000;
    cluster.fire({ name: "preferredRebalance" });
    expect(cluster.dueOf({ name: "preferredRebalance" })).toBe(600_000);
    const without = new ControllerUnderTest({ settings: { autoLeaderRebalanceEnable: false } });
    expect(without.dueOf({ name: "preferredRebalance" })).toBeUndefined();
  });
});

test("a rebalance moves at most 1000 leaders and goes on at once", () => {
  const cluster = new ControllerUnderTest().brokers(1, 2);
  cluster.topic(
    "foo",
    Array.from({ length: 1001 }, () => [1, 2]),
  );
  cluster.fence(1);
  cluster.unfence(1);
  for (const { partition } of cluster.controller.image.partitions) cluster.alterPartition(partition, [1, 2]);
  cluster.nowMs = 300_000;
  const led = (): number => cluster.controller.image.partitions.filter(({ leader }) => leader === 1).length;
  cluster.fire({ name: "preferredRebalance" });
  expect([led(), cluster.dueOf({ name: "preferredRebalance" })]).toEqual([1000, 300_000]);
  cluster.fire({ name: "preferredRebalance" });
  expect([led(), cluster.dueOf({ name: "preferredRebalance" })]).toEqual([1001, 600_000]);
});

test("M-13 elections for all partitions leave out those that need none", () => {
  const cluster = threePartitions();
  cluster.fence(2, 3, 1);
  expect(cluster.elect("unclean", null)).toEqual({
    type: "elected",
    election: "unclean",
    results: [
      {
        partition: "foo-0",
        error: "ELIGIBLE_LEADERS_NOT_AVAILABLE",
        message: "Eligible topic partition leaders are not available.",
      },
    ],
  });
  expect(cluster.elect("unclean", ["foo-1"])).toMatchObject({ results: [{ error: "ELECTION_NOT_NEEDED" }] });
});
