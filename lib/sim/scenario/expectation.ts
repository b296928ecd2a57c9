import { invariant, unreachable } from "../../core/assert.js";
import type { TopicPartition } from "../../protocol/ids.js";
import { currentMetadata, type World } from "../world.js";
import { actualOf } from "./actual.js";
import type { Claim, Operator, Step } from "./ast.js";
import { formatClaim } from "./format.js";
import { type SubjectName, subjectOf, subjects } from "./subjects.js";

/** A claim that did not hold. */
export interface ExpectationFailure {
  readonly line: number;
  readonly atMs: number;
  /** As written: `leader=2`, `ledger d=acked-lost`. */
  readonly claim: string;
  readonly expected: string;
  readonly actual: string;
}

/** The claims of one `expect` that do not hold in this world. */
export function unmetClaims(
  world: World,
  line: number,
  { partition, claims }: Extract<Step, { readonly type: "expect" }>,
): readonly ExpectationFailure[] {
  return claims.flatMap((claim) => {
    const actual = claimedNow(world, claim, partition);
    if (holds(claim, actual)) return [];
    const text = claim.subject === "ledger" ? `ledger ${claim.argument}=${claim.value}` : formatClaim(claim);
    return [{ line, atMs: world.nowMs, claim: text, expected: claim.value, actual }];
  });
}

/** What a claim's subject is worth in this world, whatever the claim expects. */
export function claimedNow(world: World, { subject, argument }: Claim, partition: TopicPartition | null): string {
  return actualOf(world, subjectName(subject), argument, partition ?? soleOf(world));
}

function soleOf(world: World): TopicPartition | null {
  const { partitions } = currentMetadata(world);
  return partitions.length === 1 ? (partitions[0]?.partition ?? null) : null;
}

function subjectName(text: string): SubjectName {
  invariant(text === "ledger" || Object.hasOwn(subjects, text), () => `there is no subject "${text}"`);
  // Checked just above.
  return text as SubjectName;
}

function holds({ subject, operator, value }: Claim, actual: string): boolean {
  const kind = subjectOf(subject)?.kind ?? "list";
  if (kind === "set") return compare(operator, asSet(actual) === asSet(value), Number.NaN);
  if (kind !== "number" || value === "-" || actual === "-") return compare(operator, actual === value, Number.NaN);
  return compare(operator, Number(actual) === Number(value), Number(actual) - Number(value));
}

/** @param order the sign of actual minus expected; NaN where there is no order, of which every comparison is false */
function compare(operator: Operator, equal: boolean, order: number): boolean {
  switch (operator) {
    case "=":
      return equal;
    case "!=":
      return !equal;
    case "<":
      return order < 0;
    case ">":
      return order > 0;
    case "<=":
      return order <= 0;
    case ">=":
      return order >= 0;
    default:
      return unreachable(operator);
  }
}

function asSet(list: string): string {
  return list
    .split(",")
    .sort((a, b) => Number(a) - Number(b))
    .join(",");
}
