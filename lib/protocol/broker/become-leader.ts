import { invariant } from "../../core/assert.js";
import { fact } from "../fact.js";
import { type BrokerId, sortedBrokerIds } from "../ids.js";
import { assignEpoch } from "../log/epoch-entries.js";
import { logEndOffset } from "../log/log.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { StepContext } from "./context.js";
import { leaderWith } from "./copy.js";
import { abandonFetch } from "./follower-channel.js";
import { advanceHighWatermark } from "./high-watermark.js";
import { noteIsrState } from "./isr-news.js";
import { committedIsr } from "./isr-state.js";
import type { Reason } from "./reason.js";
import { newRemoteReplica, resetForNewEpoch } from "./remote-replica.js";
import { withReplica } from "./replicas.js";
import { noteRole } from "./role.js";
import type { Broker, LeaderReplica, RemoteReplica, Replica } from "./state.js";
import { wakeIfHighWatermarkMoved } from "./waiting.js";

/**
 * Takes or keeps the lead of a partition as the metadata says. The stored ISR replaces whatever was proposed: a proposal
 * that is under way is forgotten here, and its answer will be ignored.
 *
 * Only a new leader epoch begins anything: its start is noted in the log although nothing is written in it yet, and what
 * was known of the followers is reset. An older partition epoch is ignored; the same one is not, because the answer to
 * AlterPartition may have come first.
 *
 * Source: Partition.makeLeader.
 */
export function becomeLeader(
  broker: Broker,
  replica: Replica,
  registration: PartitionRegistration,
  context: StepContext,
): Broker {
  if (registration.partitionEpoch < replica.partitionEpoch) return broker;
  if (replica.role === "follower") abandonFetch(replica, context);
  const isNewEpoch = context.rules.electionBumpsLeaderEpoch
    ? registration.leaderEpoch > replica.leaderEpoch
    : replica.role !== "leader";
  const leader = isNewEpoch
    ? newLeader(replica, registration, broker.brokerId, context)
    : keptLeader(replica, registration, broker.brokerId);
  if (isNewEpoch) noteRole(broker, replica, leader, context);
  const reason: Reason = {
    rule: "isr.committed-by-metadata",
    numbers: { partitionEpoch: registration.partitionEpoch },
    because: [fact.isr(registration.partition), fact.metadataOffset(broker.brokerId)],
  };
  noteIsrState(broker, replica.role === "leader" ? replica : null, leader, reason, context);
  const advanced = advanceHighWatermark(broker, leader, context);
  return withReplica(broker, wakeIfHighWatermarkMoved(broker, leader, advanced, context));
}

/** The same leader in the same epoch: only assignment, ISR and partition epoch change. */
function keptLeader(replica: Replica, registration: PartitionRegistration, brokerId: BrokerId): LeaderReplica {
  invariant(replica.role === "leader", () => `broker ${brokerId} leads ${replica.partition} without a new epoch`);
  return leaderWith(replica, {
    partitionEpoch: registration.partitionEpoch,
    assignment: registration.replicas,
    addingReplicas: registration.addingReplicas,
    isrState: committedIsr(registration.isr),
    remoteReplicas: remoteReplicas(replica, registration, brokerId),
  });
}

function newLeader(
  replica: Replica,
  registration: PartitionRegistration,
  brokerId: BrokerId,
  { nowMs, rules }: StepContext,
): LeaderReplica {
  const { leaderEpoch, partitionEpoch } = registration;
  const leaderEpochStartOffset = logEndOffset(replica.log);
  const log = rules.leaderCachesEmptyEpoch
    ? assignEpoch(replica.log, leaderEpoch, leaderEpochStartOffset)
    : replica.log;
  return {
    role: "leader",
    partition: replica.partition,
    topic: replica.topic,
    log,
    highWatermark: replica.highWatermark,
    highWatermarkCheckpoint: replica.highWatermarkCheckpoint,
    flushedEndOffset: replica.flushedEndOffset,
    leaderEpoch,
    partitionEpoch,
    assignment: registration.replicas,
    addingReplicas: registration.addingReplicas,
    leaderEpochStartOffset,
    isrState: committedIsr(registration.isr),
    remoteReplicas: remoteReplicas(replica, registration, brokerId).map((remote) =>
      resetForNewEpoch(remote, {
        nowMs,
        leaderLogEndOffset: leaderEpochStartOffset,
        isNewLeader: replica.role !== "leader",
        isInSync: registration.isr.includes(remote.replicaId),
      }),
    ),
    waitingProduces: replica.role === "leader" ? replica.waitingProduces : [],
    waitingFetches: replica.role === "offline" ? [] : replica.waitingFetches,
  };
}

/** Notes on exactly the other replicas of the assignment: those that are known are kept. */
function remoteReplicas(
  replica: Replica,
  { replicas }: PartitionRegistration,
  brokerId: BrokerId,
): readonly RemoteReplica[] {
  const known = replica.role === "leader" ? replica.remoteReplicas : [];
  return sortedBrokerIds(replicas)
    .filter((replicaId) => replicaId !== brokerId)
    .map((replicaId) => known.find((remote) => remote.replicaId === replicaId) ?? newRemoteReplica(replicaId));
}
