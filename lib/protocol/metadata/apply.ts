import { invariant, unreachable } from "../../core/assert.js";
import type { SteadyRules } from "../../kafka/versions.js";
import type { BrokerRegistration, MetadataImage, TopicImage } from "./image.js";
import { comparePartitions, type PartitionRegistration } from "./partition.js";
import type {
  BrokerRegistrationChangeRecord,
  ConfigRecord,
  MetadataBatch,
  MetadataRecord,
  PartitionChangeRecord,
  PartitionRecord,
  RegisterBrokerRecord,
} from "./record.js";
import {
  minInsyncReplicasKey,
  resolvedTopic,
  type TopicDefaults,
  todaysTopicDefaults,
  uncleanLeaderElectionKey,
} from "./topic-configs.js";

export { effectiveMinInsyncReplicas } from "./topic-configs.js";

/** What a node knows of the metadata log before it has read anything. */
export function emptyImage(
  staticConfigs: Readonly<Record<string, string>>,
  topicDefaults: TopicDefaults = todaysTopicDefaults,
): MetadataImage {
  return {
    nextOffset: 0,
    brokers: [],
    topics: [],
    partitions: [],
    clusterConfigs: {},
    brokerConfigs: {},
    staticConfigs,
    topicDefaults,
    features: {},
  };
}

/** What the fold asks of the rules: whether an election moves both epochs, as it does in every release. */
export type EpochRules = Pick<SteadyRules, "electionBumpsLeaderEpoch" | "electionBumpsPartitionEpoch">;

/** Folds a batch into an image. The reader must stand exactly at its beginning. */
export function applyMetadataBatch(image: MetadataImage, batch: MetadataBatch, rules: EpochRules): MetadataImage {
  invariant(
    image.nextOffset === batch.baseOffset,
    () => `a reader at metadata offset ${image.nextOffset} was given the batch at ${batch.baseOffset}`,
  );
  let next = image;
  for (const record of batch.records) next = applyMetadataRecord(next, record, next.nextOffset, rules);
  return next;
}

/** The one fold of decisions into state, on the controller and on every broker. `offset` is that of the record. */
export function applyMetadataRecord(
  image: MetadataImage,
  record: MetadataRecord,
  offset: number,
  rules: EpochRules,
): MetadataImage {
  const nextOffset = offset + 1;
  switch (record.type) {
    case "PartitionChangeRecord":
      return { ...image, nextOffset, partitions: withChangedPartition(image.partitions, record, rules) };
    case "BrokerRegistrationChangeRecord":
      return { ...image, nextOffset, brokers: withChangedBroker(image.brokers, record) };
    case "RegisterBrokerRecord":
      return { ...image, nextOffset, brokers: withRegisteredBroker(image.brokers, record) };
    case "UnregisterBrokerRecord":
      return {
        ...image,
        nextOffset,
        brokers: image.brokers.filter(({ brokerId }) => brokerId !== record.brokerId),
      };
    case "TopicRecord":
      return { ...image, nextOffset, topics: withNewTopic(image, record.topic) };
    case "RemoveTopicRecord":
      return {
        ...image,
        nextOffset,
        topics: image.topics.filter(({ topic }) => topic !== record.topic),
        partitions: image.partitions.filter(({ topic }) => topic !== record.topic),
      };
    case "PartitionRecord":
      return { ...image, nextOffset, partitions: withNewPartition(image.partitions, record) };
    case "ConfigRecord":
      return { ...withConfig(image, record), nextOffset };
    case "ClearElrRecord":
      return { ...image, nextOffset, partitions: withoutElr(image.partitions, record.topic, rules) };
    case "FeatureLevelRecord":
      return { ...image, nextOffset, features: { ...image.features, [record.feature]: record.level } };
    default:
      return unreachable(record);
  }
}

/**
 * A registration with one change folded in: the partition epoch always grows by one, the leader epoch exactly if the
 * change names a leader, be it the same one or none. Source: PartitionRegistration.merge.
 */
export function mergePartitionChange(
  registration: PartitionRegistration,
  record: PartitionChangeRecord,
  rules: EpochRules,
): PartitionRegistration {
  const namesLeader = record.leader !== undefined;
  return {
    partition: registration.partition,
    topic: registration.topic,
    replicas: record.replicas ?? registration.replicas,
    isr: record.isr ?? registration.isr,
    eligibleLeaderReplicas: record.eligibleLeaderReplicas ?? registration.eligibleLeaderReplicas,
    lastKnownElr: record.lastKnownElr ?? registration.lastKnownElr,
    leader: record.leader ?? registration.leader,
    leaderRecoveryState: record.leaderRecoveryState ?? registration.leaderRecoveryState,
    leaderEpoch: registration.leaderEpoch + (namesLeader && rules.electionBumpsLeaderEpoch ? 1 : 0),
    partitionEpoch: registration.partitionEpoch + (namesLeader && !rules.electionBumpsPartitionEpoch ? 0 : 1),
    addingReplicas: record.addingReplicas ?? registration.addingReplicas,
    removingReplicas: record.removingReplicas ?? registration.removingReplicas,
    directories: record.directories ?? registration.directories,
  };
}

