import { useLayoutEffect, useRef } from "preact/hooks";
import { createCodeEditor } from "../editor/code-editor.js";
import type { LiveCell } from "./live-cell.js";
import { MarkdownText } from "./markdown-text.js";
import { useNotebook } from "./notebook-context.js";

/** A cell of prose: as it reads, or its text while it is being edited. */
export function MarkdownCell({ cell, number }: { cell: LiveCell; number: number }) {
  const { selection } = useNotebook();
  const isEdited = selection.cell.value === cell.id && selection.mode.value === "edit";
  if (isEdited) return <MarkdownSource cell={cell} number={number} />;
  if (cell.type.value === "raw") return <pre class="raw-text">{cell.text.doc.value.toString()}</pre>;
  if (cell.text.doc.value.toString().trim() === "") return <p class="empty-text">Empty text. Enter to write.</p>;
  return <MarkdownText cell={cell} />;
}

function MarkdownSource({ cell, number }: { cell: LiveCell; number: number }) {
  const context = useNotebook();
  const host = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (host.current === null) return undefined;
    const view = createCodeEditor({
      parent: host.current,
      text: cell.text.source,
      language: "markdown",
      label: `Text of cell ${number}`,
      keys: [],
      onUpdate: (update) => {
        for (const transaction of update.transactions) cell.text.typed(transaction);
      },
    });
    cell.text.attach(view);
    context.editors.set(cell.id, view);
    view.focus();
    return () => {
      cell.text.attach(undefined);
      context.editors.delete(cell.id);
      view.destroy();
    };
  }, [cell, context, number]);
  return <div class="code-text markdown-source" ref={host} />;
}
