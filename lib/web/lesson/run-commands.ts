import type { NotebookContext } from "./notebook-context.js";

/**
 * Runs code cells, unless a prediction that stands before one of them is still open: then the reader is led to it, and
 * the cells run when it is answered or skipped.
 */
export function runCells(context: NotebookContext, ids: readonly string[]): void {
  const code = ids.filter((id) => context.session.cell(id)?.type.value === "code");
  const open = context.predictions.firstOpenBefore(code, context.session.order.value);
  if (open === undefined) {
    context.session.run(code);
    return;
  }
  context.predictions.hold(open, () => runCells(context, code));
  context.spoken.value = "First your prediction. Answer it or skip it; then the cell runs.";
}

/** Runs the cell the keyboard is at; markdown is shown as it reads. */
export function runSelected(context: NotebookContext): void {
  const id = context.selection.cell.value;
  if (id !== undefined) runCells(context, [id]);
}

export function runAll(context: NotebookContext): void {
  runCells(context, context.session.codeCells());
}

/** Everything above the present cell, and the cell itself. */
export function runToHere(context: NotebookContext): void {
  const { session, selection } = context;
  const order = session.order.value;
  const end = selection.cell.value === undefined ? -1 : order.indexOf(selection.cell.value);
  runCells(context, order.slice(0, end + 1));
}

/** Every cell that is stale or has not run in this kernel's life. */
export function runStale(context: NotebookContext): void {
  const { session } = context;
  runCells(
    context,
    session.codeCells().filter((id) => {
      const mark = session.cell(id)?.run.value.mark;
      return mark === "stale" || mark === "never";
    }),
  );
}

export function runAllFromClean(context: NotebookContext): void {
  context.session.restart();
  runAll(context);
}
