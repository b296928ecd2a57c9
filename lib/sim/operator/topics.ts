import type { TopicsCommand } from "../../kafka/admin/command.js";
import { failed, printed, type ToolOutput } from "../../kafka/admin/output.js";
import { matchingTopics } from "../../kafka/admin/topic-pattern.js";
import {
  describeTopics,
  topicCommandFailed,
  topicCreated,
  topicIdNotFound,
  topicList,
  topicNotCreated,
  topicNotFound,
} from "../../kafka/admin/topics.js";
import { topicIdOf } from "../../kafka/topic-id.js";
import { isActive } from "../../protocol/metadata/image.js";
import { topicDescription, topicNames } from "./describe.js";
import { type Desk, imageAt, timedOut } from "./desk.js";

type Of<Action extends TopicsCommand["action"]> = Extract<TopicsCommand, { readonly action: Action }>;

/** `kafka-topics`. */
export function runTopics(desk: Desk, command: TopicsCommand): ToolOutput {
  switch (command.action) {
    case "create":
      return create(desk, command);
    case "describe":
      return describe(desk, command);
    case "list":
      return topicList(named(desk, command.topicPattern));
    case "delete":
      return remove(desk, command);
    case "alter":
      // The reader of a scenario refuses it before: adding partitions is left out of the model.
      return topicCommandFailed("adding partitions is not modelled");
  }
}

function named(desk: Desk, pattern: string | null): readonly string[] {
  const names = topicNames(imageAt(desk));
  return pattern === null ? names : matchingTopics(pattern, names);
}

function create(
  desk: Desk,
  { topic, partitions, replicationFactor, assignment, configs, ifNotExists }: Of<"create">,
): ToolOutput {
  const image = imageAt(desk);
  const { staticConfigs } = image;
  const answer = desk.ask({
    type: "createTopic",
    topic,
    assignment:
      assignment === undefined
        ? {
            partitions: partitions ?? Number(staticConfigs["num.partitions"] ?? 1),
            replicationFactor: replicationFactor ?? Number(staticConfigs["default.replication.factor"] ?? 1),
          }
        : { replicas: assignment },
    configs,
  });
  if (answer === null) return topicNotCreated(topic, timedOut);
  if (answer.type !== "refused") return topicCreated(topic);
  if (answer.error === "TOPIC_ALREADY_EXISTS" && ifNotExists) return printed();
  return topicNotCreated(topic, answer.message);
}

function describe(
  desk: Desk,
  { topicPattern, topicId, filters, topicsWithOverrides, ifExists }: Of<"describe">,
): ToolOutput {
  const names = named(desk, topicPattern).filter((name) => topicId === null || topicIdOf(name) === topicId);
  if (names.length === 0 && topicId !== null) return ifExists ? printed() : topicIdNotFound(topicId);
  if (names.length === 0 && topicPattern !== null) return ifExists ? printed() : topicNotFound(topicPattern);
  const image = imageAt(desk);
  const { rules } = desk.world;
  const liveBrokers = image.brokers.map(({ brokerId }) => brokerId).filter((brokerId) => isActive(image, brokerId));
  return describeTopics(
    names.map((name) => topicDescription(image, name, rules)),
    { filters, topicsWithOverrides, liveBrokers },
    rules,
  );
}

function remove(desk: Desk, { topicPattern, ifExists }: Of<"delete">): ToolOutput {
  const names = named(desk, topicPattern);
  if (names.length === 0) return ifExists ? printed() : topicNotFound(topicPattern);
  for (const topic of names) {
    const answer = desk.ask({ type: "deleteTopic", topic });
    if (answer === null) return failed(timedOut);
    if (answer.type === "refused") return topicCommandFailed(answer.message);
  }
  return printed();
}
