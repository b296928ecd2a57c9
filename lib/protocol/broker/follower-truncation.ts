import { fact } from "../fact.js";
import { latestEpoch } from "../log/epoch-entries.js";
import { clipHighWatermark, logEndOffset, type ReplicaLog } from "../log/log.js";
import { truncateTo, truncationFor } from "../log/truncation.js";
import type { EpochEndOffset } from "../message.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import type { Reason } from "./reason.js";
import type { Broker, FollowerReplica } from "./state.js";

/** The follower with another log. What depends on where the log ends follows: high watermark and what is flushed. */
export function withLog(replica: FollowerReplica, log: ReplicaLog): FollowerReplica {
  return followerWith(replica, {
    log,
    highWatermark: clipHighWatermark(log, replica.highWatermark),
    flushedEndOffset: Math.min(replica.flushedEndOffset, logEndOffset(log)),
  });
}

/**
 * The follower with its log cut, and the news of it. A high watermark beyond the new end falls to it: that is how records
 * that were committed are lost, and the trace must say so.
 *
 * Source: UnifiedLog.truncateTo.
 */
export function truncateFollower(
  broker: Broker,
  replica: FollowerReplica,
  log: ReplicaLog,
  reason: Reason,
  { outbox }: StepContext,
): FollowerReplica {
  const cut = withLog(replica, log);
  const { partition } = replica;
  const { brokerId } = broker;
  const from = logEndOffset(replica.log);
  const to = logEndOffset(log);
  if (from !== to) outbox.change({ fact: fact.logEnd(partition, brokerId), from, to, ...reason });
  if (cut.highWatermark !== replica.highWatermark) {
    outbox.change({
      fact: fact.highWatermark(partition, brokerId),
      from: replica.highWatermark,
      to: cut.highWatermark,
      rule: "hw.falls-with-log-end",
      numbers: { logEndOffset: to },
      because: [fact.logEnd(partition, brokerId)],
    });
  }
  return cut;
}

/**
 * The logs part: cuts the tail the leader does not have. Nothing else of the answer is used. If the two share no epoch yet,
 * the next fetch asks with the epoch that is last then.
 *
 * Source: AbstractFetcherThread.truncateOnFetchResponse; KIP-595.
 */
export function cutDivergingTail(
  broker: Broker,
  replica: FollowerReplica,
  diverging: EpochEndOffset,
  context: StepContext,
): FollowerReplica {
  const { log, partition } = replica;
  const { offset } = truncationFor(log, diverging);
  return truncateFollower(
    broker,
    replica,
    truncateTo(log, offset),
    {
      rule: "follower.truncate-to-divergence",
      numbers: {
        leaderEpoch: diverging.epoch,
        leaderEndOffset: diverging.endOffset,
        lastFetchedEpoch: latestEpoch(log),
        offset,
      },
      because: [fact.role(partition, broker.brokerId), fact.leader(partition), fact.logEnd(partition, replica.leader)],
    },
    context,
  );
}

/**
 * Cuts the log at the high watermark: before KIP-101 always, and where there is no epoch to go by. It is one round late as
 * it may be, so a committed record can be cut away.
 *
 * Source: AbstractFetcherThread.truncateToHighWatermark.
 */
export function cutToHighWatermark(broker: Broker, replica: FollowerReplica, context: StepContext): FollowerReplica {
  const { log, highWatermark, partition } = replica;
  return truncateFollower(
    broker,
    replica,
    truncateTo(log, highWatermark),
    {
      rule: "follower.truncate-to-high-watermark",
      numbers: { highWatermark, latestEpoch: latestEpoch(log) },
      because: [fact.highWatermark(partition, broker.brokerId), fact.role(partition, broker.brokerId)],
    },
    context,
  );
}
