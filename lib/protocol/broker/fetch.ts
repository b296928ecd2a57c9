import { fact } from "../fact.js";
import { type NodeName, noEpoch } from "../ids.js";
import { logEndOffset } from "../log/log.js";
import type { FetchRequest, FetchResponse } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { leaderWith } from "./copy.js";
import { advanceHighWatermark } from "./high-watermark.js";
import { expandIsr, mayJoinIsr } from "./isr-expand.js";
import { preferredReadReplica } from "./preferred-read-replica.js";
import { epochError, failedFetch, readForFetch } from "./read.js";
import { isCaughtUp, isFromOldIncarnation, noteFetch } from "./remote-replica.js";
import { leaderReplicaOf, onlineReplicaOrError, withReplica } from "./replicas.js";
import type { Broker, LeaderReplica, OnlineReplica, RemoteReplica } from "./state.js";
import { wakeIfHighWatermarkMoved, withWaitingFetches } from "./waiting.js";

/**
 * A fetch of a follower or a consumer. In this order: read, note the follower's progress, ask whether it may join the
 * ISR, move the high watermark, answer those that waited for that; then answer this one or let it wait for records.
 *
 * Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH,
 * OFFSET_OUT_OF_RANGE.
 * Source: ReplicaManager.fetchMessages, Partition.fetchRecords.
 */
export function onFetch(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: FetchRequest,
  context: StepContext,
): Broker {
  const { rules, outbox } = context;
  const replica = onlineReplicaOrError(broker, request.partition);
  if (typeof replica === "string") {
    outbox.reply(from, channel, failedFetch(broker, request, replica, rules));
    return broker;
  }
  const response = redirected(broker, replica, request, context) ?? readForFetch(broker, replica, request, rules);
  if (request.replicaId === null || replica.role !== "leader" || !isRead(response)) {
    return answerOrPark(broker, replica, from, channel, request, response, context);
  }
  if (isFromOldIncarnation(broker.metadata, request.replicaId, request.brokerEpoch, rules)) {
    outbox.reply(from, channel, failedFetch(broker, request, "NOT_LEADER_OR_FOLLOWER", rules));
    return broker;
  }
  const noted = noteProgress(broker, replica, request, context);
  return answerOrPark(noted.broker, noted.leader, from, channel, request, response, context);
}

/** Nothing is learnt of the follower from a fetch that failed or whose log must be cut first. */
function isRead(response: FetchResponse): boolean {
  return response.error === "NONE" && response.divergingEpoch === null;
}

/** The answer that sends a consumer to a replica in its rack. KIP-392. */
function redirected(
  broker: Broker,
  replica: OnlineReplica,
  request: FetchRequest,
  context: StepContext,
): FetchResponse | null {
  if (request.replicaId !== null || replica.role !== "leader") return null;
  const preferred = preferredReadReplica(broker, replica, request, context);
  if (preferred === null || epochError(replica, request.currentLeaderEpoch, context.rules) !== "NONE") return null;
  // At the high watermark there is nothing to read and no error: the answer is about where to read only.
  const nowhere = { ...request, fetchOffset: replica.highWatermark, lastFetchedEpoch: noEpoch };
  const empty = readForFetch(broker, replica, nowhere, context.rules);
  return { ...empty, fetchOffset: request.fetchOffset, records: [], preferredReadReplica: preferred };
}

/** A broker and its replica as it is to become; the broker may still hold the earlier one. */
interface Noted {
  readonly broker: Broker;
  readonly leader: LeaderReplica;
}

/**
 * What the leader concludes from a follower's fetch.
 *
 * Source: Partition.updateFollowerFetchState.
 */
function noteProgress(broker: Broker, leader: LeaderReplica, request: FetchRequest, context: StepContext): Noted {
  const index = leader.remoteReplicas.findIndex((remote) => remote.replicaId === request.replicaId);
  const before = leader.remoteReplicas[index];
  if (before === undefined) return { broker, leader };
  const after = noteFetch(before, {
    fetchOffset: request.fetchOffset,
    // The request does not carry the follower's log start. Nothing here moves it but following this leader's.
    logStartOffset: leader.log.logStartOffset,
    leaderLogEndOffset: logEndOffset(leader.log),
    fetchTimeMs: context.nowMs,
    brokerEpoch: request.brokerEpoch,
  });
  reportProgress(broker, leader, before, after, context);
  const remoteReplicas = leader.remoteReplicas.slice();
  remoteReplicas[index] = after;
  const noted = leaderWith(leader, { remoteReplicas });
  const expanded = mayJoinIsr(broker, noted, after, context.rules)
    ? proposed(broker, noted, after, context)
    : { broker, leader: noted };
  if (before.logEndOffset === after.logEndOffset) return expanded;
  const advanced = advanceHighWatermark(expanded.broker, expanded.leader, context);
  return {
    broker: expanded.broker,
    leader: wakeIfHighWatermarkMoved(expanded.broker, expanded.leader, advanced, context),
  };
}

function proposed(broker: Broker, leader: LeaderReplica, remote: RemoteReplica, context: StepContext): Noted {
  const expanded = expandIsr(withReplica(broker, leader), leader, remote, context);
  return { broker: expanded, leader: leaderReplicaOf(expanded, leader.partition) ?? leader };
}

function reportProgress(
  broker: Broker,
  leader: LeaderReplica,
  before: RemoteReplica,
  after: RemoteReplica,
  { nowMs, outbox }: StepContext,
): void {
  if (!outbox.explains) return;
  const { partition } = leader;
  const { replicaId } = after;
  const remoteLogEnd = fact.remoteLogEnd(partition, broker.brokerId, replicaId);
  if (before.logEndOffset !== after.logEndOffset) {
    outbox.change({
      fact: remoteLogEnd,
      from: before.logEndOffset,
      to: after.logEndOffset,
      rule: "follower.fetch-acknowledges",
      numbers: { fetchOffset: after.logEndOffset },
      because: [fact.logEnd(partition, replicaId)],
    });
  }
  const leaderLogEndOffset = logEndOffset(leader.log);
  const { replicaLagTimeMaxMs } = broker.settings;
  if (isCaughtUp(before, leaderLogEndOffset, nowMs, replicaLagTimeMaxMs)) return;
  if (!isCaughtUp(after, leaderLogEndOffset, nowMs, replicaLagTimeMaxMs)) return;
  outbox.change({
    fact: fact.caughtUp(partition, broker.brokerId, replicaId),
    from: false,
    to: true,
    rule: "follower.caught-up",
    numbers: {
      fetchOffset: after.logEndOffset,
      leaderLogEndOffset,
      leaderLogEndOffsetAtPreviousFetch: before.lastFetchLeaderLogEndOffset,
    },
    because: [remoteLogEnd],
  });
}

/** Source: ReplicaManager.fetchMessages. */
function answerOrPark(
  broker: Broker,
  replica: OnlineReplica,
  from: NodeName,
  channel: Channel,
  request: FetchRequest,
  response: FetchResponse,
  { nowMs, outbox }: StepContext,
): Broker {
  const isAnswered =
    request.maxWaitMs <= 0 ||
    response.records.length >= request.minBytes ||
    response.preferredReadReplica !== null ||
    !isRead(response);
  if (isAnswered) {
    outbox.reply(from, channel, response);
    return withReplica(broker, replica);
  }
  const wait = { from, channel, request, expiresAtMs: nowMs + request.maxWaitMs };
  return withReplica(broker, withWaitingFetches(replica, [...replica.waitingFetches, wait]));
}
