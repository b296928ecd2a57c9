import type { BrokerTimer } from "../protocol/broker/event.js";
import type { ConsumerTimer } from "../protocol/client/consumer.js";
import type { ProducerTimer } from "../protocol/client/producer.js";
import type { AdminCommand, ControllerTimer } from "../protocol/controller/event.js";
import type { BrokerId, NodeName, TopicPartition } from "../protocol/ids.js";
import type { Channel } from "../protocol/step.js";

/**
 * One thing that may happen in a world. A scenario is a list of actions with times or in sequence, a counterexample is
 * one, and each has exactly one text form (`scenario/action-text.ts`).
 */
export type Action = ProtocolAction | ClientAction | FaultAction | OperatorAction;

/** What the running system does by itself: the engines choose among these. */
export type ProtocolAction =
  /** The oldest request of a connection reaches its server. */
  | { readonly type: "deliverRequest"; readonly client: NodeName; readonly server: NodeName; readonly channel: Channel }
  /** The oldest answer, or the news that the connection is closed, reaches its client. */
  | {
      readonly type: "deliverResponse";
      readonly client: NodeName;
      readonly server: NodeName;
      readonly channel: Channel;
    }
  /** A broker reads the next batch of the metadata log. */
  | { readonly type: "readMetadata"; readonly brokerId: BrokerId }
  | { readonly type: "brokerTimer"; readonly brokerId: BrokerId; readonly timer: BrokerTimer }
  | { readonly type: "controllerTimer"; readonly timer: ControllerTimer }
  | { readonly type: "producerTimer"; readonly producer: NodeName; readonly timer: ProducerTimer }
  | { readonly type: "consumerTimer"; readonly consumer: NodeName; readonly timer: ConsumerTimer };

/** What applications do. */
export type ClientAction =
  | {
      readonly type: "send";
      readonly producer: NodeName;
      readonly partition: TopicPartition;
      readonly values: readonly string[];
    }
  | { readonly type: "transaction"; readonly producer: NodeName; readonly step: "begin" | "commit" | "abort" }
  /** The producer's process starts anew: a new producer id, nothing remembered. */
  | { readonly type: "restartProducer"; readonly producer: NodeName }
  | { readonly type: "seek"; readonly consumer: NodeName; readonly partition: TopicPartition; readonly offset: number };

/** What goes wrong, and what repairs it. */
export type FaultAction =
  /** `kill -9`: memory is gone, the page cache and so the log survive. */
  | { readonly type: "crash"; readonly brokerId: BrokerId }
  /**
   * Power loss: what was not flushed may be gone. `keep` names the log end that survives for each partition; a partition
   * it does not name keeps only what was flushed.
   */
  | {
      readonly type: "crashLosingTail";
      readonly brokerId: BrokerId;
      readonly keep: Readonly<Record<TopicPartition, number>>;
    }
  /** The disk of a broker is replaced by an empty one. A running broker crashes first. */
  | { readonly type: "wipeDisk"; readonly brokerId: BrokerId }
  | { readonly type: "start"; readonly brokerId: BrokerId }
  /** `kill -STOP` and `kill -CONT`: time passes for everybody else. */
  | { readonly type: "pause"; readonly node: NodeName }
  | { readonly type: "resume"; readonly node: NodeName }
  /** One direction between two nodes stops carrying anything. */
  | { readonly type: "cut"; readonly from: NodeName; readonly to: NodeName }
  | { readonly type: "heal"; readonly from: NodeName; readonly to: NodeName }
  /** Connections between two nodes are closed; what was under way is lost. */
  | { readonly type: "dropConnections"; readonly a: NodeName; readonly b: NodeName }
  /** `null`: as fast as the rest again. */
  | { readonly type: "slowLink"; readonly from: NodeName; readonly to: NodeName; readonly delayMs: number | null }
  /** Every append on this broker takes so much longer. */
  | { readonly type: "slowDisk"; readonly brokerId: BrokerId; readonly delayMs: number }
  /** The active controller dies and another takes over. */
  | { readonly type: "controllerFailover" }
  /**
   * Only a search asks for this: more than `replica.lag.time.max.ms` passes at a leader without the follower having
   * caught up. In a run with a clock, time does it.
   */
  | {
      readonly type: "lapse";
      readonly brokerId: BrokerId;
      readonly partition: TopicPartition;
      readonly replicaId: BrokerId;
    };

/** What an operator does. */
export type OperatorAction =
  /** SIGTERM: a controlled shutdown. */
  | { readonly type: "shutdown"; readonly brokerId: BrokerId }
  | { readonly type: "admin"; readonly command: AdminCommand }
  /** Replication throttle of a follower that is out of sync; `null` takes it away. */
  | { readonly type: "throttle"; readonly brokerId: BrokerId; readonly bytesPerSecond: number | null };
