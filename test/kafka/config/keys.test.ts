import { describe, expect, test } from "vitest";
import {
  type ConfigGroup,
  configDefinitions,
  configGroups,
  defaultText,
  findConfig,
  keysOf,
  lookUpConfig,
  parseConfigValue,
} from "../../../lib/kafka/config.js";
import { type KafkaVersion, kafkaVersions, rulesFor } from "../../../lib/kafka/versions.js";

// Section 12 of the reference: every key with its default in 4.3 (all observed on 4.3.1), by group.
const defaults43: readonly (readonly [ConfigGroup, string, string | null])[] = [
  ["broker", "default.replication.factor", "1"],
  ["broker", "min.insync.replicas", "1"],
  ["topic", "min.insync.replicas", "1"],
  ["broker", "unclean.leader.election.enable", "false"],
  ["topic", "unclean.leader.election.enable", "false"],
  ["controller", "unclean.leader.election.interval.ms", "300000"],
  ["broker", "replica.lag.time.max.ms", "30000"],
  ["broker", "replica.fetch.wait.max.ms", "500"],
  ["broker", "replica.fetch.min.bytes", "1"],
  ["broker", "replica.fetch.max.bytes", "1048576"],
  ["broker", "replica.fetch.response.max.bytes", "10485760"],
  ["broker", "replica.fetch.backoff.ms", "1000"],
  ["broker", "replica.socket.timeout.ms", "30000"],
  ["broker", "num.replica.fetchers", "1"],
  ["broker", "replica.high.watermark.checkpoint.interval.ms", "5000"],
  ["broker", "replica.selector.class", null],
  ["controller", "broker.session.timeout.ms", "9000"],
  ["broker", "broker.heartbeat.interval.ms", "2000"],
  ["broker", "initial.broker.registration.timeout.ms", "60000"],
  ["broker", "controlled.shutdown.enable", "true"],
  ["controller", "auto.leader.rebalance.enable", "true"],
  ["controller", "leader.imbalance.check.interval.seconds", "300"],
  ["broker", "log.flush.interval.messages", "9223372036854775807"],
  ["broker", "log.flush.offset.checkpoint.interval.ms", "60000"],
  ["broker", "auto.create.topics.enable", "true"],
  ["broker", "producer.id.expiration.ms", "86400000"],
  ["feature", "eligible.leader.replicas.version", "1"],
  ["producer", "acks", "all"],
  ["producer", "enable.idempotence", "true"],
  ["producer", "retries", "2147483647"],
  ["producer", "max.in.flight.requests.per.connection", "5"],
  ["producer", "delivery.timeout.ms", "120000"],
  ["producer", "request.timeout.ms", "30000"],
  ["producer", "linger.ms", "5"],
  ["producer", "batch.size", "16384"],
  ["producer", "retry.backoff.ms", "100"],
  ["producer", "retry.backoff.max.ms", "1000"],
  ["producer", "max.block.ms", "60000"],
  ["producer", "buffer.memory", "33554432"],
  ["consumer", "isolation.level", "read_uncommitted"],
  ["consumer", "auto.offset.reset", "latest"],
  ["consumer", "client.rack", ""],
  ["consumer", "fetch.min.bytes", "1"],
  ["consumer", "fetch.max.wait.ms", "500"],
];

const definition = (group: ConfigGroup, name: string) => {
  const found = findConfig(group, name);
  if (found === undefined) throw new Error(`no ${group} key ${name}`);
  return found;
};

