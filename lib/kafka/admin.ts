/** The operator's tools: command lines in, literal output out. Values only; nothing here knows a cluster. */
export * from "./admin/cluster.js";
export type {
  AdminCommand,
  ConfigsCommand,
  ElectionCommand,
  FeaturesCommand,
  ReassignCommand,
  TopicsCommand,
} from "./admin/command.js";
export * from "./admin/configs.js";
export { type ElectionResult, type ElectionType, electionOutput } from "./admin/leader-election.js";
export { partitionName, type ToolOutput, type TopicPartition } from "./admin/output.js";
export { parseAdminCommand } from "./admin/parse.js";
export type { ParsedCommand } from "./admin/parsed.js";
export * from "./admin/reassign.js";
export { matchingTopics } from "./admin/topic-pattern.js";
export * from "./admin/topics.js";
