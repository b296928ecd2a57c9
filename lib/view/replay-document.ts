import type { BrokerId, NodeName, TopicPartition } from "../protocol/ids.js";
import type { PartitionView } from "./partition-view.js";

/**
 * A run that can be looked at without the library: what `<highwater-replay>` plays, in our page, in other notebooks and
 * in an exported file. States that do not change from frame to frame are stored once.
 */
export interface ReplayDocument {
  readonly format: "highwater-replay";
  readonly version: 1;
  readonly title: string;
  /** The scenario that made it; a link to a step is this text and the step's number. */
  readonly scenario: string;
  readonly kafka: string;
  /** Hash of the trace. */
  readonly hash: string;
  readonly brokers: readonly BrokerId[];
  readonly partitions: readonly TopicPartition[];
  /** Every distinct state of a partition in the run; frames refer to them by index. */
  readonly states: readonly PartitionView[];
  /** Every distinct ledger and operator's view, likewise. */
  readonly ledgers: readonly (readonly ReplayLedgerRow[])[];
  readonly operatorViews: readonly OperatorView[];
  readonly frames: readonly ReplayFrame[];
  /** Sentences of the rules that changes name. */
  readonly rules: Readonly<Record<string, { readonly sentence: string; readonly source: string }>>;
}

/** Two runs beside each other: the second is the first with something changed. */
export interface ReplayComparison {
  readonly format: "highwater-replay-comparison";
  readonly version: 1;
  /** What the change bought and what it cost. */
  readonly sentence: string;
  /** Steps that both runs share; null when they are the same to the end. */
  readonly sameSteps: number | null;
  readonly runs: readonly [ReplayDocument, ReplayDocument];
}

export interface ReplayFrame {
  /** Step of the run; the frame before step 0 is the set-up, step -1. */
  readonly step: number;
  readonly atMs: number;
  /** What happened, in the words of a trace line. */
  readonly text: string;
  /** Line of the scenario that asked for it, or null. */
  readonly line: number | null;
  /** True where nothing that a reader looks for has changed: playing skips it. */
  readonly quiet: boolean;
  /** Marks on the timeline and targets of "next …". */
  readonly marks: readonly ReplayMark[];
  /** Index into `states` for each of `partitions`. */
  readonly states: readonly number[];
  readonly ledger: number;
  readonly operatorView: number;
  readonly message: { readonly from: NodeName; readonly to: NodeName; readonly name: string } | null;
  readonly sent: readonly { readonly from: NodeName; readonly to: NodeName; readonly name: string }[];
  readonly changes: readonly ReplayChange[];
  /** Records of the controller's metadata log that were written in this step, as text. */
  readonly metadataRecords: readonly string[];
}

export type ReplayMark =
  | "fault"
  | "repair"
  | "leader"
  | "isr"
  | "high-watermark"
  | "ack"
  | "failure"
  | "truncation"
  | "loss";

export interface ReplayChange {
  /** Such as `hw/orders-0@1`. */
  readonly fact: string;
  /** "HW of broker 1: 2 → 3". */
  readonly text: string;
  /** Why, as one sentence with the numbers the rule looked at. */
  readonly because: string;
  readonly rule: string;
  /** Steps that led to it. */
  readonly causes: readonly number[];
}

export interface ReplayLedgerRow {
  readonly producer: NodeName;
  readonly partition: TopicPartition;
  readonly value: string;
  readonly acks: string;
  readonly outcome: string;
  readonly fate: string;
  readonly copies: number;
  readonly readThenGone: boolean;
}

export interface OperatorView {
  /** Literal `kafka-topics --describe` output. */
  readonly describe: string;
  /** Real metric names with their values. */
  readonly metrics: readonly { readonly node: NodeName; readonly name: string; readonly value: number }[];
}
