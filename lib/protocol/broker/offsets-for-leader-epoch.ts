import type { ErrorCode } from "../../kafka/errors.js";
import { type NodeName, noEpoch } from "../ids.js";
import { endOffsetFor } from "../log/epoch-entries.js";
import type { EpochEndOffset, OffsetsForLeaderEpochRequest } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { epochError } from "./read.js";
import { onlineReplicaOrError } from "./replicas.js";
import type { Broker } from "./state.js";

/**
 * Where a leader epoch ends in the leader's log. Consumers validate their position with it (KIP-320), followers found
 * their truncation point with it before 2.7.
 *
 * Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH.
 * Source: ReplicaManager.lastOffsetForLeaderEpoch, Partition.lastOffsetForLeaderEpoch.
 */
export function onOffsetsForLeaderEpoch(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: OffsetsForLeaderEpochRequest,
  context: StepContext,
): Broker {
  const found = epochEnd(broker, request, context);
  context.outbox.reply(from, channel, {
    type: "OffsetsForLeaderEpochResponse",
    partition: request.partition,
    ...(typeof found === "string" ? { error: found, endOffset: null } : { error: "NONE", endOffset: found }),
  });
  return broker;
}

function epochEnd(
  broker: Broker,
  request: OffsetsForLeaderEpochRequest,
  { rules }: StepContext,
): EpochEndOffset | null | Exclude<ErrorCode, "NONE"> {
  const replica = onlineReplicaOrError(broker, request.partition);
  if (typeof replica === "string") return replica;
  const error = epochError(replica, request.currentLeaderEpoch, rules);
  if (error !== "NONE") return error;
  if (replica.role !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  const end = endOffsetFor(replica.log, request.leaderEpoch);
  // Before KIP-279 the answer did not say which epoch it was about.
  if (end !== null && rules.truncation === "epoch-end-offset-only") return { epoch: noEpoch, endOffset: end.endOffset };
  return end;
}
