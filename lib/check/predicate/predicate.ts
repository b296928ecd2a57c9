import type { TopicPartition } from "../../protocol/ids.js";
import { ledger } from "../../sim/ledger.js";
import { actualOf } from "../../sim/scenario/actual.js";
import { fates, type SubjectName, subjectOf } from "../../sim/scenario/subjects.js";
import type { World } from "../../sim/world.js";

/** A condition on one world. */
export type Predicate =
  | { readonly type: "and" | "or"; readonly left: Predicate; readonly right: Predicate }
  | { readonly type: "not"; readonly of: Predicate }
  | { readonly type: "compare"; readonly left: Operand; readonly operator: Comparison; readonly right: Operand }
  /** Some record has this fate (`acked`: either acked one), sent with these acks, or named so. */
  | { readonly type: "fate"; readonly fate: string; readonly acks: string | null; readonly value: string | null };

export const comparisons = ["==", "!=", "<=", ">=", "<", ">"] as const;
export type Comparison = (typeof comparisons)[number];

export type Operand =
  | { readonly type: "subject"; readonly subject: SubjectName; readonly argument: string | null }
  /** `{leader, 3}`: compared without regard to order. */
  | { readonly type: "set"; readonly items: readonly Operand[] }
  | { readonly type: "literal"; readonly text: string };

/** Fates that a predicate may name, in the words of the ledger; `acked` is both acked ones. */
export const fateWords: readonly string[] = ["acked", ...fates];

/** @param partition the partition that is spoken of */
export function isTrue(predicate: Predicate, world: World, partition: TopicPartition): boolean {
  switch (predicate.type) {
    case "and":
      return isTrue(predicate.left, world, partition) && isTrue(predicate.right, world, partition);
    case "or":
      return isTrue(predicate.left, world, partition) || isTrue(predicate.right, world, partition);
    case "not":
      return !isTrue(predicate.of, world, partition);
    case "fate":
      return hasFate(predicate, world);
    case "compare":
      return compare(predicate, world, partition);
  }
}

function hasFate({ fate, acks, value }: Extract<Predicate, { readonly type: "fate" }>, world: World): boolean {
  return ledger(world).some(
    (entry) =>
      (fate === "acked" ? entry.fate.startsWith("acked-") : entry.fate === fate) &&
      (acks === null || String(entry.send.acks) === acks) &&
      (value === null || entry.send.value === value),
  );
}

function compare(
  { left, operator, right }: Extract<Predicate, { readonly type: "compare" }>,
  world: World,
  partition: TopicPartition,
): boolean {
  const [one, other] = [textOf(left, world, partition), textOf(right, world, partition)];
  const areSets = isSet(left) || isSet(right);
  const isEqual = areSets ? sorted(one) === sorted(other) : one === other;
  switch (operator) {
    case "==":
      return isEqual;
    case "!=":
      return !isEqual;
    case "<":
      return Number(one) < Number(other);
    case ">":
      return Number(one) > Number(other);
    case "<=":
      return Number(one) <= Number(other);
    case ">=":
      return Number(one) >= Number(other);
  }
}

function isSet(operand: Operand): boolean {
  return operand.type === "set" || (operand.type === "subject" && subjectOf(operand.subject)?.kind === "set");
}

function textOf(operand: Operand, world: World, partition: TopicPartition): string {
  switch (operand.type) {
    case "literal":
      return operand.text;
    case "subject":
      return actualOf(world, operand.subject, operand.argument, partition);
    case "set":
      return operand.items.map((item) => textOf(item, world, partition)).join(",") || "-";
  }
}

function sorted(list: string): string {
  return list.split(",").sort().join(",");
}
