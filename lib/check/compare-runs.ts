import type { LedgerEntry } from "../sim/ledger.js";
import { ledger } from "../sim/ledger.js";
import { formatAction } from "../sim/scenario/action-text.js";
import type { Run } from "../sim/scenario/run-scenario.js";
import type { TraceEntry } from "../sim/trace.js";
import { formatChange } from "../sim/trace-text.js";

/** How two runs of one scenario under two settings differ. */
export interface Comparison {
  /** Steps that are the same in both, from the beginning; null when they are the same to the end. */
  readonly sameSteps: number | null;
  /** The first step that differs, in each. */
  readonly first: { readonly before: TraceEntry | null; readonly after: TraceEntry | null };
  /** Records whose fate is another one. */
  readonly fates: readonly { readonly value: string; readonly before: string; readonly after: string }[];
}

export function compareRuns(before: Run, after: Run): Comparison {
  const length = Math.max(before.entries.length, after.entries.length);
  let same = 0;
  while (same < length && told(before.entries[same]) === told(after.entries[same])) same++;
  const later = ledger(after.world);
  const fates = ledger(before.world).flatMap(({ send, fate }, index) => {
    const other: LedgerEntry | undefined = later[index];
    return other === undefined || other.fate === fate ? [] : [{ value: send.value, before: fate, after: other.fate }];
  });
  return {
    sameSteps: same === length ? null : same,
    first: { before: before.entries[same] ?? null, after: after.entries[same] ?? null },
    fates,
  };
}

/** Good to bad: what an application wants of a record. */
const ranks: readonly string[] = ["acked-kept", "unknown-kept", "refused", "unknown-gone", "pending", "acked-lost"];

/** What the changed setting bought and what it cost, in sentences. */
export function judgement({ fates }: Comparison, setting: string): string {
  const isBetter = ({ before, after }: { before: string; after: string }): boolean =>
    ranks.indexOf(after) < ranks.indexOf(before);
  const [bought, cost] = [fates.filter(isBetter), fates.filter((fate) => !isBetter(fate))];
  if (fates.length === 0) return `${setting} changes the fate of no record.`;
  const list = (changed: typeof fates): string =>
    changed.map(({ value, before, after }) => `${value} is ${after} instead of ${before}`).join(", ");
  return [
    bought.length === 0 ? `${setting} buys nothing here` : `${setting} buys: ${list(bought)}`,
    cost.length === 0 ? "and costs no record." : `and costs: ${list(cost)}.`,
  ].join(", ");
}

function told(entry: TraceEntry | undefined): string | null {
  if (entry === undefined) return null;
  return `${entry.atMs} ${formatAction(entry.action)} ${entry.changes.map((change) => formatChange(change, 1)).join(" ")}`;
}
