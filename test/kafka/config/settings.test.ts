import { describe, expect, test } from "vitest";
import {
  checkBrokerConfigChange,
  checkTopicConfigs,
  resolveConsumerSettings,
  resolveProducerSettings,
  resolveServerSettings,
} from "../../../lib/kafka/config.js";
import { type KafkaVersion, rulesFor } from "../../../lib/kafka/versions.js";

type Given = { readonly [key: string]: unknown };

/** Idempotence and acks after resolving, or the refusal's words. */
function outcome(given: Given, version: KafkaVersion = "4.3") {
  const resolved = resolveProducerSettings(given, rulesFor(version));
  if (!resolved.ok) return `${resolved.exception}: ${resolved.message}`;
  return { acks: resolved.settings.acks, idempotence: resolved.settings.enableIdempotence };
}

const acksRefused =
  "ConfigException: Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.";
const retriesRefused = "ConfigException: Must set retries to non-zero when using the idempotent producer.";
const transactionsRefused = "ConfigException: Cannot set a transactional.id without also enabling idempotence.";
const inFlightKey = "max.in.flight.requests.per.connection";
// ProducerConfig.java of 3.9, and of 4.x as KafkaProducerTest asserts it.
const inFlightRefused3 = `ConfigException: Must set ${inFlightKey} to at most 5 to use the idempotent producer.`;
const inFlightRefused4 = `ConfigException: To use the idempotent producer, ${inFlightKey} must be set to at most 5. Current value is 6.`;

describe("a producer's settings", () => {
  test.each<[string, Given, unknown]>([
    ["nothing set", {}, { acks: "all", idempotence: true }],
    ["acks 0, unset", { acks: "0" }, { acks: 0, idempotence: false }],
    ["acks 1, unset", { acks: 1 }, { acks: 1, idempotence: false }],
    ["acks 1, explicit true", { acks: "1", "enable.idempotence": true }, acksRefused],
    ["acks 0, transactional.id", { acks: "0", "transactional.id": "t" }, transactionsRefused],
    ["acks 0, explicit false", { acks: "0", "enable.idempotence": "false" }, { acks: 0, idempotence: false }],
    ["acks -1 is all", { acks: "-1" }, { acks: "all", idempotence: true }],
  ])("S-14 %s", (_, given, expected) => {
    for (const version of ["3.6", "3.9", "4.0", "4.3"] as const) expect(outcome(given, version)).toEqual(expected);
  });

  test.each<[string, Given, unknown]>([
    ["retries 0, unset", { retries: 0 }, { acks: "all", idempotence: false }],
    ["retries 0, explicit true", { retries: 0, "enable.idempotence": true }, retriesRefused],
    ["retries 0, transactional.id", { retries: 0, "transactional.id": "t" }, transactionsRefused],
  ])("S-15 %s", (_, given, expected) => {
    for (const version of ["3.6", "3.9", "4.0", "4.3"] as const) expect(outcome(given, version)).toEqual(expected);
  });

  test.each<[string, Given, unknown, unknown]>([
    ["6, unset", { [inFlightKey]: 6 }, { acks: "all", idempotence: false }, inFlightRefused4],
    ["6, explicit true", { [inFlightKey]: 6, "enable.idempotence": true }, inFlightRefused3, inFlightRefused4],
    [
      "6, explicit false",
      { [inFlightKey]: 6, "enable.idempotence": false },
      { acks: "all", idempotence: false },
      { acks: "all", idempotence: false },
    ],
    ["6, acks 1 (recorded)", { [inFlightKey]: 6, acks: 1 }, { acks: 1, idempotence: false }, inFlightRefused4],
    [
      "6, retries 0 (recorded)",
      { [inFlightKey]: 6, retries: 0 },
      { acks: "all", idempotence: false },
      inFlightRefused4,
    ],
    ["5", { [inFlightKey]: 5 }, { acks: "all", idempotence: true }, { acks: "all", idempotence: true }],
  ])("S-16 %s", (_, given, in3, in4) => {
    expect(outcome(given, "3.9")).toEqual(in3);
    expect(outcome(given, "4.0")).toEqual(in4);
    expect(outcome(given, "4.3")).toEqual(in4);
  });

  test("idempotence switched off together with a transactional.id is refused", () => {
    expect(outcome({ "enable.idempotence": false, "transactional.id": "t" })).toBe(transactionsRefused);
  });

  test("before 3.0 idempotence is off, and asking for it sets acks=all", () => {
    expect(outcome({}, "2.8")).toEqual({ acks: 1, idempotence: false });
    expect(outcome({ "enable.idempotence": true }, "2.8")).toEqual({ acks: "all", idempotence: true });
    expect(outcome({ "transactional.id": "t" }, "2.8")).toEqual({ acks: "all", idempotence: true });
    expect(outcome({ "enable.idempotence": true, acks: 1 }, "2.8")).toBe(acksRefused);
    expect(outcome({ "enable.idempotence": true, [inFlightKey]: 6 }, "2.8")).toBe(inFlightRefused3);
    expect(outcome({ "enable.idempotence": false, "transactional.id": "t" }, "2.8")).toBe(transactionsRefused);
  });

  test("delivery.timeout.ms: explicit and too small is refused, the default is raised", () => {
    const rules = rulesFor("4.3");
    expect(resolveProducerSettings({ "delivery.timeout.ms": 30_000 }, rules)).toMatchObject({
      ok: false,
      key: "delivery.timeout.ms",
      exception: "ConfigException",
      message: "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms",
    });
    expect(resolveProducerSettings({ "delivery.timeout.ms": 30_005 }, rules).ok).toBe(true);
    expect(resolveProducerSettings({ "request.timeout.ms": 200_000 }, rules)).toMatchObject({
      ok: true,
      settings: { deliveryTimeoutMs: 200_005 },
      notes: [
        "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms. Setting it to 200005.",
      ],
    });
  });

  test("unknown keys are noted, real ones are not", () => {
    const resolved = resolveProducerSettings({ ack: 1, "key.serializer": "x" }, rulesFor("4.3"));
    expect(resolved).toMatchObject({
      ok: true,
      settings: { acks: "all" },
      notes: ['Kafka has no producer setting "ack"; the nearest is acks'],
    });
  });
});

