import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { yaml } from "@codemirror/lang-yaml";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, type KeyBinding, keymap, type ViewUpdate } from "@codemirror/view";
import { styleNonce } from "../parts/boot.js";
import { editorTheme } from "./editor-theme.js";
import { highlighter } from "./highlight.js";

export type EditorLanguage = "typescript" | "markdown" | "yaml" | "scenario";

export interface CodeEditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly language: EditorLanguage;
  /** What a screen reader calls it. */
  readonly label: string;
  /** Tried before the editor's own keys. */
  readonly keys: readonly KeyBinding[];
  readonly onUpdate: (update: ViewUpdate) => void;
  readonly extensions?: Extension;
  /** The element's place among the stops of the Tab key. */
  readonly tabIndex?: number;
}

const labelled = new Compartment();

function labelOf(label: string): Extension {
  return EditorView.contentAttributes.of({ "aria-label": label });
}

/** Calls an editor by another name and leaves its cursor, its focus and what can be undone in it as they are. */
export function relabel(view: EditorView, label: string): void {
  view.dispatch({ effects: labelled.reconfigure(labelOf(label)) });
}

/** One editor. Tab indents, so Escape has to lead out of it: whoever makes one binds Escape. */
export function createCodeEditor(options: CodeEditorOptions): EditorView {
  const attributes: Record<string, string> = {};
  if (options.tabIndex !== undefined) attributes.tabindex = String(options.tabIndex);
  if (options.language === "markdown") attributes.spellcheck = "true";
  return new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        EditorView.cspNonce.of(styleNonce()),
        EditorView.contentAttributes.of(attributes),
        labelled.of(labelOf(options.label)),
        keymap.of([...options.keys]),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        indentUnit.of("  "),
        EditorState.tabSize.of(2),
        EditorView.lineWrapping,
        languageOf(options.language),
        syntaxHighlighting(highlighter),
        editorTheme,
        options.extensions ?? [],
        keymap.of([
          { key: "Tab", run: indentMore, shift: indentLess },
          ...closeBracketsKeymap,
          ...historyKeymap,
          ...defaultKeymap,
        ]),
        EditorView.updateListener.of(options.onUpdate),
      ],
    }),
  });
}

function languageOf(language: EditorLanguage): Extension {
  switch (language) {
    case "typescript":
      return javascript({ typescript: true });
    case "yaml":
      return yaml();
    case "markdown":
    case "scenario":
      return [];
  }
}
