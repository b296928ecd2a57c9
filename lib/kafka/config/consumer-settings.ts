import type { Rules } from "../versions.js";
import { defaultText, keysOf } from "./catalog.js";
import { type ConfigRefusal, type ConfigValue, parseConfigValue } from "./value.js";

/** What a consumer works with once its configuration is accepted. */
export interface ConsumerSettings {
  readonly isolationLevel: "read_committed" | "read_uncommitted";
  readonly autoOffsetReset: "latest" | "earliest" | "none";
  /** Empty: no rack. */
  readonly clientRack: string;
  readonly fetchMinBytes: number;
  readonly fetchMaxWaitMs: number;
  readonly requestTimeoutMs: number;
  readonly retryBackoffMs: number;
}

/** The settings of a consumer from what its user wrote, by Kafka's key names, or Kafka's refusal. */
export function resolveConsumerSettings(
  given: { readonly [key: string]: unknown },
  rules: Rules,
): { readonly ok: true; readonly settings: ConsumerSettings } | ConfigRefusal {
  const values = new Map<string, ConfigValue>();
  for (const definition of keysOf("consumer", rules.version)) {
    const isGiven = Object.hasOwn(given, definition.name);
    const parsed = parseConfigValue(definition, isGiven ? given[definition.name] : defaultText(definition, rules));
    if (!parsed.ok) return parsed;
    values.set(definition.name, parsed.value);
  }
  const reset = values.get("auto.offset.reset");
  return {
    ok: true,
    settings: {
      isolationLevel: values.get("isolation.level") === "read_committed" ? "read_committed" : "read_uncommitted",
      autoOffsetReset: reset === "earliest" || reset === "none" ? reset : "latest",
      clientRack: String(values.get("client.rack") ?? ""),
      fetchMinBytes: Number(values.get("fetch.min.bytes")),
      fetchMaxWaitMs: Number(values.get("fetch.max.wait.ms")),
      requestTimeoutMs: Number(values.get("request.timeout.ms")),
      retryBackoffMs: Number(values.get("retry.backoff.ms")),
    },
  };
}
