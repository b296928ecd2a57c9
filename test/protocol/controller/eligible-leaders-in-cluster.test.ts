import { describe, expect, test } from "vitest";
import { controllerGauges } from "../../../lib/protocol/controller/metrics.js";
import { ControllerUnderTest } from "./controller-under-test.js";

// Group N of the cases, second half, and the controller's part of group L: whole sequences with ELR on.

function cluster(min: string, ...replicas: readonly number[]): ControllerUnderTest {
  const made = new ControllerUnderTest({ elr: true }).brokers(...replicas);
  made.topic("foo", [replicas], { "min.insync.replicas": min });
  return made;
}

describe("ReplicationControlManagerTest", () => {
  test("N-10 shrink and expand", () => {
    const made = cluster("2", 0, 1, 2);
    made.alterPartition("foo-0", [0]);
    expect(made.show("foo-0")).toBe("leader=0 isr=0 elr=1,2 lk=- le=0 pe=1");
    made.alterPartition("foo-0", [0, 1]);
    expect(made.show("foo-0")).toBe("leader=0 isr=0,1 elr=- lk=- le=0 pe=2");
  });

  test("N-11 fencing", () => {
    const made = cluster("3", 0, 1, 2, 3);
    made.fence(2, 3);
    expect(made.show("foo-0")).toMatch(/isr=0,1 elr=3 /);
    made.fence(1);
    expect(made.show("foo-0")).toMatch(/isr=0 elr=1,3 /);
    const before = made.show("foo-0");
    made.unfence(1, 2, 3);
    expect(made.show("foo-0")).toBe(before);
  });

  test("N-12 clean election", () => {
    const made = cluster("3", 0, 1, 2, 3);
    made.fence(1, 2, 3);
    expect(made.show("foo-0")).toMatch(/elr=2,3 /);
    made.unfence(2);
    made.fence(0);
    expect(made.show("foo-0")).toMatch(/^leader=2 isr=2 elr=0,3 lk=- /);
    expect(made.show("foo-0")).not.toMatch(/recovering/);
    expect(controllerGauges(made.controller)).toMatchObject({
      ElectionFromEligibleLeaderReplicasPerSec: 1,
      UncleanLeaderElectionsPerSec: 0,
    });
  });

  test("N-13 unclean shutdowns", () => {
    const made = cluster("3", 0, 1, 2, 3);
    made.fence(1, 2, 3);
    expect(made.show("foo-0")).toMatch(/elr=2,3 lk=- /);
    made.register(3);
    expect(made.show("foo-0")).toMatch(/elr=2 lk=- /);
    made.nowMs = 20_000; // the session of 0 has ended, but nobody has looked yet
    made.register(0);
    expect(made.show("foo-0")).toMatch(/^leader=-1 isr=- elr=2 lk=0 /);
  });

  test("N-15 effective min ISR", () => {
    const made = cluster("5", 0, 1, 2);
    made.alterPartition("foo-0", [0, 1]);
    expect(made.show("foo-0"), "two of three are below min(5, 3)").toMatch(/isr=0,1 elr=2 /);
    made.alterPartition("foo-0", [0, 1, 2]);
    expect(made.show("foo-0"), "three are not").toMatch(/isr=0,1,2 elr=- /);
  });
});

test("the minimum is clipped to the replicas of the first partition, whichever partition it is for", () => {
  // Source: ReplicationControlManager.getTopicEffectiveMinIsr reads partition 0.
  const shown = [
    [1, 2],
    [1, 2, 3, 4],
  ].map((ofFirst) => {
    const made = new ControllerUnderTest({ elr: true }).brokers(1, 2, 3, 4);
    made.topic("foo", [ofFirst, ofFirst], { "min.insync.replicas": "3" });
    if (ofFirst.length === 2) {
      made.admin({ type: "reassignPartitions", targets: [{ partition: "foo-1", replicas: [1, 2, 3, 4] }] });
      made.alterPartition("foo-1", [1, 2, 3, 4]);
    }
    made.alterPartition("foo-1", [1, 2]);
    return made.show("foo-1").split(" lk")[0];
  });
  expect(shown).toEqual(["leader=1 isr=1,2 elr=-", "leader=1 isr=1,2 elr=3,4"]);
});

