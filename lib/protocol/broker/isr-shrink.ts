import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import { type BrokerId, brokerName, longAgoMs, sortedBrokerIds } from "../ids.js";
import { logEndOffset } from "../log/log.js";
import { hasProposal, proposeIsr } from "./alter-partition.js";
import type { StepContext } from "./context.js";
import { withDueTime } from "./copy.js";
import { isInFlight, isrOf } from "./isr-state.js";
import { nextPeriodicDueMs } from "./periodic.js";
import { isCaughtUp, unknownOffset } from "./remote-replica.js";
import { leaderReplicaOf } from "./replicas.js";
import type { Broker, LeaderReplica } from "./state.js";

/**
 * The periodic check (Kafka: `isr-expiration`) of every partition led here. Runs every half `replica.lag.time.max.ms`, so
 * that a follower that stops catching up leaves after one to one and a half times that.
 *
 * Source: ReplicaManager.maybeShrinkIsr.
 */
export function onIsrExpiration(broker: Broker, context: StepContext): Broker {
  const periodMs = isrExpirationIntervalMs(broker);
  let checked = withDueTime(
    broker,
    "isrExpiration",
    nextPeriodicDueMs(broker.dueMs.isrExpiration, periodMs, context.nowMs),
  );
  for (const { partition } of broker.replicas) {
    const leader = leaderReplicaOf(checked, partition);
    if (leader !== undefined) checked = maybeShrinkIsr(checked, leader, context);
  }
  return checked;
}

export function isrExpirationIntervalMs(broker: Pick<Broker, "settings">): number {
  return Math.floor(broker.settings.replicaLagTimeMaxMs / 2);
}

/** Asks the controller to remove all followers that are not caught up, in one proposal. Source: Partition.maybeShrinkIsr. */
export function maybeShrinkIsr(broker: Broker, leader: LeaderReplica, context: StepContext): Broker {
  const { nowMs, rules } = context;
  const outOfSync = outOfSyncReplicas(broker, leader, nowMs, rules);
  if (outOfSync.length === 0) return broker;
  const { partition } = leader;
  if (!hasProposal(broker.alterPartition, partition)) noteOutOfSync(broker, leader, outOfSync, context);
  const isr = isrOf(leader.isrState, rules);
  const remaining = isr.filter((replicaId) => !outOfSync.includes(replicaId));
  return proposeIsr(
    broker,
    leader,
    {
      state: "pendingShrink",
      isr,
      outOfSyncReplicas: outOfSync,
      proposedIsr: rules.isrOrderAfterLeaderChange === "ascending" ? sortedBrokerIds(remaining) : remaining,
    },
    {
      rule: "isr.shrink-not-caught-up-for-lag-time",
      numbers: { outOfSyncReplicas: outOfSync, leaderLogEndOffset: logEndOffset(leader.log) },
      because: outOfSync.map((replicaId) => fact.caughtUp(partition, broker.brokerId, replicaId)),
    },
    context,
  );
}

function noteOutOfSync(
  broker: Broker,
  leader: LeaderReplica,
  outOfSync: readonly BrokerId[],
  { nowMs, outbox }: StepContext,
): void {
  const { partition } = leader;
  for (const replicaId of outOfSync) {
    const remote = leader.remoteReplicas.find((candidate) => candidate.replicaId === replicaId);
    const sinceMs = nowMs - (remote?.lastCaughtUpTimeMs ?? longAgoMs);
    outbox.change({
      fact: fact.caughtUp(partition, broker.brokerId, replicaId),
      from: true,
      to: false,
      rule: "isr.shrink-not-caught-up-for-lag-time",
      numbers: {
        logEndOffset: remote?.logEndOffset ?? unknownOffset,
        leaderLogEndOffset: logEndOffset(leader.log),
        // Null: never in this leader epoch.
        notCaughtUpForMs: Number.isFinite(sinceMs) ? sinceMs : null,
        replicaLagTimeMaxMs: broker.settings.replicaLagTimeMaxMs,
      },
      because: [
        fact.remoteLogEnd(partition, broker.brokerId, replicaId),
        fact.logEnd(partition, broker.brokerId),
        fact.link(brokerName(replicaId), brokerName(broker.brokerId)),
        fact.process(replicaId),
      ],
    });
  }
}

/**
 * Members of the ISR that are not caught up; none while a proposal is under way.
 *
 * Source: Partition.getOutOfSyncReplicas.
 */
export function outOfSyncReplicas(
  broker: Broker,
  leader: LeaderReplica,
  nowMs: number,
  rules: Rules,
): readonly BrokerId[] {
  if (isInFlight(leader.isrState)) return [];
  const leaderLogEndOffset = logEndOffset(leader.log);
  return isrOf(leader.isrState, rules).filter((replicaId) => {
    if (replicaId === broker.brokerId) return false;
    const remote = leader.remoteReplicas.find((candidate) => candidate.replicaId === replicaId);
    // A member that is not assigned any more has no notes.
    return remote === undefined || !isCaughtUp(remote, leaderLogEndOffset, nowMs, broker.settings.replicaLagTimeMaxMs);
  });
}
