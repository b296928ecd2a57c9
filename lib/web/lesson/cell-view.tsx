import { useCallback } from "preact/hooks";
import { CodeCell } from "./code-cell.js";
import { ConflictNote } from "./conflict-note.js";
import { MarkdownCell } from "./markdown-cell.js";
import { useNotebook } from "./notebook-context.js";
import { stateInWords } from "./run-mark.js";

/** One cell of the notebook, whatever it holds: what the keyboard stands on. */
export function CellView({ id, number, isFirst }: { id: string; number: number; isFirst: boolean }) {
  const context = useNotebook();
  const cell = context.session.cell(id);
  const { selection } = context;
  const isSelected = selection.cell.value === id;
  const mode = isSelected ? selection.mode.value : "none";
  const onFocus = useCallback(
    (event: FocusEvent) => {
      const { target } = event;
      const isInText = target instanceof Element && target.closest(".cm-content") !== null;
      if (isInText) selection.edit(id);
      else selection.command(id);
    },
    [id, selection],
  );
  if (cell === undefined) return null;
  const isCode = cell.type.value === "code";
  const label = isCode ? `Code cell ${number}, ${stateInWords(cell.run.value)}` : `Text cell ${number}`;
  // The first cell can be reached with Tab while none is selected; from there arrows lead on.
  const isTabStop = isSelected || (isFirst && selection.cell.value === undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for form controls; this is a cell that keys act on
    <div
      role="group"
      id={`cell-${id}`}
      class={`cell cell-${cell.type.value} cell-mode-${mode}`}
      aria-label={label}
      tabIndex={isTabStop ? 0 : -1}
      onFocusCapture={onFocus}
      onDblClick={() => cell.type.value === "markdown" && selection.edit(id)}
    >
      {isCode ? <CodeCell cell={cell} number={number} /> : <MarkdownCell cell={cell} number={number} />}
      {cell.conflict.value !== undefined && <ConflictNote cell={cell} conflict={cell.conflict.value} />}
    </div>
  );
}
