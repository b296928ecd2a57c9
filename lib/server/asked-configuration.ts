import type { AskedConfiguration } from "../check/guarantees/question.js";
import type { Scenario, Setting } from "../sim/scenario/ast.js";
import { statementsOf } from "../sim/scenario/ast.js";

/** Keys of a scenario's head that say how its cluster is built, not how Kafka is configured. */
const builderKeys = new Set(["replicas", "partitions", "linger.ms"]);

/** The configuration that stands in a scenario's head: its first topic, its first producer, its release. */
export function askedConfiguration(scenario: Scenario): AskedConfiguration {
  const statements = statementsOf(scenario).map(({ statement }) => statement);
  const settingsOf = (type: "cluster" | "topic" | "producer"): readonly Setting[] => {
    const found = statements.find((statement) => statement.type === type);
    return found !== undefined && "settings" in found ? found.settings : [];
  };
  const value = (type: "cluster" | "topic", key: string): string | undefined =>
    settingsOf(type).find((setting) => setting.key === key)?.value;
  const replicas = value("topic", "replicas")?.split(",").length;
  const brokers = Number(value("cluster", "brokers") ?? 3);
  const factor = Number(value("topic", "replication.factor") ?? replicas ?? Math.min(3, brokers));
  const named = (key: "kafka" | "elr" | "variant"): Record<string, string> => {
    const found = value("cluster", key);
    return found === undefined ? {} : { [key]: found };
  };
  return {
    replicationFactor: factor,
    ...named("kafka"),
    ...named("elr"),
    ...named("variant"),
    topic: keysOf(settingsOf("topic").filter(({ key }) => key !== "replication.factor")),
    producer: keysOf(settingsOf("producer")),
  };
}

function keysOf(settings: readonly Setting[]): Record<string, string> {
  return Object.fromEntries(settings.filter(({ key }) => !builderKeys.has(key)).map(({ key, value }) => [key, value]));
}
