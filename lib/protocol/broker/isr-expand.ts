import type { Rules } from "../../kafka/versions.js";
import { fact } from "../fact.js";
import { type BrokerId, sortedBrokerIds } from "../ids.js";
import { proposeIsr } from "./alter-partition.js";
import type { StepContext } from "./context.js";
import { isIsrEligible } from "./isr-eligible.js";
import { isInFlight, isrOf } from "./isr-state.js";
import type { Broker, LeaderReplica, RemoteReplica } from "./state.js";

/**
 * Asks the controller to add a follower that qualifies to the ISR.
 *
 * Source: Partition.maybeExpandIsr.
 */
export function expandIsr(broker: Broker, leader: LeaderReplica, remote: RemoteReplica, context: StepContext): Broker {
  const isr = isrOf(leader.isrState, context.rules);
  return proposeIsr(
    broker,
    leader,
    {
      state: "pendingExpand",
      isr,
      newInSyncReplica: remote.replicaId,
      proposedIsr: expandedIsr(isr, remote.replicaId, context.rules),
    },
    {
      rule: "isr.expand-reached-hw-and-epoch-start",
      numbers: {
        logEndOffset: remote.logEndOffset,
        highWatermark: leader.highWatermark,
        leaderEpochStartOffset: leader.leaderEpochStartOffset,
      },
      because: [
        fact.remoteLogEnd(leader.partition, broker.brokerId, remote.replicaId),
        fact.highWatermark(leader.partition, broker.brokerId),
        fact.fenced(remote.replicaId),
      ],
    },
    context,
  );
}

/**
 * Whether a follower qualifies for the ISR, asked with every fetch of it: it has everything that is committed, and
 * everything that was here when this leader began, because records between the two may be committed although this leader
 * does not know it yet. Neither being at the log end nor time is asked for.
 *
 * Source: Partition.needsExpandIsr.
 */
export function mayJoinIsr(broker: Broker, leader: LeaderReplica, remote: RemoteReplica, rules: Rules): boolean {
  return (
    !isInFlight(leader.isrState) &&
    !leader.isrState.isr.includes(remote.replicaId) &&
    ((remote.logEndOffset >= leader.highWatermark && remote.logEndOffset >= leader.leaderEpochStartOffset) ||
      !rules.isrJoinWaitsForCommitted) &&
    isIsrEligible(broker.metadata, remote, rules)
  );
}

function expandedIsr(isr: readonly BrokerId[], newMember: BrokerId, rules: Rules): readonly BrokerId[] {
  const expanded = [...isr, newMember];
  return rules.isrOrderAfterLeaderChange === "ascending" ? sortedBrokerIds(expanded) : expanded;
}
