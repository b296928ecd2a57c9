import { isAtLeast } from "../releases.js";
import type { Rules } from "../versions.js";
import { lookUpConfig } from "./catalog.js";
import { type ConfigRefusal, parseConfigValue } from "./value.js";

/** The settings of a topic to be created or changed, as text by key, or Kafka's refusal (source: LogConfig.validate). */
export function checkTopicConfigs(
  given: { readonly [key: string]: unknown },
  rules: Rules,
): { readonly ok: true; readonly texts: { readonly [key: string]: string } } | ConfigRefusal {
  const texts: { [key: string]: string } = {};
  for (const key of Object.keys(given)) {
    const found = lookUpConfig(key, ["topic"], rules.version);
    const isTopicKey = found.kind === "known" ? found.definition.update === "topic" : found.kind === "other";
    if (isTopicKey) continue;
    return { ok: false, key, exception: "InvalidConfigurationException", message: `Unknown topic config name: ${key}` };
  }
  for (const [key, value] of Object.entries(given)) {
    const found = lookUpConfig(key, ["topic"], rules.version);
    if (found.kind !== "known") {
      texts[key] = String(value);
      continue;
    }
    const parsed = parseConfigValue(found.definition, value);
    if (!parsed.ok) return parsed;
    texts[key] = parsed.text ?? "";
  }
  return { ok: true, texts };
}

/** A dynamic change of broker settings: keys to set, keys to delete, for one broker or for all. */
export interface BrokerConfigChange {
  readonly scope: "broker" | "cluster";
  readonly set: { readonly [key: string]: unknown };
  readonly remove: readonly string[];
}

/** A refusal of a change while the cluster runs, with the error the tools print. */
export interface ChangeRefusal {
  readonly ok: false;
  readonly error: "INVALID_CONFIG" | "INVALID_REQUEST";
  readonly message: string;
}

const minIsr = "min.insync.replicas";

/** A set as Scala printed it, and as Java does since that code was moved. */
function setText(items: readonly string[], rules: Rules): string {
  return isAtLeast(rules.version, "4.3") ? `[${items.join(", ")}]` : `Set(${items.join(", ")})`;
}

/**
 * Whether a dynamic broker change is accepted. Keys that Kafka does not know are accepted, as in Kafka.
 *
 * Source: DynamicBrokerConfig.validateConfigs; the two rules for `min.insync.replicas` belong to eligible leader
 * replicas and were recorded from 4.3.1.
 */
export function checkBrokerConfigChange(
  change: BrokerConfigChange,
  rules: Rules,
): { readonly ok: true; readonly texts: { readonly [key: string]: string } } | ChangeRefusal {
  const keys = [...Object.keys(change.set), ...change.remove];
  const fixed = Object.keys(change.set).filter((key) => {
    const found = lookUpConfig(key, ["broker", "controller"], rules.version);
    return found.kind === "known" && found.definition.update === "read-only";
  });
  if (fixed.length > 0) {
    return {
      ok: false,
      error: "INVALID_REQUEST",
      message: `Cannot update these configs dynamically: ${setText(fixed, rules)}`,
    };
  }
  const texts: { [key: string]: string } = {};
  for (const [key, value] of Object.entries(change.set)) {
    const found = lookUpConfig(key, ["broker", "controller"], rules.version);
    if (found.kind !== "known") {
      texts[key] = String(value);
      continue;
    }
    const parsed = parseConfigValue(found.definition, value);
    if (!parsed.ok) return { ok: false, error: "INVALID_REQUEST", message: parsed.message };
    texts[key] = parsed.text ?? "";
  }
  if (rules.eligibleLeaderReplicas && keys.includes(minIsr)) {
    if (change.scope === "broker") {
      return {
        ok: false,
        error: "INVALID_CONFIG",
        message: `Broker-level ${minIsr} cannot be altered while ELR is enabled.`,
      };
    }
    if (change.remove.includes(minIsr)) {
      return {
        ok: false,
        error: "INVALID_CONFIG",
        message: `Cluster-level ${minIsr} cannot be removed while ELR is enabled.`,
      };
    }
  }
  return { ok: true, texts };
}
