import { describe, expect, test } from "vitest";
import { ControllerUnderTest } from "./controller-under-test.js";

// Section 6.10; messages are those of Kafka's source. S17 shows the epochs (recorded-decisions.test.ts).

const three = (): ControllerUnderTest => new ControllerUnderTest().brokers(1, 2, 3);

describe("reassignment", () => {
  test.each([
    ["nosuch-0", [1], "UNKNOWN_TOPIC_OR_PARTITION", "Unable to find a topic named nosuch."],
    ["foo-3", [1], "UNKNOWN_TOPIC_OR_PARTITION", "Unable to find partition foo:3."],
    [
      "foo-0",
      [1, 9],
      "INVALID_REPLICA_ASSIGNMENT",
      "The manual partition assignment includes broker 9, but no such broker is registered.",
    ],
    ["foo-0", null, "NO_REASSIGNMENT_IN_PROGRESS", "No partition reassignment is in progress."],
  ])("refuses %s to %j", (partition, replicas, error, message) => {
    const cluster = three();
    cluster.topic("foo", [[1, 2]]);
    expect(cluster.admin({ type: "reassignPartitions", targets: [{ partition, replicas }] })).toEqual({
      type: "reassigned",
      results: [{ partition, error, message }],
    });
  });

  test("cancelled, the replicas that were being added leave again", () => {
    const cluster = three();
    cluster.topic("foo", [[1, 2]]);
    const reassign = (replicas: readonly number[] | null): void => {
      cluster.admin({ type: "reassignPartitions", targets: [{ partition: "foo-0", replicas }] });
    };
    reassign([3, 2]);
    expect(cluster.controller.image.partitions[0]).toMatchObject({
      replicas: [3, 2, 1],
      addingReplicas: [3],
      removingReplicas: [1],
    });
    reassign(null);
    expect(cluster.controller.image.partitions[0]).toMatchObject({
      replicas: [2, 1],
      isr: [1, 2],
      leader: 1,
      leaderEpoch: 1,
      addingReplicas: [],
      removingReplicas: [],
    });
  });
});

test("reassignment: cancelled without an ISR, the first remaining replica is put there, dead or alive", () => {
  // As PartitionReassignmentRevert does it; only where unclean elections are allowed.
  const shown = ["false", "true"].map((unclean) => {
    const cluster = new ControllerUnderTest({ elr: true }).brokers(1, 2);
    cluster.topic("foo", [[2]], { "unclean.leader.election.enable": unclean });
    cluster.admin({ type: "reassignPartitions", targets: [{ partition: "foo-0", replicas: [1] }] });
    cluster.fence(2);
    const answer = cluster.admin({ type: "reassignPartitions", targets: [{ partition: "foo-0", replicas: null }] });
    return [answer.type === "reassigned" ? answer.results[0]?.message : "", cluster.show("foo-0")];
  });
  expect(shown).toEqual([
    [
      "Unable to revert partition assignment for foo:0 because it would require an unclean leader election.",
      "leader=-1 isr=- elr=2 lk=2 le=1 pe=2",
    ],
    // 1, which was being added, had been elected uncleanly: it goes, and is remembered as the last leader.
    ["", "leader=-1 isr=2 elr=- lk=1 le=2 pe=3 recovering"],
  ]);
});