describe("other settings", () => {
  test("a broker whose fetch wait exceeds the lag time does not start", () => {
    const resolved = resolveServerSettings({ "replica.lag.time.max.ms": 400 }, rulesFor("4.3"));
    expect(resolved).toMatchObject({
      ok: false,
      message:
        "requirement failed: replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR",
    });
    expect(resolveServerSettings({ "replica.lag.time.max.ms": 500 }, rulesFor("4.3")).ok).toBe(true);
    expect(
      resolveServerSettings(
        { "replica.fetch.wait.max.ms": 30_000, "replica.socket.timeout.ms": 29_999 },
        rulesFor("4.3"),
      ),
    ).toMatchObject({
      message:
        "requirement failed: replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts",
    });
  });

  test("a consumer's settings", () => {
    expect(resolveConsumerSettings({ "auto.offset.reset": "none" }, rulesFor("4.3"))).toMatchObject({
      ok: true,
      settings: { autoOffsetReset: "none", isolationLevel: "read_uncommitted", clientRack: "" },
    });
  });

  test("topic settings: names first, then values (recorded: InvalidConfigurationException)", () => {
    const rules = rulesFor("4.3");
    expect(checkTopicConfigs({ "min-insync-replicas": 2 }, rules)).toMatchObject({
      ok: false,
      message: "Unknown topic config name: min-insync-replicas",
    });
    expect(checkTopicConfigs({ "replication.factor": 3 }, rules)).toMatchObject({
      ok: false,
      message: "Unknown topic config name: replication.factor",
    });
    expect(checkTopicConfigs({ "min.insync.replicas": "2", "retention.ms": 1000 }, rules)).toEqual({
      ok: true,
      texts: { "min.insync.replicas": "2", "retention.ms": "1000" },
    });
  });

  test("S15 with ELR on the cluster's min.insync.replicas is fixed in place", () => {
    const rules = rulesFor("4.3");
    const change = { set: {}, remove: ["min.insync.replicas"] };
    expect(checkBrokerConfigChange({ scope: "cluster", ...change }, rules)).toEqual({
      ok: false,
      error: "INVALID_CONFIG",
      message: "Cluster-level min.insync.replicas cannot be removed while ELR is enabled.",
    });
    expect(
      checkBrokerConfigChange({ scope: "broker", set: { "min.insync.replicas": "1" }, remove: [] }, rules),
    ).toEqual({
      ok: false,
      error: "INVALID_CONFIG",
      message: "Broker-level min.insync.replicas cannot be altered while ELR is enabled.",
    });
    const without = rulesFor("4.3", { eligibleLeaderReplicas: false });
    expect(checkBrokerConfigChange({ scope: "cluster", ...change }, without).ok).toBe(true);
  });

  test("a static key cannot be changed while brokers run", () => {
    const change = { scope: "cluster", set: { "replica.lag.time.max.ms": "10000" }, remove: [] } as const;
    expect(checkBrokerConfigChange(change, rulesFor("4.3"))).toEqual({
      ok: false,
      error: "INVALID_REQUEST",
      message: "Cannot update these configs dynamically: [replica.lag.time.max.ms]",
    });
  });
});
