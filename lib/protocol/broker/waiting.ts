import type { ErrorCode } from "../../kafka/errors.js";
import type { NodeName, TopicPartition } from "../ids.js";
import { endOffsetFor } from "../log/epoch-entries.js";
import { logEndOffset } from "../log/log.js";
import { lastStableOffset } from "../log/transactions.js";
import type { FetchRequest } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { followerWith, leaderWith } from "./copy.js";
import { effectiveMinIsr } from "./high-watermark.js";
import { maximalIsr } from "./isr-state.js";
import { produceResponse } from "./produce-response.js";
import { divergesFrom, epochError, readForFetch } from "./read.js";
import { replicaOf, withReplica } from "./replicas.js";
import type { Broker, FollowerReplica, LeaderReplica, OnlineReplica, WaitingFetch, WaitingProduce } from "./state.js";

/**
 * Completes what waited for the high watermark of a led partition, if it has moved between the two states given.
 *
 * Source: Partition.tryCompleteDelayedRequests.
 */
export function wakeIfHighWatermarkMoved(
  broker: Broker,
  before: LeaderReplica,
  after: LeaderReplica,
  context: StepContext,
): LeaderReplica {
  if (before.highWatermark === after.highWatermark) return after;
  return wakeFetches(broker, wakeProduces(broker, after, context), context);
}

/**
 * Answers the acks=all requests whose records are below the high watermark.
 *
 * Source: DelayedProduce.tryComplete, Partition.checkEnoughReplicasReachOffset.
 */
export function wakeProduces(broker: Broker, leader: LeaderReplica, context: StepContext): LeaderReplica {
  if (leader.waitingProduces.length === 0) return leader;
  const waiting = leader.waitingProduces.filter((produce) => {
    if (leader.highWatermark < produce.requiredOffset) return true;
    answerProduce(broker, leader, produce, committedOutcome(broker, leader, context), context);
    return false;
  });
  return waiting.length === leader.waitingProduces.length ? leader : leaderWith(leader, { waitingProduces: waiting });
}

/**
 * A batch below the high watermark is acknowledged, unless the ISR has become too small since it was appended. The
 * maximal ISR is asked here: a proposed member has held the high watermark back like any other.
 */
export function committedOutcome(broker: Broker, leader: LeaderReplica, { rules }: StepContext): ErrorCode {
  return effectiveMinIsr(broker, leader, rules) <= maximalIsr(leader.isrState, rules).length
    ? "NONE"
    : "NOT_ENOUGH_REPLICAS_AFTER_APPEND";
}

/** Answers all that wait for this partition's high watermark with an error: it is led elsewhere now, or gone. */
export function failProduces(broker: Broker, leader: LeaderReplica, error: ErrorCode, context: StepContext): void {
  for (const produce of leader.waitingProduces) answerProduce(broker, leader, produce, error, context);
}

function answerProduce(
  broker: Broker,
  leader: LeaderReplica,
  { from, channel, request, baseOffset }: WaitingProduce,
  error: ErrorCode,
  { outbox, rules }: StepContext,
): void {
  outbox.reply(from, channel, produceResponse(broker, request, error, baseOffset, leader.log.logStartOffset, rules));
}

/**
 * Answers the long polls that have something to read now, or an error to learn.
 *
 * Source: DelayedFetch.tryComplete.
 */
export function wakeFetches(broker: Broker, replica: LeaderReplica, context: StepContext): LeaderReplica;
export function wakeFetches(broker: Broker, replica: FollowerReplica, context: StepContext): FollowerReplica;
export function wakeFetches(broker: Broker, replica: OnlineReplica, context: StepContext): OnlineReplica {
  if (replica.waitingFetches.length === 0) return replica;
  const waiting = replica.waitingFetches.filter((fetch) => {
    if (!canAnswer(replica, fetch.request, context)) return true;
    answerFetch(broker, replica, fetch, context);
    return false;
  });
  return waiting.length === replica.waitingFetches.length ? replica : withWaitingFetches(replica, waiting);
}

