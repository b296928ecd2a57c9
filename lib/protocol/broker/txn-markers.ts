import type { ErrorCode } from "../../kafka/errors.js";
import type { NodeName } from "../ids.js";
import { appendMarker } from "../log/append.js";
import { checkMarker } from "../log/producer-state.js";
import type { WriteTxnMarkersRequest } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { isUnderMinIsr } from "./high-watermark.js";
import { answerOrWait, appended } from "./leader-append.js";
import { onlineReplicaOrError, withReplica } from "./replicas.js";
import type { Broker } from "./state.js";

/** `request.timeout.ms` of the broker, which nobody tunes: how long a marker may wait for the ISR. */
const requestTimeoutMs = 30_000;

/**
 * The marker that ends a transaction is appended like an acks=all batch. Its transaction becomes visible to
 * `read_committed` consumers when the high watermark has passed it.
 *
 * Errors: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, NOT_ENOUGH_REPLICAS, INVALID_PRODUCER_EPOCH.
 * Source: KafkaApis.handleWriteTxnMarkersRequest.
 */
export function onWriteTxnMarkers(
  broker: Broker,
  from: NodeName,
  channel: Channel,
  request: WriteTxnMarkersRequest,
  context: StepContext,
): Broker {
  const { partition } = request;
  const refuse = (error: ErrorCode): Broker => {
    context.outbox.reply(from, channel, { type: "WriteTxnMarkersResponse", partition, error });
    return broker;
  };
  const leader = onlineReplicaOrError(broker, partition);
  if (typeof leader === "string") return refuse(leader);
  if (leader.role !== "leader") return refuse("NOT_LEADER_OR_FOLLOWER");
  if (isUnderMinIsr(broker, leader, context.rules)) return refuse("NOT_ENOUGH_REPLICAS");
  const error = checkMarker(leader.log, request);
  if (error !== null) return refuse(error);
  const marked = appendMarker(leader.log, request, leader.leaderEpoch, context.nowMs);
  const longer = appended(broker, leader, marked, "transaction.marker-appended", context);
  const { baseOffset } = marked;
  const batch = { baseOffset, requiredOffset: baseOffset + 1, timeoutMs: requestTimeoutMs };
  return withReplica(broker, answerOrWait(broker, longer, from, channel, request, batch, context));
}
