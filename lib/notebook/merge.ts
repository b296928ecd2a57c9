import { canonicalJson, type JsonObject } from "./json.js";
import type { Cell, Notebook } from "./notebook.js";

/** Three versions of a notebook made one. */
export interface MergedNotebook {
  readonly notebook: Notebook;
  /** By cell id, where both sides changed something: the document holds the learner's side. */
  readonly conflicts: ReadonlyMap<string, MergeConflict>;
}

export interface MergeConflict {
  /** The course's text of the cell; empty when the course removed it. */
  readonly theirs: string;
  /** What happened, as a sentence. */
  readonly what: string;
}

/**
 * Brings what the course changed since `base` into the learner's copy, cell by cell. Nothing the learner wrote is lost:
 * where both changed a cell, the learner's text stays and the course's is in `conflicts`. Outputs are kept with the text
 * they came from.
 *
 * @param base the course's file when the learner's copy was made from it
 * @param mine the learner's copy
 * @param theirs the course's file now
 */
export function mergeNotebooks(base: Notebook, mine: Notebook, theirs: Notebook): MergedNotebook {
  const conflicts = new Map<string, MergeConflict>();
  const inBase = byId(base);
  const inMine = byId(mine);
  const inTheirs = byId(theirs);
  const chosen = new Map<string, Cell>();
  for (const id of new Set([...inMine.keys(), ...inTheirs.keys()])) {
    const merged = mergeCell(inBase.get(id), inMine.get(id), inTheirs.get(id));
    if (merged.cell !== undefined) chosen.set(id, merged.cell);
    if (merged.conflict !== undefined) conflicts.set(id, merged.conflict);
  }
  const order = mergeOrder([...inBase.keys()], [...inMine.keys()], [...inTheirs.keys()]);
  const cells = order.flatMap((id) => chosen.get(id) ?? []);
  const around = equal(base.metadata, mine.metadata) ? theirs : mine;
  return { notebook: { ...around, cells }, conflicts };
}

interface MergedCell {
  readonly cell: Cell | undefined;
  readonly conflict?: MergeConflict;
}

function mergeCell(base: Cell | undefined, mine: Cell | undefined, theirs: Cell | undefined): MergedCell {
  const iChanged = !sameText(base, mine);
  const theyChanged = !sameText(base, theirs);
  if (!theyChanged) return { cell: mine };
  if (!iChanged) return { cell: theirs };
  if (sameText(mine, theirs)) return { cell: mine };
  if (mine === undefined) {
    const what = "You removed this cell, and the course has changed it since. It is back with the course's text.";
    return { cell: theirs, conflict: { theirs: theirs?.source ?? "", what } };
  }
  if (theirs === undefined) {
    return { cell: mine, conflict: { theirs: "", what: "The course has removed this cell, and you had changed it." } };
  }
  return { cell: mine, conflict: { theirs: theirs.source, what: "You and the course have both changed this cell." } };
}

/** Whether two versions of a cell read the same; outputs are not text. Absent equals absent. */
function sameText(left: Cell | undefined, right: Cell | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return left.cell_type === right.cell_type && left.source === right.source && equal(left.metadata, right.metadata);
}

function equal(left: JsonObject, right: JsonObject): boolean {
  return canonicalJson(left, 0) === canonicalJson(right, 0);
}

/**
 * The course's order, unless the learner moved cells: then the learner's. Cells that only the other side has come after
 * the cell they follow there.
 */
function mergeOrder(base: readonly string[], mine: readonly string[], theirs: readonly string[]): readonly string[] {
  const common = new Set(base.filter((id) => mine.includes(id)));
  const before = base.filter((id) => common.has(id));
  const after = mine.filter((id) => common.has(id));
  const iMoved = before.some((id, index) => id !== after[index]);
  return iMoved ? weave(mine, theirs) : weave(theirs, mine);
}

function weave(backbone: readonly string[], other: readonly string[]): readonly string[] {
  const order = [...backbone];
  for (const [index, id] of other.entries()) {
    if (order.includes(id)) continue;
    // The nearest cell above it, on its own side, that has a place already.
    const above = other.slice(0, index).findLast((earlier) => order.includes(earlier));
    order.splice(above === undefined ? 0 : order.indexOf(above) + 1, 0, id);
  }
  return order;
}

function byId(notebook: Notebook): ReadonlyMap<string, Cell> {
  return new Map(notebook.cells.map((cell) => [cell.id, cell]));
}
