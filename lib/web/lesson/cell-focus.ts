import type { NotebookContext } from "./notebook-context.js";
import type { Mode } from "./selection.js";

/** The element of a cell on the page. */
export function cellElement(id: string): HTMLElement | undefined {
  return document.getElementById(`cell-${id}`) ?? undefined;
}

/**
 * Puts the keyboard on a cell, not into its text: now if it is drawn, and once more after drawing, because a cell that
 * is moved on the page loses the focus on the way.
 */
export function focusCell(context: NotebookContext, id: string): void {
  context.selection.command(id);
  const focus = (): void => {
    const element = cellElement(id);
    if (element === undefined || element === document.activeElement) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest" });
  };
  focus();
  whenDrawn(() => isStillAt(context, id, "command") && focus());
}

/** Puts the keyboard into a cell's text. */
export function focusEditor(context: NotebookContext, id: string): void {
  context.selection.edit(id);
  const focus = (): void => context.editors.get(id)?.focus();
  focus();
  whenDrawn(() => isStillAt(context, id, "edit") && focus());
}

/** The reader may have gone elsewhere while the page was drawn; the keyboard stays with the reader. */
function isStillAt({ selection }: NotebookContext, id: string, mode: Mode): boolean {
  return selection.cell.value === id && selection.mode.value === mode;
}

export function neighbourOf({ session }: NotebookContext, id: string, by: 1 | -1): string | undefined {
  const order = session.order.value;
  const index = order.indexOf(id);
  return index === -1 ? undefined : order[index + by];
}

/** After the page has drawn what was just changed, if it has to. */
function whenDrawn(then: () => void): void {
  requestAnimationFrame(() => requestAnimationFrame(then));
}
