import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { createCodeEditor, relabel } from "../editor/code-editor.js";
import { languageExtensions } from "../editor/language-service.js";
import { lineNumbersFrom } from "../editor/line-numbers.js";
import { StaticCode } from "../editor/static-code.js";
import { CellOutput } from "./cell-output.js";
import { arrowsBetweenCells } from "./leave-text.js";
import type { LiveCell } from "./live-cell.js";
import { useNotebook } from "./notebook-context.js";
import { RunMark } from "./run-mark.js";

/** Editors are made when their cell comes this near to the screen. */
const nearMargin = "600px";

/** A cell of TypeScript: its mark in the margin, its text, its output right below. */
export function CodeCell({ cell, number }: { cell: LiveCell; number: number }) {
  const [isFolded, setFolded] = useState(() => cell.tags.includes("hide-input"));
  return (
    <>
      <RunMark cell={cell} number={number} />
      {isFolded ? (
        <button type="button" class="fold-button" onClick={() => setFolded(false)}>
          Show the code of this cell
        </button>
      ) : (
        <CodeText cell={cell} label={`Code of cell ${number}`} />
      )}
      <CellOutput cell={cell} number={number} />
    </>
  );
}

function CodeText({ cell, label }: { cell: LiveCell; label: string }) {
  const context = useNotebook();
  const host = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  // The label has the cell's number, which changes with cells above; the editor stays the same one.
  const named = useRef(label);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null || isNear) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some(({ isIntersecting }) => isIntersecting) && setNear(true),
      { rootMargin: nearMargin },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, [isNear]);
  useLayoutEffect(() => {
    if (!isNear || host.current === null) return undefined;
    const view = createCodeEditor({
      parent: host.current,
      text: cell.text.source,
      language: "typescript",
      label: named.current,
      tabIndex: -1,
      keys: arrowsBetweenCells(context, cell.id),
      extensions: [languageExtensions(context, cell), lineNumbersFrom(context.showsLineNumbers)],
      onUpdate: (update) => {
        for (const transaction of update.transactions) cell.text.typed(transaction);
        if (update.focusChanged && update.view.hasFocus) context.selection.edit(cell.id);
      },
    });
    cell.text.attach(view);
    context.editors.set(cell.id, view);
    if (context.selection.cell.value === cell.id && context.selection.mode.value === "edit") view.focus();
    return () => {
      cell.text.attach(undefined);
      context.editors.delete(cell.id);
      view.destroy();
    };
  }, [isNear, cell, context]);
  useLayoutEffect(() => {
    named.current = label;
    const view = context.editors.get(cell.id);
    if (view !== undefined) relabel(view, label);
  }, [label, cell, context]);
  return (
    <div
      class="code-text"
      ref={host}
      onPointerDown={() => {
        if (!isNear) setNear(true);
      }}
    >
      {!isNear && <StaticCode text={cell.text.source} />}
    </div>
  );
}
