import { checkTopicConfigs } from "../../kafka/config.js";
import type { TopicSetup } from "../cluster.js";
import type { Setting } from "./ast.js";
import { type ClusterPlan, countOf } from "./cluster-plan.js";
import { checkSetting, recordOf, refused, SettingFailure } from "./settings.js";

/** The words of a `topic` line that are not configuration keys of the topic. */
export const topicOwnKeys = ["partitions", "replication.factor", "replicas"] as const;

const partitionsMax = 64;

/**
 * What a `topic` line means.
 *
 * @throws SettingFailure for the first setting that cannot be
 */
export function planTopic(topic: string, settings: readonly Setting[], cluster: ClusterPlan): TopicSetup {
  const own = new Map(settings.filter(({ key }) => isOwn(key)).map(({ key, value }) => [key, value]));
  const given = settings.filter(({ key }) => !isOwn(key));
  const assignment = planAssignment(own, cluster);
  for (const { key, value } of given) checkSetting(["topic"], key, value, cluster.rules, topicOwnKeys);
  const checked = checkTopicConfigs(recordOf(given), cluster.rules);
  if (!checked.ok) throw refused(checked);
  return { topic, assignment, configs: checked.texts };
}

/** How many partitions the topic has. */
export function partitionCount({ assignment }: TopicSetup): number {
  return "replicas" in assignment ? assignment.replicas.length : assignment.partitions;
}

function isOwn(key: string): boolean {
  return topicOwnKeys.some((own) => own === key);
}

function planAssignment(own: ReadonlyMap<string, string>, cluster: ClusterPlan): TopicSetup["assignment"] {
  const replicas = own.get("replicas");
  if (replicas === undefined) {
    const partitions = countOf("partitions", own.get("partitions") ?? "1", 1, partitionsMax);
    const factor = own.get("replication.factor");
    // Kafka's own default is one copy, with which there is nothing to replicate: here a topic has three if it can.
    const byDefault = cluster.staticConfigs["default.replication.factor"] ?? String(Math.min(3, cluster.brokers));
    return { partitions, replicationFactor: countOf("replication.factor", factor ?? byDefault, 1, cluster.brokers) };
  }
  const lists = replicas.split(";").map((list) => replicaList(list, cluster));
  agree(own, "partitions", lists.length, "lists of replicas");
  const length = lists[0]?.length ?? 0;
  if (lists.some((list) => list.length !== length))
    throw new SettingFailure("replicas", "every partition of a topic has the same number of replicas");
  agree(own, "replication.factor", length, "replicas in each list");
  return { replicas: lists };
}

function agree(own: ReadonlyMap<string, string>, key: string, count: number, what: string): void {
  const said = own.get(key);
  if (said !== undefined && said !== String(count))
    throw new SettingFailure(key, `${key}=${said}, but there are ${count} ${what}`);
}

function replicaList(text: string, cluster: ClusterPlan): readonly number[] {
  const brokerIds = text.split(",").map((part) => {
    const brokerId = /^\d{1,3}$/.test(part) ? Number(part) : 0;
    if (brokerId >= 1 && brokerId <= cluster.brokers) return brokerId;
    throw new SettingFailure(
      "replicas",
      `there is no broker "${part}"`,
      `the cluster has brokers 1 to ${cluster.brokers}`,
    );
  });
  if (new Set(brokerIds).size !== brokerIds.length)
    throw new SettingFailure("replicas", `a broker is named twice in "${text}"`);
  return brokerIds;
}
