import { quoteWord } from "./lexer.js";

/** Settings by Kafka's own keys, as a notebook writes them. */
export type Keys = Readonly<Record<string, string | number | boolean>>;

/** What {@link scenario} takes. Everything has a default; Kafka's own keys go into the last five. */
export interface ScenarioOptions {
  /** Default 3. */
  readonly brokers?: number;
  /** A version such as "3.9"; default the newest. */
  readonly kafka?: string;
  /** Eligible leader replicas; default as in a new cluster of that version. */
  readonly elr?: boolean;
  /** A historical bug, such as "kip-101". */
  readonly variant?: string;
  readonly seed?: number;
  /** One way; default 1. */
  readonly delayMs?: number;
  readonly racks?: readonly string[];
  /** Default "orders". */
  readonly topic?: string;
  /** Default 1. */
  readonly partitions?: number;
  /** Default 3, or as many as there are brokers. */
  readonly replicationFactor?: number;
  /** The replicas of each partition in preference order, instead of the two numbers above. */
  readonly replicas?: readonly (readonly number[])[];
  readonly minInsyncReplicas?: number;
  /** Of the producer `p`; default "all". */
  readonly acks?: 0 | 1 | "all";
  /** Further keys of brokers and controller, of the topic, and of the producer `p`. */
  readonly cluster?: Keys;
  readonly topicConfig?: Keys;
  readonly producer?: Keys;
  /** Keys of a consumer `c`; without it there is none. */
  readonly consumer?: Keys;
}

/** The head of the scenario that the options stand for. */
export function headOf(options: ScenarioOptions): readonly string[] {
  const { topic = "orders", brokers = 3 } = options;
  return [
    statement("cluster", "", [
      ["brokers", brokers],
      ["kafka", options.kafka],
      ["elr", options.elr === undefined ? undefined : options.elr ? "on" : "off"],
      ["variant", options.variant],
      ["seed", options.seed],
      ["delay", options.delayMs === undefined ? undefined : `${options.delayMs}ms`],
      ["racks", options.racks?.join(",")],
      ...Object.entries(options.cluster ?? {}),
    ]),
    statement("topic", topic, [
      ["partitions", options.replicas === undefined ? (options.partitions ?? 1) : undefined],
      [
        "replication.factor",
        options.replicas === undefined ? (options.replicationFactor ?? Math.min(3, brokers)) : undefined,
      ],
      ["replicas", options.replicas?.map((list) => list.join(",")).join(";")],
      ["min.insync.replicas", options.minInsyncReplicas],
      ...Object.entries(options.topicConfig ?? {}),
    ]),
    // Without lingering a record is on its way at once, which is what someone who looks at single steps expects.
    statement("producer", "p", [
      ["acks", options.acks ?? "all"],
      ["linger.ms", options.producer?.["linger.ms"] ?? 0],
      ...Object.entries(options.producer ?? {}).filter(([key]) => key !== "linger.ms"),
    ]),
    ...(options.consumer === undefined
      ? []
      : [statement("consumer", "c", [["topic", topic], ...Object.entries(options.consumer)])]),
  ];
}

/** One line of a head. */
export function statement(
  word: string,
  name: string,
  settings: readonly (readonly [key: string, value: string | number | boolean | undefined])[],
): string {
  const given = settings.flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${quoted(String(value))}`]));
  return [word, ...(name === "" ? [] : [name]), ...given].join(" ");
}

function quoted(value: string): string {
  return value === "" ? "" : quoteWord(value);
}
