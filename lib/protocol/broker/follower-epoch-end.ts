import { brokerName, type NodeName, noEpoch } from "../ids.js";
import { latestEpoch } from "../log/epoch-entries.js";
import { truncationFor } from "../log/truncation.js";
import type { OffsetsForLeaderEpochResponse } from "../message.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import { backedOff, fenced, fetchChannel } from "./follower-channel.js";
import { cutDivergingTail, cutToHighWatermark } from "./follower-truncation.js";
import { replicaOf, withReplica } from "./replicas.js";
import type { Broker, FollowerReplica } from "./state.js";

/**
 * How a follower found where to cut its log before the fetch itself told it (0.11 to 2.6): it asked once, after it had
 * become a follower, where the leader's copy of its own last epoch ends. KIP-101, KIP-279.
 */
export function askEpochEnd(
  broker: Broker,
  replica: FollowerReplica,
  { nowMs, rules, outbox }: StepContext,
): FollowerReplica {
  outbox.request(brokerName(replica.leader), fetchChannel(replica.partition), {
    type: "OffsetsForLeaderEpochRequest",
    partition: replica.partition,
    replicaId: broker.brokerId,
    currentLeaderEpoch: rules.fetchEpochFencing ? replica.leaderEpoch : noEpoch,
    leaderEpoch: latestEpoch(replica.log),
  });
  const timesOutAtMs = nowMs + broker.settings.replicaSocketTimeoutMs;
  return followerWith(replica, { fetcher: { state: "askingEpochEnd", timesOutAtMs } });
}

/** Source: AbstractFetcherThread.truncateToEpochEndOffsets. */
export function onEpochEnd(
  broker: Broker,
  from: NodeName,
  response: OffsetsForLeaderEpochResponse,
  context: StepContext,
): Broker {
  const replica = replicaOf(broker, response.partition);
  if (replica?.role !== "follower" || brokerName(replica.leader) !== from) return broker;
  if (replica.fetcher.state !== "askingEpochEnd") return broker;
  if (response.error === "FENCED_LEADER_EPOCH") return withReplica(broker, fenced(replica));
  if (response.error !== "NONE") return withReplica(broker, backedOff(broker, replica, context));
  const { endOffset } = response;
  const { nowMs } = context;
  if (endOffset === null) {
    const cut = cutToHighWatermark(broker, replica, context);
    return withReplica(broker, followerWith(cut, { fetcher: { state: "idle", dueMs: nowMs } }));
  }
  const { complete } = truncationFor(replica.log, endOffset);
  const cut = cutDivergingTail(broker, replica, endOffset, context);
  return withReplica(broker, followerWith(cut, { fetcher: { state: complete ? "idle" : "truncating", dueMs: nowMs } }));
}
