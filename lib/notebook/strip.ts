import type { JsonObject } from "./json.js";
import { type Cell, cellTags, type Notebook } from "./notebook.js";

/**
 * The notebook without what running it left behind: outputs, execution counts, and notes of front ends about how a cell
 * was last shown. Cells tagged `keep-output` keep theirs.
 */
export function stripNotebook(notebook: Notebook): Notebook {
  return { ...notebook, cells: notebook.cells.map(stripCell) };
}

const shownLast = ["collapsed", "scrolled", "execution", "ExecuteTime", "trusted", "heading_collapsed", "hidden"];

function stripCell(cell: Cell): Cell {
  if (cellTags(cell).includes("keep-output")) return cell;
  const metadata: JsonObject = Object.fromEntries(
    Object.entries(cell.metadata).filter(([key]) => !shownLast.includes(key)),
  );
  if (cell.cell_type !== "code") return { ...cell, metadata };
  return { ...cell, metadata, outputs: [], execution_count: null };
}
