import type { Rules } from "../../kafka/versions.js";
import type { TopicPartition } from "../ids.js";
import { lastStableOffset } from "../log/transactions.js";
import { partitionOf } from "../metadata/image.js";
import { effectiveMinIsr, isUnderMinIsr } from "./high-watermark.js";
import { isrOf } from "./isr-state.js";
import { replicaOf } from "./replicas.js";
import type { Broker, LeaderReplica } from "./state.js";

/** `transaction.max.timeout.ms` and the five minutes after which a transaction that is still open counts as late. */
const lateTransactionMs = 900_000 + 300_000;

/**
 * `kafka.server:type=ReplicaManager,name=…` of one broker, by name. The `…PerSec` values are counts since the process
 * started. A partition without a leader is led by nobody, and so it is in none of the gauges about led partitions.
 */
export interface ReplicaManagerMetrics {
  readonly LeaderCount: number;
  readonly PartitionCount: number;
  /** Always 0: no log directory fails by itself here. */
  readonly OfflineReplicaCount: number;
  readonly UnderReplicatedPartitions: number;
  readonly UnderMinIsrPartitionCount: number;
  readonly AtMinIsrPartitionCount: number;
  readonly ReassigningPartitions: number;
  /** Only changes that this leader has asked for and that were answered: less than what the ISR went through. */
  readonly IsrExpandsPerSec: number;
  readonly IsrShrinksPerSec: number;
  readonly FailedIsrUpdatesPerSec: number;
  readonly PartitionsWithLateTransactionsCount: number;
  readonly ProducerIdCount: number;
}

export function replicaManagerMetrics(broker: Broker, nowMs: number, rules: Rules): ReplicaManagerMetrics {
  const leaders = broker.replicas.filter((replica) => replica.role === "leader");
  const online = broker.replicas.filter((replica) => replica.role !== "offline");
  const count = (holds: (leader: LeaderReplica) => boolean): number => leaders.filter(holds).length;
  return {
    LeaderCount: leaders.length,
    PartitionCount: online.length,
    OfflineReplicaCount: 0,
    UnderReplicatedPartitions: count((leader) => isUnderReplicated(leader, rules)),
    UnderMinIsrPartitionCount: count((leader) => isUnderMinIsr(broker, leader, rules)),
    AtMinIsrPartitionCount: count((leader) => isAtMinIsr(broker, leader, rules)),
    ReassigningPartitions: count((leader) => isReassigning(broker, leader)),
    IsrExpandsPerSec: broker.meters.isrExpands,
    IsrShrinksPerSec: broker.meters.isrShrinks,
    FailedIsrUpdatesPerSec: broker.meters.failedIsrUpdates,
    PartitionsWithLateTransactionsCount: count((leader) => hasLateTransaction(leader, nowMs)),
    ProducerIdCount: online.reduce((total, { log }) => total + log.producerStates.length, 0),
  };
}

/** `kafka.cluster:type=Partition,name=…,topic=…,partition=…`: all zero but the lag on a broker that does not lead. */
export interface PartitionMetrics {
  readonly UnderReplicated: number;
  readonly InSyncReplicasCount: number;
  readonly UnderMinIsr: number;
  readonly AtMinIsr: number;
  readonly ReplicasCount: number;
  readonly LastStableOffsetLag: number;
}

/** Null where this broker has no copy, or does not know its role yet. */
export function partitionMetrics(broker: Broker, partition: TopicPartition, rules: Rules): PartitionMetrics | null {
  const replica = replicaOf(broker, partition);
  if (replica === undefined || replica.role === "offline") return null;
  const LastStableOffsetLag = replica.highWatermark - lastStableOffset(replica.log, replica.highWatermark);
  if (replica.role === "follower") {
    return {
      UnderReplicated: 0,
      InSyncReplicasCount: 0,
      UnderMinIsr: 0,
      AtMinIsr: 0,
      ReplicasCount: 0,
      LastStableOffsetLag,
    };
  }
  return {
    UnderReplicated: isUnderReplicated(replica, rules) ? 1 : 0,
    InSyncReplicasCount: isrOf(replica.isrState, rules).length,
    UnderMinIsr: isUnderMinIsr(broker, replica, rules) ? 1 : 0,
    AtMinIsr: isAtMinIsr(broker, replica, rules) ? 1 : 0,
    ReplicasCount: replicationFactor(replica),
    LastStableOffsetLag,
  };
}

/** What other MBeans of a broker tell of replication. */
export interface DelayedOperationMetrics {
  /** `kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Produce`. */
  readonly ProducePurgatorySize: number;
  /** `kafka.server:type=DelayedOperationPurgatory,name=PurgatorySize,delayedOperation=Fetch`. */
  readonly FetchPurgatorySize: number;
  /** `kafka.server:type=BrokerTopicMetrics,name=FailedProduceRequestsPerSec`. */
  readonly FailedProduceRequestsPerSec: number;
}

export function delayedOperationMetrics(broker: Broker): DelayedOperationMetrics {
  let ProducePurgatorySize = 0;
  let FetchPurgatorySize = 0;
  for (const replica of broker.replicas) {
    if (replica.role === "offline") continue;
    FetchPurgatorySize += replica.waitingFetches.length;
    if (replica.role === "leader") ProducePurgatorySize += replica.waitingProduces.length;
  }
  const { failedProduceRequests: FailedProduceRequestsPerSec } = broker.meters;
  return { ProducePurgatorySize, FetchPurgatorySize, FailedProduceRequestsPerSec };
}

export function isUnderReplicated(leader: LeaderReplica, rules: Rules): boolean {
  return replicationFactor(leader) > isrOf(leader.isrState, rules).length;
}

export function isAtMinIsr(broker: Broker, leader: LeaderReplica, rules: Rules): boolean {
  return isrOf(leader.isrState, rules).length === effectiveMinIsr(broker, leader, rules);
}

/** Replicas that a reassignment adds do not count until it is complete. */
function replicationFactor({ assignment, addingReplicas }: LeaderReplica): number {
  return assignment.filter((replicaId) => !addingReplicas.includes(replicaId)).length;
}

function isReassigning(broker: Broker, { partition }: LeaderReplica): boolean {
  const registration = partitionOf(broker.metadata, partition);
  return registration !== undefined && registration.addingReplicas.length + registration.removingReplicas.length > 0;
}

function hasLateTransaction({ log }: LeaderReplica, nowMs: number): boolean {
  return log.producerStates.some(
    (state) => state.openTransactionFirstOffset !== null && nowMs - state.lastTimestampMs > lateTransactionMs,
  );
}
