import { describe, expect, test } from "vitest";
import { rulesFor } from "../../../lib/kafka/versions.js";
import {
  applyMetadataBatch,
  applyMetadataRecord,
  effectiveMinInsyncReplicas,
  emptyImage,
  mergePartitionChange,
} from "../../../lib/protocol/metadata/apply.js";
import { type MetadataImage, topicOf } from "../../../lib/protocol/metadata/image.js";
import { comparePartitions } from "../../../lib/protocol/metadata/partition.js";
import type { ConfigScope, MetadataRecord, PartitionRecord } from "../../../lib/protocol/metadata/record.js";
import { resolveTopicConfig } from "../../../lib/protocol/metadata/topic-configs.js";

const rules = rulesFor("4.3");

function fold(image: MetadataImage, ...records: readonly MetadataRecord[]): MetadataImage {
  return records.reduce((before, record) => applyMetadataRecord(before, record, before.nextOffset, rules), image);
}

const topic = (name: string): MetadataRecord => ({ type: "TopicRecord", topic: name });
const partition = (name: string, index: number): PartitionRecord => ({
  type: "PartitionRecord",
  topic: name,
  partition: `${name}-${index}`,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  leader: 1,
  directories: [1, 2, 3],
});
const config = (scope: ConfigScope, key: string, value: string | null): MetadataRecord => ({
  type: "ConfigRecord",
  scope,
  key,
  value,
});
const registration = (brokerId: number, incarnationId: number, brokerEpoch: number): MetadataRecord => ({
  type: "RegisterBrokerRecord",
  brokerId,
  incarnationId,
  brokerEpoch,
  rack: null,
  directoryId: brokerId,
  fenced: true,
});

const cluster = { kind: "cluster" } as const;
const orders = { kind: "topic", topic: "orders" } as const;
const minIsr = "min.insync.replicas";
const unclean = "unclean.leader.election.enable";

describe("epochs (section 1.1)", () => {
  const [before] = fold(emptyImage({}), topic("orders"), partition("orders", 0)).partitions;

  test("a new partition has both at 0", () => {
    expect(before).toMatchObject({ leaderEpoch: 0, partitionEpoch: 0, leaderRecoveryState: "recovered" });
  });

  test.each([
    ["no leader named", { isr: [1] }, 0],
    ["another leader", { leader: 2 }, 1],
    ["the same leader", { leader: 1 }, 1],
    ["none", { leader: -1 }, 1],
    ["nothing but directories", { directories: [9, 2, 3] }, 0],
  ])("%s", (_, changed, leaderEpoch) => {
    if (before === undefined) throw new Error("no partition");
    const after = mergePartitionChange(
      before,
      { type: "PartitionChangeRecord", partition: "orders-0", ...changed },
      rules,
    );
    expect(after).toMatchObject({ ...changed, leaderEpoch, partitionEpoch: 1 });
    // What is not named stays.
    const { leaderEpoch: _e, partitionEpoch: _p, ...rest } = { ...before, ...changed };
    expect(after).toMatchObject(rest);
  });
});

describe("configurations in force", () => {
  test.each([
    ["Kafka's default", {}, [], 1],
    ["static", { [minIsr]: "2" }, [], 2],
    ["cluster over static", { [minIsr]: "2" }, [config(cluster, minIsr, "3")], 3],
    ["topic over cluster", {}, [config(cluster, minIsr, "3"), config(orders, minIsr, "4")], 4],
    ["cluster again without the topic's", {}, [config(cluster, minIsr, "3"), config(orders, minIsr, null)], 3],
    ["static again without the cluster's", { [minIsr]: "2" }, [config(cluster, minIsr, null)], 2],
    ["one broker's concerns only that broker", {}, [config({ kind: "broker", brokerId: 1 }, minIsr, "5")], 1],
  ])("%s", (_, statics, records, expected) => {
    const image = fold(emptyImage(statics), topic("orders"), topic("other"), ...records);
    expect(topicOf(image, "orders")?.minInsyncReplicas).toBe(expected);
  });

  test("a change for the cluster reaches topics there are and topics to come, but not those with their own", () => {
    const image = fold(
      emptyImage({}),
      topic("old"),
      topic("own"),
      config({ kind: "topic", topic: "own" }, unclean, "false"),
      config(cluster, unclean, "TRUE"),
      topic("new"),
    );
    expect(
      image.topics.map(({ topic: name, uncleanLeaderElectionEnable }) => [name, uncleanLeaderElectionEnable]),
    ).toEqual([
      ["new", true],
      ["old", true],
      ["own", false],
    ]);
  });

  test("a broker reads its own value before the cluster's, and a topic's before both", () => {
    const image = fold(
      emptyImage({}),
      topic("orders"),
      config(cluster, minIsr, "2"),
      config({ kind: "broker", brokerId: 1 }, minIsr, "3"),
    );
    expect(resolveTopicConfig(image, {}, minIsr, 1)).toBe("3");
    expect(resolveTopicConfig(image, {}, minIsr, 2)).toBe("2");
    expect(resolveTopicConfig(image, { [minIsr]: "4" }, minIsr, 1)).toBe("4");
  });

  test.each([
    ["4.3", 5, 3, 3],
    ["3.9", 2, 3, 2],
    ["3.6", 5, 3, 5],
  ] as const)("N-15 and F-10: in %s min %i with %i replicas counts as %i", (version, min, replicas, effective) => {
    expect(effectiveMinInsyncReplicas({ minInsyncReplicas: min }, replicas, rulesFor(version))).toBe(effective);
  });
});

