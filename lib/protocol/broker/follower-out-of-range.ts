import { fact } from "../fact.js";
import { brokerName, type NodeName, noEpoch } from "../ids.js";
import { logEndOffset } from "../log/log.js";
import { truncateFullyAndStartAt, truncateTo } from "../log/truncation.js";
import type { ListOffsetsResponse } from "../message.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import { backedOff, fenced, fetchChannel } from "./follower-channel.js";
import { truncateFollower } from "./follower-truncation.js";
import { replicaOf, withReplica } from "./replicas.js";
import type { Broker, FollowerReplica } from "./state.js";

/** After OFFSET_OUT_OF_RANGE: asks the leader where its log ends, then where it starts. */
export function askLeaderOffset(
  broker: Broker,
  replica: FollowerReplica,
  target: "latest" | "earliest",
  { nowMs, rules, outbox }: StepContext,
): FollowerReplica {
  outbox.request(brokerName(replica.leader), fetchChannel(replica.partition), {
    type: "ListOffsetsRequest",
    partition: replica.partition,
    replicaId: broker.brokerId,
    currentLeaderEpoch: rules.fetchEpochFencing ? replica.leaderEpoch : noEpoch,
    isolation: "logEnd",
    target,
  });
  const timesOutAtMs = nowMs + broker.settings.replicaSocketTimeoutMs;
  return followerWith(replica, { fetcher: { state: "listingOffsets", target, timesOutAtMs } });
}

/**
 * A leader whose log is shorter was elected uncleanly: the follower cuts its log to that length and goes on, even if the
 * records below differ. A leader whose log starts later has deleted what the follower lacks: the follower starts anew.
 *
 * Source: AbstractFetcherThread.fetchOffsetAndTruncate.
 */
export function onLeaderOffset(
  broker: Broker,
  from: NodeName,
  response: ListOffsetsResponse,
  context: StepContext,
): Broker {
  const replica = replicaOf(broker, response.partition);
  if (replica?.role !== "follower" || brokerName(replica.leader) !== from) return broker;
  if (replica.fetcher.state !== "listingOffsets") return broker;
  if (response.error === "FENCED_LEADER_EPOCH") return withReplica(broker, fenced(replica));
  if (response.error !== "NONE") return withReplica(broker, backedOff(broker, replica, context));
  const { target } = replica.fetcher;
  const end = logEndOffset(replica.log);
  if (target === "latest" && response.offset >= end) {
    return withReplica(broker, askLeaderOffset(broker, replica, "earliest", context));
  }
  const fits = target === "earliest" && response.offset <= end;
  const fitted = fits ? replica : fitToLeader(broker, replica, target, response.offset, context);
  return withReplica(broker, followerWith(fitted, { fetcher: { state: "idle", dueMs: context.nowMs } }));
}

function fitToLeader(
  broker: Broker,
  replica: FollowerReplica,
  target: "latest" | "earliest",
  leaderOffset: number,
  context: StepContext,
): FollowerReplica {
  const { log, partition, leader } = replica;
  const isShorter = target === "latest";
  return truncateFollower(
    broker,
    replica,
    isShorter ? truncateTo(log, leaderOffset) : truncateFullyAndStartAt(log, leaderOffset),
    {
      rule: isShorter ? "follower.truncate-to-shorter-leader" : "follower.restart-at-leader-log-start",
      numbers: isShorter ? { leaderLogEndOffset: leaderOffset } : { leaderLogStartOffset: leaderOffset },
      because: [fact.role(partition, broker.brokerId), fact.logEnd(partition, leader), fact.leader(partition)],
    },
    context,
  );
}