function withChangedPartition(
  partitions: readonly PartitionRegistration[],
  record: PartitionChangeRecord,
  rules: EpochRules,
): readonly PartitionRegistration[] {
  const index = partitions.findIndex(({ partition }) => partition === record.partition);
  const before = partitions[index];
  invariant(before !== undefined, () => `a change of ${record.partition}, which does not exist`);
  return partitions.with(index, mergePartitionChange(before, record, rules));
}

function withNewPartition(
  partitions: readonly PartitionRegistration[],
  record: PartitionRecord,
): readonly PartitionRegistration[] {
  const created: PartitionRegistration = {
    partition: record.partition,
    topic: record.topic,
    replicas: record.replicas,
    isr: record.isr,
    eligibleLeaderReplicas: [],
    lastKnownElr: [],
    leader: record.leader,
    leaderRecoveryState: "recovered",
    leaderEpoch: 0,
    partitionEpoch: 0,
    addingReplicas: [],
    removingReplicas: [],
    directories: record.directories,
  };
  const after = partitions.findIndex((partition) => comparePartitions(partition, created) >= 0);
  invariant(
    partitions[after]?.partition !== record.partition,
    () => `a second PartitionRecord for ${record.partition}`,
  );
  return inserted(partitions, after, created);
}

/** ELR and last known ELR emptied where there is something to empty; only there the partition epoch grows. */
function withoutElr(
  partitions: readonly PartitionRegistration[],
  topic: string | null,
  rules: EpochRules,
): readonly PartitionRegistration[] {
  return partitions.map((partition) =>
    (topic === null || partition.topic === topic) &&
    (partition.eligibleLeaderReplicas.length > 0 || partition.lastKnownElr.length > 0)
      ? mergePartitionChange(
          partition,
          {
            type: "PartitionChangeRecord",
            partition: partition.partition,
            eligibleLeaderReplicas: [],
            lastKnownElr: [],
          },
          rules,
        )
      : partition,
  );
}

function withRegisteredBroker(
  brokers: readonly BrokerRegistration[],
  record: RegisterBrokerRecord,
): readonly BrokerRegistration[] {
  const index = brokers.findIndex(({ brokerId }) => brokerId === record.brokerId);
  const before = brokers[index];
  const registration: BrokerRegistration = {
    brokerId: record.brokerId,
    incarnationId: record.incarnationId,
    brokerEpoch: record.brokerEpoch,
    fenced: record.fenced,
    // An incarnation that registers once more is still the one that is shutting down.
    inControlledShutdown: before?.incarnationId === record.incarnationId && before.inControlledShutdown,
    rack: record.rack,
    directoryId: record.directoryId,
  };
  if (before !== undefined) return brokers.with(index, registration);
  const after = brokers.findIndex(({ brokerId }) => brokerId > record.brokerId);
  return inserted(brokers, after, registration);
}

function withChangedBroker(
  brokers: readonly BrokerRegistration[],
  record: BrokerRegistrationChangeRecord,
): readonly BrokerRegistration[] {
  const index = brokers.findIndex(({ brokerId }) => brokerId === record.brokerId);
  const before = brokers[index];
  invariant(before !== undefined, () => `a change of broker ${record.brokerId}, which is not registered`);
  invariant(
    before.brokerEpoch === record.brokerEpoch,
    () => `broker ${record.brokerId} has epoch ${before.brokerEpoch}, not ${record.brokerEpoch}`,
  );
  return brokers.with(index, {
    ...before,
    fenced: record.fenced ?? before.fenced,
    inControlledShutdown: record.inControlledShutdown ?? before.inControlledShutdown,
  });
}

function withNewTopic(image: MetadataImage, topic: string): readonly TopicImage[] {
  const after = image.topics.findIndex((candidate) => candidate.topic >= topic);
  invariant(image.topics[after]?.topic !== topic, () => `a second TopicRecord for ${topic}`);
  return inserted(image.topics, after, resolvedTopic(image, topic, {}));
}

function withConfig(image: MetadataImage, { scope, key, value }: ConfigRecord): MetadataImage {
  switch (scope.kind) {
    case "topic": {
      const index = image.topics.findIndex(({ topic }) => topic === scope.topic);
      const before = image.topics[index];
      invariant(before !== undefined, () => `a configuration of topic ${scope.topic}, which does not exist`);
      const topic = resolvedTopic(image, scope.topic, withKey(before.configs, key, value));
      return { ...image, topics: image.topics.with(index, topic) };
    }
    case "cluster": {
      const changed = { ...image, clusterConfigs: withKey(image.clusterConfigs, key, value) };
      if (key !== minInsyncReplicasKey && key !== uncleanLeaderElectionKey) return changed;
      return { ...changed, topics: image.topics.map(({ topic, configs }) => resolvedTopic(changed, topic, configs)) };
    }
    case "broker": {
      const name = String(scope.brokerId);
      const configs = withKey(image.brokerConfigs[name] ?? {}, key, value);
      return { ...image, brokerConfigs: { ...image.brokerConfigs, [name]: configs } };
    }
    default:
      return unreachable(scope);
  }
}

function withKey(
  configs: Readonly<Record<string, string>>,
  key: string,
  value: string | null,
): Readonly<Record<string, string>> {
  if (value !== null) return { ...configs, [key]: value };
  const { [key]: _, ...rest } = configs;
  return rest;
}

/** `after`: index of the first element that comes behind the new one; -1 when none does. */
function inserted<T>(array: readonly T[], after: number, element: T): readonly T[] {
  return array.toSpliced(after === -1 ? array.length : after, 0, element);
}