describe("order", () => {
  test("partitions by topic, then by number", () => {
    const image = fold(
      emptyImage({}),
      topic("b"),
      topic("a-1"),
      partition("b", 10),
      partition("b", 2),
      partition("a-1", 0),
      partition("b", 0),
    );
    expect(image.partitions.map((each) => each.partition)).toEqual(["a-1-0", "b-0", "b-2", "b-10"]);
    expect(image.topics.map((each) => each.topic)).toEqual(["a-1", "b"]);
    expect([...image.partitions].sort(comparePartitions)).toEqual(image.partitions);
  });

  test("brokers by number", () => {
    const image = fold(emptyImage({}), registration(10, 1, 0), registration(2, 2, 1), registration(3, 3, 2));
    expect(image.brokers.map(({ brokerId }) => brokerId)).toEqual([2, 3, 10]);
  });
});

describe("registrations", () => {
  const shuttingDown: MetadataRecord = {
    type: "BrokerRegistrationChangeRecord",
    brokerId: 1,
    brokerEpoch: 0,
    inControlledShutdown: true,
  };
  test("the same process keeps its shutdown flag, a new one begins without", () => {
    const image = fold(emptyImage({}), registration(1, 7, 0), shuttingDown);
    expect(fold(image, registration(1, 7, 0)).brokers[0]?.inControlledShutdown).toBe(true);
    expect(fold(image, registration(1, 8, 3)).brokers[0]?.inControlledShutdown).toBe(false);
  });

  test("fencing leaves the flag and the other way round", () => {
    const fenced: MetadataRecord = {
      type: "BrokerRegistrationChangeRecord",
      brokerId: 1,
      brokerEpoch: 0,
      fenced: false,
    };
    const image = fold(emptyImage({}), registration(1, 7, 0), shuttingDown, fenced);
    expect(image.brokers[0]).toMatchObject({ fenced: false, inControlledShutdown: true });
  });

  test("unregistered, it is gone", () => {
    const image = fold(emptyImage({}), registration(1, 7, 0), registration(2, 8, 1));
    expect(fold(image, { type: "UnregisterBrokerRecord", brokerId: 1, brokerEpoch: 0 }).brokers).toMatchObject([
      { brokerId: 2 },
    ]);
  });
});

describe("ClearElrRecord", () => {
  const image = fold(
    emptyImage({}),
    topic("a"),
    topic("b"),
    partition("a", 0),
    partition("a", 1),
    partition("b", 0),
    { type: "PartitionChangeRecord", partition: "a-0", isr: [1], eligibleLeaderReplicas: [2] },
    { type: "PartitionChangeRecord", partition: "b-0", isr: [], leader: -1, lastKnownElr: [1] },
  );
  const shown = ({ partitions }: MetadataImage): readonly unknown[] =>
    partitions.map((each) => [each.eligibleLeaderReplicas, each.lastKnownElr, each.leaderEpoch, each.partitionEpoch]);

  test("of a topic: only there, and only where something is cleared the partition epoch moves", () => {
    expect(shown(fold(image, { type: "ClearElrRecord", topic: "a" }))).toEqual([
      [[], [], 0, 2],
      [[], [], 0, 0],
      [[], [1], 1, 1],
    ]);
  });

  test("of all topics", () => {
    expect(shown(fold(image, { type: "ClearElrRecord", topic: null }))).toEqual([
      [[], [], 0, 2],
      [[], [], 0, 0],
      [[], [], 1, 2],
    ]);
  });
});

describe("what cannot be folded is a programmer's error", () => {
  const image = fold(emptyImage({}), topic("a"), partition("a", 0), registration(1, 7, 2));
  test.each([
    [{ type: "PartitionChangeRecord", partition: "a-1" } as const, "a change of a-1, which does not exist"],
    [topic("a"), "a second TopicRecord for a"],
    [partition("a", 0), "a second PartitionRecord for a-0"],
    [
      { type: "BrokerRegistrationChangeRecord", brokerId: 1, brokerEpoch: 9, fenced: true } as const,
      "broker 1 has epoch 2, not 9",
    ],
    [
      { type: "BrokerRegistrationChangeRecord", brokerId: 2, brokerEpoch: 9, fenced: true } as const,
      "a change of broker 2, which is not registered",
    ],
    [config({ kind: "topic", topic: "b" }, minIsr, "2"), "a configuration of topic b, which does not exist"],
  ])("%o", (record, message) => {
    expect(() => fold(image, record)).toThrow(message);
  });

  test("a batch that does not begin where the reader stands", () => {
    const batch = { baseOffset: 5, records: [topic("b")], appendedAtMs: 0 };
    expect(() => applyMetadataBatch(image, batch, rules)).toThrow(
      "a reader at metadata offset 3 was given the batch at 5",
    );
    expect(applyMetadataBatch(image, { ...batch, baseOffset: 3 }, rules).nextOffset).toBe(4);
  });
});

test("an image that was folded on is left as it was", () => {
  const before = fold(emptyImage({}), topic("a"), partition("a", 0), registration(1, 7, 2));
  const copy = structuredClone(before);
  fold(
    before,
    { type: "PartitionChangeRecord", partition: "a-0", isr: [1], leader: -1 },
    registration(2, 8, 4),
    config({ kind: "topic", topic: "a" }, minIsr, "2"),
    config(cluster, minIsr, "2"),
    { type: "RemoveTopicRecord", topic: "a" },
    { type: "FeatureLevelRecord", feature: "f", level: 1 },
  );
  expect(before).toEqual(copy);
});
