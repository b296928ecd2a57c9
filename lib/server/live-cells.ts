import { isJsonObject, type JsonObject, type JsonValue } from "../notebook/json.js";
import { type Cell, cellTags, codeCell, convertCell, markdownCell, type Notebook } from "../notebook/notebook.js";
import { type CellOutputs, noOutputs } from "../notebook/output.js";
import { applyTextChange, ChangeMismatchError } from "../notebook/text-change.js";
import type { Render } from "./lesson-markdown.js";
import type { AppliedOp, CellConflict, DocumentOp, NewCell, WireCell, WireRun } from "./wire.js";

/** A cell as the server holds it: the file's fields, and what is true of it now. */
export interface LiveCell {
  /** With every field of the file. Its `outputs` are those of the last load; the live ones stand in `outputs`. */
  readonly cell: Cell;
  /** Goes up by one with each edit of the source. */
  readonly version: number;
  readonly outputs: CellOutputs;
  readonly run: WireRun;
  readonly conflict?: CellConflict;
}

/** A value: every op gives a new one. */
export interface LiveCells {
  readonly cells: readonly LiveCell[];
  /** Deleted cells, for as long as the server lives, so that an undo brings back the outputs too. */
  readonly deleted: ReadonlyMap<string, LiveCell>;
}

export const neverRun: WireRun = { mark: "never", ending: "none" };

export type OpsOutcome =
  | { readonly status: "applied"; readonly live: LiveCells; readonly applied: readonly AppliedOp[] }
  | { readonly status: "stale" }
  | { readonly status: "refused"; readonly message: string };

/** All of `ops` in order, or none of them. `render` turns markdown into safe HTML. */
export function applyOps(live: LiveCells, ops: readonly DocumentOp[], render: Render): OpsOutcome {
  let current = live;
  const applied: AppliedOp[] = [];
  for (const op of ops) {
    const outcome = applyOp(current, op, render);
    if (outcome.status !== "applied") return outcome;
    current = outcome.live;
    applied.push(...outcome.applied);
  }
  return { status: "applied", live: current, applied };
}

/**
 * Applies edits that were accepted in an earlier life of the server. Versions have started again from 0 since, so only
 * whether an edit fits counts.
 *
 * @returns the document, and how many edits no longer fitted
 */
export function replayOps(live: LiveCells, ops: readonly DocumentOp[]): { live: LiveCells; lost: number } {
  let current = live;
  let lost = 0;
  for (const op of ops) {
    const version = op.type === "edit" ? find(current, op.cell)?.version : undefined;
    const outcome = applyOp(current, op.type === "edit" ? { ...op, version: version ?? 0 } : op, () => "");
    if (outcome.status === "applied") current = outcome.live;
    else lost += 1;
  }
  return { live: current, lost };
}

function applyOp(live: LiveCells, op: DocumentOp, render: Render): OpsOutcome {
  switch (op.type) {
    case "edit":
      return edit(live, op, render);
    case "insert": {
      if (find(live, op.cell.id) !== undefined) return applied(live, []); // Sent again after a lost connection.
      return place(live, liveCell(freshCell(op.cell)), op.after, render);
    }
    case "restore": {
      if (find(live, op.cell) !== undefined) return applied(live, []);
      const cell = live.deleted.get(op.cell);
      if (cell === undefined) return refused("this cell was deleted before the server was started again");
      return place(live, cell, op.after, render);
    }
    case "delete": {
      const cell = find(live, op.cell);
      if (cell === undefined) return applied(live, []); // Another tab was faster; what was asked for holds.
      const cells = live.cells.filter((candidate) => candidate !== cell);
      const deleted = new Map(live.deleted).set(op.cell, { ...cell, run: { ...cell.run, mark: "never" } });
      return applied({ cells, deleted }, [op]);
    }
    case "move": {
      const cell = find(live, op.cell);
      if (cell === undefined) return applied(live, []);
      const others = live.cells.filter((candidate) => candidate !== cell);
      const index = indexAfter(others, op.after);
      return applied({ ...live, cells: [...others.slice(0, index), cell, ...others.slice(index)] }, [op]);
    }
    case "convert": {
      const html = op.to === "markdown" ? { html: render(find(live, op.cell)?.cell.source ?? "") } : {};
      const convert = (old: LiveCell) => ({ ...liveCell(convertCell(old.cell, op.to)), version: old.version });
      return change(live, op.cell, convert, [{ ...op, ...html }]);
    }
    case "clear":
      return change(live, op.cell, (old) => ({ ...old, cell: withoutCount(old.cell), outputs: noOutputs }), [op]);
    case "resolve":
      return change(live, op.cell, ({ conflict: _, ...cell }) => cell, [op]);
  }
}

