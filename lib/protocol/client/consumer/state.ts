import type { ConsumerSettings } from "../../../kafka/config.js";
import type { BrokerId, NodeName, TopicPartition } from "../../ids.js";
import { noEpoch } from "../../ids.js";
import {
  knownLeader,
  knownLeaderEpoch,
  type MetadataCache,
  newMetadataCache,
  topicOfPartition,
} from "../metadata-cache.js";
import { consumerWith } from "./copy.js";

/** A consumer that was given its partitions (`assign`): there are no groups and no committed offsets. */
export interface Consumer {
  readonly name: NodeName;
  readonly settings: ConsumerSettings;
  readonly metadata: MetadataCache;
  /** Sorted by partition. */
  readonly partitions: readonly ConsumedPartition[];
}

export interface ConsumedPartition {
  readonly partition: TopicPartition;
  readonly reading: Reading;
  /** Requests without an answer, in the order they went out; at most one to each broker. */
  readonly requests: readonly ConsumerRequest[];
  /** End of the backoff after an error; null: none. */
  readonly notBeforeMs: number | null;
  /** Lost connections in a row. */
  readonly lostInARow: number;
  /** The leader has sent the consumer there, and until when. KIP-392. */
  readonly preferredReadReplica: { readonly brokerId: BrokerId; readonly untilMs: number } | null;
}

/** What a consumer is doing about a partition (Kafka: `SubscriptionState.FetchStates`). */
export type Reading =
  /** Has no position and asks the leader where the log starts or ends. */
  | { readonly state: "resetting"; readonly target: "earliest" | "latest" }
  /** A new leader has to say whether it has the records before the position. KIP-320. */
  | { readonly state: "validating"; readonly position: Position }
  | { readonly state: "fetching"; readonly position: Position }
  /** An exception was thrown to the application, which can only seek elsewhere. */
  | {
      readonly state: "failed";
      readonly position: Position | null;
      readonly exception: string;
      readonly message: string;
    };

export interface Position {
  /** Of the next record to read. */
  readonly offset: number;
  /** Epoch of the record before it; `noEpoch` where none has been read. */
  readonly offsetEpoch: number;
  /** The leader it is read from, null where none was known, and the epoch it leads in. */
  readonly leader: BrokerId | null;
  readonly leaderEpoch: number;
}

export interface ConsumerRequest {
  readonly kind: "fetch" | "listOffsets" | "offsetsForLeaderEpoch";
  readonly brokerId: BrokerId;
  readonly sentAtMs: number;
  /** The position it was asked for; null for a ListOffsetsRequest. */
  readonly position: Position | null;
}

export interface NewConsumer {
  readonly name: NodeName;
  readonly settings: ConsumerSettings;
  readonly partitions: readonly TopicPartition[];
  /** `bootstrap.servers`. */
  readonly bootstrap: readonly BrokerId[];
  /** When it begins; 0 unless said otherwise. */
  readonly startMs?: number;
}

/** A consumer that begins to read when its first timer fires, from where `auto.offset.reset` says. */
export function newConsumer({ name, settings, partitions, bootstrap, startMs = 0 }: NewConsumer): Consumer {
  const cache = newMetadataCache(bootstrap, [...new Set(partitions.map(topicOfPartition))]);
  return {
    name,
    settings,
    metadata: { ...cache, refresh: { ...cache.refresh, notBeforeMs: startMs } },
    partitions: [...partitions].sort().map((partition) => ({
      partition,
      reading: withoutPosition(partition, settings),
      requests: [],
      notBeforeMs: null,
      lostInARow: 0,
      preferredReadReplica: null,
    })),
  };
}

function withoutPosition(partition: TopicPartition, { autoOffsetReset }: ConsumerSettings): Reading {
  if (autoOffsetReset !== "none") return { state: "resetting", target: autoOffsetReset };
  const message = `Undefined offset with no reset policy for partitions: [${partition}]`;
  return { state: "failed", position: null, exception: "NoOffsetForPartitionException", message };
}

export function withPartition(consumer: Consumer, changed: ConsumedPartition): Consumer {
  const partitions = consumer.partitions.map((other) => (other.partition === changed.partition ? changed : other));
  return consumerWith(consumer, { partitions });
}

export function positionOf({ reading }: ConsumedPartition): Position | null {
  return reading.state === "resetting" ? null : reading.position;
}

/** A position whose record before it is not known, with the leader that metadata names. */
export function positionAt(cache: MetadataCache, partition: TopicPartition, offset: number): Position {
  return {
    offset,
    offsetEpoch: noEpoch,
    leader: knownLeader(cache, partition),
    leaderEpoch: knownLeaderEpoch(cache, partition),
  };
}
