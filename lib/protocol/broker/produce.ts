import type { ErrorCode } from "../../kafka/errors.js";
import { fact } from "../fact.js";
import type { NodeName } from "../ids.js";
import { appendAsLeader } from "../log/append.js";
import { checkProducerBatch } from "../log/producer-state.js";
import type { ProduceRequest } from "../message.js";
import type { RuleId } from "../rules/index.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { brokerWith } from "./copy.js";
import { effectiveMinIsr, isUnderMinIsr } from "./high-watermark.js";
import { isrOf } from "./isr-state.js";
import { answerOrWait, appended } from "./leader-append.js";
import { produceResponse } from "./produce-response.js";
import { leaderReplicaOf, onlineReplicaOrError, withReplica } from "./replicas.js";
import type { Broker, LeaderReplica } from "./state.js";

/**
 * A client's batch. acks=0 and acks=1 never ask for the size of the ISR; acks=all asks once, before the append, and then
 * waits for every member of the ISR.
 *
 * Errors: INVALID_REQUIRED_ACKS, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS,
 * INVALID_PRODUCER_EPOCH, OUT_OF_ORDER_SEQUENCE_NUMBER at once; NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT and
 * NOT_LEADER_OR_FOLLOWER after the append.
 * Source: KafkaApis.handleProduceRequest, ReplicaManager.appendRecords, Partition.appendRecordsToLeader.
 */
export function onProduce(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: ProduceRequest,
  context: StepContext,
): Broker {
  const leader = leaderReplicaOf(broker, request.partition);
  const error = leader === undefined ? unledError(broker, request) : admissionError(broker, leader, request, context);
  if (leader === undefined || error !== "NONE") return refuse(broker, from, channel, request, error, context);
  const verdict = checkProducerBatch(leader.log, request);
  if (verdict.verdict === "error") return refuse(broker, from, channel, request, verdict.error, context);
  if (verdict.verdict === "duplicate") {
    return answer(broker, leader, from, channel, request, verdict.baseOffset, verdict.lastOffset, context);
  }
  const { log, baseOffset } = appendAsLeader(leader.log, request, leader.leaderEpoch);
  const longer = appended(broker, leader, { log, baseOffset }, "produce.append-to-leader", context);
  const lastOffset = baseOffset + request.records.length - 1;
  return answer(broker, longer, from, channel, request, baseOffset, lastOffset, context);
}

function unledError(broker: Broker, { partition, acks }: ProduceRequest): ErrorCode {
  if (!isValidAcks(acks)) return "INVALID_REQUIRED_ACKS";
  const replica = onlineReplicaOrError(broker, partition);
  return typeof replica === "string" ? replica : "NOT_LEADER_OR_FOLLOWER";
}

function admissionError(
  broker: Broker,
  leader: LeaderReplica,
  { acks }: ProduceRequest,
  { rules }: StepContext,
): ErrorCode {
  if (!isValidAcks(acks)) return "INVALID_REQUIRED_ACKS";
  return acks === "all" && isUnderMinIsr(broker, leader, rules) ? "NOT_ENOUGH_REPLICAS" : "NONE";
}

/** The type says so already, but a broker believes no client. */
function isValidAcks(acks: unknown): boolean {
  return acks === 0 || acks === 1 || acks === "all";
}

/** Answers a batch that is in the log, now or since an earlier attempt. */
function answer(
  broker: Broker,
  leader: LeaderReplica,
  from: NodeName,
  channel: Channel,
  request: ProduceRequest,
  baseOffset: number,
  lastOffset: number,
  context: StepContext,
): Broker {
  switch (request.acks) {
    case 0:
      context.outbox.reply(from, channel, null);
      return withReplica(broker, leader);
    case 1: {
      const { logStartOffset } = leader.log;
      const response = produceResponse(broker, request, "NONE", baseOffset, logStartOffset, context.rules);
      context.outbox.reply(from, channel, response);
      return withReplica(broker, leader);
    }
    case "all": {
      const batch = { baseOffset, requiredOffset: lastOffset + 1, timeoutMs: request.timeoutMs };
      return withReplica(broker, answerOrWait(broker, leader, from, channel, request, batch, context));
    }
  }
}

/** Nothing has been appended. With acks=0 there is no answer to say so; closing the connection is the only sign. */
function refuse(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: ProduceRequest,
  error: ErrorCode,
  context: StepContext,
): Broker {
  noteRefusal(broker, request, error, context);
  if (request.acks === 0) context.outbox.disconnect(from, channel);
  else context.outbox.reply(from, channel, produceResponse(broker, request, error, -1, -1, context.rules));
  if (!countsAsFailed(error)) return broker;
  const failedProduceRequests = broker.meters.failedProduceRequests + 1;
  return brokerWith(broker, { meters: { ...broker.meters, failedProduceRequests } });
}

/** A client that must look for another broker is no failure of this one. Source: ReplicaManager.appendToLocalLog. */
function countsAsFailed(error: ErrorCode): boolean {
  return (
    error !== "NOT_LEADER_OR_FOLLOWER" && error !== "UNKNOWN_TOPIC_OR_PARTITION" && error !== "INVALID_REQUIRED_ACKS"
  );
}

function noteRefusal(
  broker: Broker,
  { partition, acks }: ProduceRequest,
  error: ErrorCode,
  { outbox, rules }: StepContext,
): void {
  if (!outbox.explains) return;
  const { brokerId } = broker;
  const leader = leaderReplicaOf(broker, partition);
  const underMinIsr = error === "NOT_ENOUGH_REPLICAS" && leader !== undefined;
  outbox.change({
    fact: fact.refusal(partition, brokerId),
    from: null,
    to: error,
    rule: refusalRule(error),
    numbers: underMinIsr
      ? { acks, isr: [...isrOf(leader.isrState, rules)], minInsyncReplicas: effectiveMinIsr(broker, leader, rules) }
      : { acks },
    because: underMinIsr
      ? [
          fact.underMinIsr(partition, brokerId),
          fact.isrState(partition, brokerId),
          fact.topicConfig(leader.topic, "min.insync.replicas"),
          fact.clusterConfig("min.insync.replicas"),
        ]
      : [fact.role(partition, brokerId)],
  });
}

function refusalRule(error: ErrorCode): RuleId {
  switch (error) {
    case "NOT_ENOUGH_REPLICAS":
      return "produce.refused-under-min-isr";
    case "INVALID_PRODUCER_EPOCH":
    case "OUT_OF_ORDER_SEQUENCE_NUMBER":
      return "produce.refused-out-of-sequence";
    case "INVALID_REQUIRED_ACKS":
      return "produce.refused-invalid-acks";
    default:
      return "produce.refused-not-leader";
  }
}
