import { isrOf } from "../../protocol/broker/isr-state.js";
import type { Broker, FollowerReplica, LeaderReplica } from "../../protocol/broker/state.js";
import { brokerName, longAgoMs } from "../../protocol/ids.js";
import { latestEpoch } from "../../protocol/log/epoch-entries.js";
import { logEndOffset } from "../../protocol/log/log.js";
import { isCut } from "../../sim/network.js";
import type { World } from "../../sim/world.js";
import { servingLeader } from "./acting-leader.js";

/**
 * Whether a fetch round could change anything now. Not if nobody would serve it (the follower would only back off), and
 * not if both sides know all there is: the follower everything of the leader's log and high watermark, the leader how far
 * the follower is, in which life, and that it is in the ISR.
 */
export function roundMatters(world: World, { brokerId, brokerEpoch }: Broker, follower: FollowerReplica): boolean {
  const leader = servingLeader(world, follower);
  if (leader === null) return false;
  const [here, there] = [brokerName(brokerId), brokerName(follower.leader)];
  if (isCut(world.network, here, there) || isCut(world.network, there, here)) return false;
  return !knowsAll(leader, follower) || !isKnown(world, leader, follower, brokerId, brokerEpoch);
}

function knowsAll(leader: LeaderReplica, follower: FollowerReplica): boolean {
  return (
    follower.fetcher.state === "idle" &&
    logEndOffset(follower.log) === logEndOffset(leader.log) &&
    latestRecordedEpoch(follower) === latestRecordedEpoch(leader) &&
    follower.highWatermark === leader.highWatermark &&
    follower.log.logStartOffset === leader.log.logStartOffset
  );
}

function isKnown(
  world: World,
  { remoteReplicas, isrState, log }: LeaderReplica,
  follower: FollowerReplica,
  brokerId: number,
  brokerEpoch: number,
): boolean {
  const remote = remoteReplicas.find(({ replicaId }) => replicaId === brokerId);
  return (
    remote !== undefined &&
    remote.logEndOffset === logEndOffset(follower.log) &&
    remote.lastFetchLeaderLogEndOffset === logEndOffset(log) &&
    remote.lastCaughtUpTimeMs !== longAgoMs &&
    (!world.rules.replicaBrokerEpochChecked || remote.brokerEpoch === brokerEpoch) &&
    isrOf(isrState, world.rules).includes(brokerId)
  );
}

/** A leader's own epoch may be cached before anything is written in it; what counts here is the last record's. */
function latestRecordedEpoch({ log }: LeaderReplica | FollowerReplica): number {
  const end = logEndOffset(log);
  for (let index = log.epochEntries.length - 1; index >= 0; index--) {
    const entry = log.epochEntries[index];
    if (entry !== undefined && entry.startOffset < end) return entry.epoch;
  }
  return latestEpoch({ epochEntries: [] });
}
