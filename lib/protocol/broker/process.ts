import { invariant } from "../../core/assert.js";
import { type BrokerId, longAgoMs, neverMs, noBrokerEpoch, type TopicPartition } from "../ids.js";
import { clipHighWatermark, logEndOffset } from "../log/log.js";
import { loseRecordsFrom, recoverLog } from "../log/truncation.js";
import { emptyImage } from "../metadata/apply.js";
import type { MetadataImage } from "../metadata/image.js";
import { checkpointHighWatermarks, producerIdExpirationCheckIntervalMs } from "./checkpoint.js";
import { isrExpirationIntervalMs } from "./isr-shrink.js";
import type {
  AlterPartitionQueue,
  Broker,
  BrokerDueTimes,
  BrokerMeters,
  BrokerSettings,
  ControllerChannel,
  DirectoryAssignment,
  OfflineReplica,
  Replica,
} from "./state.js";

/** Kafka's defaults; section names are those of a broker's properties file. */
export function defaultBrokerSettings(changed: Partial<BrokerSettings> = {}): BrokerSettings {
  return {
    replicaLagTimeMaxMs: 30_000,
    replicaFetchWaitMaxMs: 500,
    replicaFetchMinBytes: 1,
    // replica.fetch.max.bytes is 1 MiB: about so many records of 1 KiB.
    replicaFetchMaxRecords: 1024,
    replicaFetchBackoffMs: 1000,
    replicaSocketTimeoutMs: 30_000,
    replicaHighWatermarkCheckpointIntervalMs: 5000,
    brokerHeartbeatIntervalMs: 2000,
    brokerSessionTimeoutMs: 9000,
    initialBrokerRegistrationTimeoutMs: 60_000,
    controllerSocketTimeoutMs: 30_000,
    producerIdExpirationMs: 86_400_000,
    controlledShutdownEnable: true,
    replicaSelector: "leader",
    ...changed,
  };
}

const idleChannel: ControllerChannel = { awaitingAnswer: false, nextAtOnce: false, failedAttempts: 0 };
const emptyQueue: AlterPartitionQueue = { inFlight: null, queued: [] };
const nothingToAssign: DirectoryAssignment = { inFlight: [], queued: [], failedAttempts: 0 };
const noMeters: BrokerMeters = { isrExpands: 0, isrShrinks: 0, failedIsrUpdates: 0, failedProduceRequests: 0 };
const neverDue: BrokerDueTimes = {
  registration: neverMs,
  heartbeat: neverMs,
  lifecycleTimeout: neverMs,
  isrExpiration: neverMs,
  highWatermarkCheckpoint: neverMs,
  producerIdExpiration: neverMs,
  alterPartition: neverMs,
  directoryAssignment: neverMs,
};

/** A broker that has never run: its disk is empty. */
export function newBroker(broker: {
  readonly brokerId: BrokerId;
  readonly rack: string | null;
  readonly settings: BrokerSettings;
  readonly directoryId: number;
}): Broker {
  return {
    ...broker,
    process: "down",
    incarnationId: 0,
    cleanShutdownBrokerEpoch: null,
    lifecycle: { state: "registering", sinceMs: longAgoMs, previousBrokerEpoch: noBrokerEpoch },
    controllerChannel: idleChannel,
    brokerEpoch: noBrokerEpoch,
    metadata: emptyImage({}),
    replicas: [],
    alterPartition: emptyQueue,
    directoryAssignment: nothingToAssign,
    dueMs: neverDue,
    meters: noMeters,
  };
}

/**
 * Starts the process: logs are recovered, high watermarks begin at their checkpoints, the clean-shutdown file is read and
 * deleted, and registration is due at once. Roles come with the metadata. The phase of the periodic tasks is this moment.
 *
 * @param incarnationId new for each start
 * @param metadata what the disk holds of the metadata log
 *
 * Source: BrokerServer.startup, LogLoader.load, Partition.createLog.
 */
