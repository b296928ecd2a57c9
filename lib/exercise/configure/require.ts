import type { TopicPartition } from "../../protocol/ids.js";
import type { SendNote } from "../../sim/history.js";
import { countingReplicas, type LedgerEntry, ledger } from "../../sim/ledger.js";
import { formatDuration } from "../../sim/scenario/line-reader.js";
import type { World } from "../../sim/world.js";
import type { Require } from "../check-format.js";

/** What a requirement did not get, about one record. */
export interface Violation {
  readonly kind:
    | "acked-lost"
    | "duplicate"
    | "read-then-gone"
    | "out-of-order"
    | "unknown-kept"
    | "not-acked"
    | "late-ack"
    /** A measure of the run is too high, and this record is the one it was taken from. */
    | "over-limit";
  readonly value: string;
  readonly send: SendNote;
}

/** What must not be at the end of a run, about the record sent last among those it is so of; or null. */
export function violationOf(world: World, require: Require): Violation | null {
  const entries = ledger(world);
  for (const fate of require.nothing ?? []) {
    const found =
      fate === "out-of-order" ? outOfOrder(world, entries) : entries.findLast((entry) => hasFate(entry, fate));
    if (found !== undefined && found !== null) return { kind: fate, value: found.send.value, send: found.send };
  }
  for (const { send } of entries) {
    const { value, outcome, sentAtMs, endedAtMs } = send;
    if (require.acked?.includes(value) !== true) continue;
    if (outcome?.result !== "acked") return { kind: "not-acked", value, send };
    if (require.withinMs !== undefined && endedAtMs !== null && endedAtMs - sentAtMs > require.withinMs)
      return { kind: "late-ack", value, send };
  }
  return null;
}

function hasFate({ fate, copies, readThenGone }: LedgerEntry, wanted: Violation["kind"]): boolean {
  switch (wanted) {
    case "duplicate":
      return copies > 1;
    case "read-then-gone":
      return readThenGone;
    default:
      return fate === wanted;
  }
}

/** A record that stands before one which its producer sent earlier. */
function outOfOrder(world: World, entries: readonly LedgerEntry[]): LedgerEntry | null {
  const partitions = new Set<TopicPartition>(entries.map(({ send }) => send.partition));
  for (const partition of partitions) {
    const order = new Map<string, number>();
    for (const replica of countingReplicas(world, partition).slice(0, 1))
      for (const { value } of replica.log.chunks.flat()) if (!order.has(value)) order.set(value, order.size);
    const last = new Map<string, number>();
    for (const entry of entries) {
      const position = order.get(entry.send.value);
      if (entry.send.partition !== partition || position === undefined) continue;
      const before = last.get(entry.send.producer) ?? -1;
      if (position < before) return entry;
      last.set(entry.send.producer, position);
    }
  }
  return null;
}

/** What went wrong, as a sentence. */
export function conclusionOf({ kind, value, send }: Violation, nowMs: number): string {
  const waited = formatDuration(nowMs - send.sentAtMs);
  switch (kind) {
    case "acked-lost":
      return `${value} was acknowledged and is gone.`;
    case "not-acked":
      return send.outcome?.result === "failed"
        ? `${value} was refused: ${send.outcome.error}.`
        : `${value} was still not acknowledged after ${waited}.`;
    case "over-limit":
      return `${value} is beyond the limit.`;
    case "late-ack":
      return `${value} was acknowledged only after ${formatDuration((send.endedAtMs ?? 0) - send.sentAtMs)}.`;
    case "duplicate":
      return `${value} is in the log twice.`;
    case "read-then-gone":
      return `${value} was read by a consumer and is gone.`;
    case "out-of-order":
      return `${value} stands in the log before a record that was sent earlier.`;
    case "unknown-kept":
      return `The application was told that ${value} failed, and it is in the log.`;
  }
}
