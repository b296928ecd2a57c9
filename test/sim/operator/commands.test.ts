import { describe, expect, test } from "vitest";
import { metricAt, metricsAt } from "../../../lib/sim/operator/metrics.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { type Run, runScenario } from "../../../lib/sim/scenario/run-scenario.js";

function runText(text: string): Run {
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new Error(parsed.diagnostics.map(({ line, message }) => `${line}: ${message}`).join("\n"));
  const run = runScenario(parsed.scenario);
  expect(run.stopped).toBeNull();
  return run;
}

/** Runs command lines at their times and gives what each printed; topic ids, which Kafka draws by lot, are left out. */
function outputs(text: string): readonly (readonly [output: string, exitStatus: number])[] {
  return runText(text).toolRuns.map(({ output }) => [
    output.text.replace(/\tTopicId: [\w-]{22}/g, "").trimEnd(),
    output.exitStatus,
  ]);
}

const failedElection = (count: number): string =>
  `${count} replica(s) could not be elected\norg.apache.kafka.tools.AdminCommandFailedException: ${count} replica(s) could not be elected`;

/** Expected texts are recordings of the tools of 4.3.1, without the frames of stack traces. */
describe("the tools against a cluster, as recorded", () => {
  test("a healthy topic", () => {
    expect(
      outputs(`topic orders replicas=1,2,3 min.insync.replicas=2
at 1s $ kafka-topics.sh --bootstrap-server localhost:9092 --describe --topic orders
at 2s $ kafka-topics --describe --under-replicated-partitions
at 2s $ kafka-topics --describe --under-min-isr-partitions
at 2s $ kafka-topics --describe --at-min-isr-partitions
at 2s $ kafka-topics --describe --unavailable-partitions
at 3s $ kafka-configs --describe --topic orders
at 3s $ kafka-configs --alter --topic orders --add-config unclean.leader.election.enable=false
at 4s $ kafka-configs --describe --topic orders
at 4s $ kafka-configs --describe --entity-type brokers --entity-default
at 4s $ kafka-configs --describe --broker 1
at 5s $ kafka-topics --describe --topic orders`),
    ).toEqual([
      [
        "Topic: orders\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n" +
          "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr:",
        0,
      ],
      ["", 0],
      ["", 0],
      ["", 0],
      ["", 0],
      [
        "Dynamic configs for topic orders are:\n" +
          "  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2, DYNAMIC_DEFAULT_BROKER_CONFIG:min.insync.replicas=1, DEFAULT_CONFIG:min.insync.replicas=1}",
        0,
      ],
      ["Completed updating config for topic orders.", 0],
      [
        "Dynamic configs for topic orders are:\n" +
          "  min.insync.replicas=2 sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:min.insync.replicas=2, DYNAMIC_DEFAULT_BROKER_CONFIG:min.insync.replicas=1, DEFAULT_CONFIG:min.insync.replicas=1}\n" +
          "  unclean.leader.election.enable=false sensitive=false synonyms={DYNAMIC_TOPIC_CONFIG:unclean.leader.election.enable=false, DEFAULT_CONFIG:unclean.leader.election.enable=false}",
        0,
      ],
      [
        "Default configs for brokers in the cluster are:\n" +
          "  min.insync.replicas=1 sensitive=false synonyms={DYNAMIC_DEFAULT_BROKER_CONFIG:min.insync.replicas=1}",
        0,
      ],
      ["Dynamic configs for broker 1 are:", 0],
      [
        "Topic: orders\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2,unclean.leader.election.enable=false\n" +
          "\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\tElr: \tLastKnownElr:",
        0,
      ],
    ]);
  });

  test("elections after the leader has come back", () => {
    const elect = "kafka-leader-election --election-type";
    expect(
      outputs(`topic orders replicas=1,2,3 min.insync.replicas=2
at 1s crash 1
at 15s start 1
at 30s $ ${elect} preferred --topic orders --partition 0
at 31s $ ${elect} preferred --topic orders --partition 0
at 32s $ ${elect} preferred --all-topic-partitions
at 33s $ ${elect} unclean --topic orders --partition 0
at 34s crash 1
at 50s $ ${elect} preferred --topic orders --partition 0
at 51s $ ${elect} preferred --topic nosuch --partition 0`),
    ).toEqual([
      ["Successfully completed leader election (PREFERRED) for partitions orders-0", 0],
      ["Valid replica already elected for partitions orders-0", 0],
      ["", 0],
      ["Valid replica already elected for partitions orders-0", 0],
      [
        "Error completing leader election (PREFERRED) for partition: orders-0: org.apache.kafka.common.errors.PreferredLeaderNotAvailableException: The preferred leader was not available.\n" +
          failedElection(1),
        1,
      ],
      [
        "Error completing leader election (PREFERRED) for partition: nosuch-0: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: No such topic as nosuch\n" +
          failedElection(1),
        1,
      ],
    ]);
  });

  test("a leaderless partition with eligible leader replicas, and an unclean election by tool", () => {
    const orders = "\tTopic: orders\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: \tElr: 1,2\tLastKnownElr: 1";
    const solo = "\tTopic: solo\tPartition: 0\tLeader: none\tReplicas: 1\tIsr: \tElr: 1\tLastKnownElr: 1";
    const header = (name: string, factor: number, min: number): string =>
      `Topic: ${name}\tPartitionCount: 1\tReplicationFactor: ${factor}\tConfigs: min.insync.replicas=${min}`;
    const notEligible =
      "Error completing leader election (UNCLEAN) for partition: solo-0: org.apache.kafka.common.errors.EligibleLeadersNotAvailableException: Eligible topic partition leaders are not available.";
    expect(
      outputs(`topic orders replicas=1,2,3 min.insync.replicas=2
topic solo replicas=1 min.insync.replicas=1
at 4s crash 3
at 15s crash 2
at 26s crash 1
at 42s start 3
at 59s $ kafka-topics --describe
at 59s $ kafka-topics --describe --under-replicated-partitions
at 59s $ kafka-topics --describe --under-min-isr-partitions
at 59s $ kafka-topics --describe --at-min-isr-partitions
at 59s $ kafka-topics --describe --unavailable-partitions
at 60s $ kafka-leader-election --election-type unclean --topic solo --partition 0
at 69s $ kafka-leader-election --election-type unclean --all-topic-partitions
at 75s $ kafka-topics --describe
at 75s $ kafka-topics --describe --unavailable-partitions
at 75s expect orders-0 leader=3 epoch=2 partition-epoch=4 isr=3 elr=- recovery=recovering`),
    ).toEqual([
      [`${header("orders", 3, 2)}\n${orders}\n${header("solo", 1, 1)}\n${solo}`, 0],
      [`${orders}\n${solo}`, 0],
      [`${orders}\n${solo}`, 0],
      ["", 0],
      [`${orders}\n${solo}`, 0],
      [`${notEligible}\n${failedElection(1)}`, 1],
      [
        `Successfully completed leader election (UNCLEAN) for partitions orders-0\n${notEligible}\n${failedElection(1)}`,
        1,
      ],
      [
        `${header("orders", 3, 2)}\n\tTopic: orders\tPartition: 0\tLeader: 3\tReplicas: 1,2,3\tIsr: 3\tElr: \tLastKnownElr: \n` +
          `${header("solo", 1, 1)}\n${solo}`,
        0,
      ],
      [solo, 0],
    ]);
  });

  test("reassignment, told by the tool", () => {
    const json = (replicas: string): string =>
      `'{"version":1,"partitions":[{"topic":"orders","partition":0,"replicas":[${replicas}]}]}'`;
    const run = runText(`topic orders replicas=1,2
at 1s $ kafka-reassign-partitions --reassignment-json-file ${json("1,2,3")} --execute
at 9s $ kafka-reassign-partitions --reassignment-json-file ${json("1,2,3")} --verify
at 9s $ kafka-reassign-partitions --list
at 9s expect replicas=1,2,3 isr=1,2,3 partition-epoch=2 epoch=0
at 9s $ kafka-reassign-partitions --reassignment-json-file ${json("1,2,9")} --execute`);
    expect(run.failures).toEqual([]);
    const [executed, verified, listed, refused] = run.toolRuns.map(({ output }) => output);
    expect(executed?.text).toContain("Successfully started partition reassignment for orders-0\n");
    expect(executed?.text).toMatch(/^Current partition replica assignment\n\n\{"version":1,.*"replicas":\[1,2\]/);
    expect(verified?.text).toBe(
      "Status of partition reassignment:\nReassignment of partition orders-0 is completed.\n\n" +
        "Clearing broker-level throttles on brokers 1,2,3\nClearing topic-level throttles on topic orders\n",
    );
    expect(listed).toEqual({ text: "No partition reassignments found.\n", exitStatus: 0 });
    expect(refused).toMatchObject({ exitStatus: 1, text: expect.stringContaining("Unknown broker id 9") });
  });

  test("deleting a key that is not set: refused before 4.3, accepted since", () => {
    const remove = (kafka: string): readonly unknown[] =>
      outputs(`cluster kafka=${kafka}
topic orders
at 0 $ kafka-configs --alter --topic orders --delete-config retention.ms`);
    expect(remove("4.0")).toEqual([["Invalid config(s): retention.ms", 1]]);
    expect(remove("4.3")).toEqual([["Completed updating config for topic orders.", 0]]);
  });

  test("topics come and go, and offsets are the leaders'", () => {
    expect(
      outputs(`topic orders replicas=1,2,3
producer p linger.ms=0
at 0 p send a b c
at 2s $ kafka-get-offsets --topic orders
at 2s $ kafka-get-offsets --topic orders --time earliest
at 3s $ kafka-topics --create --topic audit --partitions 2 --replication-factor 3
at 3s $ kafka-topics --create --topic audit --partitions 2 --replication-factor 3
at 3s $ kafka-topics --create --topic audit --partitions 2 --replication-factor 3 --if-not-exists
at 4s $ kafka-topics --list
at 5s $ kafka-topics --delete --topic audit
at 6s $ kafka-topics --list
at 6s $ kafka-topics --delete --topic audit`),
    ).toEqual([
      ["orders:0:3", 0],
      ["orders:0:0", 0],
      ["Created topic audit.", 0],
      ["Error while executing topic command : Topic 'audit' already exists.", 1],
      ["", 0],
      ["audit\norders", 0],
      ["", 0],
      ["orders", 0],
      ["Error while executing topic command : Topic 'audit' does not exist as expected", 1],
    ]);
  });
});

describe("metrics", () => {
  // Section by section as a running cluster showed them: counts of led partitions vanish with their leader.
  test("one follower down, then the leader", () => {
    const run = runText(`topic orders replicas=1,2,3 min.insync.replicas=2
at 1s crash 3
at 11s expect metric(1/UnderReplicatedPartitions)=1 metric(1/UnderMinIsrPartitionCount)=0 metric(1/AtMinIsrPartitionCount)=1
at 11s expect metric(3/PartitionCount)=- metric(controller/FencedBrokerCount)=1 metric(controller/ActiveBrokerCount)=2
at 11s expect metric(1/IsrShrinksPerSec)=0 metric(1/InSyncReplicasCount)=2 metric(2/InSyncReplicasCount)=0
at 12s crash 2
at 22s expect metric(1/UnderMinIsrPartitionCount)=1 metric(1/UnderMinIsr)=1 metric(controller/OfflinePartitionsCount)=0
at 23s crash 1
at 33s expect metric(1/UnderMinIsrPartitionCount)=- metric(controller/OfflinePartitionsCount)=1
at 33s expect metric(controller/PreferredReplicaImbalanceCount)=1`);
    expect(run.failures).toEqual([]);
  });

  test("have their real names, each once", () => {
    const { world } = runText("topic orders replicas=1,2,3\nat 1s expect leader=1");
    const all = metricsAt(world);
    expect(all.find(({ name, node }) => name === "InSyncReplicasCount" && node === "1")).toEqual({
      node: "1",
      name: "InSyncReplicasCount",
      partition: "orders-0",
      objectName: "kafka.cluster:type=Partition,name=InSyncReplicasCount,topic=orders,partition=0",
      value: 3,
    });
    const keys = all.map(({ node, objectName }) => `${node} ${objectName}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(all.map(({ objectName }) => objectName).join("\n")).not.toContain("{");
    expect(metricAt(world, "controller", "GlobalPartitionCount", null)).toBe(1);
    expect(metricAt(world, "controller", "Nonsense", null)).toBeNull();
  });
});
