import { type BrokerId, noEpoch, noLeader, type TopicPartition } from "../ids.js";
import type { CurrentLeader, MetadataResponse, MetadataResponsePartition } from "../message.js";

/** What a client has been told of the cluster, by whichever broker it asked: it may be late. */
export interface MetadataCache {
  /** Where to ask before anything is known, and when no known broker answers. Ascending. */
  readonly bootstrap: readonly BrokerId[];
  /** Topics the client uses, sorted. */
  readonly topics: readonly string[];
  readonly brokers: MetadataResponse["brokers"];
  /** Sorted by partition. */
  readonly partitions: readonly KnownPartition[];
  readonly refresh: MetadataRefresh;
}

export type KnownPartition = Omit<MetadataResponsePartition, "error">;

/** How far the client is with asking again. See metadata-refresh.ts. */
export interface MetadataRefresh {
  /** Somebody needs newer metadata than there is. */
  readonly wanted: boolean;
  readonly request: { readonly brokerId: BrokerId; readonly sentAtMs: number } | null;
  /** The next request waits until then; null: it need not wait. */
  readonly notBeforeMs: number | null;
  /** Answers in a row that told nothing new; requests in a row that got no answer. */
  readonly equivalentResponses: number;
  readonly failedAttempts: number;
  readonly lastAsked: BrokerId | null;
  /** Brokers that have closed a connection or kept silent since the last answer, ascending. */
  readonly silent: readonly BrokerId[];
}

export function newMetadataCache(bootstrap: readonly BrokerId[], topics: readonly string[]): MetadataCache {
  return {
    bootstrap: [...bootstrap].sort((a, b) => a - b),
    topics: [...topics].sort(),
    brokers: [],
    partitions: [],
    refresh: {
      wanted: topics.length > 0,
      request: null,
      notBeforeMs: null,
      equivalentResponses: 0,
      failedAttempts: 0,
      lastAsked: null,
      silent: [],
    },
  };
}

/** The topic in the name of a partition: all before the last dash. */
export function topicOfPartition(partition: TopicPartition): string {
  return partition.slice(0, partition.lastIndexOf("-"));
}

export function knownPartition(cache: MetadataCache, partition: TopicPartition): KnownPartition | undefined {
  return cache.partitions.find((known) => known.partition === partition);
}

/** The leader to talk to, or null while nobody leads or the leader is no broker one can reach. */
export function knownLeader(cache: MetadataCache, partition: TopicPartition): BrokerId | null {
  const known = knownPartition(cache, partition);
  if (known === undefined || known.leader === noLeader) return null;
  return isKnownBroker(cache, known.leader) ? known.leader : null;
}

export function knownLeaderEpoch(cache: MetadataCache, partition: TopicPartition): number {
  return knownPartition(cache, partition)?.leaderEpoch ?? noEpoch;
}

export function isKnownBroker(cache: MetadataCache, brokerId: BrokerId): boolean {
  return cache.brokers.some((broker) => broker.brokerId === brokerId);
}

/**
 * The cache after an answer. What the answer says of a partition is dropped if a newer leader epoch is known already:
 * the broker that was asked is behind.
 *
 * Source: Metadata.updateLatestMetadata.
 */
export function withAnswer(cache: MetadataCache, response: MetadataResponse): MetadataCache {
  const partitions: KnownPartition[] = [];
  for (const { error, ...told } of response.partitions) {
    if (error !== "NONE" && error !== "LEADER_NOT_AVAILABLE") continue;
    const known = knownPartition(cache, told.partition);
    partitions.push(known !== undefined && known.leaderEpoch > told.leaderEpoch ? known : told);
  }
  partitions.sort((a, b) => (a.partition < b.partition ? -1 : 1));
  return { ...cache, brokers: response.brokers, partitions };
}

/**
 * The cache after a broker that does not lead has named the one that does. Ignored unless it is newer than what is known,
 * and names a broker that is known.
 *
 * Source: KIP-951, Metadata.updatePartitionLeadership.
 */
export function withNamedLeader(
  cache: MetadataCache,
  partition: TopicPartition,
  { leader, leaderEpoch }: CurrentLeader,
): MetadataCache {
  const known = knownPartition(cache, partition);
  if (known === undefined || leader === noLeader || leaderEpoch <= known.leaderEpoch) return cache;
  if (!isKnownBroker(cache, leader)) return cache;
  const partitions = cache.partitions.map((other) => (other === known ? { ...known, leader, leaderEpoch } : other));
  return { ...cache, partitions };
}

/** Remembers that the client uses a topic, and that metadata without it is not enough. */
export function withTopic(cache: MetadataCache, topic: string): MetadataCache {
  if (cache.topics.includes(topic)) return cache;
  const refresh = { ...cache.refresh, wanted: true, notBeforeMs: null, equivalentResponses: 0 };
  return { ...cache, topics: [...cache.topics, topic].sort(), refresh };
}

/** Asks for newer metadata as soon as the backoff allows. */
export function wantMetadata(cache: MetadataCache): MetadataCache {
  return cache.refresh.wanted ? cache : { ...cache, refresh: { ...cache.refresh, wanted: true } };
}

/** Notes that a broker has closed a connection or kept silent: metadata is asked elsewhere. */
export function withSilent(cache: MetadataCache, brokerId: BrokerId): MetadataCache {
  if (cache.refresh.silent.includes(brokerId)) return cache;
  const silent = [...cache.refresh.silent, brokerId].sort((a, b) => a - b);
  return { ...cache, refresh: { ...cache.refresh, silent } };
}
