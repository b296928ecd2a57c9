import { unreachable } from "../../core/assert.js";
import type { ConfigDefinition, ConfigValidator } from "./definition.js";

/** A parsed value. Longs beyond 2⁵³ keep their digits as text, lists their text. */
export type ConfigValue = boolean | number | string | null;

/** Kafka's refusal of a configuration, in its own words. */
export interface ConfigRefusal {
  readonly ok: false;
  /** The key that is refused; for rules between keys the one to change. */
  readonly key: string;
  readonly exception: "ConfigException" | "InvalidConfigurationException" | "IllegalArgumentException";
  readonly message: string;
}

export interface ParsedConfig {
  readonly ok: true;
  readonly value: ConfigValue;
  /** The value as Kafka prints it. */
  readonly text: string | null;
}

/**
 * Reads a value the way ConfigDef does. Numbers and booleans are taken as the text they would be in a properties file.
 * A refusal carries the words of Kafka's ConfigException (source: ConfigDef.parseType and its validators).
 */
export function parseConfigValue(definition: ConfigDefinition, given: unknown): ParsedConfig | ConfigRefusal {
  const parsed = parseType(definition, given);
  if (typeof parsed === "string") return refusal(definition.name, given, parsed);
  const complaint = definition.validator && violation(definition.validator, parsed, definition.name);
  if (complaint === undefined) return parsed;
  if (definition.validator?.kind === "topic-size") {
    return { ok: false, key: definition.name, exception: "IllegalArgumentException", message: complaint };
  }
  return refusal(definition.name, shownValue(definition.validator, parsed), complaint);
}

function refusal(key: string, value: unknown, message: string): ConfigRefusal {
  const shown = typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
  return {
    ok: false,
    key,
    exception: "ConfigException",
    message: `Invalid value ${shown} for configuration ${key}: ${message}`,
  };
}

/** The parsed value, or what Kafka says of one that is not of the type. */
function parseType({ type, validator }: ConfigDefinition, given: unknown): ParsedConfig | string {
  if (given === null) return { ok: true, value: null, text: null };
  if (!["string", "number", "boolean", "bigint"].includes(typeof given)) {
    return "Expected value to be a single value, but it was a list or a map";
  }
  const text = String(given).trim();
  switch (type) {
    case "boolean": {
      const lower = text.toLowerCase();
      if (lower !== "true" && lower !== "false") return "Expected value to be either true or false";
      return { ok: true, value: lower === "true", text: lower };
    }
    case "int":
      return integer(text, 31n) ?? "Not a number of type INT";
    case "long":
      return integer(text, 63n) ?? "Not a number of type LONG";
    case "double": {
      const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      if (!Number.isFinite(number)) return "Not a number of type DOUBLE";
      return { ok: true, value: number, text: Number.isInteger(number) ? `${number}.0` : String(number) };
    }
    case "class":
      if (validator?.kind === "class" && !validator.known.includes(text)) return `Class ${text} could not be found.`;
      return { ok: true, value: text, text };
    case "list": {
      const items = text === "" ? "" : text.split(/\s*,\s*/).join(",");
      return { ok: true, value: items, text: items };
    }
    case "string":
      return { ok: true, value: text, text };
    default:
      return unreachable(type);
  }
}

function integer(text: string, bits: bigint): ParsedConfig | undefined {
  // Longer than any 64-bit number: refused before BigInt works on it.
  if (!/^[+-]?\d{1,40}$/.test(text)) return undefined;
  const number = BigInt(text.startsWith("+") ? text.slice(1) : text);
  if (number < -(1n << bits) || number >= 1n << bits) return undefined;
  const small = number >= BigInt(Number.MIN_SAFE_INTEGER) && number <= BigInt(Number.MAX_SAFE_INTEGER);
  return { ok: true, value: small ? Number(number) : String(number), text: String(number) };
}

/** What the validator says of the value, or undefined if it is content. */
function violation(validator: ConfigValidator, { value, text }: ParsedConfig, name: string): string | undefined {
  switch (validator.kind) {
    case "range":
      if (value === null) return "Value must be non-null";
      if (Number(value) < validator.min) return `Value must be at least ${validator.min}`;
      if (validator.max !== undefined && Number(value) > validator.max)
        return `Value must be no more than ${validator.max}`;
      return undefined;
    case "topic-size":
      return value !== null && Number(value) >= validator.min && Number(value) <= validator.max
        ? undefined
        : validator.refusal;
    case "one-of":
      return text !== null && validator.values.includes(text)
        ? undefined
        : `String must be one of: ${validator.values.join(", ")}`;
    case "list-of":
      return firstBad(validator, { value, text }) === undefined
        ? undefined
        : `String must be one of: ${validator.values.join(", ")}`;
    case "non-empty":
      return text === "" ? "String must be non-empty" : undefined;
    case "throttled-replicas":
      return text !== null && (text === "*" || text.split(",").every((item) => /^([0-9]+:[0-9]+)?$/.test(item)))
        ? undefined
        : `${name} must be the literal '*' or a list of replicas in the following format: [partitionId]:[brokerId],[partitionId]:[brokerId],...`;
    case "offset-reset":
      if (text !== null && ["earliest", "latest", "none"].includes(text)) return undefined;
      if (text?.startsWith("by_duration:")) return "by_duration is not part of this model";
      return (
        `Invalid value \`${text}\` for configuration ${name}. The value must be either 'earliest', 'latest', 'none' ` +
        "or of the format 'by_duration:<PnDTnHnMn.nS.>'."
      );
    case "class":
      return undefined; // the type has looked it up already
    default:
      return unreachable(validator);
  }
}

/** The value as the validator repeats it: the bad element of a list, or a list in brackets. */
function shownValue(validator: ConfigValidator | undefined, parsed: ParsedConfig): string | null | undefined {
  if (validator?.kind === "list-of") return firstBad(validator, parsed);
  if (validator?.kind === "throttled-replicas") return `[${(parsed.text ?? "").split(",").join(", ")}]`;
  return parsed.text;
}

function firstBad(
  validator: { readonly values: readonly string[] },
  { text }: Pick<ParsedConfig, "value" | "text">,
): string | undefined {
  return (text ?? "").split(",").find((item) => item !== "" && !validator.values.includes(item));
}