export function withWaitingFetches(replica: OnlineReplica, waitingFetches: readonly WaitingFetch[]): OnlineReplica {
  return replica.role === "leader"
    ? leaderWith(replica, { waitingFetches })
    : followerWith(replica, { waitingFetches });
}

function canAnswer(replica: OnlineReplica, request: FetchRequest, { rules }: StepContext): boolean {
  if (epochError(replica, request.currentLeaderEpoch, rules) !== "NONE") return true;
  if (request.replicaId !== null && replica.role !== "leader") return true;
  const readable = readableEndOffset(replica, request);
  if (request.fetchOffset > readable && request.isolation === "logEnd") return true;
  if (readable - request.fetchOffset >= request.minBytes) return true;
  return divergesFrom(endOffsetFor(replica.log, request.lastFetchedEpoch), request);
}

function readableEndOffset(replica: OnlineReplica, request: FetchRequest): number {
  switch (request.isolation) {
    case "logEnd":
      return logEndOffset(replica.log);
    case "highWatermark":
      return replica.highWatermark;
    case "txnCommitted":
      return lastStableOffset(replica.log, replica.highWatermark);
  }
}

/** Reads again for the answer. The follower's progress was noted when the request came, not a second time. */
function answerFetch(broker: Broker, replica: OnlineReplica, fetch: WaitingFetch, context: StepContext): void {
  context.outbox.reply(fetch.from, fetch.channel, readForFetch(broker, replica, fetch.request, context.rules));
}

/** The wait that expires first is over: nothing more is known than when it began. */
export function onWaitingProduceExpired(broker: Broker, partition: TopicPartition, context: StepContext): Broker {
  const leader = replicaOf(broker, partition);
  if (leader?.role !== "leader") return broker;
  const expired = firstToExpire(leader.waitingProduces);
  if (expired === undefined) return broker;
  answerProduce(broker, leader, expired, "REQUEST_TIMED_OUT", context);
  const waitingProduces = leader.waitingProduces.filter((produce) => produce !== expired);
  return withReplica(broker, leaderWith(leader, { waitingProduces }));
}

/** The long poll that expires first is answered with what there is. */
export function onWaitingFetchExpired(broker: Broker, partition: TopicPartition, context: StepContext): Broker {
  const replica = replicaOf(broker, partition);
  if (replica === undefined || replica.role === "offline") return broker;
  const expired = firstToExpire(replica.waitingFetches);
  if (expired === undefined) return broker;
  answerFetch(broker, replica, expired, context);
  const waitingFetches = replica.waitingFetches.filter((fetch) => fetch !== expired);
  return withReplica(broker, withWaitingFetches(replica, waitingFetches));
}

export function firstToExpire<W extends { readonly expiresAtMs: number }>(waiting: readonly W[]): W | undefined {
  let first = waiting[0];
  for (const candidate of waiting)
    if (first === undefined || candidate.expiresAtMs < first.expiresAtMs) first = candidate;
  return first;
}

/** A client or follower has gone: what it waited for needs no answer any more. What was appended stays. */
export function dropWaitsOf(broker: Broker, peer: NodeName, channel: Channel): Broker {
  const isGone = (wait: { readonly from: NodeName; readonly channel: Channel }) =>
    wait.from === peer && wait.channel === channel;
  let next = broker;
  for (const replica of broker.replicas) {
    if (replica.role === "offline") continue;
    const waitingFetches = replica.waitingFetches.some(isGone)
      ? replica.waitingFetches.filter((wait) => !isGone(wait))
      : replica.waitingFetches;
    if (replica.role === "leader" && replica.waitingProduces.some(isGone)) {
      const waitingProduces = replica.waitingProduces.filter((wait) => !isGone(wait));
      next = withReplica(next, leaderWith(replica, { waitingFetches, waitingProduces }));
    } else if (waitingFetches !== replica.waitingFetches) {
      next = withReplica(next, withWaitingFetches(replica, waitingFetches));
    }
  }
  return next;
}
