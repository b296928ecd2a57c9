import type { CellNames } from "../notebook/dependencies.js";
import type { WireRun } from "./wire.js";

/** What is known of one code cell, in the document's order. */
export interface CellFacts {
  readonly id: string;
  readonly source: string;
  readonly run: WireRun;
  /** Of its last run in this kernel's life; absent when there was none. */
  readonly last?: LastRun;
}

export interface LastRun {
  readonly source: string;
  /** Counts the runs of this kernel's life. */
  readonly order: number;
}

/**
 * Marks every cell from what cells read and write. A cell is stale when its text has changed since it ran, when a cell
 * whose names it reads has run later, or when such a cell is stale itself. Cells that run or wait keep their mark.
 *
 * The names come from the text alone: a cell that changes an object another cell declared is seen only if it also
 * names it on the left of an assignment.
 */
export function markRuns(
  cells: readonly CellFacts[],
  namesOf: (source: string) => CellNames,
): ReadonlyMap<string, WireRun> {
  const runs = new Map<string, WireRun>();
  const staleBecause = new Map<string, string>();
  // In the order they ran, so that staleness has reached whatever a cell reads before the cell itself is judged.
  const ran = cells.filter((cell) => cell.last !== undefined).sort((a, b) => order(a) - order(b));
  const names = new Map(ran.map((cell) => [cell.id, namesOf(cell.last?.source ?? cell.source)]));
  for (const cell of ran) {
    const reason = whyStale(cell, ran, names, staleBecause);
    if (reason !== undefined) staleBecause.set(cell.id, reason);
  }
  for (const cell of cells) {
    const { because: _, ...run } = cell.run;
    const reason = staleBecause.get(cell.id);
    if (run.mark === "queued" || run.mark === "running") runs.set(cell.id, cell.run);
    else if (cell.last === undefined) runs.set(cell.id, { ...run, mark: "never" });
    else if (reason !== undefined) runs.set(cell.id, { ...run, mark: "stale", because: reason });
    else runs.set(cell.id, { ...run, mark: "fresh" });
  }
  return runs;
}

function whyStale(
  cell: CellFacts,
  ran: readonly CellFacts[],
  names: ReadonlyMap<string, CellNames>,
  staleBecause: ReadonlyMap<string, string>,
): string | undefined {
  if (cell.last?.source !== cell.source) return "its text has changed since it ran";
  for (const read of names.get(cell.id)?.reads ?? []) {
    const writers = ran.filter((other) => other !== cell && names.get(other.id)?.writes.includes(read));
    if (writers.some((writer) => order(writer) > order(cell))) return `\`${read}\` has been set again since it ran`;
    const source = writers.filter((writer) => order(writer) < order(cell)).at(-1);
    if (source !== undefined && staleBecause.has(source.id)) return `\`${read}\` comes from a stale cell`;
  }
  return undefined;
}

function order(cell: CellFacts): number {
  return cell.last?.order ?? 0;
}