describe("configuration keys", () => {
  test.each(defaults43)("%s %s is %s in 4.3", (group, name, text) => {
    expect(defaultText(definition(group, name), rulesFor("4.3"))).toBe(text);
  });

  test.each<[ConfigGroup, string, KafkaVersion, string]>([
    ["producer", "acks", "2.8", "1"],
    ["producer", "acks", "3.6", "all"],
    ["producer", "enable.idempotence", "2.8", "false"],
    ["producer", "enable.idempotence", "3.6", "true"],
    ["producer", "linger.ms", "3.9", "0"],
    ["producer", "linger.ms", "4.0", "5"],
    ["feature", "eligible.leader.replicas.version", "4.0", "0"],
    ["feature", "eligible.leader.replicas.version", "4.1", "1"],
  ])("%s %s in %s", (group, name, version, text) => {
    expect(defaultText(definition(group, name), rulesFor(version))).toBe(text);
  });

  test("a variant brings the defaults of its time", () => {
    const unclean = definition("topic", "unclean.leader.election.enable");
    expect(defaultText(unclean, rulesFor("4.3", {}, "unclean-by-default"))).toBe("true");
    expect(defaultText(definition("producer", "enable.idempotence"), rulesFor("4.3", {}, "idempotence-not-on"))).toBe(
      "false",
    );
  });

  test("keys come and go with the releases", () => {
    const percentage = (version: KafkaVersion) =>
      keysOf("controller", version).some((key) => key.name === "leader.imbalance.per.broker.percentage");
    expect(kafkaVersions.map(percentage)).toEqual([true, true, true, false, false, false, false]);
    expect(lookUpConfig("leader.imbalance.per.broker.percentage", ["controller"], "4.3")).toEqual({
      kind: "absent",
      sentence: "leader.imbalance.per.broker.percentage does not exist any more in Kafka 4.3",
    });
    expect(lookUpConfig("broker.session.timeout.ms", ["broker", "controller"], "2.8").kind).toBe("absent");
  });

  test("every default is valid, names are unique, and every key says what it decides", () => {
    for (const group of configGroups) {
      const names = configDefinitions[group].map((key) => key.name);
      expect(new Set(names).size, group).toBe(names.length);
      for (const key of configDefinitions[group]) {
        expect(key.decides, key.name).toMatch(/^[A-Z].*\.$/);
        expect(key.help, key.name).toMatch(/\.$/);
        for (const text of Object.values(key.defaults)) {
          const parsed = parseConfigValue(key, text);
          expect(parsed.ok, `${key.name}=${text}`).toBe(true);
          if (parsed.ok) expect(parsed.text, key.name).toBe(text);
        }
      }
    }
  });
});

describe("names that are not found", () => {
  test.each([
    ["min-insync-replicas", "topic", "min.insync.replicas"],
    ["minInsyncReplicas", "topic", "min.insync.replicas"],
    ["min.insync.replica", "topic", "min.insync.replicas"],
    ["min.insycn.replicas", "topic", "min.insync.replicas"],
    ["enable.idempotance", "producer", "enable.idempotence"],
    ["ack", "producer", "acks"],
    ["max.in.flight.requests.per.conection", "producer", "max.in.flight.requests.per.connection"],
  ] as const)("%s in %s: the nearest is %s", (given, group, nearest) => {
    expect(lookUpConfig(given, [group], "4.3")).toMatchObject({ kind: "unknown", nearest });
  });

  test("nothing near", () => {
    expect(lookUpConfig("colour", ["topic"], "4.3")).toEqual({
      kind: "unknown",
      nearest: null,
      sentence: 'Kafka has no topic setting "colour"',
    });
  });

  test("a key of another group says where it belongs", () => {
    expect(lookUpConfig("acks", ["topic"], "4.3")).toEqual({
      kind: "misplaced",
      belongsTo: ["producer"],
      sentence: "acks is a producer setting, not a topic setting",
    });
    expect(lookUpConfig("min.insync.replicas", ["producer"], "4.3")).toMatchObject({ belongsTo: ["topic", "broker"] });
  });

  test("a real key without a part in replication is not called misspelt", () => {
    expect(lookUpConfig("key.serializer", ["producer"], "4.3").kind).toBe("other");
    expect(lookUpConfig("ssl.keystore.location", ["broker"], "4.3").kind).toBe("other");
  });
});

