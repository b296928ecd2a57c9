import { describe, expect, test } from "vitest";
import {
  describeConfigs,
  describeTopics,
  electionOutput,
  noSuchTopicConfigs,
  notSetRefusal,
  type PartitionDescription,
  type PartitionFilter,
  partitionLine,
  type TopicDescription,
} from "../../../lib/kafka/admin.js";
import { topicConfigEntries } from "../../../lib/kafka/config.js";
import { rulesFor } from "../../../lib/kafka/versions.js";

const rules = rulesFor("4.3");

const partition = (given: Partial<PartitionDescription>): PartitionDescription => ({
  partition: 0,
  leader: 1,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  elr: [],
  lastKnownElr: [],
  ...given,
});

const topic = (name: string, minIsr: number, ...partitions: readonly PartitionDescription[]): TopicDescription => ({
  name,
  partitions,
  configs: topicConfigEntries({ topic: { "min.insync.replicas": String(minIsr) } }, rules),
});

const listed = (topics: readonly TopicDescription[], filter: PartitionFilter, liveBrokers: readonly number[]) =>
  describeTopics(topics, { filters: [filter], liveBrokers }, rules)
    .text.split("\n")
    .flatMap((line) => /Topic: (\S+)/.exec(line)?.[1] ?? [])
    .sort();

describe("kafka-topics --describe", () => {
  test("U-01 healthy", () => {
    expect(partitionLine("orders", partition({}), rules)).toBe(
      "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr: ",
    );
    const { elr: _, lastKnownElr: __, ...olderAnswer } = partition({});
    expect(partitionLine("orders", olderAnswer, rules)).toBe(
      "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: N/A\tLastKnownElr: N/A",
    );
    // Tools up to 3.7 end after the ISR.
    expect(partitionLine("orders", partition({}), rulesFor("3.6"))).toBe(
      "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3",
    );
  });

  test("U-02 leaderless, ELR off", () => {
    expect(partitionLine("foo", partition({ leader: null, isr: [1] }), rules)).toBe(
      "\tTopic: foo\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: 1\tElr: \tLastKnownElr: ",
    );
  });

  test("U-03 leaderless, ELR on", () => {
    expect(partitionLine("foo", partition({ leader: null, isr: [], elr: [2, 3], lastKnownElr: [3] }), rules)).toBe(
      "\tTopic: foo\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: \tElr: 2,3\tLastKnownElr: 3",
    );
  });

  test("U-04 filters, four topics", () => {
    const five = { replicas: [0, 1, 2, 3, 4, 5], isr: [1, 2, 3, 4, 5] };
    const topics = [
      topic("a", 6, partition(five)),
      topic("b", 1, partition(five)),
      topic("c", 1, partition({ replicas: [0], isr: [0], leader: null })),
      topic("d", 1, partition({})),
    ];
    const live = [1, 2, 3, 4, 5];
    expect(listed(topics, "under-min-isr-partitions", live)).toEqual(["a", "c"]);
    expect(listed(topics, "under-replicated-partitions", live)).toEqual(["a", "b"]);
    expect(listed(topics, "unavailable-partitions", live)).toEqual(["c"]);
    const emptyIsr = topic("c", 1, partition({ replicas: [0], isr: [], leader: null, elr: [0] }));
    expect(listed([...topics.slice(0, 2), emptyIsr], "under-replicated-partitions", live)).toEqual(["a", "b", "c"]);
  });

  test("U-04 a leader that is not alive is unavailable too", () => {
    expect(listed([topic("a", 1, partition({ leader: 9 }))], "unavailable-partitions", [1, 2, 3])).toEqual(["a"]);
  });

  test("U-05 at min", () => {
    const topics = [
      topic("at", 4, partition({ replicas: [0, 1, 2, 3, 4, 5], isr: [2, 3, 4, 5] })),
      topic("above", 1, partition({})),
      topic("below", 4, partition({})),
    ];
    expect(listed(topics, "at-min-isr-partitions", [2, 3, 4, 5])).toEqual(["at"]);
  });

  test("U-06 adding replicas are not under-replication", () => {
    const moving = topic("orders", 1, partition({ isr: [1, 2], reassignment: { adding: [3], removing: [] } }));
    expect(listed([moving], "under-replicated-partitions", [1, 2, 3])).toEqual([]);
    expect(
      describeTopics([moving], { liveBrokers: [1, 2, 3] }, rules)
        .text.trimEnd()
        .split("\n"),
    ).toHaveLength(2);
    expect(describeTopics([moving], { liveBrokers: [1, 2, 3] }, rules).text).toContain("ReplicationFactor: 2\t");
  });

  test("U-07 the tool compares with the configured minimum, even above the replication factor", () => {
    const alone = topic("orders", 2, partition({ replicas: [1], isr: [1] }));
    expect(listed([alone], "under-min-isr-partitions", [1])).toEqual(["orders"]);
  });
});

