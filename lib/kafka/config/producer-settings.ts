import type { Rules } from "../versions.js";
import { defaultText, keysOf, lookUpConfig } from "./catalog.js";
import { type ConfigRefusal, type ConfigValue, parseConfigValue } from "./value.js";

/** What a producer works with once its configuration is accepted. */
export interface ProducerSettings {
  readonly acks: 0 | 1 | "all";
  readonly enableIdempotence: boolean;
  readonly retries: number;
  readonly maxInFlightRequestsPerConnection: number;
  readonly deliveryTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly lingerMs: number;
  readonly batchSizeBytes: number;
  readonly retryBackoffMs: number;
  readonly retryBackoffMaxMs: number;
  readonly maxBlockMs: number;
  readonly bufferMemoryBytes: number;
  readonly transactionalId: string | null;
}

export interface ProducerAccepted {
  readonly ok: true;
  readonly settings: ProducerSettings;
  /** What Kafka only logs: settings that were changed silently, keys that are not used. */
  readonly notes: readonly string[];
}

const idempotenceInFlightMax = 5;

/**
 * The settings of a producer from what its user wrote, by Kafka's key names, or Kafka's refusal. Unknown keys are no
 * reason to refuse, as in Kafka; they are noted.
 *
 * Source: ProducerConfig.postProcessAndValidateIdempotenceConfigs, KafkaProducer.configureDeliveryTimeout.
 */
export function resolveProducerSettings(
  given: { readonly [key: string]: unknown },
  rules: Rules,
): ProducerAccepted | ConfigRefusal {
  const values = new Map<string, ConfigValue>();
  for (const definition of keysOf("producer", rules.version)) {
    const isGiven = Object.hasOwn(given, definition.name);
    const parsed = parseConfigValue(definition, isGiven ? given[definition.name] : defaultText(definition, rules));
    if (!parsed.ok) return parsed;
    values.set(definition.name, parsed.value);
  }
  const notes = unusedKeys(given, rules);
  const raw: ProducerSettings = {
    acks: acksOf(values.get("acks")),
    enableIdempotence: values.get("enable.idempotence") === true,
    retries: Number(values.get("retries")),
    maxInFlightRequestsPerConnection: Number(values.get("max.in.flight.requests.per.connection")),
    deliveryTimeoutMs: Number(values.get("delivery.timeout.ms")),
    requestTimeoutMs: Number(values.get("request.timeout.ms")),
    lingerMs: Math.min(Number(values.get("linger.ms")), 2147483647),
    batchSizeBytes: Number(values.get("batch.size")),
    retryBackoffMs: Number(values.get("retry.backoff.ms")),
    // Before the exponential backoff the wait was constant.
    retryBackoffMaxMs: Number(values.get("retry.backoff.max.ms") ?? values.get("retry.backoff.ms")),
    maxBlockMs: Number(values.get("max.block.ms")),
    bufferMemoryBytes: Number(values.get("buffer.memory")),
    transactionalId: values.get("transactional.id")?.toString() ?? null,
  };
  const idempotence = settleIdempotence(raw, given, rules, notes);
  if ("ok" in idempotence) return idempotence;
  const delivery = settleDeliveryTimeout(idempotence, given, notes);
  if ("ok" in delivery) return delivery;
  if (rules.producerBackoffExponential && delivery.retryBackoffMs > delivery.retryBackoffMaxMs) {
    notes.push(
      `retry.backoff.ms ${delivery.retryBackoffMs} is greater than retry.backoff.max.ms ${delivery.retryBackoffMaxMs}: the backoff is constant`,
    );
  }
  return { ok: true, settings: delivery, notes };
}

function acksOf(value: ConfigValue | undefined): ProducerSettings["acks"] {
  return value === "0" ? 0 : value === "1" ? 1 : "all";
}

function refuse(key: string, message: string): ConfigRefusal {
  return { ok: false, key, exception: "ConfigException", message };
}

