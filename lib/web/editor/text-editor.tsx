import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import type { Extension } from "@codemirror/state";
import type { EditorView, KeyBinding } from "@codemirror/view";
import { useLayoutEffect, useRef } from "preact/hooks";
import { createCodeEditor, type EditorLanguage } from "./code-editor.js";

/** Something wrong at a place counted from 1. */
export interface TextMark {
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

interface TextEditorProps {
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly language: EditorLanguage;
  readonly label: string;
  readonly marks?: readonly TextMark[];
  /** Help of the language's own; taken once. */
  readonly extensions?: Extension;
  /** Mod-Enter. */
  readonly onSubmit?: () => void;
}

/** A whole text in an editor of its own, for answers and scenarios. Escape gives the Tab key back to the page. */
export function TextEditor({ text, onText, language, label, marks, extensions, onSubmit }: TextEditorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>();
  const latest = useRef({ onText, onSubmit });
  latest.current = { onText, onSubmit };
  // The text it starts with is taken once; later ones below
  useLayoutEffect(() => {
    if (host.current === null) return undefined;
    const submit = () => {
      latest.current.onSubmit?.();
      return true;
    };
    const keys: KeyBinding[] = [
      { key: "Mod-Enter", run: submit },
      { key: "Escape", run: leave },
    ];
    const made = createCodeEditor({
      parent: host.current,
      text,
      language,
      label,
      keys,
      extensions: extensions ?? [],
      onUpdate: (update) => {
        if (update.docChanged) latest.current.onText(update.state.doc.toString());
      },
    });
    view.current = made;
    return () => made.destroy();
  }, [language, label]);
  useLayoutEffect(() => {
    const current = view.current;
    if (current === undefined || current.state.doc.toString() === text) return;
    current.dispatch({ changes: { from: 0, to: current.state.doc.length, insert: text } });
  }, [text]);
  useLayoutEffect(() => {
    const current = view.current;
    if (current === undefined) return;
    current.dispatch(
      setDiagnostics(
        current.state,
        (marks ?? []).map((mark) => diagnosticOf(current, mark)),
      ),
    );
  }, [marks]);
  return <div class="text-editor" ref={host} />;
}

/** Puts the focus on the frame around the editor, from where Tab goes on to what follows. */
function leave(view: EditorView): boolean {
  const frame = view.dom.parentElement;
  if (frame === null) return false;
  frame.tabIndex = -1;
  frame.focus();
  return true;
}

function diagnosticOf(view: EditorView, { line, column, message }: TextMark): Diagnostic {
  const { doc } = view.state;
  const at = doc.line(Math.min(Math.max(1, line ?? 1), doc.lines));
  const from = Math.min(at.to, at.from + Math.max(0, (column ?? 1) - 1));
  const to = column === null ? at.to : Math.min(at.to, from + Math.max(1, wordLength(at.text.slice(from - at.from))));
  return { from: Math.min(from, to), to, severity: "error", message };
}

function wordLength(text: string): number {
  return /^[\w.-]+/.exec(text)?.[0].length ?? 1;
}
