import { focusCell, focusEditor, neighbourOf } from "./cell-focus.js";
import type { NotebookContext } from "./notebook-context.js";
import { runAll, runAllFromClean, runSelected, runStale, runToHere } from "./run-commands.js";

/**
 * One thing a reader can do with a notebook. `keys` work where `mode` says: a single letter only while a cell, not its
 * text, has the focus. Keys are Jupyter's wherever it has them.
 */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: "Run" | "Cells" | "Move about" | "Kernel" | "Page";
  readonly keys: readonly string[];
  readonly mode: "command" | "edit" | "both";
  readonly run: (context: NotebookContext) => void;
}

const command = (
  group: Command["group"],
  id: string,
  title: string,
  keys: readonly string[],
  run: Command["run"],
  mode: Command["mode"] = "command",
): Command => ({ id, title, group, keys, mode, run });

/** All commands, in the order in which the palette and the list of keys show them. */
export const commands: readonly Command[] = [
  command("Run", "run-advance", "Run this cell and go to the next", ["Shift-Enter"], runAndAdvance, "both"),
  command("Run", "run", "Run this cell", ["Mod-Enter"], runStay, "both"),
  command("Run", "run-insert", "Run this cell and open a new one below", ["Alt-Enter"], runAndInsert, "both"),
  command("Run", "run-all", "Run all cells", [], runAll),
  command("Run", "run-to-here", "Run all cells down to this one", [], runToHere),
  command("Run", "run-stale", "Run what is stale or has not run", [], runStale),
  command("Run", "run-clean", "Restart the kernel and run all cells", [], runAllFromClean),

  command("Cells", "insert-above", "New cell above", ["a"], (context) => insert(context, "above")),
  command("Cells", "insert-below", "New cell below", ["b"], (context) => insert(context, "below")),
  command("Cells", "delete", "Delete this cell", ["d d"], remove),
  command("Cells", "undo", "Take back the last change of cells", ["z", "Mod-z"], undo),
  command("Cells", "redo", "Do it again", ["Shift-z", "Mod-Shift-z"], redo),
  command("Cells", "cut", "Cut this cell", ["x"], ({ actions }) => actions.cut()),
  command("Cells", "copy", "Copy this cell", ["c"], copy),
  command("Cells", "paste-below", "Paste below", ["v"], ({ actions }) => actions.paste("below")),
  command("Cells", "paste-above", "Paste above", ["Shift-v"], ({ actions }) => actions.paste("above")),
  command("Cells", "move-up", "Move this cell up", ["Mod-Shift-ArrowUp"], ({ actions }) => actions.move("up"), "both"),
  command(
    "Cells",
    "move-down",
    "Move this cell down",
    ["Mod-Shift-ArrowDown"],
    ({ actions }) => actions.move("down"),
    "both",
  ),
  command("Cells", "split", "Split the cell at the cursor", ["Mod-Shift--"], split, "edit"),
  command("Cells", "merge", "Merge with the cell below", ["Shift-m"], ({ actions }) => actions.mergeBelow()),
  command("Cells", "to-code", "Make it a code cell", ["y"], ({ actions }) => actions.convert("code")),
  command("Cells", "to-markdown", "Make it a text cell", ["m"], ({ actions }) => actions.convert("markdown")),
  command("Cells", "clear", "Clear this cell's output", [], clearOne),
  command("Cells", "clear-all", "Clear all outputs", [], ({ actions, session }) =>
    actions.clearOutputs(session.codeCells()),
  ),
  command("Cells", "history", "Earlier texts of this cell", [], ({ dialog }) => {
    dialog.value = "history";
  }),

  command("Move about", "edit", "Edit this cell", ["Enter"], edit),
  command("Move about", "leave", "Leave the text for the cell", ["Escape", "Ctrl-m"], leaveText, "edit"),
  command("Move about", "up", "To the cell above", ["k", "ArrowUp"], (context) => step(context, -1)),
  command("Move about", "down", "To the cell below", ["j", "ArrowDown"], (context) => step(context, 1)),
  command("Move about", "first", "To the first cell", ["Mod-Home"], (context) => goTo(context, 0)),
  command("Move about", "last", "To the last cell", ["Mod-End"], (context) => goTo(context, -1)),
  command("Move about", "find", "Find in this lesson", ["f", "Mod-f"], find),

  command("Kernel", "interrupt", "Interrupt the running cell", ["i i"], ({ session }) => void session.interrupt()),
  command("Kernel", "restart", "Restart the kernel", ["0 0"], ({ session }) => session.restart()),

  command("Page", "palette", "All commands", ["p", "Mod-Shift-p"], openPalette, "both"),
  command("Page", "keys", "Keys", ["h"], ({ dialog }) => {
    dialog.value = "keys";
  }),
  command("Page", "lines", "Show or hide line numbers", ["l"], ({ showsLineNumbers }) => {
    showsLineNumbers.value = !showsLineNumbers.value;
  }),
  command("Page", "save", "Save now (it is saved by itself)", ["s", "Mod-s"], saveNow, "both"),
  command("Page", "download", "Download my copy as a notebook", [], ({ session }) =>
    location.assign(`${session.path}/download`),
  ),
  command("Page", "start-over", "Start this lesson over…", [], ({ dialog }) => {
    dialog.value = "start-over";
  }),
];

