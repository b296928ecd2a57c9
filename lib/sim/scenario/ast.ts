import type { NodeName, TopicPartition } from "../../protocol/ids.js";
import type { Action } from "../action.js";

/**
 * A scenario: what is set up, what happens when, and what should come of it. `lines[i]` is line `i + 1` of its text, so
 * every statement knows where it stands and nothing of an essay is lost.
 */
export interface Scenario {
  readonly lines: readonly Line[];
}

export type Line =
  | { readonly type: "blank" }
  /** `# prose`, without the mark. */
  | { readonly type: "comment"; readonly text: string }
  /** `| a line of a trace`: what happened when the scenario was last written down. Ignored by a run. */
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "statement"; readonly statement: Statement; readonly comment: string | null };

export type Statement =
  | { readonly type: "cluster"; readonly settings: readonly Setting[] }
  | { readonly type: "topic"; readonly name: string; readonly settings: readonly Setting[] }
  | { readonly type: "producer"; readonly name: NodeName; readonly settings: readonly Setting[] }
  | { readonly type: "consumer"; readonly name: NodeName; readonly settings: readonly Setting[] }
  /** From here on nothing happens by itself: each line names the next thing that happens. */
  | { readonly type: "stepwise" }
  /** `atMs` is null after `stepwise`. */
  | { readonly type: "step"; readonly atMs: number | null; readonly step: Step }
  /** Runs on to this time and stops. */
  | { readonly type: "end"; readonly atMs: number };

/** `key=value`; the value is as written, without quotes. */
export interface Setting {
  readonly key: string;
  readonly value: string;
}

export type Step =
  /** Exactly one action; all but `send`, which the form below writes. */
  | { readonly type: "action"; readonly action: Exclude<Action, { readonly type: "send" }> }
  | {
      readonly type: "send";
      readonly producer: NodeName;
      readonly values: readonly SendValue[];
      /** Null: the only partition there is. */
      readonly partition: TopicPartition | null;
      /** One record each so many milliseconds, instead of all together. */
      readonly everyMs: number | null;
    }
  /** Cuts both directions between each of `nodes` and each of `from`; with an empty `from`, from everybody. */
  | { readonly type: "isolate"; readonly nodes: readonly NodeName[]; readonly from: readonly Peer[] }
  /** Heals what `isolate` cut; without nodes, every cut there is. */
  | { readonly type: "heal"; readonly nodes: readonly NodeName[]; readonly from: readonly Peer[] }
  /** `$ kafka-topics …`: a command line as an operator types it. */
  | { readonly type: "command"; readonly text: string }
  | { readonly type: "expect"; readonly partition: TopicPartition | null; readonly claims: readonly Claim[] };

/** A node, or a plane: all (other) brokers, all clients. */
export type Peer = NodeName;

/** The planes, in the words of a scenario. */
export const planes = ["brokers", "clients"] as const;

/** A value to send, or `m1..m20` for twenty of them. */
export type SendValue = string | { readonly prefix: string; readonly from: number; readonly to: number };

/** `leo(2)>=3`: one thing that must hold. `expect ledger d=acked-lost` has the subject `ledger` and the argument `d`. */
export interface Claim {
  readonly subject: string;
  readonly argument: string | null;
  readonly operator: Operator;
  readonly value: string;
}

export const operators = ["=", "!=", "<=", ">=", "<", ">"] as const;
export type Operator = (typeof operators)[number];

/** The statements of a scenario with their line numbers, without prose. */
export function statementsOf(scenario: Scenario): readonly { readonly line: number; readonly statement: Statement }[] {
  return scenario.lines.flatMap((line, index) =>
    line.type === "statement" ? [{ line: index + 1, statement: line.statement }] : [],
  );
}

/** The values that a `send` names, ranges written out. */
export function valuesOf(values: readonly SendValue[]): string[] {
  return values.flatMap((value) => {
    if (typeof value === "string") return [value];
    return Array.from({ length: value.to - value.from + 1 }, (_, index) => `${value.prefix}${value.from + index}`);
  });
}
