import { controllerName, neverMs, type TopicPartition } from "../ids.js";
import type { AssignReplicasToDirsResponse } from "../message.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { StepContext } from "./context.js";
import { brokerWith, dueTimesWith } from "./copy.js";
import { exponentialBackoffMs } from "./periodic.js";
import { replicaOf } from "./replicas.js";
import type { Broker, DirectoryAssignment } from "./state.js";

export const directoryAssignmentChannel = "directory-assignments";

/** First and longest wait before a failed assignment is sent again. Source: AssignmentsManager.STANDARD_BACKOFF. */
const firstBackoffMs = 100;
const longestBackoffMs = 10_000;

/**
 * Tells the controller in which directory a replica lives if it believes in another one, as after the disk was replaced.
 * Until it knows, the replica cannot be elected.
 *
 * Source: ReplicaManager.maybeUpdateTopicAssignment, AssignmentsManager; KIP-858.
 */
export function maybeAssignDirectory(
  broker: Broker,
  { partition, replicas, directories }: PartitionRegistration,
  context: StepContext,
): Broker {
  const directory = directories[replicas.indexOf(broker.brokerId)];
  if (directory === undefined || directory === broker.directoryId) return broker;
  if (replicaOf(broker, partition) === undefined) return broker;
  const { inFlight, queued, failedAttempts } = broker.directoryAssignment;
  if (inFlight.includes(partition) || queued.includes(partition)) return broker;
  const queuing = withAssignment(broker, { inFlight, queued: [...queued, partition], failedAttempts }, null);
  return failedAttempts === 0 ? sendNext(queuing, context) : queuing;
}

/** The timer: the answer has not come, or the wait before sending again is over. */
export function onDirectoryAssignmentTimer(broker: Broker, context: StepContext): Broker {
  if (broker.directoryAssignment.inFlight.length === 0) return sendNext(broker, context);
  context.outbox.disconnect(controllerName, directoryAssignmentChannel);
  return failed(broker, context);
}

export function onDirectoryAssignmentDisconnected(broker: Broker, context: StepContext): Broker {
  return broker.directoryAssignment.inFlight.length === 0 ? broker : failed(broker, context);
}

export function onAssignReplicasToDirsResponse(
  broker: Broker,
  response: AssignReplicasToDirsResponse,
  context: StepContext,
): Broker {
  const { inFlight, queued } = broker.directoryAssignment;
  if (inFlight.length === 0) return broker;
  if (response.error !== "NONE") return failed(broker, context);
  return sendNext(withAssignment(broker, { inFlight: [], queued, failedAttempts: 0 }, neverMs), context);
}

function sendNext(broker: Broker, { nowMs, outbox }: StepContext): Broker {
  const { inFlight, queued, failedAttempts } = broker.directoryAssignment;
  const partitions: readonly TopicPartition[] = queued.filter(
    (partition) => replicaOf(broker, partition) !== undefined,
  );
  if (inFlight.length > 0) return broker;
  if (partitions.length === 0) return withAssignment(broker, { inFlight, queued: [], failedAttempts: 0 }, neverMs);
  outbox.request(controllerName, directoryAssignmentChannel, {
    type: "AssignReplicasToDirsRequest",
    brokerId: broker.brokerId,
    brokerEpoch: broker.brokerEpoch,
    directoryId: broker.directoryId,
    partitions,
  });
  const timesOutAtMs = nowMs + broker.settings.controllerSocketTimeoutMs;
  return withAssignment(broker, { inFlight: partitions, queued: [], failedAttempts }, timesOutAtMs);
}

function failed(broker: Broker, { nowMs }: StepContext): Broker {
  const { inFlight, queued, failedAttempts } = broker.directoryAssignment;
  return withAssignment(
    broker,
    { inFlight: [], queued: [...inFlight, ...queued], failedAttempts: Math.min(failedAttempts + 1, 10) },
    nowMs + exponentialBackoffMs(failedAttempts, firstBackoffMs, longestBackoffMs),
  );
}

function withAssignment(broker: Broker, directoryAssignment: DirectoryAssignment, dueMs: number | null): Broker {
  return brokerWith(broker, {
    directoryAssignment,
    dueMs: dueMs === null ? broker.dueMs : dueTimesWith(broker.dueMs, { directoryAssignment: dueMs }),
  });
}
