import { type MetricName, metrics, objectNameOf } from "../../kafka/metrics.js";
import { delayedOperationMetrics, partitionMetrics, replicaManagerMetrics } from "../../protocol/broker/metrics.js";
import type { Broker } from "../../protocol/broker/state.js";
import { controllerGauges } from "../../protocol/controller/metrics.js";
import { brokerName, controllerName, type NodeName, type TopicPartition } from "../../protocol/ids.js";
import { isPaused, type World } from "../world.js";
import { splitPartition } from "./describe.js";

/** One number as JMX shows it. */
export interface MetricValue {
  readonly node: NodeName;
  readonly name: MetricName;
  /** Of partition metrics. */
  readonly partition: TopicPartition | null;
  /** `kafka.server:type=ReplicaManager,name=UnderReplicatedPartitions`. */
  readonly objectName: string;
  readonly value: number;
}

/** Every metric that can be read now: a process that is down or paused answers nobody. */
export function metricsAt(world: World): readonly MetricValue[] {
  const { controller, brokers } = world;
  const ofController =
    controller.process === "running" && !isPaused(world, controllerName)
      ? named(controllerName, null, controllerGauges(controller))
      : [];
  const running = brokers.filter(
    ({ brokerId, process }) => process === "running" && !isPaused(world, brokerName(brokerId)),
  );
  return [...ofController, ...running.flatMap((broker) => ofBroker(world, broker))];
}

/** The value of one metric, or null where nobody answers. @param partition for the metrics of one partition */
export function metricAt(world: World, node: NodeName, name: string, partition: TopicPartition | null): number | null {
  const found = metricsAt(world).find(
    (metric) =>
      metric.node === node && metric.name === name && (metric.partition === null || metric.partition === partition),
  );
  return found?.value ?? null;
}

function ofBroker(world: World, broker: Broker): readonly MetricValue[] {
  const node = brokerName(broker.brokerId);
  return [
    ...named(node, null, replicaManagerMetrics(broker, world.nowMs, world.rules)),
    ...named(node, null, delayedOperationMetrics(broker)),
    ...broker.replicas.flatMap(({ partition }) => {
      const values = partitionMetrics(broker, partition, world.rules);
      return values === null ? [] : named(node, partition, values);
    }),
  ];
}

/** The model computes a metric under its short name; those that are not in the table of metrics would be ours alone. */
function named(node: NodeName, partition: TopicPartition | null, values: object): readonly MetricValue[] {
  const parts = partition === null ? {} : splitPartition(partition);
  return Object.entries(values).flatMap(([name, value]): readonly MetricValue[] =>
    isMetricName(name) && typeof value === "number"
      ? [{ node, name, partition, objectName: objectNameOf(name, parts), value }]
      : [],
  );
}

export function isMetricName(name: string): name is MetricName {
  return Object.hasOwn(metrics, name);
}