describe("kafka-configs and kafka-leader-election", () => {
  test("U-08 config describe", () => {
    const entries = topicConfigEntries({ topic: { "min.insync.replicas": "2" } }, rules);
    expect(describeConfigs({ kind: "topic", name: "orders" }, entries).text).toBe(
      "Dynamic configs for topic orders are:\n" +
        "  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2, DEFAULT_CONFIG:min.insync.replicas=1}\n",
    );
  });

  test("sources win in their order: topic, broker, cluster, static, default", () => {
    const key = "min.insync.replicas";
    const layers = { topic: { [key]: "5" }, broker: { [key]: "4" }, cluster: { [key]: "3" }, static: { [key]: "2" } };
    expect(topicConfigEntries(layers, rules).find((entry) => entry.name === key)).toEqual({
      name: key,
      value: "5",
      source: "DYNAMIC_TOPIC_CONFIG",
      synonyms: [
        { source: "DYNAMIC_TOPIC_CONFIG", name: key, value: "5" },
        { source: "DYNAMIC_BROKER_CONFIG", name: key, value: "4" },
        { source: "DYNAMIC_DEFAULT_BROKER_CONFIG", name: key, value: "3" },
        { source: "STATIC_BROKER_CONFIG", name: key, value: "2" },
        { source: "DEFAULT_CONFIG", name: key, value: "1" },
      ],
    });
  });

  test("before 4.3 kafka-configs looked whether a topic exists and a key is set", () => {
    // ConfigCommand.alterResourceConfig of 4.0 to 4.2 reads the settings first; 4.3.1 does not (recorded).
    expect(notSetRefusal(["nosuchconfig"], rulesFor("4.2"))).toEqual({
      text: "Invalid config(s): nosuchconfig\n",
      exitStatus: 1,
    });
    expect(notSetRefusal(["nosuchconfig"], rules)).toBeUndefined();
    expect(notSetRefusal([], rulesFor("4.2"))).toBeUndefined();
    expect(noSuchTopicConfigs("nope", ["--describe", "--topic", "nope"], rulesFor("3.9")).text).toBe(
      "Error while executing config command with args '--describe --topic nope'\n" +
        "java.util.concurrent.ExecutionException: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: This server does not host this topic-partition.\n",
    );
  });

  test("U-09 election tool", () => {
    // Q-05, first call: p0 has no candidate, p1 and p2 have leaders.
    const output = electionOutput("UNCLEAN", [
      { topic: "foo", partition: 0, error: "ELIGIBLE_LEADERS_NOT_AVAILABLE" },
      { topic: "foo", partition: 1, error: "ELECTION_NOT_NEEDED" },
      { topic: "foo", partition: 2, error: "ELECTION_NOT_NEEDED" },
    ]);
    expect(output).toEqual({
      text:
        "Valid replica already elected for partitions foo-2, foo-1\n" +
        "Error completing leader election (UNCLEAN) for partition: foo-0: org.apache.kafka.common.errors.EligibleLeadersNotAvailableException: Eligible topic partition leaders are not available.\n" +
        "1 replica(s) could not be elected\n" +
        "org.apache.kafka.tools.AdminCommandFailedException: 1 replica(s) could not be elected\n",
      exitStatus: 1,
    });
  });
});
