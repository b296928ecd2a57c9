import type { Extension } from "@codemirror/state";
import type { LiveCell } from "../lesson/live-cell.js";
import type { NotebookContext } from "../lesson/notebook-context.js";

/** What the type checker knows, in the editor: filled in by the server's type service. */
export function languageExtensions(_context: NotebookContext, _cell: LiveCell): Extension {
  return [];
}
