import { holdsBackHighWatermark } from "../../protocol/broker/high-watermark.js";
import { maximalIsr } from "../../protocol/broker/isr-state.js";
import type { Broker, LeaderReplica } from "../../protocol/broker/state.js";
import type { BrokerId } from "../../protocol/ids.js";
import { partitionOf, topicOf } from "../../protocol/metadata/image.js";
import type { World } from "../world.js";
import type { WorldInvariant } from "./invariant.js";

/** Every leader that changed in this step, with what it was in the same term one step earlier. */
function* changedLeaders(
  before: World | null,
  after: World,
): Generator<{ brokerId: BrokerId; leader: LeaderReplica; earlier: LeaderReplica | null }> {
  for (const [index, broker] of after.brokers.entries()) {
    const was = before?.brokers[index];
    if (was !== undefined && was.replicas === broker.replicas) continue;
    for (const leader of broker.replicas) {
      if (leader.role !== "leader") continue;
      const then = was?.replicas.find((candidate) => candidate.partition === leader.partition);
      if (then === leader) continue;
      const sameTerm = then?.role === "leader" && then.leaderEpoch === leader.leaderEpoch;
      yield { brokerId: broker.brokerId, leader, earlier: sameTerm ? then : null };
    }
  }
}

export const leaderHighWatermarkMonotonic: WorldInvariant = {
  name: "LeaderHighWatermarkMonotonic",
  claim: "While a broker leads in one epoch, its high watermark never goes back.",
  source: "Partition.maybeIncrementLeaderHW",
  breach: (before, after) => {
    for (const { brokerId, leader, earlier } of changedLeaders(before, after))
      if (earlier !== null && leader.highWatermark < earlier.highWatermark)
        return {
          invariant: "LeaderHighWatermarkMonotonic",
          partition: leader.partition,
          brokers: [brokerId],
          sentence: `leader ${brokerId} went from high watermark ${earlier.highWatermark} to ${leader.highWatermark} in epoch ${leader.leaderEpoch}`,
        };
    return null;
  },
};

export const validHighWatermark: WorldInvariant = {
  name: "ValidHighWatermark",
  claim: "When the leader's high watermark moves, every member of the maximal ISR is known to have reached it.",
  source: "Vanlightly/kafka-tlaplus ValidHighWatermark; Partition.maybeIncrementLeaderHW",
  breach: (before, after) => {
    for (const { brokerId, leader, earlier } of changedLeaders(before, after)) {
      if (earlier === null || leader.highWatermark === earlier.highWatermark) continue;
      const members = maximalIsr(leader.isrState, after.rules);
      for (const { replicaId, logEndOffset } of leader.remoteReplicas)
        if (members.includes(replicaId) && logEndOffset < leader.highWatermark)
          return {
            invariant: "ValidHighWatermark",
            partition: leader.partition,
            brokers: [brokerId, replicaId],
            sentence: `leader ${brokerId} moved its high watermark to ${leader.highWatermark} while replica ${replicaId} of the maximal ISR is known to ${logEndOffset} only`,
          };
    }
    return null;
  },
};

/**
 * Whether a leader's high watermark waits for a member of the stored ISR. Mostly because it is in the maximal ISR; but
 * metadata of the partition epoch that an AlterPartition answer has brought already discards a proposal made meanwhile
 * (Partition.makeLeader takes an equal epoch), and then only being caught up holds the high watermark back for it.
 */
function isWaitedFor(world: World, broker: Broker, leader: LeaderReplica, member: BrokerId): boolean {
  const remote = leader.remoteReplicas.find(({ replicaId }) => replicaId === member);
  return remote !== undefined && holdsBackHighWatermark(broker, leader, remote, world.nowMs, world.rules);
}

export const replicationQuorumSuperset: WorldInvariant = {
  name: "ReplicationQuorumSuperset",
  claim:
    "The leader's high watermark waits for at least all whom the controller might elect: the maximal ISR, and caught-up replicas that could join, contain the ISR of the same leader epoch.",
  source: "KIP-497; Vanlightly/kafka-tlaplus ReplicationQuorumSuperset",
  breach: (_before, after) => {
    const { image } = after.controller;
    for (const broker of after.brokers)
      for (const leader of broker.replicas) {
        if (leader.role !== "leader") continue;
        const { brokerId } = broker;
        const registration = partitionOf(image, leader.partition);
        if (registration?.leaderEpoch !== leader.leaderEpoch) continue;
        if (registration.leader !== brokerId) continue;
        const minimum = topicOf(image, leader.topic)?.minInsyncReplicas ?? 1;
        if (registration.isr.length < Math.min(minimum, registration.replicas.length)) continue;
        const missing = registration.isr.filter(
          (member) => member !== brokerId && !isWaitedFor(after, broker, leader, member),
        );
        if (missing.length === 0) continue;
        const quorum = maximalIsr(leader.isrState, after.rules);
        return {
          invariant: "ReplicationQuorumSuperset",
          partition: leader.partition,
          brokers: [brokerId, ...missing],
          sentence: `the controller may elect ${missing} of ISR ${registration.isr}, for whom leader ${brokerId} with maximal ISR ${quorum} does not wait`,
        };
      }
    return null;
  },
};
