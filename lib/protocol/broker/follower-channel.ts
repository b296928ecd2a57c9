import { brokerName, type TopicPartition } from "../ids.js";
import type { Channel } from "../step.js";
import type { StepContext } from "./context.js";
import { followerWith } from "./copy.js";
import type { Broker, Fetcher, FollowerReplica } from "./state.js";

/** The channel on which a follower speaks with the leader of a partition. */
export function fetchChannel(partition: TopicPartition): Channel {
  return `fetch:${partition}`;
}

/** Whether the leader owes this follower an answer. */
export function isAwaitingAnswer(fetcher: Fetcher): boolean {
  return fetcher.state === "fetching" || fetcher.state === "listingOffsets" || fetcher.state === "askingEpochEnd";
}

/** Gives up an unanswered request: its answer would be about the past. */
export function abandonFetch(follower: FollowerReplica, { outbox }: StepContext): void {
  if (!isAwaitingAnswer(follower.fetcher)) return;
  outbox.disconnect(brokerName(follower.leader), fetchChannel(follower.partition));
}

/** Tries again after `replica.fetch.backoff.ms`. */
export function backedOff(broker: Broker, replica: FollowerReplica, { nowMs }: StepContext): FollowerReplica {
  const dueMs = nowMs + broker.settings.replicaFetchBackoffMs;
  const state = replica.fetcher.state === "askingEpochEnd" ? "truncating" : "idle";
  return followerWith(replica, { fetcher: { state, dueMs } });
}

/** This broker's epoch is over: only new metadata can tell what to do. Source: AbstractFetcherThread.onPartitionFenced. */
export function fenced(replica: FollowerReplica): FollowerReplica {
  return followerWith(replica, { fetcher: { state: "stopped", reason: "fenced-epoch" } });
}
