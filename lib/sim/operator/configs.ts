import type { ConfigsCommand } from "../../kafka/admin/command.js";
import {
  type ConfigEntity,
  configsAltered,
  configsFailed,
  describeConfigs,
  noSuchTopicConfigs,
  notSetRefusal,
} from "../../kafka/admin/configs.js";
import { failed, type ToolOutput } from "../../kafka/admin/output.js";
import { dynamicBrokerEntries, topicConfigEntries } from "../../kafka/config.js";
import type { MetadataImage } from "../../protocol/metadata/image.js";
import type { ConfigScope } from "../../protocol/metadata/record.js";
import { brokerLayers, topicLayers, topicNames } from "./describe.js";
import { type Desk, imageAt, timedOut } from "./desk.js";

/** `kafka-configs`. @param args the words after the tool's name, which its errors repeat */
export function runConfigs(desk: Desk, command: ConfigsCommand, args: readonly string[]): ToolOutput {
  if (command.action === "alter") return alter(desk, command, args);
  const entities = entitiesOf(desk, command.entity);
  const outputs = entities.map((entity) => describe(desk, entity, command.all, args));
  return { text: outputs.map(({ text }) => text).join(""), exitStatus: 0 };
}

function entitiesOf(desk: Desk, entity: ConfigEntity | "all-topics" | "all-brokers"): readonly ConfigEntity[] {
  const image = imageAt(desk);
  if (entity === "all-topics") return topicNames(image).map((name) => ({ kind: "topic", name }));
  if (entity !== "all-brokers") return [entity];
  return [...image.brokers.map(({ brokerId }) => ({ kind: "broker", id: brokerId }) as const), { kind: "cluster" }];
}

function describe(desk: Desk, entity: ConfigEntity, all: boolean, args: readonly string[]): ToolOutput {
  const image = imageAt(desk);
  const { rules } = desk.world;
  switch (entity.kind) {
    case "topic":
      if (!topicNames(image).includes(entity.name)) return noSuchTopicConfigs(entity.name, args, rules);
      return describeConfigs(entity, topicConfigEntries(topicLayers(image, entity.name), rules), all);
    case "broker":
      return describeConfigs(entity, dynamicBrokerEntries("broker", brokerLayers(image, entity.id), rules), all);
    case "cluster":
      return describeConfigs(entity, dynamicBrokerEntries("cluster", brokerLayers(image, null), rules), all);
  }
}

function alter(
  desk: Desk,
  { entity, set, remove }: Extract<ConfigsCommand, { readonly action: "alter" }>,
  args: readonly string[],
): ToolOutput {
  const image = imageAt(desk);
  const written = writtenTo(image, entity);
  const missing = remove.filter((key) => !Object.hasOwn(written, key));
  const refusal = notSetRefusal(missing, desk.world.rules);
  if (refusal !== undefined) return refusal;
  const changes = { ...set, ...Object.fromEntries(remove.map((key) => [key, null])) };
  const answer = desk.ask({ type: "alterConfigs", scope: scopeOf(entity), changes });
  if (answer === null) return failed(timedOut);
  return answer.type === "refused" ? configsFailed(args, answer.error, answer.message) : configsAltered(entity);
}

/** What was set dynamically on the entity itself. */
function writtenTo(image: MetadataImage, entity: ConfigEntity): Readonly<Record<string, string>> {
  switch (entity.kind) {
    case "topic":
      return topicLayers(image, entity.name).topic ?? {};
    case "broker":
      return brokerLayers(image, entity.id).broker ?? {};
    case "cluster":
      return image.clusterConfigs;
  }
}

function scopeOf(entity: ConfigEntity): ConfigScope {
  switch (entity.kind) {
    case "topic":
      return { kind: "topic", topic: entity.name };
    case "broker":
      return { kind: "broker", brokerId: entity.id };
    case "cluster":
      return { kind: "cluster" };
  }
}
