import { typescriptLanguage } from "@codemirror/lang-javascript";
import { highlightCode } from "@lezer/highlight";
import { highlighter } from "./highlight.js";

/** Text that looks as it will in the editor, for cells that are not near the screen and for texts that do not change. */
export function StaticCode({ text }: { text: string }) {
  const parts: { text: string; className: string }[] = [];
  highlightCode(
    text,
    typescriptLanguage.parser.parse(text),
    highlighter,
    (part, className) => parts.push({ text: part, className }),
    () => parts.push({ text: "\n", className: "" }),
  );
  return (
    <pre class="static-code">
      {parts.map(({ text: part, className }, index) =>
        className === "" ? (
          part
        ) : (
          // Stretches of a text have no identity of their own
          <span key={index} class={className}>
            {part}
          </span>
        ),
      )}
    </pre>
  );
}
