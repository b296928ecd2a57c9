import { describe, expect, test } from "vitest";
import { controllerGauges } from "../../../lib/protocol/controller/metrics.js";
import { ControllerUnderTest, type Setup } from "./controller-under-test.js";

// Group Q of the cases, the controller's part, and U-12.

const key = "unclean.leader.election.enable";
const uncleanElections = (cluster: ControllerUnderTest): number =>
  controllerGauges(cluster.controller).UncleanLeaderElectionsPerSec;

/** the follower falls silent, then the leader, then the follower comes back. */
function course(setup: Setup, configs: Record<string, string>): ControllerUnderTest {
  const cluster = new ControllerUnderTest(setup).brokers(1, 2);
  cluster.topic("foo", [[1, 2]], configs);
  cluster.fence(2, 1);
  cluster.register(2);
  cluster.unfence(2);
  return cluster;
}

describe("who leads after the follower returns alone", () => {
  const off = "leader=-1 isr=1 elr=- lk=- le=1 pe=2";
  const on = "leader=2 isr=2 elr=- lk=- le=2 pe=3 recovering";
  test.each([
    ["Q-01 enabled", {}, { [key]: "true" }, on, 1],
    ["Q-02 disabled", {}, { [key]: "false" }, off, 0],
    ["Q-02 the default is off", {}, {}, off, 0],
    ["Q-03 cluster off, topic on", { staticConfigs: { [key]: "false" } }, { [key]: "true" }, on, 1],
    ["Q-03 cluster on, topic off", { staticConfigs: { [key]: "true" } }, { [key]: "false" }, off, 0],
  ])("%s", (_, setup, configs, shown, unclean) => {
    const cluster = course(setup, configs);
    expect(cluster.show("foo-0")).toBe(shown);
    expect(uncleanElections(cluster)).toBe(unclean);
  });

  test("Q-02 the old leader returns and leads cleanly", () => {
    const cluster = course({}, {});
    cluster.register(1);
    cluster.unfence(1);
    expect(cluster.show("foo-0")).toBe("leader=1 isr=1 elr=- lk=- le=2 pe=3");
    cluster.alterPartition("foo-0", [1, 2]);
    cluster.fence(1);
    expect(cluster.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=3 pe=5");
    expect(uncleanElections(cluster)).toBe(0);
  });
});

test("Q-04 a bad value is refused when the topic is created", () => {
  const cluster = new ControllerUnderTest().brokers(1);
  expect(cluster.topic("foo", [[1]], { [key]: "invalid" })).toMatchObject({
    type: "refused",
    error: "INVALID_CONFIG",
    message: `Invalid value invalid for configuration ${key}: Expected value to be either true or false`,
  });
  expect(cluster.controller.image.topics).toEqual([]);
});

test("Q-05 the command", () => {
  const cluster = new ControllerUnderTest().brokers(0, 1, 2, 3, 4);
  cluster.topic("foo", [
    [1, 2, 3],
    [2, 3, 4],
    [0, 2, 1],
  ]);
  cluster.fence(2, 3, 1);
  const asked = ["foo-0", "foo-1", "foo-2"];
  const errors = (): readonly string[] => {
    const answer = cluster.elect("unclean", asked);
    return answer.type === "elected" ? answer.results.map(({ error }) => error) : [];
  };
  const batches = cluster.controller.log.length;
  expect(errors()).toEqual(["ELIGIBLE_LEADERS_NOT_AVAILABLE", "ELECTION_NOT_NEEDED", "ELECTION_NOT_NEEDED"]);
  expect(cluster.controller.log.length).toBe(batches);
  cluster.unfence(2);
  cluster.alterPartition("foo-1", [2, 4]);
  expect(errors()).toEqual(["NONE", "ELECTION_NOT_NEEDED", "ELECTION_NOT_NEEDED"]);
  expect(asked.map((partition) => cluster.show(partition))).toEqual([
    "leader=2 isr=2 elr=- lk=- le=2 pe=4 recovering",
    "leader=4 isr=2,4 elr=- lk=- le=2 pe=3",
    "leader=0 isr=0 elr=- lk=- le=0 pe=2",
  ]);
});

describe("Q-06 static and dynamic enabling", () => {
  const partitions = ["foo-0", "foo-1", "foo-2"];
  /** All five are fenced in order, so that 4 is the last member everywhere; then 2 comes back. */
  function leaderless(setup: Setup): ControllerUnderTest {
    const cluster = new ControllerUnderTest(setup).brokers(0, 1, 2, 3, 4);
    cluster.topic("foo", [
      [1, 2, 4],
      [1, 3, 4],
      [0, 2, 4],
    ]);
    cluster.fence(0, 1, 2, 3, 4);
    for (const partition of partitions) expect(cluster.show(partition)).toMatch(/^leader=-1 isr=4 /);
    cluster.unfence(2);
    return cluster;
  }
  const leaders = (cluster: ControllerUnderTest): readonly string[] =>
    partitions.map((partition) => cluster.show(partition).split(" elr")[0] ?? "");
  const elected = ["leader=2 isr=2", "leader=-1 isr=4", "leader=2 isr=2"];
  const waiting = ["leader=-1 isr=4", "leader=-1 isr=4", "leader=-1 isr=4"];

  test("statically on: in the event itself", () => {
    expect(leaders(leaderless({ staticConfigs: { [key]: "true" } }))).toEqual(elected);
  });

  test.each([
    ["cluster", { kind: "cluster" }],
    ["topic", { kind: "topic", topic: "foo" }],
  ] as const)("dynamically on for the %s: only in the periodic run", (_, scope) => {
    const cluster = leaderless({});
    cluster.admin({ type: "alterConfigs", scope, changes: { [key]: "true" } });
    expect(leaders(cluster)).toEqual(waiting);
    cluster.fire({ name: "uncleanElection" });
    expect(leaders(cluster)).toEqual(elected);
  });

  // Disputed in one value: the case lists "node 0" beside cluster and topic. In Kafka's test that is the node of the
  // controller itself (its dynamic node configuration); a broker's own value does not concern the controller.
  test("a broker's own value does not concern the controller", () => {
    const cluster = leaderless({});
    cluster.admin({ type: "alterConfigs", scope: { kind: "broker", brokerId: 2 }, changes: { [key]: "true" } });
    cluster.fire({ name: "uncleanElection" });
    expect(leaders(cluster)).toEqual(waiting);
  });

  test("off: the periodic run writes nothing", () => {
    const cluster = leaderless({});
    const batches = cluster.controller.log.length;
    cluster.fire({ name: "uncleanElection" });
    expect(cluster.controller.log.length).toBe(batches);
    expect(cluster.dueOf({ name: "uncleanElection" })).toBe(300_000);
  });

  test("in 3.6 there is no periodic run, but any event will do", () => {
    const cluster = leaderless({ version: "3.6" });
    cluster.configure("foo", { [key]: "true" });
    expect(cluster.dueOf({ name: "uncleanElection" })).toBeUndefined();
    cluster.fire({ name: "uncleanElection" });
    expect(leaders(cluster)).toEqual(waiting);
    cluster.unfence(3);
    expect(leaders(cluster)).toEqual(["leader=2 isr=2", "leader=3 isr=3", "leader=2 isr=2"]);
  });

  test("a ZooKeeper controller elects at once", () => {
    const cluster = new ControllerUnderTest({ version: "2.8" });
    for (const brokerId of [1, 2]) cluster.register(brokerId);
    cluster.topic("foo", [[1, 2]]);
    cluster.fence(2, 1);
    cluster.register(2);
    expect(cluster.show("foo-0")).toMatch(/^leader=-1 isr=1 /);
    cluster.configure("foo", { [key]: "true" });
    expect(cluster.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=3 pe=3");
  });
});

test("Q-07 assignment order decides, whatever the logs hold", () => {
  const cluster = new ControllerUnderTest().brokers(1, 2, 3);
  cluster.topic("foo", [[1, 2, 3]], { [key]: "true" });
  cluster.alterPartition("foo-0", [1]);
  cluster.fence(1);
  expect(cluster.show("foo-0")).toMatch(/^leader=2 isr=2 .* recovering$/);
});

test.each([
  ["4.3", 1, 1],
  ["4.0", 2, 0],
] as const)("U-12 meters in %s: one unclean election and one from the ELR", (version, unclean, fromElr) => {
  const cluster = new ControllerUnderTest({ version, elr: true }).brokers(1, 2, 3);
  cluster.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
  cluster.topic("bar", [[1, 2]], { [key]: "true" });
  cluster.alterPartition("bar-0", [1]);
  cluster.alterPartition("foo-0", [1]);
  cluster.fence(1);
  expect(cluster.show("foo-0")).toMatch(/^leader=2 isr=2 elr=1,3 /);
  expect(cluster.show("bar-0")).toMatch(/^leader=2 isr=2 .* recovering$/);
  expect(controllerGauges(cluster.controller)).toMatchObject({
    UncleanLeaderElectionsPerSec: unclean,
    ElectionFromEligibleLeaderReplicasPerSec: fromElr,
  });
});
