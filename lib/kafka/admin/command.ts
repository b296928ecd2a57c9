import type { ConfigEntity } from "./configs.js";
import type { ElectionType } from "./leader-election.js";
import type { TopicPartition } from "./output.js";
import type { Assignment } from "./reassign.js";
import type { PartitionFilter } from "./topics.js";

/**
 * What an administrator asks for, read from a real command line. `args` are the words after the tool's name, which some
 * tools repeat in their errors. Topic patterns are matched with {@link matchingTopics}.
 */
export type AdminCommand = { readonly args: readonly string[] } & (
  | TopicsCommand
  | ConfigsCommand
  | ElectionCommand
  | ReassignCommand
  | FeaturesCommand
  | { readonly tool: "kafka-get-offsets"; readonly topicPattern: string | null; readonly time: "latest" | "earliest" }
  | { readonly tool: "kafka-metadata-quorum"; readonly action: "describe-status" }
);

export type TopicsCommand = { readonly tool: "kafka-topics" } & (
  | {
      readonly action: "create";
      readonly topic: string;
      /** Absent: the cluster's default. */
      readonly partitions?: number;
      readonly replicationFactor?: number;
      /** Replicas of each partition, instead of the two numbers. */
      readonly assignment?: readonly (readonly number[])[];
      /** Checked already, as text. */
      readonly configs: { readonly [key: string]: string };
      readonly ifNotExists: boolean;
    }
  | {
      readonly action: "describe";
      readonly topicPattern: string | null;
      readonly topicId: string | null;
      readonly filters: readonly PartitionFilter[];
      readonly topicsWithOverrides: boolean;
      readonly ifExists: boolean;
    }
  | { readonly action: "list"; readonly topicPattern: string | null }
  | { readonly action: "alter"; readonly topicPattern: string; readonly partitions: number; readonly ifExists: boolean }
  | { readonly action: "delete"; readonly topicPattern: string; readonly ifExists: boolean }
);

export type ConfigsCommand = { readonly tool: "kafka-configs" } & (
  | {
      readonly action: "describe";
      /** One entity, or all topics, or all brokers and their default. */
      readonly entity: ConfigEntity | "all-topics" | "all-brokers";
      readonly all: boolean;
    }
  | {
      readonly action: "alter";
      readonly entity: ConfigEntity;
      /** Not checked yet: the cluster does that. */
      readonly set: { readonly [key: string]: string };
      readonly remove: readonly string[];
    }
);

export interface ElectionCommand {
  readonly tool: "kafka-leader-election";
  readonly electionType: ElectionType;
  readonly partitions: "all" | readonly TopicPartition[];
}

export type ReassignCommand = { readonly tool: "kafka-reassign-partitions" } & (
  | {
      readonly action: "execute";
      readonly assignments: readonly Assignment[];
      readonly additional: boolean;
      /** Bytes a second; null: no throttle. */
      readonly throttle: number | null;
    }
  | {
      readonly action: "verify" | "cancel";
      readonly assignments: readonly Assignment[];
      readonly preserveThrottles: boolean;
    }
  | { readonly action: "list" }
);

export type FeaturesCommand = { readonly tool: "kafka-features" } & (
  | { readonly action: "describe" }
  | {
      readonly action: "upgrade" | "downgrade";
      readonly levels: readonly { readonly feature: string; readonly level: number }[];
    }
);
