import { fact } from "../fact.js";
import type { NodeName } from "../ids.js";
import type { Appended } from "../log/append.js";
import { logEndOffset } from "../log/log.js";
import type { ProduceRequest, WriteTxnMarkersRequest } from "../message.js";
import type { RuleId } from "../rules/index.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { leaderWith } from "./copy.js";
import { advanceHighWatermark } from "./high-watermark.js";
import { produceResponse } from "./produce-response.js";
import type { Broker, LeaderReplica } from "./state.js";
import { committedOutcome, wakeFetches, wakeProduces } from "./waiting.js";

/**
 * The leader with a longer log: news of it, the high watermark if nobody holds it back, and answers for those that
 * waited for either.
 *
 * Source: Partition.appendRecordsToLeader, ReplicaManager.addCompletePurgatoryAction.
 */
export function appended(
  broker: Broker,
  leader: LeaderReplica,
  { log }: Appended,
  rule: RuleId,
  context: StepContext,
): LeaderReplica {
  if (context.outbox.explains) {
    context.outbox.change({
      fact: fact.logEnd(leader.partition, broker.brokerId),
      from: logEndOffset(leader.log),
      to: logEndOffset(log),
      rule,
      numbers: { leaderEpoch: leader.leaderEpoch },
      because: [fact.role(leader.partition, broker.brokerId)],
    });
  }
  const advanced = advanceHighWatermark(broker, leaderWith(leader, { log }), context);
  const moved = advanced.highWatermark !== leader.highWatermark;
  return wakeFetches(broker, moved ? wakeProduces(broker, advanced, context) : advanced, context);
}

/**
 * Answers an acks=all request whose records stand below `requiredOffset`, or lets it wait for the high watermark.
 *
 * Source: ReplicaManager.maybeAddDelayedProduce.
 */
export function answerOrWait(
  broker: Broker,
  leader: LeaderReplica,
  from: NodeName,
  channel: Channel,
  request: ProduceRequest | WriteTxnMarkersRequest,
  batch: { readonly baseOffset: number; readonly requiredOffset: number; readonly timeoutMs: number },
  context: StepContext,
): LeaderReplica {
  const { baseOffset, requiredOffset } = batch;
  if (leader.highWatermark >= requiredOffset || !context.rules.acksAllWaitsForHighWatermark) {
    const outcome = committedOutcome(broker, leader, context);
    const response = produceResponse(broker, request, outcome, baseOffset, leader.log.logStartOffset, context.rules);
    context.outbox.reply(from, channel, response);
    return leader;
  }
  const expiresAtMs = context.nowMs + batch.timeoutMs;
  const wait = { from, channel, request, baseOffset, requiredOffset, expiresAtMs };
  return leaderWith(leader, { waitingProduces: [...leader.waitingProduces, wait] });
}
