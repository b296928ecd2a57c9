import { noLeader } from "../ids.js";
import { logEndOffset } from "../log/log.js";
import { registrationOf } from "../metadata/image.js";
import type { PartitionRegistration } from "../metadata/partition.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import { abandonFetch } from "./follower-channel.js";
import { cutToHighWatermark } from "./follower-truncation.js";
import { withReplica } from "./replicas.js";
import { noteRole } from "./role.js";
import type { Broker, Fetcher, FollowerReplica, Replica } from "./state.js";
import { failProduces, wakeFetches } from "./waiting.js";

/**
 * Follows the leader that the metadata names, or nobody while there is none. What it knew as a leader is forgotten, and
 * acks=all requests that still wait are answered with NOT_LEADER_OR_FOLLOWER. A new leader epoch starts the fetcher anew,
 * even under the same leader; within an epoch it goes on.
 *
 * Source: Partition.makeFollower, ReplicaManager.applyLocalFollowersDelta.
 */
export function becomeFollower(
  broker: Broker,
  replica: Replica,
  registration: PartitionRegistration,
  context: StepContext,
): Broker {
  if (registration.partitionEpoch < replica.partitionEpoch) return broker;
  const isNewEpoch =
    registration.leaderEpoch > replica.leaderEpoch ||
    (!context.rules.electionBumpsLeaderEpoch && replica.role === "follower" && registration.leader !== replica.leader);
  const stops = isLeavingForShutdown(broker, registration);
  if (!isNewEpoch && replica.role === "follower") {
    if (stops) return withReplica(broker, stopped(replica, registration.partitionEpoch, context));
    return withReplica(broker, followerWith(replica, { partitionEpoch: registration.partitionEpoch }));
  }
  if (replica.role === "follower") abandonFetch(replica, context);
  const started = withInitialTruncation(broker, follower(broker, replica, registration, stops, context), context);
  noteRole(broker, replica, started, context);
  const following = withReplica(broker, started);
  if (replica.role === "leader") failProduces(following, replica, "NOT_LEADER_OR_FOLLOWER", context);
  return withReplica(following, wakeFetches(following, started, context));
}

function follower(
  broker: Broker,
  replica: Replica,
  registration: PartitionRegistration,
  stops: boolean,
  context: StepContext,
): FollowerReplica {
  return {
    role: "follower",
    partition: replica.partition,
    topic: replica.topic,
    log: replica.log,
    highWatermark: replica.highWatermark,
    highWatermarkCheckpoint: replica.highWatermarkCheckpoint,
    flushedEndOffset: replica.flushedEndOffset,
    leaderEpoch: registration.leaderEpoch,
    partitionEpoch: registration.partitionEpoch,
    leader: registration.leader,
    fetcher: stops
      ? { state: "stopped", reason: "controlled-shutdown" }
      : firstFetcher(broker, replica, registration, context),
    waitingFetches: replica.role === "offline" ? [] : replica.waitingFetches,
  };
}

function firstFetcher(
  broker: Broker,
  replica: Replica,
  { leader }: PartitionRegistration,
  { nowMs, rules }: StepContext,
): Fetcher {
  if (leader === noLeader || registrationOf(broker.metadata, leader) === undefined) {
    return { state: "stopped", reason: "no-leader" };
  }
  const asksForEpochEnd =
    rules.truncation === "epoch-end-offset-only" ||
    (rules.truncation === "epoch-and-end-offset" && !rules.fetchEpochFencing);
  return asksForEpochEnd && replica.log.epochEntries.length > 0
    ? { state: "truncating", dueMs: nowMs }
    : { state: "idle", dueMs: nowMs };
}

/**
 * Where the log ends when the fetcher starts: as it is, because the leader's answer will tell where to cut. A log without
 * epochs can only be cut at the high watermark; before KIP-101 that was done always, one round too late as it may be.
 *
 * Source: ReplicaManager.initialFetchOffset, AbstractFetcherThread.truncateToHighWatermark.
 */
function withInitialTruncation(broker: Broker, replica: FollowerReplica, context: StepContext): FollowerReplica {
  if (replica.leader === noLeader) return replica;
  const cutsToHighWatermark = context.rules.truncation === "to-high-watermark" || replica.log.epochEntries.length === 0;
  if (!cutsToHighWatermark || logEndOffset(replica.log) === replica.highWatermark) return replica;
  return cutToHighWatermark(broker, replica, context);
}

/** A broker that is shutting down stops to fetch what it is no longer needed for. */
function isLeavingForShutdown(broker: Broker, { leader, isr }: PartitionRegistration): boolean {
  return broker.lifecycle.state === "controlled-shutdown" && (leader === noLeader || !isr.includes(broker.brokerId));
}

function stopped(replica: FollowerReplica, partitionEpoch: number, context: StepContext): FollowerReplica {
  abandonFetch(replica, context);
  return followerWith(replica, { partitionEpoch, fetcher: { state: "stopped", reason: "controlled-shutdown" } });
}
