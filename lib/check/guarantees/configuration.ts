import type { Scenario, Setting, Statement } from "../../sim/scenario/ast.js";
import type { Diagnostic } from "../../sim/scenario/diagnostic.js";
import { formatScenario } from "../../sim/scenario/format.js";
import { parseScenario } from "../../sim/scenario/parse.js";
import { searchSettings } from "../world/ready.js";

/** A configuration that is asked about: Kafka's own keys, grouped by where they live. */
export interface Configuration {
  readonly replicationFactor: number;
  /** A release, such as `4.3`; absent means the default one. */
  readonly kafka?: string;
  /** `on` or `off`; absent means as the release has it in a new cluster. */
  readonly elr?: string;
  /** A historical bug. */
  readonly variant?: string;
  readonly topic: Readonly<Record<string, string>>;
  readonly producer: Readonly<Record<string, string>>;
}

/** Kafka refuses the configuration, or the question about it makes no sense. The message says what, the hint what to do. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";

  constructor(
    message: string,
    readonly hint: string | null,
  ) {
    super(message);
  }
}

export const topicName = "orders";
export const partitionName = "orders-0";

/**
 * The first replica is the broker with the highest id, so that it does not answer a client's first question: one that
 * starts later learns of a new leader although the old one still believes in itself.
 */
export function assignmentOf({ replicationFactor }: Configuration): readonly number[] {
  const ids = Array.from({ length: replicationFactor }, (_, index) => index + 1);
  return [replicationFactor, ...ids.slice(0, -1)];
}

export type HeadResult =
  | { readonly ok: true; readonly head: Scenario }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** The head of every scenario about a configuration, checked as a scenario's head is. */
export function headOf(
  configuration: Configuration,
  producers: readonly string[],
  how: "for-search" | "timed",
): HeadResult {
  const { replicationFactor, kafka, elr, variant, topic, producer } = configuration;
  const cluster: Record<string, string> = { brokers: String(replicationFactor) };
  if (kafka !== undefined) cluster.kafka = kafka;
  if (elr !== undefined) cluster.elr = elr;
  if (variant !== undefined) cluster.variant = variant;
  if (how === "for-search") Object.assign(cluster, searchSettings);
  const statements: Statement[] = [
    { type: "cluster", settings: settings(cluster) },
    {
      type: "topic",
      name: topicName,
      settings: settings({ replicas: assignmentOf(configuration).join(","), ...topic }),
    },
    ...producers.map(
      (name): Statement => ({ type: "producer", name, settings: settings({ "linger.ms": "0", ...producer }) }),
    ),
  ];
  // Through its text, so that a key or a value which Kafka refuses is refused here in the same words.
  const text = formatScenario({
    lines: statements.map((statement) => ({ type: "statement", statement, comment: null })),
  });
  const parsed = parseScenario(text);
  return parsed.ok ? { ok: true, head: parsed.scenario } : { ok: false, diagnostic: parsed.diagnostics[0] };
}

/** The head, where nobody has looked at the configuration yet. @throws ConfigurationError where Kafka refuses it */
export function acceptedHead(
  configuration: Configuration,
  producers: readonly string[],
  how: "for-search" | "timed",
): Scenario {
  const result = headOf(configuration, producers, how);
  if (result.ok) return result.head;
  throw new ConfigurationError(result.diagnostic.message, result.diagnostic.hint);
}

function settings(values: Readonly<Record<string, string>>): readonly Setting[] {
  return Object.entries(values).map(([key, value]) => ({ key, value }));
}
