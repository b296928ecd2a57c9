import type { BrokerId, NodeName, TopicPartition } from "./ids.js";
import type { RuleId } from "./rules/index.js";

/**
 * The name of one thing that can change, such as `hw/orders-0@1`: the high watermark of partition orders-0 as broker 1
 * knows it. A trace remembers the step at which each fact changed last; that is what makes "why?" answerable.
 */
export type Fact = string;

/** What a fact can be worth. Numbers are integers. */
export type FactValue = number | string | boolean | null | readonly (number | string)[];

/** Names of facts, in one place so that writers and readers agree. */
export const fact = {
  /** As decided by the controller. */
  leader: (partition: TopicPartition): Fact => `leader/${partition}`,
  leaderEpoch: (partition: TopicPartition): Fact => `epoch/${partition}`,
  isr: (partition: TopicPartition): Fact => `isr/${partition}`,
  elr: (partition: TopicPartition): Fact => `elr/${partition}`,
  lastKnownElr: (partition: TopicPartition): Fact => `last-known-elr/${partition}`,
  recoveryState: (partition: TopicPartition): Fact => `recovery/${partition}`,
  assignment: (partition: TopicPartition): Fact => `replicas/${partition}`,
  /** The directory in which the controller believes the replica of this broker to be. */
  directory: (partition: TopicPartition, brokerId: BrokerId): Fact => `directory/${partition}@${brokerId}`,
  /** What the controller last answered to this leader's wish for another ISR, and to a broker's wish to register. */
  alterPartitionAnswer: (partition: TopicPartition, brokerId: BrokerId): Fact =>
    `alter-partition-answer/${partition}@${brokerId}`,
  registrationAnswer: (brokerId: BrokerId): Fact => `registration-answer/${brokerId}`,
  feature: (feature: string): Fact => `feature/${feature}`,
  fenced: (brokerId: BrokerId): Fact => `fenced/${brokerId}`,
  registration: (brokerId: BrokerId): Fact => `registration/${brokerId}`,
  controlledShutdown: (brokerId: BrokerId): Fact => `controlled-shutdown/${brokerId}`,
  topicConfig: (topic: string, key: string): Fact => `config/topic/${topic}/${key}`,
  clusterConfig: (key: string): Fact => `config/cluster/${key}`,
  brokerConfig: (brokerId: BrokerId, key: string): Fact => `config/broker/${brokerId}/${key}`,
  /** As one broker knows it. */
  role: (partition: TopicPartition, brokerId: BrokerId): Fact => `role/${partition}@${brokerId}`,
  logEnd: (partition: TopicPartition, brokerId: BrokerId): Fact => `leo/${partition}@${brokerId}`,
  highWatermark: (partition: TopicPartition, brokerId: BrokerId): Fact => `hw/${partition}@${brokerId}`,
  /** The leader's ISR state: committed, or with a proposal in flight. */
  isrState: (partition: TopicPartition, brokerId: BrokerId): Fact => `isr-state/${partition}@${brokerId}`,
  /** What leader `brokerId` knows of the log end of follower `replicaId`. */
  remoteLogEnd: (partition: TopicPartition, brokerId: BrokerId, replicaId: BrokerId): Fact =>
    `remote-leo/${partition}@${brokerId}<${replicaId}`,
  caughtUp: (partition: TopicPartition, brokerId: BrokerId, replicaId: BrokerId): Fact =>
    `caught-up/${partition}@${brokerId}<${replicaId}`,
  /** Whether leader `brokerId` has fewer members in its ISR than `min.insync.replicas` asks for. */
  underMinIsr: (partition: TopicPartition, brokerId: BrokerId): Fact => `under-min-isr/${partition}@${brokerId}`,
  /** The error with which a broker last refused to append a batch. */
  refusal: (partition: TopicPartition, brokerId: BrokerId): Fact => `refusal/${partition}@${brokerId}`,
  metadataOffset: (brokerId: BrokerId): Fact => `metadata/${brokerId}`,
  lifecycle: (brokerId: BrokerId): Fact => `lifecycle/${brokerId}`,
  /** Of clients. */
  outcome: (client: NodeName, value: string): Fact => `outcome/${client}/${value}`,
  position: (client: NodeName, partition: TopicPartition): Fact => `position/${client}/${partition}`,
  /** Retries of the batch that a producer last had to send again. */
  attempts: (client: NodeName, partition: TopicPartition): Fact => `attempts/${client}/${partition}`,
  producerEpoch: (client: NodeName): Fact => `producer-epoch/${client}`,
  transaction: (client: NodeName): Fact => `transaction/${client}`,
  /** Where a consumer reads from, and the exception that ended its reading. */
  readReplica: (client: NodeName, partition: TopicPartition): Fact => `read-replica/${client}/${partition}`,
  consumerError: (client: NodeName, partition: TopicPartition): Fact => `consumer-error/${client}/${partition}`,
  clientLeader: (client: NodeName, partition: TopicPartition): Fact => `known-leader/${client}/${partition}`,
  /** Of the world around them. */
  process: (brokerId: BrokerId): Fact => `process/${brokerId}`,
  link: (from: NodeName, to: NodeName): Fact => `link/${from}>${to}`,
} as const;

/**
 * One change and the rule that made it. `numbers` are what the rule looked at, `because` the facts they came from; a
 * trace resolves these to the steps that set them, down to a fault, a scenario line or a configuration key.
 */
export interface Change {
  readonly fact: Fact;
  readonly from: FactValue;
  readonly to: FactValue;
  readonly rule: RuleId;
  readonly numbers: Readonly<Record<string, FactValue>>;
  readonly because: readonly Fact[];
}
