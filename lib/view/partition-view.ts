import type { Broker, Replica } from "../protocol/broker/state.js";
import { type BrokerId, noLeader, type TopicPartition } from "../protocol/ids.js";
import { logEndOffset } from "../protocol/log/log.js";
import { partitionOf, registrationOf } from "../protocol/metadata/image.js";
import type { World } from "../sim/world.js";

/** One partition at one moment, as every picture of it needs it: plain data, the same for text, SVG and replay. */
export interface PartitionView {
  readonly partition: TopicPartition;
  readonly atMs: number;
  /** As the controller has decided; null while there is none. */
  readonly leader: BrokerId | null;
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  /** In stored order. */
  readonly isr: readonly BrokerId[];
  readonly eligibleLeaderReplicas: readonly BrokerId[];
  readonly lastKnownElr: readonly BrokerId[];
  /** In assignment order. */
  readonly replicas: readonly ReplicaView[];
}

export interface ReplicaView {
  readonly brokerId: BrokerId;
  readonly status: ReplicaStatus;
  /** True where this broker itself believes that it leads; an isolated old leader still does. */
  readonly leads: boolean;
  /** The leader epoch this replica knows. */
  readonly leaderEpoch: number;
  readonly logStartOffset: number;
  readonly records: readonly RecordView[];
  readonly logEndOffset: number;
  readonly highWatermark: number;
}

export interface RecordView {
  readonly value: string;
  readonly leaderEpoch: number;
  /** Transaction markers take an offset but carry no value. */
  readonly isMarker: boolean;
}

/** In the words of the page: colour, shape and word all say the same. */
export type ReplicaStatus = "leader" | "in sync" | "lagging" | "fenced" | "down";

/** What there is to see of a partition; null where the cluster has no such partition. */
export function partitionView(world: World, partition: TopicPartition): PartitionView | null {
  const { image } = world.controller;
  const registration = partitionOf(image, partition);
  if (registration === undefined) return null;
  return {
    partition,
    atMs: world.nowMs,
    leader: registration.leader === noLeader ? null : registration.leader,
    leaderEpoch: registration.leaderEpoch,
    partitionEpoch: registration.partitionEpoch,
    isr: registration.isr,
    eligibleLeaderReplicas: registration.eligibleLeaderReplicas,
    lastKnownElr: registration.lastKnownElr,
    replicas: registration.replicas.flatMap((brokerId) => {
      const broker = world.brokers.find((candidate) => candidate.brokerId === brokerId);
      const replica = broker?.replicas.find((candidate) => candidate.partition === partition);
      if (broker === undefined) return [];
      const fenced = registrationOf(image, brokerId)?.fenced !== false;
      const status = statusOf(broker, fenced, registration.leader, registration.isr);
      return [replicaView(brokerId, replica, status)];
    }),
  };
}

/** Every partition of the cluster, in order. */
export function partitionViews(world: World): readonly PartitionView[] {
  return world.controller.image.partitions.flatMap(({ partition }) => partitionView(world, partition) ?? []);
}

function statusOf(broker: Broker, fenced: boolean, leader: BrokerId, isr: readonly BrokerId[]): ReplicaStatus {
  if (broker.process === "down") return "down";
  if (fenced) return "fenced";
  if (broker.brokerId === leader) return "leader";
  return isr.includes(broker.brokerId) ? "in sync" : "lagging";
}

function replicaView(brokerId: BrokerId, replica: Replica | undefined, status: ReplicaStatus): ReplicaView {
  if (replica === undefined)
    return {
      brokerId,
      status,
      leads: false,
      leaderEpoch: -1,
      logStartOffset: 0,
      records: [],
      logEndOffset: 0,
      highWatermark: 0,
    };
  const { log } = replica;
  return {
    brokerId,
    status,
    leads: replica.role === "leader",
    leaderEpoch: replica.leaderEpoch,
    logStartOffset: log.logStartOffset,
    records: log.chunks.flat().map(({ value, leaderEpoch, kind }) => ({
      value,
      leaderEpoch,
      isMarker: kind === "commit" || kind === "abort",
    })),
    logEndOffset: logEndOffset(log),
    // A process that is down has forgotten its high watermark; the disk has the checkpoint.
    highWatermark: status === "down" ? replica.highWatermarkCheckpoint : replica.highWatermark,
  };
}
