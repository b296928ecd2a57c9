import { expireProducers } from "../log/producer-state.js";
import type { StepContext } from "./context.js";
import { withDueTime } from "./copy.js";
import { nextPeriodicDueMs } from "./periodic.js";
import { withReplica } from "./replicas.js";
import type { Broker } from "./state.js";

/** `producer.id.expiration.check.interval.ms`, which nobody tunes. */
export const producerIdExpirationCheckIntervalMs = 600_000;

/**
 * Writes the high watermarks to disk. After a crash each replica starts from the value written last.
 *
 * Source: ReplicaManager.checkpointHighWatermarks.
 */
export function onHighWatermarkCheckpoint(broker: Broker, { nowMs }: StepContext): Broker {
  const { highWatermarkCheckpoint: dueMs } = broker.dueMs;
  const periodMs = broker.settings.replicaHighWatermarkCheckpointIntervalMs;
  return checkpointHighWatermarks(
    withDueTime(broker, "highWatermarkCheckpoint", nextPeriodicDueMs(dueMs, periodMs, nowMs)),
  );
}

export function checkpointHighWatermarks(broker: Broker): Broker {
  let written = broker;
  for (const replica of broker.replicas) {
    if (replica.role === "offline" || replica.highWatermarkCheckpoint === replica.highWatermark) continue;
    written = withReplica(written, { ...replica, highWatermarkCheckpoint: replica.highWatermark });
  }
  return written;
}

/** Forgets idempotent producers that have been silent for `producer.id.expiration.ms`. */
export function onProducerIdExpiration(broker: Broker, { nowMs }: StepContext): Broker {
  const dueMs = nextPeriodicDueMs(broker.dueMs.producerIdExpiration, producerIdExpirationCheckIntervalMs, nowMs);
  let next = withDueTime(broker, "producerIdExpiration", dueMs);
  for (const replica of broker.replicas) {
    const log = expireProducers(replica.log, nowMs, broker.settings.producerIdExpirationMs);
    if (log !== replica.log) next = withReplica(next, { ...replica, log });
  }
  return next;
}
