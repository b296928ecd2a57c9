import type { ErrorCode } from "../kafka/errors.js";
import type { Change } from "./fact.js";
import type { NodeName, TopicPartition } from "./ids.js";
import type { Request, Response } from "./message.js";

/**
 * A connection from one node to another. A pair of nodes may keep several, as Kafka does (`fetch:orders-0`,
 * `heartbeat`, `alter-partition`, `produce`, `consume`): messages of one channel keep their order, channels do not wait
 * for each other. A broker handles one request of a channel at a time and reads the next after it has answered.
 */
export type Channel = string;

/** What a node asks the world to do after it has handled an event. */
export type Effect =
  /** Opens the channel if need be and sends a request on it. */
  | { readonly type: "request"; readonly to: NodeName; readonly channel: Channel; readonly request: Request }
  /** Answers the request that is being handled on the channel; `null` ends it without an answer (acks=0). */
  | { readonly type: "reply"; readonly to: NodeName; readonly channel: Channel; readonly response: Response | null }
  /** Closes a channel. What is under way on it is lost, and the peer learns of it. */
  | { readonly type: "disconnect"; readonly peer: NodeName; readonly channel: Channel }
  /** The process has ended by itself (a controlled shutdown is over). */
  | { readonly type: "exit"; readonly clean: boolean }
  /** A producer has told its application how a send ended. Each record sent gets exactly one. */
  | {
      readonly type: "outcome";
      readonly partition: TopicPartition;
      readonly value: string;
      readonly outcome: SendOutcome;
    }
  /** A consumer has handed records to its application. */
  | {
      readonly type: "consumed";
      readonly partition: TopicPartition;
      readonly records: readonly { readonly offset: number; readonly value: string; readonly leaderEpoch: number }[];
    }
  /** Something of interest has changed, and why. */
  | { readonly type: "change"; readonly change: Change };

/** How a send ended, as the application sees it. */
export type SendOutcome =
  /** `offset` is -1 where the broker did not say (acks=0, DUPLICATE_SEQUENCE_NUMBER). */
  | { readonly result: "acked"; readonly offset: number }
  /**
   * `written` tells what is known: `no` when no attempt can have been appended, `unknown` when one may have been
   * (REQUEST_TIMED_OUT, a lost connection, NOT_ENOUGH_REPLICAS_AFTER_APPEND, an expired delivery timeout).
   */
  | {
      readonly result: "failed";
      readonly error: ErrorCode;
      readonly exception: string;
      readonly message: string;
      readonly written: "no" | "unknown";
    };

/** What reaches every kind of node. */
export type MessageEvent =
  | { readonly type: "request"; readonly from: NodeName; readonly channel: Channel; readonly request: Request }
  | { readonly type: "response"; readonly from: NodeName; readonly channel: Channel; readonly response: Response }
  /** The peer has closed the channel or died: requests without an answer will not get one. */
  | {
      readonly type: "disconnected";
      readonly peer: NodeName;
      readonly channel: Channel;
      /** The connection never came about: the peer has taken nothing of what was to be sent on it. */
      readonly refused?: true;
    };

/** Collects effects while one event is handled. Lives for one step only; states never refer to it. */
export class Outbox {
  readonly effects: Effect[] = [];

  /**
   * @param explains whether anybody reads `change` effects. Where nobody does, handlers on busy paths ask first and do
   * not even make them: explaining is half the work of a step
   */
  constructor(readonly explains = true) {}

  request(to: NodeName, channel: Channel, request: Request): void {
    this.effects.push({ type: "request", to, channel, request });
  }

  reply(to: NodeName, channel: Channel, response: Response | null): void {
    this.effects.push({ type: "reply", to, channel, response });
  }

  disconnect(peer: NodeName, channel: Channel): void {
    this.effects.push({ type: "disconnect", peer, channel });
  }

  exit(clean: boolean): void {
    this.effects.push({ type: "exit", clean });
  }

  outcome(partition: TopicPartition, value: string, outcome: SendOutcome): void {
    this.effects.push({ type: "outcome", partition, value, outcome });
  }

  change(change: Change): void {
    if (this.explains) this.effects.push({ type: "change", change });
  }
}
