import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Scenario, type Setting, type Statement, statementsOf } from "../lib/sim/scenario/ast.js";
import { planConsumer, planProducer } from "../lib/sim/scenario/client-plan.js";
import { formatStatement } from "../lib/sim/scenario/format.js";
import { clusterPlanOf, worldOf } from "../lib/sim/scenario/setup.js";
import { partitionCount, planTopic } from "../lib/sim/scenario/topic-plan.js";
import { currentMetadata } from "../lib/sim/world.js";
import type { RecordedStep, Recording } from "../test/conformance/recording.js";
import { Answers } from "./answers.js";
import { Cluster, controllerId } from "./cluster.js";
import { Complaint } from "./complaint.js";
import { Driver } from "./driver.js";
import { handsOf } from "./hands.js";
import type { KafkaJars } from "./kafka-jars.js";
import { Observer } from "./look.js";
import { MetadataLog } from "./metadata-log.js";
import { Player } from "./play.js";
import { Relay } from "./relay.js";

const startPatienceMs = 90_000;

/** Fields of a recording that another run would show otherwise. */
const timingDependentFields = [
  "atMs, observedAtMs, sentAtMs, answeredAtMs, registeredAtMs",
  "metadataRecords[].offset, .atMs and brokerEpoch values, order of records that share one atMs and concern different partitions",
  "metrics: IsrExpandsPerSec and IsrShrinksPerSec may be lower than the number of ISR records (a metadata update can overtake the AlterPartition answer)",
];

export interface Recorder {
  readonly kafka: KafkaJars;
  readonly driverClassPath: string;
  readonly javaOptions: readonly string[];
  /** A folder of this run alone. */
  readonly folder: string;
  readonly say: (line: string) => void;
  /** Told what must be ended if the run is broken off. */
  readonly onStop: (stop: () => Promise<void>) => void;
}

/** Plays a scenario on a cluster of its own, which is gone afterwards. @param name of the recording */
export async function record(name: string, scenario: Scenario, recorder: Recorder): Promise<Recording> {
  const { kafka, driverClassPath, javaOptions, say } = recorder;
  const plan = clusterPlanOf(scenario);
  const brokerIds = Array.from({ length: plan.brokers }, (_, index) => index + 1);
  const folder = join(recorder.folder, "cluster");
  mkdirSync(folder, { recursive: true });
  const driver = new Driver(driverClassPath, javaOptions);
  await driver.ask("guardFolder", { folder: recorder.folder });
  const relay = new Relay();
  const { eligibleLeaderReplicas } = plan.rules;
  const settings = { brokerIds, racks: plan.racks, eligibleLeaderReplicas, settings: plan.staticConfigs };
  const cluster = new Cluster(folder, kafka, settings, driver, relay);
  const stop = async (): Promise<void> => {
    await cluster.stop();
    await driver.end();
    await relay.close();
  };
  recorder.onStop(stop);
  try {
    say(`starting a controller and ${plan.brokers} brokers of Kafka ${kafka.version}`);
    await cluster.start();
    const features = await ready(cluster, driver, brokerIds);
    const topics = new Set<string>();
    const answers = new Answers();
    driver.onAnswer = (answer) => answers.take(answer);
    const described = await createTopics(scenario, driver, topics);
    await openClients(scenario, cluster, driver);
    const log = new MetadataLog();
    const observer = new Observer(cluster, driver, log, brokerIds, () => [...topics].sort());
    const [only, ...others] = currentMetadata(worldOf(scenario)).partitions;
    const onlyPartition = others.length === 0 ? (only?.partition ?? "") : "";
    const hands = handsOf({ cluster, driver, relay, onlyPartition, topics });
    const player = new Player({ scenario, cluster, driver, relay, observer, answers, say }, hands);
    await player.play();
    const finalLogs = await observer.logs();
    return {
      scenario: name,
      title: titleOf(scenario),
      kafkaVersion: kafka.version,
      mode: `KRaft, 1 controller (${controllerId}), brokers ${brokerIds.join(",")}`,
      head: headOf(scenario),
      serverConfigOverrides: plan.staticConfigs,
      topics: described,
      finalizedFeatures: features,
      steps: answers.addTo(player.steps, player.zeroAt, (step) => acksOf(scenario, step)),
      finalLogs,
      metadataRecords: log.records,
      timingDependentFields,
    };
  } finally {
    await stop();
  }
}