test("N-14 the whole sequence", () => {
  const made = cluster("2", 1, 2, 3);
  made.fence(1, 2, 3);
  expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2,3 lk=3 le=3 pe=3");
  made.register(3);
  expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2 lk=3 le=3 pe=4");
  made.unfence(2);
  expect(made.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=4 pe=5");
});

test("N-16 two of four stopped: the controller's part", () => {
  const made = cluster("3", 1, 2, 3, 4);
  made.fence(3, 4);
  expect(made.show("foo-0")).toMatch(/isr=1,2 elr=4 /);
});

test("N-17 all four stopped, an ELR member first", () => {
  const made = cluster("3", 1, 2, 3, 4);
  made.fence(1, 2, 3, 4);
  expect(made.show("foo-0")).toMatch(/^leader=-1 isr=- elr=2,3,4 lk=4 /);
  made.registerAfterCleanShutdown(2);
  made.unfence(2);
  expect(made.show("foo-0")).toMatch(/^leader=2 isr=2 elr=3,4 lk=- /);
  for (const brokerId of [3, 4]) {
    made.registerAfterCleanShutdown(brokerId);
    made.unfence(brokerId);
  }
  made.alterPartition("foo-0", [2, 3]);
  made.alterPartition("foo-0", [2, 3, 4]);
  expect(made.show("foo-0")).toMatch(/^leader=2 isr=2,3,4 elr=- lk=- /);
});

test("N-17 an ELR member that stopped uncleanly is removed and does not lead", () => {
  const made = cluster("3", 1, 2, 3, 4);
  made.fence(1, 2, 3, 4);
  made.register(2);
  made.unfence(2);
  expect(made.show("foo-0")).toMatch(/^leader=-1 isr=- elr=3,4 lk=4 /);
});

describe("L: who leads after losses", () => {
  test("L-02 power loss of two, ELR off", () => {
    const made = new ControllerUnderTest().brokers(1, 2);
    made.topic("foo", [[2, 1]]);
    made.fence(1);
    expect(made.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=0 pe=1");
    made.fence(2);
    expect(made.show("foo-0")).toBe("leader=-1 isr=2 elr=- lk=- le=1 pe=2");
    made.register(2);
    made.unfence(2);
    expect(made.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=2 pe=3");
  });

  test("L-03 last replica standing, ELR off", () => {
    const made = new ControllerUnderTest().brokers(1, 2, 3);
    made.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
    made.fence(1);
    expect(made.show("foo-0")).toBe("leader=2 isr=2,3 elr=- lk=- le=1 pe=1");
    made.fence(2);
    expect(made.show("foo-0")).toBe("leader=3 isr=3 elr=- lk=- le=2 pe=2");
    made.fence(3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=3 elr=- lk=- le=3 pe=3");
    made.register(3);
    made.unfence(3);
    expect(made.show("foo-0")).toBe("leader=3 isr=3 elr=- lk=- le=4 pe=4");
    expect(controllerGauges(made.controller).UncleanLeaderElectionsPerSec, "it counts as clean").toBe(0);
  });

  test("L-04 the same, ELR on", () => {
    const made = cluster("2", 1, 2, 3);
    made.fence(1);
    expect(made.show("foo-0")).toBe("leader=2 isr=2,3 elr=- lk=- le=1 pe=1");
    made.fence(2);
    expect(made.show("foo-0")).toBe("leader=3 isr=3 elr=2 lk=- le=2 pe=2");
    made.fence(3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2,3 lk=3 le=3 pe=3");
    made.register(3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2 lk=3 le=3 pe=4");
    made.unfence(3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2 lk=3 le=3 pe=4");
    made.unfence(2);
    expect(made.show("foo-0")).toBe("leader=2 isr=2 elr=- lk=- le=4 pe=5");
    made.alterPartition("foo-0", [2, 3]);
    expect(made.show("foo-0")).toBe("leader=2 isr=2,3 elr=- lk=- le=4 pe=6");
  });

  /** L-10: everything falls silent, and every broker comes back after an unclean shutdown. */
  function powerOutage(setup: ConstructorParameters<typeof ControllerUnderTest>[0]): ControllerUnderTest {
    const made = new ControllerUnderTest(setup).brokers(1, 2, 3);
    made.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
    made.fence(1, 2, 3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2,3 lk=3 le=3 pe=3");
    made.register(1);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=2,3 lk=3 le=3 pe=3");
    made.register(2);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=3 lk=3 le=3 pe=4");
    return made;
  }

  test("L-10 power outage of the whole cluster", () => {
    const made = powerOutage({ elr: true });
    made.register(3);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=- lk=3 le=3 pe=5");
    made.unfence(1, 2);
    expect(made.show("foo-0")).toBe("leader=-1 isr=- elr=- lk=3 le=3 pe=5");
    made.unfence(3);
    expect(made.show("foo-0")).toBe("leader=3 isr=3 elr=- lk=- le=4 pe=6 recovering");
    expect(controllerGauges(made.controller).UncleanLeaderElectionsPerSec).toBe(1);
  });

  test("L-10 in 4.0 the fenced last known leader is named at its registration (KAFKA-19522)", () => {
    const made = powerOutage({ elr: true, version: "4.0" });
    made.register(3);
    expect(made.show("foo-0")).toBe("leader=3 isr=3 elr=- lk=- le=4 pe=5 recovering");
  });

  test("L-11 clean ELR recovery", () => {
    const made = cluster("2", 1, 2, 3);
    made.alterPartition("foo-0", [1, 3]);
    expect(made.show("foo-0")).toMatch(/isr=1,3 elr=- /);
    made.alterPartition("foo-0", [1]);
    expect(made.show("foo-0")).toMatch(/isr=1 elr=3 /);
    made.fence(1);
    expect(made.show("foo-0")).toMatch(/^leader=3 isr=3 elr=1 lk=- /);
    made.register(1);
    expect(made.show("foo-0")).toMatch(/^leader=3 isr=3 elr=- lk=- /);
    made.unfence(1);
    made.alterPartition("foo-0", [3, 1]);
    // Disputed in its order only: the case writes ISR [3,1], the order of the proposal; 4.3.1 stores it ascending (5.1).
    expect(made.show("foo-0")).toMatch(/^leader=3 isr=1,3 elr=- lk=- /);
  });
});

describe("min.insync.replicas and the ELR", () => {
  const shrunk = (): ControllerUnderTest => {
    const made = cluster("2", 1, 2, 3);
    made.topic("other", [[1, 2, 3]], { "min.insync.replicas": "2" });
    made.fence(2, 3);
    expect(made.show("foo-0")).toBe("leader=1 isr=1 elr=3 lk=- le=0 pe=2");
    return made;
  };

  test.each(["1", "2", "3"])("a topic's change to %s clears that topic's ELR, unless nothing changes", (value) => {
    const made = shrunk();
    made.configure("foo", { "min.insync.replicas": value });
    expect(made.show("foo-0")).toBe(
      value === "2" ? "leader=1 isr=1 elr=3 lk=- le=0 pe=2" : "leader=1 isr=1 elr=- lk=- le=0 pe=3",
    );
    expect(made.show("other-0")).toBe("leader=1 isr=1 elr=3 lk=- le=0 pe=2");
  });

  test("other keys of the topic leave it alone", () => {
    const made = shrunk();
    made.configure("foo", { "retention.ms": "1000" });
    expect(made.show("foo-0")).toMatch(/elr=3 /);
  });

  test("the cluster's value clears all", () => {
    const made = shrunk();
    made.admin({ type: "alterConfigs", scope: { kind: "cluster" }, changes: { "min.insync.replicas": "3" } });
    expect(made.show("foo-0")).toMatch(/elr=- .* pe=3$/);
    expect(made.show("other-0")).toMatch(/elr=- .* pe=3$/);
  });

  test.each([
    [{ kind: "cluster" } as const, null, "Cluster-level min.insync.replicas cannot be removed while ELR is enabled."],
    [
      { kind: "broker", brokerId: 1 } as const,
      "1",
      "Broker-level min.insync.replicas cannot be altered while ELR is enabled.",
    ],
  ])("refused for %o", (scope, value, message) => {
    const made = shrunk();
    const batches = made.controller.log.length;
    expect(made.admin({ type: "alterConfigs", scope, changes: { "min.insync.replicas": value } })).toEqual({
      type: "refused",
      error: "INVALID_CONFIG",
      message,
    });
    expect(made.controller.log.length).toBe(batches);
  });

  test("both are allowed with ELR off, and clear nothing", () => {
    const made = new ControllerUnderTest().brokers(1, 2);
    const changes = { "min.insync.replicas": "2" };
    expect(made.admin({ type: "alterConfigs", scope: { kind: "broker", brokerId: 1 }, changes })).toMatchObject({
      type: "altered",
    });
    const batches = made.controller.log.length;
    made.admin({ type: "alterConfigs", scope: { kind: "cluster" }, changes: { "min.insync.replicas": null } });
    expect(made.written(batches).map(({ type }) => type)).toEqual(["ConfigRecord"]);
  });

  test("switching the feature on gives the cluster a value and takes the brokers' own away", () => {
    const made = new ControllerUnderTest({ staticConfigs: { "min.insync.replicas": "2" } }).brokers(1, 2);
    const key = "min.insync.replicas";
    made.admin({ type: "alterConfigs", scope: { kind: "broker", brokerId: 1 }, changes: { [key]: "1" } });
    const batches = made.controller.log.length;
    made.admin({ type: "updateFeature", feature: "eligible.leader.replicas.version", level: 1 });
    expect(made.written(batches)).toEqual([
      { type: "ConfigRecord", scope: { kind: "cluster" }, key, value: "2" },
      { type: "ConfigRecord", scope: { kind: "broker", brokerId: 1 }, key, value: null },
      { type: "FeatureLevelRecord", feature: "eligible.leader.replicas.version", level: 1 },
    ]);
  });

  test("switched on again, the cluster keeps the value it has", () => {
    const made = new ControllerUnderTest();
    const update = { type: "updateFeature", feature: "eligible.leader.replicas.version", level: 1 } as const;
    made.admin({ type: "alterConfigs", scope: { kind: "cluster" }, changes: { "min.insync.replicas": "2" } });
    const batches = made.controller.log.length;
    made.admin(update);
    expect(made.written(batches).map(({ type }) => type)).toEqual(["FeatureLevelRecord"]);
  });
});
