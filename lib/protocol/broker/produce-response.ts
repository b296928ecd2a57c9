import type { ErrorCode } from "../../kafka/errors.js";
import type { Rules } from "../../kafka/versions.js";
import type { ProduceRequest, ProduceResponse, WriteTxnMarkersRequest, WriteTxnMarkersResponse } from "../message.js";
import { currentLeaderOf } from "./replicas.js";
import type { Broker } from "./state.js";

/** The answer to an append, of a client's batch or of a transaction marker. */
export function produceResponse(
  broker: Broker,
  request: ProduceRequest | WriteTxnMarkersRequest,
  error: ErrorCode,
  baseOffset: number,
  logStartOffset: number,
  rules: Rules,
): ProduceResponse | WriteTxnMarkersResponse {
  const { partition } = request;
  if (request.type === "WriteTxnMarkersRequest") return { type: "WriteTxnMarkersResponse", partition, error };
  const namesLeader = rules.answersNameNewLeader && error === "NOT_LEADER_OR_FOLLOWER";
  return {
    type: "ProduceResponse",
    partition,
    error,
    baseOffset,
    logStartOffset,
    currentLeader: namesLeader ? currentLeaderOf(broker, partition) : null,
  };
}
