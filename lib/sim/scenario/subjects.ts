import type { Fate } from "../ledger.js";

/** What an expectation can speak of. `run/actual.ts` says how each is read off a world. */
export interface Subject {
  /** What stands in the parentheses; `replica?` means: without it the leader's, or the controller's view. */
  readonly argument: "none" | "replica" | "replica?" | "broker" | "value" | "consumer" | "metric";
  /** How a value is written: `set` compares without regard to order, `list` with. */
  readonly kind: "number" | "set" | "list" | "word";
  /** The words there are, for `word`. */
  readonly words?: readonly string[];
  /** One line for help. */
  readonly meaning: string;
}

export const fates = [
  "acked-kept",
  "acked-lost",
  "refused",
  "unknown-kept",
  "unknown-gone",
  "pending",
] as const satisfies readonly Fate[];

export const subjects = {
  leader: {
    argument: "replica?",
    kind: "number",
    meaning: "who leads, as the controller says; leader(2): as broker 2 believes; - for nobody",
  },
  epoch: { argument: "replica?", kind: "number", meaning: "leader epoch; epoch(2): as broker 2 believes" },
  "partition-epoch": { argument: "replica?", kind: "number", meaning: "partition epoch" },
  isr: { argument: "replica?", kind: "set", meaning: "in-sync replicas; isr(2): as broker 2 believes" },
  "maximal-isr": { argument: "none", kind: "set", meaning: "the leader's ISR with proposed members" },
  elr: { argument: "none", kind: "set", meaning: "eligible leader replicas" },
  "last-known-elr": { argument: "none", kind: "set", meaning: "the last known leader of a partition without any" },
  replicas: { argument: "none", kind: "list", meaning: "the assignment in preference order" },
  recovery: {
    argument: "none",
    kind: "word",
    words: ["recovered", "recovering"],
    meaning: "recovering after an unclean election",
  },
  hw: { argument: "replica?", kind: "number", meaning: "the leader's high watermark; hw(2): as broker 2 knows it" },
  lso: {
    argument: "replica?",
    kind: "number",
    meaning: "last stable offset: where read_committed consumers of the leader stop; lso(2): of broker 2",
  },
  leo: { argument: "replica?", kind: "number", meaning: "the leader's log end offset; leo(2): that of broker 2" },
  "log-start": { argument: "replica?", kind: "number", meaning: "first offset kept" },
  log: { argument: "replica", kind: "list", meaning: "the values in broker 2's log, in order" },
  epochs: { argument: "replica", kind: "list", meaning: "broker 2's leader epoch cache: 0@0,1@3" },
  role: {
    argument: "replica",
    kind: "word",
    words: ["leader", "follower", "offline"],
    meaning: "what broker 2 takes its replica for",
  },
  process: {
    argument: "broker",
    kind: "word",
    words: ["running", "paused", "down"],
    meaning: "the state of a broker's process",
  },
  broker: {
    argument: "broker",
    kind: "word",
    words: ["active", "fenced", "shutting-down", "unregistered"],
    meaning: "the controller's view of a broker",
  },
  outcome: {
    argument: "value",
    kind: "list",
    words: ["acked", "refused", "unknown", "pending"],
    meaning: "what the application was told of each send of this value",
  },
  error: {
    argument: "value",
    kind: "list",
    meaning: "the error of each failed send, such as NOT_ENOUGH_REPLICAS; - for none",
  },
  exception: {
    argument: "value",
    kind: "list",
    meaning: "the exception of each failed send, such as TimeoutException",
  },
  offset: { argument: "value", kind: "list", meaning: "the offset that the producer was told" },
  read: { argument: "consumer", kind: "list", meaning: "the values a consumer has read from the partition, in order" },
  position: { argument: "consumer", kind: "number", meaning: "the offset a consumer reads next" },
  reading: {
    argument: "consumer",
    kind: "word",
    words: ["resetting", "validating", "fetching", "failed"],
    meaning: "what a consumer is doing about the partition",
  },
  metric: {
    argument: "metric",
    kind: "number",
    meaning: "what JMX shows: metric(1/UnderReplicatedPartitions), metric(controller/OfflinePartitionsCount)",
  },
  committed: { argument: "none", kind: "list", meaning: "every value that was once below a leader's high watermark" },
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects | "ledger";

export function subjectOf(name: string): Subject | undefined {
  return Object.hasOwn(subjects, name) ? (subjects as Readonly<Record<string, Subject>>)[name] : undefined;
}
