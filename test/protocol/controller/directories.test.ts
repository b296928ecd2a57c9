import { describe, expect, test } from "vitest";
import { ControllerUnderTest } from "./controller-under-test.js";

// Where replicas live (KIP-858), and who may lead because of it.

const three = (): ControllerUnderTest => new ControllerUnderTest().brokers(1, 2, 3);

describe("directories", () => {
  /** The sole ISR member comes back with a new disk. */
  function diskReplaced(setup: ConstructorParameters<typeof ControllerUnderTest>[0]): ControllerUnderTest {
    const cluster = new ControllerUnderTest(setup).brokers(1, 2);
    cluster.topic("foo", [[1, 2]]);
    cluster.alterPartition("foo-0", [1]);
    cluster.fence(1);
    cluster.register(1, { directoryId: 77 });
    return cluster;
  }

  test("unfenced first, it stays leaderless until the next event (S13, one of two orders)", () => {
    const cluster = diskReplaced({});
    cluster.unfence(1);
    expect(cluster.show("foo-0")).toBe("leader=-1 isr=1 elr=- lk=- le=1 pe=2");
    expect(cluster.assignDirectory(1, ["foo-0"], 77).error).toBe("NONE");
    expect(cluster.show("foo-0"), "only the partition epoch moves").toBe("leader=-1 isr=1 elr=- lk=- le=1 pe=3");
    cluster.elect("preferred", null);
    expect(cluster.show("foo-0")).toBe("leader=1 isr=1 elr=- lk=- le=2 pe=4");
  });

  test("assigned first, it is elected when it is unfenced (S13, the other order)", () => {
    const cluster = diskReplaced({});
    cluster.assignDirectory(1, ["foo-0"], 77);
    cluster.unfence(1);
    expect(cluster.show("foo-0")).toBe("leader=1 isr=1 elr=- lk=- le=2 pe=4");
  });

  test("before 3.7 the controller knew no directories", () => {
    const cluster = diskReplaced({ version: "3.6" });
    cluster.unfence(1);
    expect(cluster.show("foo-0")).toMatch(/^leader=1 isr=1 /);
  });

  test.each([
    ["4.3", "elr=3"],
    ["4.2", "elr=-"],
  ] as const)("in %s an assignment leaves %s", (version, elr) => {
    const cluster = new ControllerUnderTest({ version, elr: true }).brokers(1, 2, 3);
    cluster.topic("foo", [[1, 2, 3]], { "min.insync.replicas": "2" });
    cluster.fence(2, 3);
    expect(cluster.show("foo-0")).toMatch(/elr=3 /);
    cluster.register(2, { directoryId: 77 });
    cluster.assignDirectory(2, ["foo-0"], 77);
    expect(cluster.show("foo-0")).toContain(elr);
  });

  test("a replica in a directory that its broker did not register leaves the ISR", () => {
    const cluster = three();
    cluster.topic("foo", [[1, 2, 3]]);
    expect(cluster.assignDirectory(1, ["foo-0"], 77).error).toBe("NONE");
    expect(cluster.show("foo-0")).toBe("leader=2 isr=2,3 elr=- lk=- le=1 pe=2");
  });

  test("before 3.7 the request is refused", () => {
    const cluster = new ControllerUnderTest({ version: "3.6" }).brokers(1);
    cluster.topic("foo", [[1]]);
    expect(cluster.assignDirectory(1, ["foo-0"], 77).error).toBe("INVALID_REQUEST");
  });

  test("a stale broker is told so", () => {
    const cluster = three();
    cluster.topic("foo", [[1]]);
    const request = {
      type: "AssignReplicasToDirsRequest",
      brokerId: 1,
      brokerEpoch: -3,
      directoryId: 5,
      partitions: ["foo-0"],
    } as const;
    cluster.step({ type: "request", from: "1", channel: "c", request });
    expect(cluster.replies).toEqual([{ type: "AssignReplicasToDirsResponse", error: "STALE_BROKER_EPOCH" }]);
  });

  test.each([
    ["unknown-0", "UNKNOWN_TOPIC_OR_PARTITION"],
    ["bar-0", "NOT_LEADER_OR_FOLLOWER"],
  ])("a replica of %s is refused: %s", (partition, error) => {
    const cluster = three();
    cluster.topic("bar", [[2, 3]]);
    expect(cluster.assignDirectory(1, [partition], 1).error).toBe(error);
  });
});
