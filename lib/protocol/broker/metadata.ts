import { type Fact, fact } from "../fact.js";
import { emptyLog } from "../log/log.js";
import { applyMetadataBatch } from "../metadata/apply.js";
import { type MetadataImage, partitionOf, topicOf } from "../metadata/image.js";
import { comparePartitions, type PartitionRegistration } from "../metadata/partition.js";
import type { MetadataBatch } from "../metadata/record.js";
import { becomeFollower } from "./become-follower.js";
import { becomeLeader } from "./become-leader.js";
import type { StepContext } from "./context.js";
import { brokerWith } from "./copy.js";
import { deleteReplica } from "./delete-replica.js";
import { maybeAssignDirectory } from "./directory-assignment.js";
import { isUnderMinIsr } from "./high-watermark.js";
import { noteUnderMinIsr } from "./isr-news.js";
import { replicaOf } from "./replicas.js";
import type { Broker, OfflineReplica } from "./state.js";

/**
 * Reads the next batch of the metadata log and does what it says of this broker's replicas. Before the broker has read its
 * own registration nothing is done: it would act on roles of the past.
 *
 * Source: BrokerMetadataPublisher.onMetadataUpdate, ReplicaManager.applyDelta.
 */
export function readMetadata(broker: Broker, batch: MetadataBatch, context: StepContext): Broker {
  const before = broker.metadata;
  const metadata = applyMetadataBatch(before, batch, context.rules);
  const reading = brokerWith(broker, { metadata });
  context.outbox.change({
    fact: fact.metadataOffset(broker.brokerId),
    from: before.nextOffset,
    to: metadata.nextOffset,
    rule: "metadata.read-in-order",
    numbers: { records: batch.records.map((record) => record.type) },
    because: [],
  });
  if (!hasRoles(broker)) return reading;
  noteConfigChanges(broker, reading, context);
  const applied = applyPartitions(brokerWith(reading, { metadata: withMinIsrOf(before, metadata) }), before, context);
  return brokerWith(applied, { metadata });
}

/**
 * Partitions are told of a batch before its settings take effect: a partition that changes together with its
 * `min.insync.replicas` is still judged by the old one, so its high watermark waits for the next append.
 *
 * Source: BrokerMetadataPublisher.onMetadataUpdate (ReplicaManager.applyDelta, then the configuration publishers).
 */
function withMinIsrOf(before: MetadataImage, after: MetadataImage): MetadataImage {
  if (before.topics === after.topics) return after;
  const topics = after.topics.map((topic) => {
    const minInsyncReplicas = topicOf(before, topic.topic)?.minInsyncReplicas ?? topic.minInsyncReplicas;
    return minInsyncReplicas === topic.minInsyncReplicas ? topic : { ...topic, minInsyncReplicas };
  });
  return { ...after, topics };
}

function hasRoles({ lifecycle }: Broker): boolean {
  return lifecycle.state !== "registering" && lifecycle.state !== "starting";
}

/** Takes all roles for the first time. Copies that are not assigned here any more are deleted. */
export function takeRoles(broker: Broker, context: StepContext): Broker {
  let next = broker;
  for (const { partition } of broker.replicas) {
    const registration = partitionOf(broker.metadata, partition);
    if (!registration?.replicas.includes(broker.brokerId)) next = deleteReplica(next, partition, context);
  }
  for (const registration of broker.metadata.partitions) next = applyPartition(next, registration, context);
  return next;
}

/** Deletions first, then the partitions this broker leads, then those it follows. */
function applyPartitions(broker: Broker, before: MetadataImage, context: StepContext): Broker {
  if (before.partitions === broker.metadata.partitions) return broker;
  const changed: PartitionRegistration[] = [];
  let next = broker;
  for (const [was, is] of pairs(before.partitions, broker.metadata.partitions)) {
    if (was === is) continue;
    if (is?.replicas.includes(broker.brokerId)) changed.push(is);
    else if (was?.replicas.includes(broker.brokerId)) next = deleteReplica(next, was.partition, context);
  }
  const { brokerId } = broker;
  for (const is of changed) if (is.leader === brokerId) next = applyPartition(next, is, context);
  for (const is of changed) if (is.leader !== brokerId) next = applyPartition(next, is, context);
  return next;
}

function applyPartition(broker: Broker, registration: PartitionRegistration, context: StepContext): Broker {
  if (!registration.replicas.includes(broker.brokerId)) return broker;
  const replica = replicaOf(broker, registration.partition) ?? newReplica(registration);
  const next =
    registration.leader === broker.brokerId
      ? becomeLeader(broker, replica, registration, context)
      : becomeFollower(broker, replica, registration, context);
  return maybeAssignDirectory(next, registration, context);
}

function newReplica({ partition, topic }: PartitionRegistration): OfflineReplica {
  return {
    role: "offline",
    partition,
    topic,
    log: emptyLog(),
    highWatermark: 0,
    highWatermarkCheckpoint: 0,
    flushedEndOffset: 0,
    leaderEpoch: -1,
    partitionEpoch: -1,
  };
}

/** A change of `min.insync.replicas` can put a leader under its minimum or above; it moves no high watermark by itself. */
function noteConfigChanges(before: Broker, after: Broker, context: StepContext): void {
  if (before.metadata.topics === after.metadata.topics) return;
  for (const leader of after.replicas) {
    if (leader.role !== "leader") continue;
    const because: readonly Fact[] = [
      fact.topicConfig(leader.topic, "min.insync.replicas"),
      fact.clusterConfig("min.insync.replicas"),
      fact.isrState(leader.partition, after.brokerId),
    ];
    noteUnderMinIsr(after, leader, isUnderMinIsr(before, leader, context.rules), because, context);
  }
}

/** The registrations of the same partition in two images; both are in the same order. */
function* pairs(
  before: readonly PartitionRegistration[],
  after: readonly PartitionRegistration[],
): Generator<readonly [PartitionRegistration | undefined, PartitionRegistration | undefined]> {
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const was = before[i];
    const is = after[j];
    const order = was === undefined ? 1 : is === undefined ? -1 : comparePartitions(was, is);
    if (order <= 0) i += 1;
    if (order >= 0) j += 1;
    yield [order <= 0 ? was : undefined, order >= 0 ? is : undefined];
  }
}