/** Waits until clients can reach every broker, and returns the features of the cluster. */
async function ready(cluster: Cluster, driver: Driver, brokerIds: readonly number[]) {
  await driver.ask("connect", { bootstrap: cluster.bootstrapOf(brokerIds), controllers: cluster.controllerAddress });
  const deadline = Date.now() + startPatienceMs;
  for (;;) {
    cluster.checkAlive();
    const found = await driver.ask("cluster").catch(() => null);
    if (found !== null) {
      const { brokers, features } = found as { brokers: number[]; features: Record<string, number> };
      if (brokers.length === brokerIds.length) return features;
    }
    if (Date.now() > deadline)
      throw new Complaint(
        `the cluster did not come up within ${startPatienceMs / 1000} s`,
        "the machine may be too busy; try again when it is quiet",
      );
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** The topics of the head, and the words a recording describes them with. */
async function createTopics(scenario: Scenario, driver: Driver, topics: Set<string>): Promise<Record<string, string>> {
  const plan = clusterPlanOf(scenario);
  const described: Record<string, string> = {};
  for (const { name, settings } of named(scenario, "topic")) {
    const { assignment, configs } = planTopic(name, settings, plan);
    await driver.ask("createTopic", { topic: name, configs, ...assignment });
    const lists = "replicas" in assignment ? assignment.replicas.map((list) => `[${list.join(", ")}]`).join(";") : "";
    const given = Object.entries(configs).map(([key, value]) => `${key}=${value}`);
    described[name] = `replicas=${lists} {${given.join(", ")}}`;
    topics.add(name);
  }
  return described;
}

async function openClients(scenario: Scenario, cluster: Cluster, driver: Driver): Promise<void> {
  const plan = clusterPlanOf(scenario);
  const brokerIds = Array.from({ length: plan.brokers }, (_, index) => index + 1);
  const shared = (name: string) => ({ "bootstrap.servers": cluster.bootstrapOf(brokerIds), "client.id": name });
  const topicNames = named(scenario, "topic").map(({ name }) => name);
  for (const { name, settings } of named(scenario, "producer"))
    await driver.ask("producer", { name, config: { ...texts(settings), ...shared(name) } });
  for (const { name, settings } of named(scenario, "consumer")) {
    const { topic } = planConsumer(name, settings, plan.rules, topicNames);
    const found = named(scenario, "topic").find((one) => one.name === topic);
    const count = found === undefined ? 0 : partitionCount(planTopic(topic, found.settings, plan));
    const partitions = Array.from({ length: count }, (_, index) => `${topic}-${index}`);
    const { topic: _, ...config } = texts(settings);
    await driver.ask("consumer", { name, partitions, config: { ...config, ...shared(name) } });
  }
}

function acksOf(scenario: Scenario, { action }: RecordedStep): string {
  const producer = named(scenario, "producer").find(({ name }) => action.startsWith(`${name} send `));
  if (producer === undefined) return "all";
  return String(planProducer(producer.name, producer.settings, clusterPlanOf(scenario).rules).settings.acks);
}

/** The first line of prose. */
function titleOf({ lines }: Scenario): string {
  const first = lines.find((line) => line.type === "comment");
  return first?.type === "comment" ? first.text.trim() : "";
}

function headOf(scenario: Scenario): string[] {
  const isHead = ({ type }: Statement): boolean => ["cluster", "topic", "producer", "consumer"].includes(type);
  return statementsOf(scenario).flatMap(({ statement }) => (isHead(statement) ? [formatStatement(statement)] : []));
}

function named(
  scenario: Scenario,
  type: "topic" | "producer" | "consumer",
): readonly { readonly name: string; readonly settings: readonly Setting[] }[] {
  return statementsOf(scenario).flatMap(({ statement }) => (statement.type === type ? [statement] : []));
}

function texts(settings: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(settings.map(({ key, value }) => [key, value]));
}
