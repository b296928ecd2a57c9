import { invariant } from "../core/assert.js";
import { defaultText, findConfig } from "../kafka/config/catalog.js";
import type { ConfigGroup } from "../kafka/config/definition.js";
import { type ConfigValue, parseConfigValue } from "../kafka/config/value.js";
import type { Rules } from "../kafka/versions.js";
import type { BrokerSettings } from "../protocol/broker/state.js";
import type { ControllerSettings } from "../protocol/controller/state.js";
import { recordBytes } from "../protocol/log/record.js";

/** Keys and values of `server.properties`, as text. */
export type StaticConfigs = Readonly<Record<string, string>>;

const secondMs = 1000;

/** `controller.socket.timeout.ms`: how long a broker waits for the controller's answer; nobody tunes it. */
const controllerSocketTimeoutMs = 30_000;

/** The value in force of a key that has been checked before: the one given, else the default of the release. */
export function settingOf(group: ConfigGroup, key: string, given: StaticConfigs, rules: Rules): ConfigValue {
  const definition = findConfig(group, key);
  invariant(definition !== undefined, () => `${key} is not a ${group} setting`);
  const parsed = parseConfigValue(definition, given[key] ?? defaultText(definition, rules));
  invariant(parsed.ok, () => `${key} was not checked: ${parsed.ok ? "" : parsed.message}`);
  return parsed.value;
}

export function brokerSettingsFrom(given: StaticConfigs, rules: Rules): BrokerSettings {
  const number = (key: string): number => Number(settingOf("broker", key, given, rules));
  const selector = settingOf("broker", "replica.selector.class", given, rules);
  return {
    replicaLagTimeMaxMs: number("replica.lag.time.max.ms"),
    replicaFetchWaitMaxMs: number("replica.fetch.wait.max.ms"),
    replicaFetchMinBytes: number("replica.fetch.min.bytes"),
    replicaFetchMaxRecords: recordsIn(number("replica.fetch.max.bytes")),
    replicaFetchBackoffMs: number("replica.fetch.backoff.ms"),
    replicaSocketTimeoutMs: number("replica.socket.timeout.ms"),
    replicaHighWatermarkCheckpointIntervalMs: number("replica.high.watermark.checkpoint.interval.ms"),
    brokerHeartbeatIntervalMs: number("broker.heartbeat.interval.ms"),
    brokerSessionTimeoutMs: sessionTimeoutMs(given, rules),
    controllerSocketTimeoutMs,
    initialBrokerRegistrationTimeoutMs: number("initial.broker.registration.timeout.ms"),
    producerIdExpirationMs: number("producer.id.expiration.ms"),
    controlledShutdownEnable: settingOf("broker", "controlled.shutdown.enable", given, rules) === true,
    replicaSelector:
      typeof selector === "string" && selector.endsWith("RackAwareReplicaSelector") ? "rack-aware" : "leader",
  };
}

export function controllerSettingsFrom(given: StaticConfigs, rules: Rules): ControllerSettings {
  const number = (key: string): number => Number(settingOf("controller", key, given, rules));
  return {
    brokerSessionTimeoutMs: sessionTimeoutMs(given, rules),
    autoLeaderRebalanceEnable: settingOf("controller", "auto.leader.rebalance.enable", given, rules) === true,
    leaderImbalanceCheckIntervalMs: number("leader.imbalance.check.interval.seconds") * secondMs,
    uncleanLeaderElectionIntervalMs: number("unclean.leader.election.interval.ms"),
  };
}

/** How long a silent broker counts as alive: a session with the controller, or with ZooKeeper before there was one. */
function sessionTimeoutMs(given: StaticConfigs, rules: Rules): number {
  const value =
    rules.controllerKind === "zookeeper"
      ? settingOf("broker", "zookeeper.session.timeout.ms", given, rules)
      : settingOf("controller", "broker.session.timeout.ms", given, rules);
  return Number(value);
}

function recordsIn(bytes: number): number {
  return Math.max(1, Math.floor(bytes / recordBytes));
}
