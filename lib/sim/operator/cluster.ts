import { describeFeatures, featureChanged, noPartitionsMatched, offsetsOutput } from "../../kafka/admin/cluster.js";
import type { AdminCommand, FeaturesCommand } from "../../kafka/admin/command.js";
import { failed, type ToolOutput } from "../../kafka/admin/output.js";
import { matchingTopics } from "../../kafka/admin/topic-pattern.js";
import { replicaOn } from "../ledger.js";
import { splitPartition, topicNames } from "./describe.js";
import { type Desk, imageAt, timedOut } from "./desk.js";

/** `kafka-features`. Only the feature that replication depends on is listed. */
export function runFeatures(desk: Desk, command: FeaturesCommand): ToolOutput {
  if (command.action === "describe") {
    const image = imageAt(desk);
    const features = Object.entries(image.features).map(([name, level]) => ({
      name,
      minVersion: "0",
      maxVersion: "1",
      finalizedLevel: String(level),
    }));
    return describeFeatures(features, image.nextOffset - 1);
  }
  const outputs = command.levels.map(({ feature, level }) => {
    const answer = desk.ask({ type: "updateFeature", feature, level });
    if (answer === null) return failed(timedOut);
    return featureChanged(command.action, feature, level, answer.type === "refused" ? answer.message : undefined);
  });
  return {
    text: outputs.map(({ text }) => text).join(""),
    exitStatus: outputs.some(({ exitStatus }) => exitStatus === 1) ? 1 : 0,
  };
}

/** `kafka-get-offsets`: what the leaders would answer. A partition that nobody leads has no offset to show. */
export function runGetOffsets(
  desk: Desk,
  { topicPattern, time }: Extract<AdminCommand, { readonly tool: "kafka-get-offsets" }>,
): ToolOutput {
  const image = imageAt(desk);
  const names = topicNames(image);
  const wanted = topicPattern === null ? names : matchingTopics(topicPattern, names);
  const partitions = image.partitions.filter(({ topic }) => wanted.includes(topic));
  if (partitions.length === 0) return noPartitionsMatched();
  return offsetsOutput(
    partitions.flatMap(({ partition, leader }) => {
      const replica = replicaOn(desk.world, leader, partition);
      if (replica?.role !== "leader") return [];
      const offset = time === "latest" ? replica.highWatermark : replica.log.logStartOffset;
      return [{ ...splitPartition(partition), offset }];
    }),
  );
}
