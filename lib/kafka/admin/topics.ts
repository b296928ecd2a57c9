import type { ConfigEntry } from "../config/entries.js";
import type { Rules } from "../versions.js";
import { copiedMapOrder, hashMapOrder, textHash } from "./hash-order.js";
import { failed, printed, type ToolOutput } from "./output.js";

/** A topic as `kafka-topics --describe` gets it from the cluster. */
export interface TopicDescription {
  readonly name: string;
  /** Absent: not printed (Kafka leaves a zero id out). */
  readonly topicId?: string;
  /** By index, at least one. */
  readonly partitions: readonly PartitionDescription[];
  /** All settings in force; the header prints those that are not defaults. */
  readonly configs: readonly ConfigEntry[];
}

export interface PartitionDescription {
  readonly partition: number;
  readonly leader: number | null;
  /** In assignment order; while reassigning, adding and removing replicas are both in it. */
  readonly replicas: readonly number[];
  /** In stored order. */
  readonly isr: readonly number[];
  /** Absent: the answer had no such field, printed as N/A. */
  readonly elr?: readonly number[];
  readonly lastKnownElr?: readonly number[];
  /** Present while the partition is being reassigned. */
  readonly reassignment?: { readonly adding: readonly number[]; readonly removing: readonly number[] };
}

export const partitionFilters = [
  "under-replicated-partitions",
  "under-min-isr-partitions",
  "at-min-isr-partitions",
  "unavailable-partitions",
] as const;

export type PartitionFilter = (typeof partitionFilters)[number];

export interface DescribeOptions {
  /** Print only partitions that at least one filter selects, without headers. */
  readonly filters?: readonly PartitionFilter[];
  /** Print only the headers of topics with settings that are not defaults. */
  readonly topicsWithOverrides?: boolean;
  readonly liveBrokers: readonly number[];
}

/**
 * What `kafka-topics --describe` prints of these topics. The Elr columns follow the rules: none before 3.8, N/A where
 * the cluster does not answer with them.
 *
 * Source: TopicCommand.
 */
export function describeTopics(
  topics: readonly TopicDescription[],
  options: DescribeOptions,
  rules: Rules,
): ToolOutput {
  const filters = options.filters ?? [];
  const lines = describeOrder(topics).flatMap((topic) => {
    const overridden = topic.configs.some((entry) => entry.source !== "DEFAULT_CONFIG");
    const withHeader = filters.length === 0 && (options.topicsWithOverrides !== true || overridden);
    const partitions = topic.partitions
      .filter(() => options.topicsWithOverrides !== true)
      .filter(
        (partition) => filters.length === 0 || filters.some((filter) => selects(filter, partition, topic, options)),
      );
    return [
      ...(withHeader ? [topicLine(topic)] : []),
      ...partitions.map((partition) => partitionLine(topic.name, partition, rules)),
    ];
  });
  return printed(...lines);
}

/** The header line of a topic. */
export function topicLine({ name, topicId, partitions, configs }: TopicDescription): string {
  const first = partitions[0];
  const replicationFactor = first === undefined ? 0 : replicaCount(first);
  const shown = hashMapOrder(
    configs.filter((entry) => entry.source !== "DEFAULT_CONFIG").sort(byDefinition),
    (entry) => textHash(entry.name),
    // The map these come out of holds every topic setting, so it has more buckets than the few that are shown.
    64,
  );
  return [
    `Topic: ${name}`,
    ...(topicId === undefined ? [] : [`TopicId: ${topicId}`]),
    `PartitionCount: ${partitions.length}`,
    `ReplicationFactor: ${replicationFactor}`,
    `Configs: ${shown.map((entry) => `${entry.name}=${entry.value}`).join(",")}`,
  ].join("\t");
}

// Settings that share a bucket come in the order in which LogConfig defines them; of each such group all but the last.
const definedEarly = [
  "segment.bytes",
  "retention.ms",
  "flush.messages",
  "max.compaction.lag.ms",
  "index.interval.bytes",
  "retention.bytes",
];

