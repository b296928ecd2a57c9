import type { ErrorCode } from "../../kafka/errors.js";
import { type NodeName, noEpoch } from "../ids.js";
import { logEndOffset, recordAt, recordsBetween } from "../log/log.js";
import { lastStableOffset } from "../log/transactions.js";
import type { ListOffsetsRequest, ListOffsetsResponse } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { epochError } from "./read.js";
import { onlineReplicaOrError } from "./replicas.js";
import type { Broker, LeaderReplica } from "./state.js";

/**
 * Where a log starts or ends, or the first record that is not older than a time. The end is the log end for a replica, the
 * high watermark or the last stable offset for a client.
 *
 * Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH,
 * OFFSET_NOT_AVAILABLE.
 * Source: ReplicaManager.fetchOffset, Partition.fetchOffsetForTimestamp.
 */
export function onListOffsets(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: ListOffsetsRequest,
  context: StepContext,
): Broker {
  const found = listOffset(broker, request, context);
  const response: ListOffsetsResponse = {
    type: "ListOffsetsResponse",
    partition: request.partition,
    ...(typeof found === "string" ? { error: found, ...nowhere } : { error: "NONE", ...found }),
  };
  context.outbox.reply(from, channel, response);
  return broker;
}

interface FoundOffset {
  readonly offset: number;
  readonly leaderEpoch: number;
}

const nowhere: FoundOffset = { offset: -1, leaderEpoch: noEpoch };

function listOffset(
  broker: Broker,
  request: ListOffsetsRequest,
  { rules }: StepContext,
): FoundOffset | Exclude<ErrorCode, "NONE"> {
  const replica = onlineReplicaOrError(broker, request.partition);
  if (typeof replica === "string") return replica;
  const error = epochError(replica, request.currentLeaderEpoch, rules);
  if (error !== "NONE") return error;
  if (replica.role !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  const { log } = replica;
  // Until the high watermark has reached the start of its epoch, a leader knows less than its predecessor told: an end
  // offset would go backwards. KIP-207.
  const isBehindPredecessor =
    rules.offsetNotAvailableAfterElection &&
    request.replicaId === null &&
    replica.highWatermark < replica.leaderEpochStartOffset;
  if (request.target === "earliest") {
    return { offset: log.logStartOffset, leaderEpoch: recordAt(log, log.logStartOffset)?.leaderEpoch ?? noEpoch };
  }
  const end = fetchableEnd(replica, request);
  if (request.target === "latest") {
    return isBehindPredecessor ? "OFFSET_NOT_AVAILABLE" : { offset: end, leaderEpoch: replica.leaderEpoch };
  }
  const found = firstNotOlder(replica, request.target.timestampMs);
  if (found !== null && found.offset < end) return found;
  return isBehindPredecessor ? "OFFSET_NOT_AVAILABLE" : nowhere;
}

function fetchableEnd({ log, highWatermark }: LeaderReplica, request: ListOffsetsRequest): number {
  if (request.replicaId !== null) return logEndOffset(log);
  return request.isolation === "txnCommitted" ? lastStableOffset(log, highWatermark) : highWatermark;
}

function firstNotOlder({ log }: LeaderReplica, timestampMs: number): FoundOffset | null {
  const records = recordsBetween(log, log.logStartOffset, logEndOffset(log));
  const index = records.findIndex((record) => record.timestampMs >= timestampMs);
  const record = records[index];
  return record === undefined ? null : { offset: log.logStartOffset + index, leaderEpoch: record.leaderEpoch };
}
