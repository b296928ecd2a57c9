import type { LedgerEntry } from "../sim/ledger.js";
import type { Table } from "./table.js";

/** The words for each fate, the same wherever a ledger is shown. */
export const fateWords = {
  "acked-kept": "✓ acked, kept",
  "acked-lost": "✗ acked and LOST",
  refused: "− refused, not written",
  "unknown-kept": "? unknown, but kept",
  "unknown-gone": "? unknown, and gone",
  pending: "… not answered yet",
} as const;

/** What became of each record that was sent. */
export function ledgerTable(entries: readonly LedgerEntry[]): Table {
  return {
    caption: "What became of each record",
    columns: ["record", "acks", "outcome", "fate", "copies"],
    rows: entries.map(({ send, fate, copies }) => [
      send.value,
      `acks=${send.acks}`,
      send.outcome === null ? "…" : send.outcome.result === "acked" ? "acknowledged" : send.outcome.error,
      fateWords[fate],
      copies,
    ]),
  };
}
