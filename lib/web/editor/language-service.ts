import type { Extension } from "@codemirror/state";
import type { LiveCell } from "../lesson/live-cell.js";
import type { NotebookContext } from "../lesson/notebook-context.js";
import { typeCompletion } from "./completion.js";
import { goToDefinition } from "./definition.js";
import { typeDiagnostics } from "./diagnostics.js";
import { typeHover } from "./hover.js";
import { parameterHelp } from "./parameter-help.js";
import { typeQuestions } from "./type-questions.js";

/** What the type checker knows, in one cell's editor. */
export function languageExtensions(context: NotebookContext, cell: LiveCell): Extension {
  const ask = typeQuestions(context.session, cell);
  return [typeDiagnostics(cell), typeCompletion(ask), typeHover(ask), parameterHelp(ask), goToDefinition(context, ask)];
}