function byDefinition(left: ConfigEntry, right: ConfigEntry): number {
  const place = ({ name }: ConfigEntry) =>
    definedEarly.includes(name) ? definedEarly.indexOf(name) : definedEarly.length;
  return place(left) - place(right);
}

/** The line of one partition, with its leading tab. */
export function partitionLine(topic: string, description: PartitionDescription, rules: Rules): string {
  const { partition, leader, replicas, isr, elr, lastKnownElr, reassignment } = description;
  const columns = [
    `Topic: ${topic}`,
    `Partition: ${partition}`,
    `Leader: ${leader ?? "none"}`,
    `Replicas: ${replicas.join(",")}`,
    `Isr: ${isr.join(",")}`,
  ];
  if (reassignment !== undefined) {
    columns.push(`Adding Replicas: ${reassignment.adding.join(",")}`);
    columns.push(`Removing Replicas: ${reassignment.removing.join(",")}`);
  }
  if (rules.describeShowsElr) {
    columns.push(`Elr: ${elr?.join(",") ?? "N/A"}`, `LastKnownElr: ${lastKnownElr?.join(",") ?? "N/A"}`);
  }
  return columns.map((column) => `\t${column}`).join("");
}

/** Replicas without those being added. */
function replicaCount({ replicas, reassignment }: PartitionDescription): number {
  return replicas.length - (reassignment?.adding.length ?? 0);
}

/** Whether a filter prints the partition. The tool compares with the configured minimum, not with the effective one. */
function selects(
  filter: PartitionFilter,
  partition: PartitionDescription,
  topic: TopicDescription,
  { liveBrokers }: DescribeOptions,
): boolean {
  const minIsr = Number(topic.configs.find((entry) => entry.name === "min.insync.replicas")?.value ?? 1);
  switch (filter) {
    case "under-replicated-partitions":
      return replicaCount(partition) > partition.isr.length;
    case "under-min-isr-partitions":
      return partition.leader === null || partition.isr.length < minIsr;
    case "at-min-isr-partitions":
      return partition.isr.length === minIsr;
    case "unavailable-partitions":
      return partition.leader === null || !liveBrokers.includes(partition.leader);
  }
}

/**
 * The order in which the tool gets the topics: its client puts the sorted names into a map, copies it, and fills a
 * third one from the copy (source: KafkaAdminClient.handleDescribeTopicsByNames, DescribeTopicsResult.all).
 */
function describeOrder(topics: readonly TopicDescription[]): readonly TopicDescription[] {
  const hashOf = ({ name }: TopicDescription) => textHash(name);
  const sorted = [...topics].sort((left, right) => (left.name < right.name ? -1 : 1));
  return hashMapOrder(copiedMapOrder(hashMapOrder(sorted, hashOf, sorted.length), hashOf), hashOf, sorted.length);
}

/** What `--create` prints; a name with a dot or an underscore is warned of. */
export function topicCreated(name: string): ToolOutput {
  return printed(...collisionWarning(name), `Created topic ${name}.`);
}

/** What `--create` prints when the cluster refuses. */
export function topicNotCreated(name: string, message: string): ToolOutput {
  return failed(...collisionWarning(name), ...topicCommandFailed(message).text.trimEnd().split("\n"));
}

function collisionWarning(name: string): readonly string[] {
  if (!/[._]/.test(name)) return [];
  return [
    "WARNING: Due to limitations in metric names, topics with a period ('.') or underscore ('_') could collide. " +
      "To avoid issues it is best to use either, but not both.",
  ];
}

/** What `--list` prints. */
export function topicList(names: readonly string[]): ToolOutput {
  return printed([...names].sort().join("\n"));
}

/** Any other failure of kafka-topics after its command line was accepted. */
export function topicCommandFailed(message: string): ToolOutput {
  return failed(`Error while executing topic command : ${message}`);
}

/** What every action on a topic that is not there prints, unless `--if-exists` was given. */
export function topicNotFound(name: string): ToolOutput {
  return topicCommandFailed(`Topic '${name}' does not exist as expected`);
}

export function topicIdNotFound(topicId: string): ToolOutput {
  return topicCommandFailed(`TopicId '${topicId}' does not exist as expected`);
}
