import type { Extension } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { focusEditor } from "../lesson/cell-focus.js";
import type { NotebookContext } from "../lesson/notebook-context.js";
import type { Ask } from "./type-questions.js";

/** F12, or a click with Ctrl or ⌘ held: to where a name is declared, within the notebook. */
export function goToDefinition(context: NotebookContext, ask: Ask): Extension {
  const go = async (offset: number) => {
    const places = await ask("definition", offset);
    const inNotebook = places?.find((place) => "cell" in place);
    if (inNotebook !== undefined) {
      focusEditor(context, inNotebook.cell);
      // The editor may have to be made first: its cell was far from the screen.
      setTimeout(() => {
        const selection = { anchor: inNotebook.from, head: inNotebook.to };
        context.editors.get(inNotebook.cell)?.dispatch({ selection, scrollIntoView: true });
      }, 60);
      return;
    }
    const [elsewhere] = places ?? [];
    context.spoken.value =
      elsewhere === undefined || !("file" in elsewhere)
        ? "No declaration found."
        : `Declared outside of the lesson: ${elsewhere.file.split("/").slice(-2).join("/")}, line ${elsewhere.line}.`;
  };
  return [
    keymap.of([
      {
        key: "F12",
        run: (view) => {
          void go(view.state.selection.main.head);
          return true;
        },
      },
    ]),
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        if (!(event.ctrlKey || event.metaKey) || event.button !== 0) return false;
        const position = view.posAtCoords({ x: event.clientX, y: event.clientY });
        if (position === null) return false;
        event.preventDefault();
        void go(position);
        return true;
      },
    }),
  ];
}
