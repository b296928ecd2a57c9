import { outputHtml } from "./export-output.js";
import { exportStyle } from "./export-style.js";
import { escapeHtml, highlightCode, inScript } from "./html.js";
import { isJsonObject, type JsonValue } from "./json.js";
import { type Heading, type MarkdownOptions, type MarkdownRenderer, markdownRenderer } from "./markdown.js";
import { type Cell, cellTags, type Notebook } from "./notebook.js";

export interface ExportOptions extends MarkdownOptions {
  /** For the browser's tab; the notebook's first heading when left out. */
  readonly title?: string;
  /** `folded`: behind a line that opens it. */
  readonly code: "shown" | "folded" | "hidden";
  /** The built `<highwater-replay>`; without it runs are shown as text. */
  readonly replay?: { readonly script: string; readonly styles: string };
}

/**
 * A notebook as one HTML file that needs nothing else: it opens from a folder, prints, and asks the network for nothing.
 *
 * Cells tagged `hide-input`, `hide-output` or `hide-cell` are shown without that part.
 */
export function exportNotebook(notebook: Notebook, options: ExportOptions): string {
  const markdown = markdownRenderer(options);
  const anchors = new Set<string>();
  const headings = notebook.cells.flatMap((cell) =>
    cell.cell_type === "markdown" ? markdown.headings(cell.source, { anchors }) : [],
  );
  const title = options.title ?? headings[0]?.text ?? "Notebook";
  anchors.clear();
  const cells = notebook.cells.map((cell) => cellHtml(cell, markdown, anchors, options)).filter((html) => html !== "");
  const { replay } = options;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${inStyle(exportStyle)}${replay ? inStyle(replay.styles) : ""}</style>
</head>
<body>
<a class="skip" href="#notebook">Skip to the text</a>
${contents(headings)}<main id="notebook">
${cells.join("\n")}
</main>
${replay ? `<script type="module">${inScript(replay.script)}</script>\n` : ""}<script type="module">${bootScript}</script>
</body>
</html>
`;
}

/** Inherited by the frames of cells' own HTML: their scripts run there, and can fetch nothing. */
const policy =
  "default-src 'none'; img-src data: https: http:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; font-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'";

/** Hands each part its data, gives frames their height, and opens what is folded before printing. */
const bootScript = `
for (const player of document.querySelectorAll("highwater-replay")) {
  player.trace = JSON.parse(player.querySelector("script").textContent);
}
addEventListener("message", ({ source, data }) => {
  const height = Number(data?.highwaterHeight);
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === source && height > 0) frame.style.height = Math.min(height, 20000) + "px";
  }
});
addEventListener("beforeprint", () => {
  for (const folded of document.querySelectorAll("details:not([open])")) {
    folded.open = true;
    addEventListener("afterprint", () => { folded.open = false; }, { once: true });
  }
});
`;

function cellHtml(cell: Cell, markdown: MarkdownRenderer, anchors: Set<string>, options: ExportOptions): string {
  const tags = cellTags(cell);
  if (tags.includes("hide-cell") || tags.includes("remove-cell")) return "";
  const open = (kind: string): string => `<section class="cell ${kind}" id="cell-${escapeHtml(cell.id)}">`;
  switch (cell.cell_type) {
    case "markdown": {
      const attachments: JsonValue | undefined = "attachments" in cell ? (cell.attachments as JsonValue) : undefined; // from JSON
      const context = isJsonObject(attachments) ? { anchors, attachments } : { anchors };
      return `${open("prose")}\n${markdown.render(cell.source, context)}</section>`;
    }
    case "raw":
      return `${open("raw")}<pre class="text">${escapeHtml(cell.source)}</pre></section>`;
    case "code": {
      const parts = {
        markdown,
        hasReplay: options.replay !== undefined,
      };
      const outputs = tags.includes("hide-output") ? [] : cell.outputs.map((output) => outputHtml(output, parts));
      const code = tags.includes("hide-input") ? "" : codeHtml(cell.source, options.code);
      if (code === "" && outputs.length === 0) return "";
      const shown = outputs.length === 0 ? "" : `<div class="outputs">\n${outputs.join("\n")}\n</div>`;
      return `${open("code")}${code}${shown}</section>`;
    }
  }
}

function codeHtml(source: string, how: ExportOptions["code"]): string {
  if (how === "hidden" || source.trim() === "") return "";
  const code = `<pre class="source" tabindex="0"><code>${highlightCode(source)}</code></pre>`;
  return how === "shown" ? code : `<details class="fold"><summary>Code</summary>${code}</details>`;
}

function contents(headings: readonly Heading[]): string {
  const listed = headings.filter(({ level }) => level === 2);
  if (listed.length < 3) return "";
  const items = listed.map(({ text, anchor }) => `<li><a href="#${escapeHtml(anchor)}">${escapeHtml(text)}</a></li>`);
  return `<nav aria-label="Contents"><ul>${items.join("")}</ul></nav>\n`;
}

/** Built styles are ours; only their end mark must not end the element early. */
function inStyle(style: string): string {
  return style.replaceAll(/<\/(style)/gi, "<\\/$1");
}
