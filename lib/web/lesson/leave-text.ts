import type { KeyBinding } from "@codemirror/view";
import { focusEditor, neighbourOf } from "./cell-focus.js";
import type { NotebookContext } from "./notebook-context.js";

/** An arrow at the first or last line goes on into the cell above or below, as through one long text. */
export function arrowsBetweenCells(context: NotebookContext, id: string): readonly KeyBinding[] {
  const go = (by: 1 | -1): boolean => {
    const view = context.editors.get(id);
    const next = nextCode(context, id, by);
    if (view === undefined || next === undefined) return false;
    const { main } = view.state.selection;
    if (!main.empty) return false;
    // Where the cursor would not move within this text, the text ends: wrapped lines count as the reader sees them.
    const moved = view.moveVertically(main, by === 1);
    const isAtEnd =
      moved.head === main.head || view.state.doc.lineAt(moved.head).number === view.state.doc.lineAt(main.head).number;
    const edge = by === 1 ? view.state.doc.length : 0;
    if (!isAtEnd || (moved.head !== edge && moved.head !== main.head)) return false;
    focusEditor(context, next);
    requestAnimationFrame(() => {
      const target = context.editors.get(next);
      target?.dispatch({ selection: { anchor: by === 1 ? 0 : target.state.doc.length }, scrollIntoView: true });
    });
    return true;
  };
  return [
    { key: "ArrowUp", run: () => go(-1) },
    { key: "ArrowDown", run: () => go(1) },
  ];
}

/** The neighbour in that direction, if it is a code cell: prose is passed in command mode. */
function nextCode(context: NotebookContext, id: string, by: 1 | -1): string | undefined {
  const next = neighbourOf(context, id, by);
  return next !== undefined && context.session.cell(next)?.type.value === "code" ? next : undefined;
}
