import { fact } from "../fact.js";
import { brokerName, type NodeName, noBrokerEpoch, noEpoch, type TopicPartition } from "../ids.js";
import { appendAsFollower } from "../log/append.js";
import { latestEpoch } from "../log/epoch-entries.js";
import { clipHighWatermark, logEndOffset } from "../log/log.js";
import { raiseLogStart } from "../log/truncation.js";
import type { FetchResponse } from "../message.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import { abandonFetch, backedOff, fenced, fetchChannel, isAwaitingAnswer } from "./follower-channel.js";
import { askEpochEnd } from "./follower-epoch-end.js";
import { askLeaderOffset } from "./follower-out-of-range.js";
import { cutDivergingTail, withLog } from "./follower-truncation.js";
import { replicaOf, withReplica } from "./replicas.js";
import type { Broker, FollowerReplica } from "./state.js";
import { wakeFetches } from "./waiting.js";

/** The follower's timer: time for the next request, or no answer to the last one within `replica.socket.timeout.ms`. */
export function onFetchTimer(broker: Broker, partition: TopicPartition, context: StepContext): Broker {
  const replica = replicaOf(broker, partition);
  if (replica?.role !== "follower") return broker;
  switch (replica.fetcher.state) {
    case "idle":
      return withReplica(broker, sendFetch(broker, replica, context));
    case "truncating":
      return withReplica(broker, askEpochEnd(broker, replica, context));
    case "stopped":
      return broker;
    default:
      abandonFetch(replica, context);
      return withReplica(broker, backedOff(broker, replica, context));
  }
}

/** The leader has closed the connection or died. */
export function onFetchDisconnected(broker: Broker, peer: NodeName, channel: Channel, context: StepContext): Broker {
  for (const replica of broker.replicas) {
    if (replica.role !== "follower" || fetchChannel(replica.partition) !== channel) continue;
    if (brokerName(replica.leader) !== peer || !isAwaitingAnswer(replica.fetcher)) continue;
    return withReplica(broker, backedOff(broker, replica, context));
  }
  return broker;
}

/** Fetches from the log end, and so tells the leader that everything below is here. Source: RemoteLeaderEndPoint.buildFetch. */
function sendFetch(broker: Broker, replica: FollowerReplica, { nowMs, rules, outbox }: StepContext): FollowerReplica {
  const { settings } = broker;
  const fetchOffset = logEndOffset(replica.log);
  const toldByFetch = rules.truncation === "epoch-and-end-offset" && rules.fetchEpochFencing && rules.followerTruncates;
  outbox.request(brokerName(replica.leader), fetchChannel(replica.partition), {
    type: "FetchRequest",
    partition: replica.partition,
    replicaId: broker.brokerId,
    brokerEpoch: rules.replicaBrokerEpochChecked ? broker.brokerEpoch : noBrokerEpoch,
    fetchOffset,
    currentLeaderEpoch: rules.fetchEpochFencing ? replica.leaderEpoch : noEpoch,
    lastFetchedEpoch: toldByFetch ? latestEpoch(replica.log) : noEpoch,
    isolation: "logEnd",
    maxWaitMs: settings.replicaFetchWaitMaxMs,
    minBytes: settings.replicaFetchMinBytes,
    maxRecords: settings.replicaFetchMaxRecords,
    rack: null,
  });
  const timesOutAtMs = nowMs + settings.replicaSocketTimeoutMs;
  return followerWith(replica, { fetcher: { state: "fetching", fetchOffset, timesOutAtMs } });
}

/**
 * The leader's answer to a fetch. Answers to anything but the fetch that is out are dropped.
 *
 * Source: AbstractFetcherThread.processFetchRequest.
 */
export function onFetchResponse(broker: Broker, from: NodeName, response: FetchResponse, context: StepContext): Broker {
  const replica = replicaOf(broker, response.partition);
  if (replica?.role !== "follower" || brokerName(replica.leader) !== from) return broker;
  if (replica.fetcher.state !== "fetching" || replica.fetcher.fetchOffset !== response.fetchOffset) return broker;
  switch (response.error) {
    case "NONE": {
      const { divergingEpoch } = response;
      const followed =
        divergingEpoch === null
          ? appendFetched(broker, replica, response, context)
          : cutDivergingTail(broker, replica, divergingEpoch, context);
      return withReplica(broker, followerWith(followed, { fetcher: { state: "idle", dueMs: context.nowMs } }));
    }
    case "OFFSET_OUT_OF_RANGE":
      return withReplica(broker, askLeaderOffset(broker, replica, "latest", context));
    case "FENCED_LEADER_EPOCH":
      return withReplica(broker, fenced(replica));
    default:
      return withReplica(broker, backedOff(broker, replica, context));
  }
}

/**
 * Appends what the leader sent and takes over its high watermark, which may lie below the one known so far: a new leader
 * knows less at first.
 *
 * Source: ReplicaFetcherThread.processPartitionData.
 */
function appendFetched(
  broker: Broker,
  replica: FollowerReplica,
  response: FetchResponse,
  context: StepContext,
): FollowerReplica {
  const { partition, leader } = replica;
  const { brokerId } = broker;
  const log = appendAsFollower(replica.log, response.records);
  const end = logEndOffset(log);
  if (log !== replica.log && context.outbox.explains) {
    context.outbox.change({
      fact: fact.logEnd(partition, brokerId),
      from: logEndOffset(replica.log),
      to: end,
      rule: "follower.append-fetched",
      numbers: { records: response.records.length },
      because: [fact.logEnd(partition, leader), fact.role(partition, brokerId)],
    });
  }
  const highWatermark = context.rules.followerHighWatermarkClipped
    ? clipHighWatermark(log, response.highWatermark)
    : response.highWatermark;
  const longer = followerWith(replica, { log, highWatermark });
  const started =
    response.logStartOffset > log.logStartOffset
      ? withLog(longer, raiseLogStart(log, response.logStartOffset))
      : longer;
  if (highWatermark === replica.highWatermark) return started;
  if (context.outbox.explains) {
    context.outbox.change({
      fact: fact.highWatermark(partition, brokerId),
      from: replica.highWatermark,
      to: highWatermark,
      rule: "hw.follower-takes-leaders",
      numbers: { leaderHighWatermark: response.highWatermark, logEndOffset: end },
      because: [fact.highWatermark(partition, leader), fact.logEnd(partition, brokerId)],
    });
  }
  return wakeFetches(broker, started, context);
}