function runAndAdvance(context: NotebookContext): void {
  runSelected(context);
  const here = context.selection.cell.value;
  if (here === undefined) return;
  const next = neighbourOf(context, here, 1);
  if (next === undefined) context.actions.insert("below");
  focusCell(context, next ?? context.selection.cell.value ?? here);
}

function runStay(context: NotebookContext): void {
  runSelected(context);
  const here = context.selection.cell.value;
  if (here !== undefined) focusCell(context, here);
}

function runAndInsert(context: NotebookContext): void {
  runSelected(context);
  const id = context.actions.insert("below");
  focusEditor(context, id);
}

function insert(context: NotebookContext, where: "above" | "below"): void {
  focusCell(context, context.actions.insert(where));
}

function remove(context: NotebookContext): void {
  context.actions.delete();
  const here = context.selection.cell.value;
  if (here !== undefined) focusCell(context, here);
  context.spoken.value = "Cell deleted. z brings it back.";
}

function undo(context: NotebookContext): void {
  const label = context.actions.undoStack.undo();
  context.spoken.value = label === undefined ? "Nothing to take back." : `Taken back: ${label}.`;
  const here = context.selection.cell.value;
  if (here !== undefined) focusCell(context, here);
}

function redo(context: NotebookContext): void {
  const label = context.actions.undoStack.redo();
  context.spoken.value = label === undefined ? "Nothing to do again." : `Done again: ${label}.`;
}

function copy(context: NotebookContext): void {
  context.actions.copy();
  context.spoken.value = "Cell copied.";
}

function split(context: NotebookContext): void {
  const here = context.selection.cell.value;
  const view = here === undefined ? undefined : context.editors.get(here);
  if (here === undefined || view === undefined) return;
  context.actions.split(here, view.state.selection.main.head);
  const part = context.selection.cell.value;
  if (part !== undefined) focusEditor(context, part);
}

function clearOne(context: NotebookContext): void {
  const here = context.selection.cell.value;
  if (here !== undefined) context.actions.clearOutputs([here]);
}

function edit(context: NotebookContext): void {
  const here = context.selection.cell.value;
  if (here !== undefined) focusEditor(context, here);
}

function leaveText(context: NotebookContext): void {
  const here = context.selection.cell.value;
  if (here !== undefined) focusCell(context, here);
}

function step(context: NotebookContext, by: 1 | -1): void {
  const here = context.selection.cell.value;
  const next = here === undefined ? context.session.order.value[0] : neighbourOf(context, here, by);
  if (next !== undefined) focusCell(context, next);
}

function goTo(context: NotebookContext, index: number): void {
  const id = context.session.order.value.at(index);
  if (id !== undefined) focusCell(context, id);
}

function find({ isFindOpen }: NotebookContext): void {
  isFindOpen.value = true;
}

function openPalette({ dialog }: NotebookContext): void {
  dialog.value = "palette";
}

function saveNow(context: NotebookContext): void {
  context.session.outbox.retry();
  context.spoken.value = "Saved. Everything you type is saved within a second anyway.";
}
