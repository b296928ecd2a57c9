import { refreshesMetadata } from "../../kafka/errors.js";
import type { StepContext } from "../broker/context.js";
import { fact } from "../fact.js";
import { type BrokerId, brokerName, type NodeName } from "../ids.js";
import type { MetadataResponse } from "../message.js";
import { backoffMs, type RetryBackoff } from "./backoff.js";
import {
  isKnownBroker,
  knownPartition,
  type MetadataCache,
  type MetadataRefresh,
  wantMetadata,
  withAnswer,
  withSilent,
} from "./metadata-cache.js";

/** Channel of a client's MetadataRequests. */
export const metadataChannel = "metadata";

/** A client that asks for metadata: producers and consumers alike. */
export interface MetadataClient {
  readonly name: NodeName;
  readonly metadata: MetadataCache;
}

/** Sends the request that is wanted, unless one is under way or the backoff is not over. */
export function askForMetadata(cache: MetadataCache, { nowMs, outbox }: StepContext): MetadataCache {
  const { refresh } = cache;
  if (!refresh.wanted || refresh.request !== null || refresh.notBeforeMs !== null) return cache;
  const brokerId = nextToAsk(cache);
  if (brokerId === null) return cache;
  outbox.request(brokerName(brokerId), metadataChannel, { type: "MetadataRequest", topics: cache.topics });
  return withRefresh(cache, { request: { brokerId, sentAtMs: nowMs }, lastAsked: brokerId });
}

/** When the backoff before the next request ends, and when the request under way has been unanswered for too long. */
export function metadataDueMs(
  { refresh }: MetadataCache,
  requestTimeoutMs: number,
): { readonly askMs: number | null; readonly giveUpMs: number | null } {
  const isWaiting = refresh.wanted && refresh.request === null;
  return {
    askMs: isWaiting ? refresh.notBeforeMs : null,
    giveUpMs: refresh.request === null ? null : refresh.request.sentAtMs + requestTimeoutMs,
  };
}

/** The backoff is over. */
export function endMetadataBackoff(cache: MetadataCache): MetadataCache {
  return withRefresh(cache, { notBeforeMs: null });
}

/**
 * Takes an answer in. While a partition has no leader, the client goes on asking; answers that tell nothing new make
 * the waits between its requests longer.
 *
 * Source: Metadata.update, Metadata.timeToAllowUpdate.
 */
export function onMetadataResponse(
  client: MetadataClient,
  from: NodeName,
  response: MetadataResponse,
  settings: RetryBackoff,
  context: StepContext,
): MetadataCache {
  const before = client.metadata;
  const after = withAnswer(before, response);
  reportLeaders(client, after, from, context);
  const isNews = after.partitions.some(({ partition, leaderEpoch }) => {
    const known = knownPartition(before, partition);
    return known === undefined || leaderEpoch > known.leaderEpoch;
  });
  const equivalentResponses = isNews ? 0 : before.refresh.equivalentResponses + 1;
  const waitMs = backoffMs(settings, Math.max(0, equivalentResponses - 1), context.rules);
  return withRefresh(after, {
    wanted: response.partitions.some(({ error }) => refreshesMetadata(error)),
    request: null,
    notBeforeMs: context.nowMs + waitMs,
    equivalentResponses,
    failedAttempts: 0,
    silent: [],
  });
}

/**
 * The request under way gets no answer any more: the next broker is asked after the backoff.
 *
 * Source: NetworkClient.DefaultMetadataUpdater.handleFailedRequest.
 */
export function onMetadataFailed(
  cache: MetadataCache,
  brokerId: BrokerId,
  settings: RetryBackoff,
  { nowMs, rules }: StepContext,
): MetadataCache {
  const marked = wantMetadata(withSilent(cache, brokerId));
  if (cache.refresh.request?.brokerId !== brokerId) return marked;
  const { failedAttempts } = cache.refresh;
  return withRefresh(marked, {
    request: null,
    notBeforeMs: nowMs + backoffMs(settings, failedAttempts, rules),
    failedAttempts: failedAttempts + 1,
    equivalentResponses: 0,
  });
}

/** Reports the leaders that the client now believes in and did not before. */
export function reportLeaders(
  { name, metadata: before }: MetadataClient,
  after: MetadataCache,
  from: NodeName,
  { outbox }: StepContext,
): void {
  for (const now of after.partitions) {
    const was = knownPartition(before, now.partition);
    if (was?.leader === now.leader && was.leaderEpoch === now.leaderEpoch) continue;
    outbox.change({
      fact: fact.clientLeader(name, now.partition),
      from: was?.leader ?? null,
      to: now.leader,
      rule: "client.learns-leader",
      numbers: { leaderEpoch: now.leaderEpoch, toldBy: from },
      because: [fact.metadataOffset(Number(from))],
    });
  }
}

/**
 * The broker to ask: in ascending order, each in its turn, so that no single broker with old metadata is asked for ever.
 * Kafka takes the least busy one, and chance where several are. Those that are silent are left out while there are others.
 */
function nextToAsk(cache: MetadataCache): BrokerId | null {
  const { silent, lastAsked } = cache.refresh;
  const known = cache.brokers.map(({ brokerId }) => brokerId);
  const lively = known.filter((brokerId) => !silent.includes(brokerId));
  const all = [...known, ...cache.bootstrap.filter((brokerId) => !isKnownBroker(cache, brokerId))];
  const rest = all.filter((brokerId) => !silent.includes(brokerId));
  const candidates = [lively, rest, all].find((brokers) => brokers.length > 0) ?? [];
  const ascending = [...candidates].sort((a, b) => a - b);
  const next = lastAsked === null ? undefined : ascending.find((brokerId) => brokerId > lastAsked);
  return next ?? ascending[0] ?? null;
}

function withRefresh(cache: MetadataCache, refresh: Partial<MetadataRefresh>): MetadataCache {
  return { ...cache, refresh: { ...cache.refresh, ...refresh } };
}
