import type { Rules } from "../../kafka/versions.js";
import { type BrokerId, longAgoMs, noBrokerEpoch } from "../ids.js";
import { type MetadataImage, registrationOf } from "../metadata/image.js";
import type { RemoteReplica } from "./state.js";

/** End offset of a replica that has not fetched yet. */
export const unknownOffset = -1;

/** The leader's notes on a replica it has not heard of. Source: ReplicaState.Empty. */
export function newRemoteReplica(replicaId: BrokerId): RemoteReplica {
  return {
    replicaId,
    logEndOffset: unknownOffset,
    logStartOffset: unknownOffset,
    lastFetchTimeMs: longAgoMs,
    lastFetchLeaderLogEndOffset: 0,
    lastCaughtUpTimeMs: longAgoMs,
    brokerEpoch: null,
  };
}

/** What one fetch of a follower tells its leader. */
export interface FollowerFetch {
  /** The follower has everything below. There is no other acknowledgement. */
  readonly fetchOffset: number;
  readonly logStartOffset: number;
  /** The leader's log end when it read for this fetch. */
  readonly leaderLogEndOffset: number;
  readonly fetchTimeMs: number;
  readonly brokerEpoch: number;
}

/**
 * The leader's notes after a fetch. Caught up means: to the leader's end now, or else to its end as it was at the fetch
 * before. So a follower that is always one fetch behind is in sync, although it never stands at the end.
 *
 * Source: Replica.updateFetchStateOrThrow.
 */
export function noteFetch(remote: RemoteReplica, fetch: FollowerFetch): RemoteReplica {
  return {
    replicaId: remote.replicaId,
    logEndOffset: fetch.fetchOffset,
    logStartOffset: fetch.logStartOffset,
    lastFetchTimeMs: fetch.fetchTimeMs,
    lastFetchLeaderLogEndOffset: Math.max(fetch.leaderLogEndOffset, remote.lastFetchLeaderLogEndOffset),
    lastCaughtUpTimeMs: lastCaughtUpTimeMs(remote, fetch),
    brokerEpoch: fetch.brokerEpoch,
  };
}

function lastCaughtUpTimeMs(remote: RemoteReplica, fetch: FollowerFetch): number {
  if (fetch.fetchOffset >= fetch.leaderLogEndOffset) return Math.max(remote.lastCaughtUpTimeMs, fetch.fetchTimeMs);
  if (fetch.fetchOffset >= remote.lastFetchLeaderLogEndOffset) {
    return Math.max(remote.lastCaughtUpTimeMs, remote.lastFetchTimeMs);
  }
  return remote.lastCaughtUpTimeMs;
}

/**
 * Whether a fetch comes from an incarnation of its broker that has been replaced since; then it says nothing of the disk
 * that is there now. Answered with NOT_LEADER_OR_FOLLOWER.
 *
 * Source: Replica.updateFetchStateOrThrow; KIP-903.
 */
export function isFromOldIncarnation(
  metadata: MetadataImage,
  replicaId: BrokerId,
  brokerEpoch: number,
  rules: Rules,
): boolean {
  if (!rules.replicaBrokerEpochChecked || brokerEpoch === noBrokerEpoch) return false;
  const registration = registrationOf(metadata, replicaId);
  return registration !== undefined && !registration.fenced && registration.brokerEpoch > brokerEpoch;
}

/** At the leader's end for as long as nothing is written, or caught up within `replicaLagTimeMaxMs`. */
export function isCaughtUp(
  remote: RemoteReplica,
  leaderLogEndOffset: number,
  nowMs: number,
  replicaLagTimeMaxMs: number,
): boolean {
  return remote.logEndOffset === leaderLogEndOffset || nowMs - remote.lastCaughtUpTimeMs <= replicaLagTimeMaxMs;
}

/**
 * The notes at the start of a leader epoch. A leader elected again keeps what it knows of offsets; another one knows
 * nothing, and so cannot commit anything before every member of the ISR has fetched.
 *
 * Source: Replica.resetReplicaState.
 */
export function resetForNewEpoch(
  remote: RemoteReplica,
  epoch: {
    readonly nowMs: number;
    readonly leaderLogEndOffset: number;
    readonly isNewLeader: boolean;
    readonly isInSync: boolean;
  },
): RemoteReplica {
  const lastCaughtUpTime = epoch.isInSync ? epoch.nowMs : longAgoMs;
  if (epoch.isNewLeader) {
    return {
      ...newRemoteReplica(remote.replicaId),
      lastFetchLeaderLogEndOffset: unknownOffset,
      lastCaughtUpTimeMs: lastCaughtUpTime,
    };
  }
  return {
    ...remote,
    lastFetchLeaderLogEndOffset: epoch.leaderLogEndOffset,
    lastFetchTimeMs: lastCaughtUpTime,
    lastCaughtUpTimeMs: lastCaughtUpTime,
  };
}
