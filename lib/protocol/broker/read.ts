import type { ErrorCode } from "../../kafka/errors.js";
import type { Rules } from "../../kafka/versions.js";
import { noEpoch } from "../ids.js";
import { endOffsetFor } from "../log/epoch-entries.js";
import { logEndOffset, readRecords } from "../log/log.js";
import { abortedTransactions, lastStableOffset } from "../log/transactions.js";
import type { EpochEndOffset, FetchRequest, FetchResponse } from "../message.js";
import { currentLeaderOf } from "./replicas.js";
import type { Broker, OnlineReplica } from "./state.js";

/**
 * What a fetch finds: an error, the place where the logs part, or records. Changes nothing. High watermark and offsets
 * are those before the fetch is counted, so the follower that completes a commit learns of it with its next answer.
 *
 * Source: Partition.fetchRecords, readRecords.
 */
export function readForFetch(
  broker: Broker,
  replica: OnlineReplica,
  request: FetchRequest,
  rules: Rules,
): FetchResponse {
  const error = senderError(replica, request, rules);
  if (error !== "NONE") return failedFetch(broker, request, error, rules);
  const { log, highWatermark } = replica;
  const diverging = request.lastFetchedEpoch === noEpoch ? null : endOffsetFor(log, request.lastFetchedEpoch);
  // An epoch newer than all that is here: the follower has followed somebody this leader never heard of.
  if (request.lastFetchedEpoch !== noEpoch && diverging === null) {
    return failedFetch(broker, request, "OFFSET_OUT_OF_RANGE", rules);
  }
  if (request.fetchOffset < log.logStartOffset) return failedFetch(broker, request, "OFFSET_OUT_OF_RANGE", rules);
  const end = logEndOffset(log);
  const stable = lastStableOffset(log, highWatermark);
  if (diverging !== null && divergesFrom(diverging, request)) {
    return foundByFetch(replica, request, stable, noRecords, diverging, noTransactions);
  }
  if (request.fetchOffset > end) return failedFetch(broker, request, "OFFSET_OUT_OF_RANGE", rules);
  const { fetchOffset, isolation } = request;
  const unbounded = isolation === "logEnd" || !rules.consumersStopAtHighWatermark;
  const until = unbounded ? end : isolation === "highWatermark" ? highWatermark : stable;
  const records = fetchOffset < until ? readRecords(log, fetchOffset, until, request.maxRecords) : noRecords;
  const aborted =
    isolation === "txnCommitted" && records.length > 0
      ? abortedTransactions(log, fetchOffset, fetchOffset + records.length)
      : noTransactions;
  return foundByFetch(replica, request, stable, records, null, aborted);
}

function foundByFetch(
  { log, highWatermark }: OnlineReplica,
  { partition, fetchOffset }: FetchRequest,
  stableOffset: number,
  records: FetchResponse["records"],
  divergingEpoch: EpochEndOffset | null,
  aborted: FetchResponse["abortedTransactions"],
): FetchResponse {
  return {
    type: "FetchResponse",
    partition,
    error: "NONE",
    fetchOffset,
    records,
    highWatermark,
    lastStableOffset: stableOffset,
    logStartOffset: log.logStartOffset,
    divergingEpoch,
    currentLeader: null,
    preferredReadReplica: null,
    abortedTransactions: aborted,
  };
}

const noRecords: FetchResponse["records"] = [];
const noTransactions: FetchResponse["abortedTransactions"] = [];

/** Whether this replica answers the sender at all. The epoch is looked at before leadership. */
function senderError(replica: OnlineReplica, request: FetchRequest, rules: Rules): ErrorCode {
  const error = epochError(replica, request.currentLeaderEpoch, rules);
  if (error !== "NONE") return error;
  // Consumers may read from any replica (KIP-392), followers only from the leader.
  const { replicaId } = request;
  if (replicaId === null) return "NONE";
  if (replica.role !== "leader") return "NOT_LEADER_OR_FOLLOWER";
  if (replica.remoteReplicas.some((remote) => remote.replicaId === replicaId)) return "NONE";
  // With an epoch the sender knows of an assignment that this leader does not know yet.
  return request.currentLeaderEpoch === noEpoch ? "NOT_LEADER_OR_FOLLOWER" : "UNKNOWN_LEADER_EPOCH";
}

/** FENCED_LEADER_EPOCH for a sender of the past, UNKNOWN_LEADER_EPOCH for one that is ahead. KIP-320. */
export function epochError(replica: OnlineReplica, currentLeaderEpoch: number, rules: Rules): ErrorCode {
  if (!rules.fetchEpochFencing || currentLeaderEpoch === noEpoch) return "NONE";
  if (currentLeaderEpoch < replica.leaderEpoch) return "FENCED_LEADER_EPOCH";
  if (currentLeaderEpoch > replica.leaderEpoch) return "UNKNOWN_LEADER_EPOCH";
  return "NONE";
}

/**
 * Whether the sender's log parts from this one before `fetchOffset`: its last epoch is unknown here, or ended earlier.
 * Null where the epoch is newer than all that is here, which must be told as well.
 */
export function divergesFrom(
  endOffset: EpochEndOffset | null,
  { lastFetchedEpoch, fetchOffset }: Pick<FetchRequest, "lastFetchedEpoch" | "fetchOffset">,
): boolean {
  if (lastFetchedEpoch === noEpoch) return false;
  return endOffset === null || endOffset.epoch < lastFetchedEpoch || endOffset.endOffset < fetchOffset;
}

/** A fetch answer that carries nothing but its error. */
export function failedFetch(broker: Broker, request: FetchRequest, error: ErrorCode, rules: Rules): FetchResponse {
  const namesLeader =
    rules.answersNameNewLeader && (error === "NOT_LEADER_OR_FOLLOWER" || error === "FENCED_LEADER_EPOCH");
  return {
    type: "FetchResponse",
    partition: request.partition,
    error,
    fetchOffset: request.fetchOffset,
    records: noRecords,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: null,
    currentLeader: namesLeader ? currentLeaderOf(broker, request.partition) : null,
    preferredReadReplica: null,
    abortedTransactions: noTransactions,
  };
}
