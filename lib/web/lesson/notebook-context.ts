import type { EditorView } from "@codemirror/view";
import { type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import { CellActions } from "./cell-actions.js";
import type { LessonSession } from "./lesson-session.js";
import type { Predictions } from "./predictions.js";
import { Selection } from "./selection.js";

export type Dialog = "palette" | "keys" | "history" | "start-over";

/** What the parts of a lesson's page share. */
export interface NotebookContext {
  readonly session: LessonSession;
  readonly selection: Selection;
  readonly actions: CellActions;
  readonly predictions: Predictions;
  /** The editors that are mounted now, by cell. */
  readonly editors: Map<string, EditorView>;
  readonly dialog: Signal<Dialog | undefined>;
  readonly isFindOpen: Signal<boolean>;
  readonly showsLineNumbers: Signal<boolean>;
  /** A short sentence that is read out and shown for a moment: "Cell deleted. z brings it back." */
  readonly spoken: Signal<string>;
}

export function createNotebookContext(session: LessonSession, predictions: Predictions): NotebookContext {
  const selection = new Selection();
  return {
    session,
    selection,
    actions: new CellActions(session, selection),
    predictions,
    editors: new Map(),
    dialog: signal(undefined),
    isFindOpen: signal(false),
    showsLineNumbers: signal(false),
    spoken: signal(""),
  };
}

const Context = createContext<NotebookContext | undefined>(undefined);
export const NotebookProvider = Context.Provider;

export function useNotebook(): NotebookContext {
  const context = useContext(Context);
  if (context === undefined) throw new Error("a part of a lesson stands outside of a notebook");
  return context;
}
