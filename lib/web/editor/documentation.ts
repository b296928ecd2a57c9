import { typescriptLanguage } from "@codemirror/lang-javascript";
import { highlightCode } from "@lezer/highlight";
import { highlighter } from "./highlight.js";

/** A declaration and what is written about it, as an element for a tooltip. */
export function plainHtml(signature: string, documentation: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "type-info";
  const code = element.appendChild(document.createElement("pre"));
  highlightCode(
    signature,
    typescriptLanguage.parser.parse(signature),
    highlighter,
    (text, className) => {
      const span = code.appendChild(document.createElement("span"));
      span.className = className;
      span.textContent = text;
    },
    () => code.append("\n"),
  );
  for (const paragraph of documentation.split(/\n{2,}/)) {
    if (paragraph.trim() === "") continue;
    const element_ = element.appendChild(document.createElement("p"));
    appendInline(element_, paragraph);
  }
  return element;
}

/** `code`, *emphasis* and {@link names} are all the marks that doc comments use here. */
function appendInline(parent: HTMLElement, text: string): void {
  const parts = text.split(/(`[^`]+`|\*[^*\s][^*]*\*|\{@link [^}]+\})/);
  for (const part of parts) {
    if (part.startsWith("`")) parent.appendChild(document.createElement("code")).textContent = part.slice(1, -1);
    else if (/^\*.+\*$/.test(part)) parent.appendChild(document.createElement("em")).textContent = part.slice(1, -1);
    else if (part.startsWith("{@link ")) {
      parent.appendChild(document.createElement("code")).textContent = part.slice("{@link ".length, -1);
    } else parent.append(part);
  }
}
