import { fact } from "../fact.js";
import type { TopicPartition } from "../ids.js";
import { partitionOf } from "../metadata/image.js";
import type { StepContext } from "./context.js";
import { abandonFetch } from "./follower-channel.js";
import { failedFetch } from "./read.js";
import { replicaOf, withoutReplica } from "./replicas.js";
import { formatRole } from "./role.js";
import type { Broker } from "./state.js";
import { failProduces } from "./waiting.js";

/**
 * Deletes this broker's copy: the topic is gone, or another broker has the replica now. Requests that wait learn which.
 *
 * Source: ReplicaManager.stopPartitions.
 */
export function deleteReplica(broker: Broker, partition: TopicPartition, context: StepContext): Broker {
  const replica = replicaOf(broker, partition);
  if (replica === undefined) return broker;
  const deleted = withoutReplica(broker, partition);
  const error =
    partitionOf(broker.metadata, partition) === undefined ? "UNKNOWN_TOPIC_OR_PARTITION" : "NOT_LEADER_OR_FOLLOWER";
  if (replica.role === "follower") abandonFetch(replica, context);
  if (replica.role === "leader") failProduces(deleted, replica, error, context);
  if (replica.role !== "offline") {
    for (const { from, channel, request } of replica.waitingFetches) {
      context.outbox.reply(from, channel, failedFetch(deleted, request, error, context.rules));
    }
  }
  context.outbox.change({
    fact: fact.role(partition, broker.brokerId),
    from: formatRole(replica),
    to: "deleted",
    rule: "replica.deleted",
    numbers: {},
    because: [fact.assignment(partition), fact.metadataOffset(broker.brokerId)],
  });
  return deleted;
}
