import { describe, expect, test } from "vitest";
import { stepController } from "../../../lib/protocol/controller/controller.js";
import { controllerGauges } from "../../../lib/protocol/controller/metrics.js";
import { topicOf } from "../../../lib/protocol/metadata/image.js";
import { ControllerUnderTest } from "./controller-under-test.js";

// Administration: messages are those of Kafka 4.3.1, recorded where the tools printed them, else read in its source.

const three = (): ControllerUnderTest => new ControllerUnderTest().brokers(1, 2, 3);

describe("creating a topic", () => {
  test.each([
    ["an empty name", "", "Topic name is invalid: the empty string is not allowed"],
    ["a dot", ".", "Topic name is invalid: '.' is not allowed"],
    ["two dots", "..", "Topic name is invalid: '..' is not allowed"],
    [
      "a space",
      "a b",
      "Topic name is invalid: 'a b' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'",
    ],
    ["a newline at the end", "a\n", expect.stringContaining("contains one or more characters other than")],
    [
      "250 characters",
      "x".repeat(250),
      `Topic name is invalid: the length of '${"x".repeat(250)}' is longer than the max allowed length 249`,
    ],
    ["a dot for an underscore", "a.b", "Topic 'a.b' collides with existing topic: a_b"],
  ])("refuses %s", (_, name, message) => {
    const cluster = three();
    cluster.topic("a_b", [[1]]);
    expect(cluster.topic(name, [[1]])).toEqual({ type: "refused", error: "INVALID_TOPIC_EXCEPTION", message });
  });

  test("takes 249 characters", () => {
    expect(three().topic("x".repeat(249), [[1]]).type).toBe("created");
  });

  test.each([
    [[[1, 9]], "The manual partition assignment includes broker 9, but no such broker is registered."],
    [[[1, 1]], "The manual partition assignment includes the broker 1 more than once."],
    [[[]], "The manual partition assignment includes an empty replica list."],
    [
      [[1, 2], [3]],
      "The manual partition assignment includes a partition with 1 replica(s), but this is not consistent with previous partitions, which have 2 replica(s).",
    ],
  ])("refuses replicas %j", (replicas, message) => {
    expect(three().topic("foo", replicas)).toEqual({ type: "refused", error: "INVALID_REPLICA_ASSIGNMENT", message });
  });

  const place = (cluster: ControllerUnderTest, partitions: number, replicationFactor: number, topic = "foo") =>
    cluster.admin({ type: "createTopic", topic, assignment: { partitions, replicationFactor }, configs: {} });

  test("recorded refusals (S31)", () => {
    const cluster = three();
    cluster.topic("plain", [[1, 2, 3]]);
    expect(cluster.topic("plain", [[1, 2, 3]])).toEqual({
      type: "refused",
      error: "TOPIC_ALREADY_EXISTS",
      message: "Topic 'plain' already exists.",
    });
    expect(place(cluster, 1, 4)).toEqual({
      type: "refused",
      error: "INVALID_REPLICATION_FACTOR",
      message:
        "Unable to replicate the partition 4 time(s): The target replication factor of 4 cannot be reached because only 3 broker(s) are registered or some brokers have all their log directories cordoned.",
    });
    expect(cluster.topic("badcfg", [[1, 2, 3]], { "min.insync.replicas": "0" })).toEqual({
      type: "refused",
      error: "INVALID_CONFIG",
      message: "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
    });
  });

  test.each([
    [1, 0, "INVALID_REPLICATION_FACTOR", "Replication factor must be larger than 0, or -1 to use the default value."],
    [0, 1, "INVALID_PARTITIONS", "Number of partitions was set to an invalid non-positive value."],
    [1e9, 1, "POLICY_VIOLATION", "Unable to perform excessively large batch operation."],
  ])("refuses %d partitions with %d replicas", (partitions, replicationFactor, error, message) => {
    expect(place(three(), partitions, replicationFactor)).toEqual({ type: "refused", error, message });
  });

  test("places replicas in stripes, and goes on where the last topic ended", () => {
    const cluster = three();
    place(cluster, 3, 3);
    place(cluster, 1, 2, "next");
    place(cluster, 1, 2, "third");
    expect(cluster.controller.image.partitions.map(({ partition, replicas }) => [partition, replicas])).toEqual([
      ["foo-0", [1, 2, 3]],
      ["foo-1", [2, 3, 1]],
      ["foo-2", [3, 1, 2]],
      ["next-0", [1, 2]],
      ["third-0", [2, 3]],
    ]);
  });

  // The picture in StripedReplicaPlacer: three racks of three brokers, all offsets 0, gives A0 B0 C0, B1 C1 A1, C2 A2 B2.
  test("spreads over racks as Kafka's own picture shows", () => {
    const cluster = new ControllerUnderTest();
    for (const [index, rack] of ["A", "A", "A", "B", "B", "B", "C", "C", "C"].entries()) {
      cluster.register(index, { rack });
      cluster.unfence(index);
    }
    place(cluster, 3, 3);
    expect(cluster.controller.image.partitions.map(({ replicas }) => replicas)).toEqual([
      [0, 3, 6],
      [4, 7, 1],
      [8, 2, 5],
    ]);
  });

  test("uses fenced brokers last, and never first", () => {
    const cluster = three();
    cluster.register(0);
    place(cluster, 2, 4);
    expect(cluster.controller.image.partitions.map(({ replicas }) => replicas)).toEqual([
      [1, 2, 3, 0],
      [2, 3, 1, 0],
    ]);
    expect(cluster.show("foo-0")).toMatch(/^leader=1 isr=1,2,3 /);
  });
});

