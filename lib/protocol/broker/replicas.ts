import type { ErrorCode } from "../../kafka/errors.js";
import type { TopicPartition } from "../ids.js";
import type { CurrentLeader } from "../message.js";
import { partitionOf } from "../metadata/image.js";
import { brokerWith } from "./copy.js";
import type { Broker, LeaderReplica, OnlineReplica, Replica } from "./state.js";

export function replicaOf(broker: Broker, partition: TopicPartition): Replica | undefined {
  for (const replica of broker.replicas) if (replica.partition === partition) return replica;
  return undefined;
}

/** The replica, if this broker leads the partition. */
export function leaderReplicaOf(broker: Broker, partition: TopicPartition): LeaderReplica | undefined {
  const replica = replicaOf(broker, partition);
  return replica?.role === "leader" ? replica : undefined;
}

/**
 * The replica that answers requests for a partition, or the error where there is none: NOT_LEADER_OR_FOLLOWER if others
 * have the partition, UNKNOWN_TOPIC_OR_PARTITION if this broker has never heard of it.
 *
 * Source: ReplicaManager.getPartitionOrError. KAFKA_STORAGE_ERROR is left out: no log directory fails by itself here.
 */
export function onlineReplicaOrError(
  broker: Broker,
  partition: TopicPartition,
): OnlineReplica | Exclude<ErrorCode, "NONE"> {
  const replica = replicaOf(broker, partition);
  if (replica !== undefined && replica.role !== "offline") return replica;
  return partitionOf(broker.metadata, partition) === undefined
    ? "UNKNOWN_TOPIC_OR_PARTITION"
    : "NOT_LEADER_OR_FOLLOWER";
}

/** The broker with one replica added or replaced; the same broker if it is the same replica. */
export function withReplica(broker: Broker, replica: Replica): Broker {
  const { replicas } = broker;
  for (let index = 0; index < replicas.length; index++) {
    const existing = replicas[index];
    if (existing?.partition !== replica.partition) continue;
    if (existing === replica) return broker;
    const replaced = replicas.slice();
    replaced[index] = replica;
    return brokerWith(broker, { replicas: replaced });
  }
  const after = replicas.findIndex((existing) => existing.partition > replica.partition);
  return brokerWith(broker, { replicas: replicas.toSpliced(after === -1 ? replicas.length : after, 0, replica) });
}

export function withoutReplica(broker: Broker, partition: TopicPartition): Broker {
  return brokerWith(broker, { replicas: broker.replicas.filter((replica) => replica.partition !== partition) });
}

/** What this broker believes about the partition's leader, for answers that send a client elsewhere. KIP-951. */
export function currentLeaderOf(broker: Broker, partition: TopicPartition): CurrentLeader | null {
  const replica = replicaOf(broker, partition);
  switch (replica?.role) {
    case "leader":
      return { leader: broker.brokerId, leaderEpoch: replica.leaderEpoch };
    case "follower":
      return { leader: replica.leader, leaderEpoch: replica.leaderEpoch };
    default: {
      const registration = partitionOf(broker.metadata, partition);
      if (registration === undefined) return null;
      return { leader: registration.leader, leaderEpoch: registration.leaderEpoch };
    }
  }
}