describe("values, in Kafka's words", () => {
  test.each<[ConfigGroup, string, unknown, string]>([
    // Recorded from 4.3.1:
    [
      "topic",
      "min.insync.replicas",
      "0",
      "Invalid value 0 for configuration min.insync.replicas: Value must be at least 1",
    ],
    // ConfigDef.java:
    [
      "topic",
      "min.insync.replicas",
      "two",
      "Invalid value two for configuration min.insync.replicas: Not a number of type INT",
    ],
    [
      "topic",
      "min.insync.replicas",
      2.5,
      "Invalid value 2.5 for configuration min.insync.replicas: Not a number of type INT",
    ],
    [
      "topic",
      "min.insync.replicas",
      "2147483648",
      "Invalid value 2147483648 for configuration min.insync.replicas: Not a number of type INT",
    ],
    [
      "topic",
      "min.insync.replicas",
      null,
      "Invalid value null for configuration min.insync.replicas: Value must be non-null",
    ],
    [
      "broker",
      "replica.lag.time.max.ms",
      "30s",
      "Invalid value 30s for configuration replica.lag.time.max.ms: Not a number of type LONG",
    ],
    [
      "topic",
      "unclean.leader.election.enable",
      "yes",
      "Invalid value yes for configuration unclean.leader.election.enable: Expected value to be either true or false",
    ],
    ["producer", "acks", "2", "Invalid value 2 for configuration acks: String must be one of: all, -1, 0, 1"],
    ["producer", "transactional.id", "", "Invalid value  for configuration transactional.id: String must be non-empty"],
    [
      "producer",
      "max.in.flight.requests.per.connection",
      0,
      "Invalid value 0 for configuration max.in.flight.requests.per.connection: Value must be at least 1",
    ],
    [
      "consumer",
      "isolation.level",
      "serializable",
      "Invalid value serializable for configuration isolation.level: String must be one of: read_committed, read_uncommitted",
    ],
    [
      "feature",
      "eligible.leader.replicas.version",
      2,
      "Invalid value 2 for configuration eligible.leader.replicas.version: Value must be no more than 1",
    ],
    [
      "broker",
      "replica.selector.class",
      "RackAware",
      "Invalid value RackAware for configuration replica.selector.class: Class RackAware could not be found.",
    ],
    [
      "topic",
      "leader.replication.throttled.replicas",
      "0-1",
      "Invalid value [0-1] for configuration leader.replication.throttled.replicas: leader.replication.throttled.replicas must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...",
    ],
    ["topic", "replication.factor", 0, "The replication factor must be between 1 and 32767 inclusive"],
  ])("%s %s=%s", (group, name, given, message) => {
    expect(parseConfigValue(definition(group, name), given)).toMatchObject({ ok: false, key: name, message });
  });

  test("Q-04 a bad override of unclean.leader.election.enable is refused", () => {
    expect(parseConfigValue(definition("topic", "unclean.leader.election.enable"), "invalid")).toMatchObject({
      ok: false,
      message:
        "Invalid value invalid for configuration unclean.leader.election.enable: Expected value to be either true or false",
    });
  });

  test.each<[ConfigGroup, string, unknown, unknown, string]>([
    ["topic", "min.insync.replicas", " 2 ", 2, "2"],
    ["topic", "min.insync.replicas", 2, 2, "2"],
    ["topic", "min.insync.replicas", "+03", 3, "3"],
    ["topic", "unclean.leader.election.enable", "TRUE", true, "true"],
    ["topic", "unclean.leader.election.enable", false, false, "false"],
    ["topic", "flush.messages", "9223372036854775807", "9223372036854775807", "9223372036854775807"],
    ["topic", "min.cleanable.dirty.ratio", "1", 1, "1.0"],
    ["producer", "acks", -1, "-1", "-1"],
  ])("%s %s=%s is read", (group, name, given, value, text) => {
    expect(parseConfigValue(definition(group, name), given)).toEqual({ ok: true, value, text });
  });

  test("hostile input is refused, not worked on", () => {
    const key = definition("topic", "min.insync.replicas");
    expect(parseConfigValue(key, "9".repeat(100_000)).ok).toBe(false);
    expect(parseConfigValue(key, [2]).ok).toBe(false);
    expect(parseConfigValue(key, { a: 1 }).ok).toBe(false);
    expect(parseConfigValue(key, "").ok).toBe(false);
  });
});