test("deleting a topic takes partitions and configurations with it", () => {
  const cluster = three();
  cluster.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
  expect(cluster.admin({ type: "deleteTopic", topic: "foo" })).toEqual({ type: "deleted", topic: "foo" });
  expect(cluster.show("foo-0")).toBe("none");
  cluster.topic("foo", [[1, 2, 3]]);
  expect(topicOf(cluster.controller.image, "foo")).toMatchObject({ configs: {}, minInsyncReplicas: 1 });
  expect(cluster.admin({ type: "deleteTopic", topic: "bar" })).toMatchObject({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
});

describe("configurations", () => {
  test.each([
    [
      { kind: "topic", topic: "nosuch" } as const,
      { "min.insync.replicas": "1" },
      "UNKNOWN_TOPIC_OR_PARTITION",
      "The topic 'nosuch' does not exist.",
    ],
    [
      { kind: "topic", topic: "foo" } as const,
      { "min.insync.replicas": "zwei" },
      "INVALID_CONFIG",
      "Invalid value zwei for configuration min.insync.replicas: Not a number of type INT",
    ],
    [
      { kind: "broker", brokerId: 9 } as const,
      { "log.cleaner.threads": "2" },
      "BROKER_ID_NOT_REGISTERED",
      "No node with id 9 found.",
    ],
  ])("refuses %o %o", (scope, changes, error, message) => {
    const cluster = three();
    cluster.topic("foo", [[1]]);
    expect(cluster.admin({ type: "alterConfigs", scope, changes })).toEqual({ type: "refused", error, message });
  });

  test("a topic's unchanged value is not written, the cluster's is (recorded in S31)", () => {
    const cluster = three();
    cluster.topic("foo", [[1]], { "retention.ms": "1000" });
    expect(cluster.configure("foo", { "retention.ms": "1000", nosuchconfig: null })).toMatchObject({ changed: {} });
    const batches = cluster.controller.log.length;
    const scope = { kind: "cluster" } as const;
    cluster.admin({ type: "alterConfigs", scope, changes: { "leader.replication.throttled.rate": null } });
    expect(cluster.written(batches)).toMatchObject([{ type: "ConfigRecord", value: null }]);
  });
});

test("an unregistered broker leaves every ISR, and then the cluster", () => {
  const cluster = three();
  cluster.topic("foo", [[1, 2, 3]]);
  const batches = cluster.controller.log.length;
  expect(cluster.admin({ type: "unregisterBroker", brokerId: 1 })).toEqual({ type: "unregistered", brokerId: 1 });
  expect(cluster.written(batches).map(({ type }) => type)).toEqual(["PartitionChangeRecord", "UnregisterBrokerRecord"]);
  expect(cluster.show("foo-0")).toMatch(/^leader=2 isr=2,3 /);
  expect(cluster.dueOf({ name: "session", brokerId: 1 })).toBeUndefined();
  expect(cluster.admin({ type: "unregisterBroker", brokerId: 1 })).toEqual({
    type: "refused",
    error: "BROKER_ID_NOT_REGISTERED",
    message: "Broker ID 1 is not currently registered",
  });
});

describe("features", () => {
  const feature = "eligible.leader.replicas.version";
  test("a cluster formatted with ELR on begins with its level and a cluster-wide minimum (S01)", () => {
    const cluster = new ControllerUnderTest({ elr: true });
    expect(cluster.written(0)).toEqual([
      { type: "FeatureLevelRecord", feature, level: 1 },
      { type: "ConfigRecord", scope: { kind: "cluster" }, key: "min.insync.replicas", value: "1" },
    ]);
    expect(new ControllerUnderTest({ elr: false }).controller.log).toEqual([]);
  });

  test.each([
    ["4.3", 2, "Local controller only supports versions 0-1"],
    ["4.3", -1, "A feature version cannot be less than 0."],
    ["3.9", 1, "Local controller does not support this feature."],
  ] as const)("%s refuses level %d", (version, level, reason) => {
    const cluster = new ControllerUnderTest({ version });
    expect(cluster.admin({ type: "updateFeature", feature, level })).toEqual({
      type: "refused",
      error: "INVALID_UPDATE_VERSION",
      message: `Invalid update version ${level} for feature ${feature}. ${reason}`,
    });
  });

  test("switched off, the next change forgets the ELR", () => {
    const cluster = new ControllerUnderTest({ elr: true }).brokers(1, 2, 3);
    cluster.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
    cluster.fence(2, 3);
    expect(cluster.show("foo-0")).toMatch(/elr=3 /);
    cluster.admin({ type: "updateFeature", feature, level: 0 });
    expect(cluster.show("foo-0")).toMatch(/elr=3 /);
    cluster.fence(1);
    expect(cluster.show("foo-0")).toMatch(/^leader=-1 isr=1 elr=- /);
  });
});

test("a broken connection says nothing to the controller", () => {
  const cluster = three();
  const { controller, rules } = cluster;
  const step = stepController(controller, { type: "disconnected", peer: "1", channel: "heartbeat" }, 5, rules);
  expect(step).toEqual({ controller, effects: [], answer: null });
  expect(step.controller).toBe(controller);
});

test("a request that no controller serves is a programmer's error", () => {
  const { controller, rules } = three();
  const request = { type: "MetadataRequest", topics: [] } as const;
  const event = { type: "request", from: "1", channel: "c", request } as const;
  expect(() => stepController(controller, event, 0, rules)).toThrow("a controller does not serve MetadataRequest");
  expect(() => stepController({ ...controller, process: "down" }, event, 0, rules)).toThrow("the controller is down");
});

test("gauges", () => {
  const cluster = three();
  cluster.topic("foo", [
    [1, 2],
    [2, 3],
  ]);
  cluster.topic("bar", [[3]]);
  cluster.fence(3);
  expect(controllerGauges(cluster.controller)).toEqual({
    ActiveControllerCount: 1,
    ActiveBrokerCount: 2,
    FencedBrokerCount: 1,
    GlobalTopicCount: 2,
    GlobalPartitionCount: 3,
    OfflinePartitionsCount: 1,
    PreferredReplicaImbalanceCount: 1,
    UncleanLeaderElectionsPerSec: 0,
    ElectionFromEligibleLeaderReplicasPerSec: 0,
  });
  expect(controllerGauges({ ...cluster.controller, process: "down" }).ActiveControllerCount).toBe(0);
});

test("the ZooKeeper rebalance waits for a percentage of the partitions of a broker", () => {
  const moved = [40, 60].map((leaderImbalancePerBrokerPercentage) => {
    const cluster = new ControllerUnderTest({ version: "2.8", settings: { leaderImbalancePerBrokerPercentage } });
    for (const brokerId of [1, 2]) cluster.register(brokerId);
    cluster.topic("foo", [
      [1, 2],
      [1, 2],
    ]);
    cluster.fence(1);
    cluster.register(1);
    cluster.alterPartition("foo-0", [2, 1]);
    cluster.elect("preferred", ["foo-0"]);
    cluster.alterPartition("foo-1", [2, 1]);
    expect(cluster.show("foo-1")).toMatch(/^leader=2 isr=2,1 /);
    cluster.fire({ name: "preferredRebalance" });
    return cluster.show("foo-1").slice(0, 8);
  });
  expect(moved, "one of two is 50 %").toEqual(["leader=1", "leader=2"]);
});