export function startBroker(broker: Broker, incarnationId: number, nowMs: number, metadata: MetadataImage): Broker {
  invariant(broker.process === "down", () => `broker ${broker.brokerId} runs already`);
  const { settings } = broker;
  return {
    ...broker,
    process: "running",
    incarnationId,
    metadata,
    lifecycle: {
      state: "registering",
      sinceMs: nowMs,
      previousBrokerEpoch: broker.cleanShutdownBrokerEpoch ?? noBrokerEpoch,
    },
    cleanShutdownBrokerEpoch: null,
    replicas: broker.replicas.map((replica) => recovered(replica)),
    dueMs: {
      ...neverDue,
      registration: nowMs,
      lifecycleTimeout: nowMs + settings.initialBrokerRegistrationTimeoutMs,
      isrExpiration: nowMs + isrExpirationIntervalMs(broker),
      highWatermarkCheckpoint: nowMs + settings.replicaHighWatermarkCheckpointIntervalMs,
      producerIdExpiration: nowMs + producerIdExpirationCheckIntervalMs,
    },
  };
}

/** The log as recovery leaves it, flushed: an epoch in which nothing was written is not remembered. */
function recovered(replica: Replica): OfflineReplica {
  const log = recoverLog(replica.log, logEndOffset(replica.log));
  return { ...onDisk(replica), log, flushedEndOffset: logEndOffset(log) };
}

/** `kill -9`: the memory is gone, the log stays in the page cache. */
export function crashBroker(broker: Broker): Broker {
  return {
    brokerId: broker.brokerId,
    rack: broker.rack,
    settings: broker.settings,
    process: "down",
    incarnationId: broker.incarnationId,
    directoryId: broker.directoryId,
    cleanShutdownBrokerEpoch: broker.cleanShutdownBrokerEpoch,
    lifecycle: { state: "registering", sinceMs: longAgoMs, previousBrokerEpoch: noBrokerEpoch },
    controllerChannel: idleChannel,
    brokerEpoch: noBrokerEpoch,
    metadata: broker.metadata,
    replicas: broker.replicas.map((replica) => onDisk(replica)),
    alterPartition: emptyQueue,
    directoryAssignment: nothingToAssign,
    dueMs: neverDue,
    meters: noMeters,
  };
}

/**
 * Power loss: what was not flushed may be gone.
 *
 * @param keep log end of each partition that survives; between what was flushed and the log end. A partition that is not
 * named keeps only what was flushed.
 */
export function crashBrokerLosingTail(broker: Broker, keep: Readonly<Record<TopicPartition, number>>): Broker {
  const crashed = crashBroker(broker);
  return {
    ...crashed,
    replicas: crashed.replicas.map((replica) => {
      const end = logEndOffset(replica.log);
      const kept = Math.max(replica.flushedEndOffset, Math.min(keep[replica.partition] ?? 0, end));
      return onDisk({ ...replica, log: loseRecordsFrom(replica.log, kept) });
    }),
  };
}

/** The disk is replaced by an empty one, which has an identity of its own. */
export function wipeBrokerDisk(broker: Broker, directoryId: number): Broker {
  invariant(broker.process === "down", () => `broker ${broker.brokerId} runs: its disk cannot be replaced`);
  return { ...broker, directoryId, replicas: [], cleanShutdownBrokerEpoch: null };
}

/** The end of an orderly stop: logs and high watermarks are on disk, and so is the broker epoch. KAFKA-18635. */
export function stopBrokerCleanly(broker: Broker): Broker {
  const { brokerEpoch } = broker;
  const stopped = crashBroker(checkpointHighWatermarks(broker));
  return {
    ...stopped,
    cleanShutdownBrokerEpoch: brokerEpoch === noBrokerEpoch ? null : brokerEpoch,
    replicas: stopped.replicas.map((replica) => ({ ...replica, flushedEndOffset: logEndOffset(replica.log) })),
  };
}

/** What is left of a replica without its process. The high watermark is what the next start will read. */
function onDisk(replica: Replica): OfflineReplica {
  const { partition, topic, log, highWatermarkCheckpoint, flushedEndOffset } = replica;
  return {
    role: "offline",
    partition,
    topic,
    log,
    highWatermark: clipHighWatermark(log, highWatermarkCheckpoint),
    highWatermarkCheckpoint,
    flushedEndOffset,
    leaderEpoch: -1,
    partitionEpoch: -1,
  };
}
