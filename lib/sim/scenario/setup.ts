import { newConsumer } from "../../protocol/client/consumer.js";
import { newProducer } from "../../protocol/client/producer.js";
import { type ClusterSetup, newWorld } from "../cluster.js";
import type { World } from "../world.js";
import { type Scenario, type Setting, statementsOf } from "./ast.js";
import { planConsumer, planProducer } from "./client-plan.js";
import { type ClusterPlan, planCluster } from "./cluster-plan.js";
import { seeded } from "./seeded.js";
import { partitionCount, planTopic } from "./topic-plan.js";

/** Producer ids of a set-up begin here: beyond the ids of processes and disks, so that none is ever given twice. */
const firstProducerId = 1000;

/** The cluster as the head of a scenario sets it up, ready at time 0. */
export function worldOf(scenario: Scenario): World {
  const plan = clusterPlanOf(scenario);
  const world = newWorld(setupOf(scenario, plan));
  return plan.seed === null ? world : seeded(world, plan.seed);
}

/** What the `cluster` line means; the defaults where there is none. */
export function clusterPlanOf(scenario: Scenario): ClusterPlan {
  const line = statementsOf(scenario).find(({ statement }) => statement.type === "cluster");
  return planCluster(line?.statement.type === "cluster" ? line.statement.settings : []);
}

function setupOf(scenario: Scenario, plan: ClusterPlan): ClusterSetup {
  const { rules, staticConfigs, delayMs } = plan;
  const brokerIds = Array.from({ length: plan.brokers }, (_, index) => index + 1);
  const topics = named(scenario, "topic").map(({ name, settings }) => planTopic(name, settings, plan));
  const producers = named(scenario, "producer").map(({ name, settings }, index) =>
    newProducer({
      ...planProducer(name, settings, rules),
      producerId: firstProducerId + index,
      bootstrap: brokerIds,
    }),
  );
  const topicNames = topics.map(({ topic }) => topic);
  const consumers = named(scenario, "consumer").map(({ name, settings }) => {
    const consumer = planConsumer(name, settings, rules, topicNames);
    const topic = topics.find((candidate) => candidate.topic === consumer.topic);
    const count = topic === undefined ? 0 : partitionCount(topic);
    const partitions = Array.from({ length: count }, (_, index) => `${consumer.topic}-${index}`);
    return newConsumer({ name, settings: consumer.settings, partitions, bootstrap: brokerIds });
  });
  return {
    rules,
    staticConfigs,
    delayMs,
    brokers: brokerIds.map((brokerId, index) => ({ brokerId, rack: plan.racks[index] ?? null })),
    topics,
    producers,
    consumers,
  };
}

function named(
  scenario: Scenario,
  type: "topic" | "producer" | "consumer",
): readonly { readonly name: string; readonly settings: readonly Setting[] }[] {
  return statementsOf(scenario).flatMap(({ statement }) => (statement.type === type ? [statement] : []));
}
