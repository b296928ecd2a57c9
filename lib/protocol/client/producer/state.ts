import type { ProducerSettings } from "../../../kafka/config.js";
import type { BrokerId, NodeName, TopicPartition } from "../../ids.js";
import { type MetadataCache, newMetadataCache } from "../metadata-cache.js";
import type { ProducerBatch } from "./batch.js";
import { producerWith } from "./copy.js";

/**
 * One producer: what its application has handed over and not been told the end of, and what it knows of the cluster.
 *
 * Invariant: every record sent is in exactly one place (`blocked`, a queue, or in flight) until its outcome is told.
 */
export interface Producer {
  readonly name: NodeName;
  readonly settings: ProducerSettings;
  /** `closing` takes no more records and ends when all have their outcome; `crashed` has forgotten everything. */
  readonly process: "running" | "closing" | "closed" | "crashed";
  /** Given by the world: one per process, or one per `transactional.id`. Kept also where idempotence is off. */
  readonly producerId: number;
  /** Bumped when sequences cannot be continued. */
  readonly producerEpoch: number;
  /** Partitions whose sequences begin again with the next producer epoch; null: no new epoch is due. */
  readonly epochBump: readonly TopicPartition[] | null;
  readonly metadata: MetadataCache;
  /** One for each partition that was sent to, sorted. */
  readonly partitions: readonly PartitionSends[];
  /** Produce requests without an answer, in the order they went out. */
  readonly requests: readonly SentRequest[];
  /** Calls of `send` that wait for metadata, oldest first. */
  readonly blocked: readonly BlockedSend[];
  readonly transaction: Transaction;
  readonly nextBatchId: number;
}

/** What is on its way to one partition. */
export interface PartitionSends {
  readonly partition: TopicPartition;
  /** Batches that wait to be sent, in the order they will be. */
  readonly queue: readonly ProducerBatch[];
  /** Batches sent and not answered, in the order they were. One whose time is up leaves, its request stays. */
  readonly inFlight: readonly ProducerBatch[];
  /** The producer epoch in which the sequences below count. */
  readonly producerEpoch: number;
  readonly nextSequence: number;
  /** -1 before the first acknowledgement in this epoch. */
  readonly lastAckedSequence: number;
  /**
   * Sequence after a batch that ran out of time with an unknown fate, or null. No new batch gets a sequence until it is
   * known whether the ones in flight came through.
   */
  readonly unresolvedSequence: number | null;
}

export interface SentRequest {
  readonly brokerId: BrokerId;
  readonly partition: TopicPartition;
  readonly batchId: number;
  readonly sentAtMs: number;
}

export interface BlockedSend {
  readonly partition: TopicPartition;
  readonly values: readonly string[];
  readonly sinceMs: number;
}

/** Where a transactional producer is. The coordinator is left out: the producer writes the markers itself. */
export type Transaction =
  | { readonly state: "none" }
  /** `failed`: a batch could not be delivered, and only an abort is possible. */
  | { readonly state: "open"; readonly failed: boolean; readonly partitions: readonly TopicPartition[] }
  /** Waits for the last batches, then for each partition's marker. */
  | {
      readonly state: "ending";
      readonly outcome: "commit" | "abort";
      readonly markers: readonly TransactionMarker[];
      /** The next transaction begins in a new producer epoch, because a batch's fate is unknown. */
      readonly bumpsEpoch: boolean;
    };

export interface TransactionMarker {
  readonly partition: TopicPartition;
  readonly request: { readonly brokerId: BrokerId; readonly sentAtMs: number } | null;
  readonly attempts: number;
  readonly notBeforeMs: number | null;
}

export interface NewProducer {
  readonly name: NodeName;
  readonly settings: ProducerSettings;
  readonly producerId: number;
  /** `bootstrap.servers`. */
  readonly bootstrap: readonly BrokerId[];
}

export function newProducer({ name, settings, producerId, bootstrap }: NewProducer): Producer {
  return {
    name,
    settings,
    process: "running",
    producerId,
    producerEpoch: 0,
    epochBump: null,
    metadata: newMetadataCache(bootstrap, []),
    partitions: [],
    requests: [],
    blocked: [],
    transaction: { state: "none" },
    nextBatchId: 0,
  };
}

export function isTransactional(producer: Producer): boolean {
  return producer.settings.transactionalId !== null;
}

export function sendsOf(producer: Producer, partition: TopicPartition): PartitionSends {
  const known = producer.partitions.find((sends) => sends.partition === partition);
  return (
    known ?? {
      partition,
      queue: [],
      inFlight: [],
      producerEpoch: producer.producerEpoch,
      nextSequence: 0,
      lastAckedSequence: -1,
      unresolvedSequence: null,
    }
  );
}

export function withSends(producer: Producer, sends: PartitionSends): Producer {
  const partitions = producer.partitions.slice();
  const index = partitions.findIndex((other) => other.partition >= sends.partition);
  const isKnown = partitions[index]?.partition === sends.partition;
  partitions.splice(index < 0 ? partitions.length : index, isKnown ? 1 : 0, sends);
  return producerWith(producer, { partitions });
}

/** Whether a batch of this producer has no outcome yet. */
export function hasUnfinishedBatches(producer: Producer): boolean {
  return producer.partitions.some(({ queue, inFlight }) => queue.length > 0 || inFlight.length > 0);
}