function edit(live: LiveCells, op: DocumentOp & { readonly type: "edit" }, render: Render): OpsOutcome {
  const old = find(live, op.cell);
  if (old === undefined) return refused("this cell was deleted in another tab");
  if (old.version !== op.version) return { status: "stale" };
  try {
    const source = applyTextChange(old.cell.source, op.changes);
    const version = old.version + 1;
    const ops: AppliedOp[] = [{ type: "edit", cell: op.cell, version, changes: op.changes }];
    if (old.cell.cell_type === "markdown")
      ops.push({ type: "rendered", cell: op.cell, html: render(source, attachmentsOf(old.cell)) });
    return change(live, op.cell, () => ({ ...old, cell: { ...old.cell, source }, version }), ops);
  } catch (error) {
    if (error instanceof ChangeMismatchError) return refused(error.message);
    throw error;
  }
}

function place(live: LiveCells, cell: LiveCell, after: string | null, render: Render): OpsOutcome {
  const index = indexAfter(live.cells, after);
  const deleted = new Map(live.deleted);
  deleted.delete(cell.cell.id);
  const cells = [...live.cells.slice(0, index), cell, ...live.cells.slice(index)];
  return applied({ cells, deleted }, [{ type: "insert", cell: toWire(cell, render), after }]);
}

function change(live: LiveCells, id: string, by: (cell: LiveCell) => LiveCell, ops: readonly AppliedOp[]): OpsOutcome {
  if (find(live, id) === undefined) return refused("this cell was deleted in another tab");
  return applied(withCell(live, id, by), ops);
}

/** The position behind the cell `after`; the end when another tab has deleted that cell meanwhile. */
function indexAfter(cells: readonly LiveCell[], after: string | null): number {
  if (after === null) return 0;
  const index = cells.findIndex((candidate) => candidate.cell.id === after);
  return index === -1 ? cells.length : index + 1;
}

function applied(live: LiveCells, ops: readonly AppliedOp[]): OpsOutcome {
  return { status: "applied", live, applied: ops };
}

function refused(message: string): OpsOutcome {
  return { status: "refused", message };
}

export function find(live: LiveCells, id: string): LiveCell | undefined {
  return live.cells.find((candidate) => candidate.cell.id === id);
}

export function withCell(live: LiveCells, id: string, by: (cell: LiveCell) => LiveCell): LiveCells {
  return { ...live, cells: live.cells.map((cell) => (cell.cell.id === id ? by(cell) : cell)) };
}

function withoutCount(cell: Cell): Cell {
  return cell.cell_type === "code" ? { ...cell, execution_count: null } : cell;
}

function freshCell({ id, type, source }: NewCell): Cell {
  return type === "code" ? codeCell(id, source) : convertCell(markdownCell(id, source), type);
}

/** A cell as it comes from a file: shown, not run. */
export function liveCell(cell: Cell): LiveCell {
  const outputs = cell.cell_type === "code" ? cell.outputs : [];
  return {
    cell,
    version: 0,
    outputs: { outputs, displayIds: outputs.map(() => undefined), clearPending: false },
    run: neverRun,
    ...conflictOf(cell),
  };
}

/** An unanswered conflict outlives the server in the cell's metadata. */
function conflictOf(cell: Cell): { conflict?: CellConflict } {
  const ours = cell.metadata.highwater;
  const conflict = isJsonObject(ours) ? ours.conflict : undefined;
  if (!isJsonObject(conflict)) return {};
  const { theirs, what } = conflict;
  return typeof theirs === "string" && typeof what === "string" ? { conflict: { theirs, what } } : {};
}

function withConflict(cell: Cell, conflict: CellConflict | undefined): Cell {
  const { highwater, ...metadata } = cell.metadata;
  const { conflict: _, ...ours } = isJsonObject(highwater) ? highwater : {};
  const kept: JsonObject = conflict === undefined ? ours : { ...ours, conflict: { ...conflict } };
  return { ...cell, metadata: Object.keys(kept).length === 0 ? metadata : { ...metadata, highwater: kept } };
}

export function toWire(live: LiveCell, render: Render): WireCell {
  const { cell, outputs } = live;
  return {
    id: cell.id,
    type: cell.cell_type,
    source: cell.source,
    version: live.version,
    tags: cellTags(cell),
    outputs: outputs.outputs,
    displayIds: outputs.displayIds,
    run: live.run,
    diagnostics: [],
    ...(cell.cell_type === "markdown" ? { html: render(cell.source, attachmentsOf(cell)) } : {}),
    ...(live.conflict === undefined ? {} : { conflict: live.conflict }),
  };
}

/** The document as it goes into the file, with the outputs as they are now. */
export function toNotebook(live: LiveCells, around: Notebook): Notebook {
  const cells = live.cells.map(({ cell, outputs, conflict }) =>
    withConflict(cell.cell_type === "code" ? { ...cell, outputs: outputs.outputs } : cell, conflict),
  );
  return { ...around, cells };
}

/** Pictures that the cell carries along. */
function attachmentsOf(cell: Cell): { attachments?: JsonObject } {
  const attachments = "attachments" in cell ? (cell.attachments as JsonValue) : undefined; // a field of the file, kept as read
  return isJsonObject(attachments) ? { attachments } : {};
}
