import type { TopicPartition } from "../ids.js";
import type { MetadataBatch } from "../metadata/record.js";
import type { MessageEvent } from "../step.js";

/** What reaches a broker. */
export type BrokerEvent =
  | MessageEvent
  /** The next batch of the metadata log; batches arrive in order, each once per process. */
  | { readonly type: "metadata"; readonly batch: MetadataBatch }
  | { readonly type: "timer"; readonly timer: BrokerTimer }
  /** SIGTERM: leave in an orderly way. */
  | { readonly type: "shutdown" };

/** A timer's event means "it is due": handlers do not compare its time again, so that a search may fire it at will. */
export type BrokerTimer =
  | { readonly name: "registration" }
  | { readonly name: "heartbeat" }
  /** The process gives up and ends: a search that fires it adds a fault of its own. */
  | { readonly name: "lifecycleTimeout" }
  | { readonly name: "isrExpiration" }
  | { readonly name: "highWatermarkCheckpoint" }
  | { readonly name: "producerIdExpiration" }
  | { readonly name: "alterPartition" }
  | { readonly name: "directoryAssignment" }
  /** A follower's next fetch, or the end of its patience with an unanswered one. */
  | { readonly name: "fetch"; readonly partition: TopicPartition }
  /** The long poll or acks=all wait of this partition that expires first. */
  | { readonly name: "waitingFetch"; readonly partition: TopicPartition }
  | { readonly name: "waitingProduce"; readonly partition: TopicPartition };

export interface DueTimer<Timer> {
  readonly timer: Timer;
  readonly dueMs: number;
}
