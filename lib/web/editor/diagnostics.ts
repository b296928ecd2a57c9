import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import { type EditorView, ViewPlugin } from "@codemirror/view";
import { effect } from "@preact/signals";
import type { CellDiagnostic } from "../../notebook/check/checker.js";
import type { LiveCell } from "../lesson/live-cell.js";

/** Marks what the checker found, in the text and beside it, as long as it speaks of the text that is on show. */
export function typeDiagnostics(cell: LiveCell): Extension {
  const follow = ViewPlugin.define((view) => {
    const stop = effect(() => {
      const { version, found } = cell.diagnostics.value;
      // A plugin may not dispatch while the view is being made or updated.
      queueMicrotask(() => {
        if (view.dom.isConnected && cell.text.isAt(version)) show(view, found);
      });
    });
    return { destroy: stop };
  });
  return [follow, lintGutter()];
}

function show(view: EditorView, found: readonly CellDiagnostic[]): void {
  const { length } = view.state.doc;
  const diagnostics = found.map((diagnostic): Diagnostic => {
    const from = Math.min(diagnostic.from, length);
    return {
      from,
      to: Math.min(Math.max(diagnostic.to, from), length),
      severity: diagnostic.severity,
      message: messageOf(diagnostic),
      source: `TypeScript ${diagnostic.code}`,
    };
  });
  view.dispatch(setDiagnostics(view.state, diagnostics));
}

/** Plain words first, where there are any; TypeScript's own behind them. */
function messageOf({ gloss, message }: CellDiagnostic): string {
  return gloss === undefined ? message : `${gloss.replaceAll("`", "")}\n\n${message}`;
}
