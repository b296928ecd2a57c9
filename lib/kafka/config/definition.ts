import type { ByVersion, KafkaVersion } from "../releases.js";

/**
 * Where a key is written: the broker's or controller's properties file, a topic, a client, or a feature of the
 * cluster. One name may exist in several groups (`min.insync.replicas` of a broker is the default of its topics).
 */
export type ConfigGroup = "broker" | "controller" | "topic" | "producer" | "consumer" | "feature";

/** The types of ConfigDef that occur here. Long values beyond 2⁵³ keep their digits as text. */
export type ConfigType = "boolean" | "int" | "long" | "double" | "string" | "list" | "class";

export type ConfigUnit =
  | "ms"
  | "s"
  | "bytes"
  | "bytes/s"
  | "%"
  | "records"
  | "replicas"
  | "partitions"
  | "requests"
  | "threads"
  | "attempts";

/**
 * How a value can change: never while the process runs, for one running broker or all, for one running broker or the
 * cluster default, for a topic, only when a topic is created, or as a feature level.
 */
export type ConfigUpdate = "read-only" | "per-broker" | "cluster-wide" | "topic" | "at-creation" | "feature";

/** What a value of the right type must also satisfy. Bounds are inclusive. */
export type ConfigValidator =
  | { readonly kind: "range"; readonly min: number; readonly max?: number }
  | { readonly kind: "one-of"; readonly values: readonly string[] }
  | { readonly kind: "list-of"; readonly values: readonly string[] }
  | { readonly kind: "non-empty" }
  | { readonly kind: "class"; readonly known: readonly string[] }
  | { readonly kind: "throttled-replicas" }
  | { readonly kind: "offset-reset" }
  | { readonly kind: "topic-size"; readonly refusal: string; readonly min: number; readonly max: number };

/** One configuration key of one group. */
export interface ConfigDefinition {
  readonly name: string;
  readonly group: ConfigGroup;
  readonly type: ConfigType;
  /** Kafka's default as text; null where the key has none. */
  readonly defaults: ByVersion<string | null>;
  readonly validator?: ConfigValidator;
  readonly unit?: ConfigUnit;
  readonly update: ConfigUpdate;
  /** First release that has the key; absent: all. */
  readonly since?: KafkaVersion;
  /** First release that has it no more; absent: none. */
  readonly until?: KafkaVersion;
  /** Topic keys: the broker key whose value is the topic's default, absent if there is none to show. */
  readonly brokerKey?: string;
  /** One plain line: what it decides. */
  readonly decides: string;
  /** What a reader should know beyond that line. */
  readonly help: string;
}

/** A row of a key table: everything but what the table itself says. */
export type ConfigRow = Omit<ConfigDefinition, "name" | "group">;

/** Makes the definitions of one group from its table. */
export function defineGroup(
  group: ConfigGroup,
  rows: { readonly [name: string]: ConfigRow },
): readonly ConfigDefinition[] {
  return Object.entries(rows).map(([name, row]) => ({ name, group, ...row }));
}

/** A default that never changed. */
export function always(text: string | null): ByVersion<string | null> {
  return { "2.8": text };
}

export function atLeast(min: number): ConfigValidator {
  return { kind: "range", min };
}

export function between(min: number, max: number): ConfigValidator {
  return { kind: "range", min, max };
}

export function oneOf(...values: readonly string[]): ConfigValidator {
  return { kind: "one-of", values };
}

export const intMax = "2147483647";
export const longMax = "9223372036854775807";
