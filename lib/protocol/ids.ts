/** Identifiers and small values that every part of the protocol speaks of. */

/** A broker's `node.id`. "Replica 2" is the copy that broker 2 holds of one partition. */
export type BrokerId = number;

/** In a partition: nobody leads. In a change record a leader of `noLeader` is a change; an absent leader is none. */
export const noLeader = -1;

/** Broker epoch of a broker that has not registered, or of a request that does not carry one. */
export const noBrokerEpoch = -1;

/** Leader epoch that a request does not carry. */
export const noEpoch = -1;

/** "Never", and "infinitely long ago" for times that Kafka writes as 0. */
export const longAgoMs = Number.NEGATIVE_INFINITY;
export const neverMs = Number.POSITIVE_INFINITY;

/** `orders-0`: topic and partition index in one key, as Kafka's logs and tools write it. */
export type TopicPartition = string;

export function topicPartition(topic: string, partition: number): TopicPartition {
  return `${topic}-${partition}`;
}

/** 0 of `orders-0`. Topic names may contain dashes themselves. */
export function partitionIndexOf(partition: TopicPartition): number {
  return Number(partition.slice(partition.lastIndexOf("-") + 1));
}

/** `orders` of `orders-0`. */
export function topicNameOf(partition: TopicPartition): string {
  return partition.slice(0, partition.lastIndexOf("-"));
}

/** Who sends and receives: `"1"` for broker 1, `"controller"`, or the name of a client. */
export type NodeName = string;

export const controllerName: NodeName = "controller";

/** Names of the brokers of any cluster one plays with: a step asks for several. */
const brokerNames: readonly NodeName[] = Array.from({ length: 100 }, (_, brokerId) => String(brokerId));

export function brokerName(brokerId: BrokerId): NodeName {
  return brokerNames[brokerId] ?? String(brokerId);
}

/** Ascending, without duplicates: how sets of brokers are kept wherever Kafka itself keeps no order. */
export function sortedBrokerIds(brokerIds: Iterable<BrokerId>): BrokerId[] {
  return [...new Set(brokerIds)].sort((a, b) => a - b);
}

/** What a producer asks for: answer at once, after the leader's append, or after the whole ISR has the record. */
export type Acks = 0 | 1 | "all";
