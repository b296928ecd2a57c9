import type { BrokerId } from "../ids.js";
import type { FetchRequest } from "../message.js";
import { registrationOf } from "../metadata/image.js";
import type { StepContext } from "./context.js";
import { isrOf } from "./isr-state.js";
import type { Broker, LeaderReplica, RemoteReplica } from "./state.js";

/**
 * The replica a consumer should read from instead: the one in its rack that is caught up most, if the leader is not in
 * that rack itself. Only a leader answers this, and only members of the ISR whose log has the offset are candidates.
 *
 * Source: ReplicaManager.findPreferredReadReplica, RackAwareReplicaSelector; KIP-392.
 */
export function preferredReadReplica(
  broker: Broker,
  leader: LeaderReplica,
  { replicaId, rack, fetchOffset }: FetchRequest,
  { rules }: StepContext,
): BrokerId | null {
  if (replicaId !== null || rack === null || rack === "") return null;
  if (broker.settings.replicaSelector !== "rack-aware" || broker.rack === rack) return null;
  const isr = isrOf(leader.isrState, rules);
  let best: RemoteReplica | null = null;
  for (const remote of leader.remoteReplicas) {
    const registration = registrationOf(broker.metadata, remote.replicaId);
    if (registration === undefined || registration.fenced || registration.rack !== rack) continue;
    if (!isr.includes(remote.replicaId)) continue;
    if (remote.logEndOffset < fetchOffset || remote.logStartOffset > fetchOffset) continue;
    if (best === null || isBetter(remote, best)) best = remote;
  }
  return best?.replicaId ?? null;
}

/** Further along, else caught up more recently, else the larger id. Source: ReplicaView.comparator. */
function isBetter(one: RemoteReplica, other: RemoteReplica): boolean {
  if (one.logEndOffset !== other.logEndOffset) return one.logEndOffset > other.logEndOffset;
  if (one.lastCaughtUpTimeMs !== other.lastCaughtUpTimeMs) return one.lastCaughtUpTimeMs > other.lastCaughtUpTimeMs;
  return one.replicaId > other.replicaId;
}
