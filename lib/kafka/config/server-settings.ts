import type { Rules } from "../versions.js";
import { defaultText, keysOf } from "./catalog.js";
import { type ConfigRefusal, type ConfigValue, parseConfigValue } from "./value.js";

/** What brokers and controller work with once their properties files are accepted. */
export interface ServerSettings {
  /** Every broker and controller key with a value, as Kafka prints it. */
  readonly texts: { readonly [key: string]: string };
  /** The same as typed values, null where there is none. */
  readonly values: { readonly [key: string]: ConfigValue };
}

/**
 * The settings of brokers and controller (one properties file for both) from what was written, or the reason why the
 * process does not start.
 *
 * Source: KafkaConfig.validateValues.
 */
export function resolveServerSettings(
  given: { readonly [key: string]: unknown },
  rules: Rules,
): { readonly ok: true; readonly settings: ServerSettings } | ConfigRefusal {
  const texts: { [key: string]: string } = {};
  const values: { [key: string]: ConfigValue } = {};
  for (const definition of [...keysOf("broker", rules.version), ...keysOf("controller", rules.version)]) {
    const isGiven = Object.hasOwn(given, definition.name);
    const parsed = parseConfigValue(definition, isGiven ? given[definition.name] : defaultText(definition, rules));
    if (!parsed.ok) return parsed;
    values[definition.name] = parsed.value;
    if (parsed.text !== null) texts[definition.name] = parsed.text;
  }
  return startUpRefusal(values) ?? { ok: true, settings: { texts, values } };
}

function startUpRefusal(values: { readonly [key: string]: ConfigValue }): ConfigRefusal | undefined {
  const fetchWaitMs = Number(values["replica.fetch.wait.max.ms"]);
  if (fetchWaitMs > Number(values["replica.socket.timeout.ms"])) {
    return requirementFailed(
      "replica.socket.timeout.ms",
      "replica.socket.timeout.ms should always be at least replica.fetch.wait.max.ms to prevent unnecessary socket timeouts",
    );
  }
  if (fetchWaitMs > Number(values["replica.lag.time.max.ms"])) {
    return requirementFailed(
      "replica.fetch.wait.max.ms",
      "replica.fetch.wait.max.ms should always be less than or equal to replica.lag.time.max.ms to prevent frequent changes in ISR",
    );
  }
  return undefined;
}

function requirementFailed(key: string, message: string): ConfigRefusal {
  return { ok: false, key, exception: "IllegalArgumentException", message: `requirement failed: ${message}` };
}