/** The rungs of the idempotence rules, in Kafka's order: retries, acks, requests in flight, transactions. */
function settleIdempotence(
  settings: ProducerSettings,
  given: { readonly [key: string]: unknown },
  rules: Rules,
  notes: string[],
): ProducerSettings | ConfigRefusal {
  const { acks, retries, maxInFlightRequestsPerConnection: inFlight } = settings;
  const transactions = Object.hasOwn(given, "transactional.id");
  const asked = Object.hasOwn(given, "enable.idempotence");
  if (rules.version === "2.8") return settleIdempotenceBeforeKip679(settings, given);

  let enabled = settings.enableIdempotence;
  if (settings.enableIdempotence) {
    if (retries === 0) {
      if (asked) return refuse("retries", "Must set retries to non-zero when using the idempotent producer.");
      notes.push("Idempotence will be disabled because retries is set to 0.");
      enabled = false;
    }
    if (acks !== "all") {
      if (asked) return refuse("acks", acksMessage);
      notes.push(`Idempotence will be disabled because acks is set to ${acks}, not set to 'all'.`);
      enabled = false;
    }
    if (inFlight > idempotenceInFlightMax) {
      if (rules.maxInFlightAboveFiveRefused) return refuse(inFlightKey, inFlightMessage(inFlight));
      if (asked) return refuse(inFlightKey, oldInFlightMessage);
      notes.push(`Idempotence will be disabled because ${inFlightKey} is set to ${inFlight}, which is greater than 5.`);
      enabled = false;
    }
  }
  if (!enabled && transactions) return refuse("enable.idempotence", transactionsMessage);
  return { ...settings, enableIdempotence: enabled };
}

/** Before 3.0 idempotence was off unless asked for, and then set acks=all by itself. */
function settleIdempotenceBeforeKip679(
  settings: ProducerSettings,
  given: { readonly [key: string]: unknown },
): ProducerSettings | ConfigRefusal {
  const transactions = Object.hasOwn(given, "transactional.id");
  const enabled = Object.hasOwn(given, "enable.idempotence") ? settings.enableIdempotence : transactions;
  if (!enabled) return transactions ? refuse("enable.idempotence", transactionsMessage) : settings;
  if (settings.retries === 0)
    return refuse("retries", "Must set retries to non-zero when using the idempotent producer.");
  if (Object.hasOwn(given, "acks") && settings.acks !== "all") return refuse("acks", acksMessage);
  if (settings.maxInFlightRequestsPerConnection > idempotenceInFlightMax)
    return refuse(inFlightKey, oldInFlightMessage);
  return { ...settings, acks: "all", enableIdempotence: true };
}

const inFlightKey = "max.in.flight.requests.per.connection";
const acksMessage =
  "Must set acks to all in order to use the idempotent producer. Otherwise we cannot guarantee idempotence.";
const oldInFlightMessage = `Must set ${inFlightKey} to at most 5 to use the idempotent producer.`;
const transactionsMessage = "Cannot set a transactional.id without also enabling idempotence.";

function inFlightMessage(inFlight: number): string {
  return `To use the idempotent producer, ${inFlightKey} must be set to at most 5. Current value is ${inFlight}.`;
}

function settleDeliveryTimeout(
  settings: ProducerSettings,
  given: { readonly [key: string]: unknown },
  notes: string[],
): ProducerSettings | ConfigRefusal {
  const leastMs = Math.min(settings.lingerMs + settings.requestTimeoutMs, 2147483647);
  if (settings.deliveryTimeoutMs >= leastMs) return settings;
  const rule = "delivery.timeout.ms should be equal to or larger than linger.ms + request.timeout.ms";
  if (Object.hasOwn(given, "delivery.timeout.ms")) return refuse("delivery.timeout.ms", rule);
  notes.push(`${rule}. Setting it to ${leastMs}.`);
  return { ...settings, deliveryTimeoutMs: leastMs };
}

function unusedKeys(given: { readonly [key: string]: unknown }, rules: Rules): string[] {
  return Object.keys(given).flatMap((key) => {
    const found = lookUpConfig(key, ["producer"], rules.version);
    return found.kind === "known" || found.kind === "other" ? [] : [found.sentence];
  });
}
