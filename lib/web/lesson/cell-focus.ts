import type { NotebookContext } from "./notebook-context.js";

/** The element of a cell on the page. */
export function cellElement(id: string): HTMLElement | undefined {
  return document.getElementById(`cell-${id}`) ?? undefined;
}

/** Puts the keyboard on a cell, not into its text; as soon as the cell is drawn. */
export function focusCell(context: NotebookContext, id: string): void {
  context.selection.command(id);
  whenDrawn(() => {
    const element = cellElement(id);
    element?.focus({ preventScroll: true });
    element?.scrollIntoView({ block: "nearest" });
  });
}

/** Puts the keyboard into a cell's text. */
export function focusEditor(context: NotebookContext, id: string): void {
  context.selection.edit(id);
  whenDrawn(() => context.editors.get(id)?.focus());
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
