import { plotHtml } from "./export-plot.js";
import { escapeHtml, jsonForScript, withoutAnsi } from "./html.js";
import type { JsonValue } from "./json.js";
import type { MarkdownRenderer } from "./markdown.js";
import { type MimeBundle, noticeKind, type Output, outputText } from "./output.js";

/** What an exported page can show beyond HTML and pictures. */
export interface ExportParts {
  readonly markdown: MarkdownRenderer;
  readonly hasReplay: boolean;
}

/** An output as HTML in its richest form that works in a file. Nothing a cell made runs in the page itself. */
export function outputHtml(output: Output, parts: ExportParts): string {
  switch (output.output_type) {
    case "stream":
      return `<pre class="text ${output.name}">${escapeHtml(withoutAnsi(output.text))}</pre>`;
    case "error": {
      const details = withoutAnsi(output.traceback.join("\n"));
      const more =
        details === ""
          ? ""
          : `<details><summary>Details</summary><pre class="text">${escapeHtml(details)}</pre></details>`;
      const message = `<strong>${escapeHtml(output.ename)}</strong> ${escapeHtml(withoutAnsi(output.evalue))}`;
      return `<div class="error"><p>${message}</p>${more}</div>`;
    }
    case "display_data":
    case "execute_result": {
      if (noticeKind(output) !== undefined) return `<p class="notice">${escapeHtml(outputText(output))}</p>`;
      for (const [type, show] of forms) {
        const value = output.data[type];
        const html = value === undefined ? undefined : show(value, output.data, parts);
        if (html !== undefined) return html;
      }
      return `<pre class="text">${escapeHtml(withoutAnsi(outputText(output)))}</pre>`;
    }
  }
}

type Form = readonly [
  type: string,
  show: (value: JsonValue, data: MimeBundle, parts: ExportParts) => string | undefined,
];

const picture =
  (type: string) =>
  (value: JsonValue, data: MimeBundle): string | undefined => {
    if (typeof value !== "string") return undefined;
    return `<img src="data:${type};base64,${escapeHtml(value.replaceAll(/\s/g, ""))}" alt="${escapeHtml(label(data))}">`;
  };

/** From the richest to the plainest, as the page orders them. */
const forms: readonly Form[] = [
  [
    "application/vnd.highwater.trace+json",
    (value, data, { hasReplay }) => {
      if (!hasReplay) return undefined;
      const fallback = `<pre class="text">${escapeHtml(textForm(data))}</pre>`;
      return `<highwater-replay>${json(value)}${fallback}</highwater-replay>`;
    },
  ],
  ["application/vnd.plotly.v1+json", (value) => plotHtml(value)],
  [
    "image/svg+xml",
    (value, data) => {
      if (typeof value !== "string") return undefined;
      // As a picture a drawing cannot run scripts or load anything.
      const source = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(standalone(value))}`;
      return `<img class="drawing" src="${source}" alt="${escapeHtml(label(data) || "Figure")}">`;
    },
  ],
  [
    "text/html",
    (value, data) => {
      if (typeof value !== "string") return undefined;
      const title = escapeHtml(label(data) || "Output");
      return `<iframe sandbox="allow-scripts" title="${title}" srcdoc="${escapeHtml(frameDocument(value))}"></iframe>`;
    },
  ],
  ["image/png", picture("image/png")],
  ["image/jpeg", picture("image/jpeg")],
  ["image/gif", picture("image/gif")],
  ["image/webp", picture("image/webp")],
  [
    "text/markdown",
    (value, _, { markdown }) =>
      typeof value === "string" ? `<div class="prose">${markdown.render(value)}</div>` : undefined,
  ],
  ["text/plain", () => undefined],
  ["application/json", (value) => `<pre class="text">${escapeHtml(JSON.stringify(value, undefined, 2))}</pre>`],
];

/** A drawing that names its own language, as a picture must, and whose text can be put into an address. */
function standalone(svg: string): string {
  const named = /<svg[^>]*\sxmlns=/.test(svg) ? svg : svg.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"');
  return named.replaceAll(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
}

function json(value: JsonValue): string {
  return `<script type="application/json">${jsonForScript(value)}</script>`;
}

/** The frame tells its height to the page around it, which cannot look inside. */
function frameDocument(html: string): string {
  const tell =
    'const tell=()=>parent.postMessage({highwaterHeight:Math.ceil(document.documentElement.getBoundingClientRect().height)},"*");new ResizeObserver(tell).observe(document.documentElement);addEventListener("load",tell);';
  const style = "html{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{margin:0}";
  return `<!doctype html><meta charset="utf-8"><style>${style}</style>${html}<script>${tell}</script>`;
}

function textForm(data: MimeBundle): string {
  const text = data["text/plain"];
  return typeof text === "string" ? withoutAnsi(text) : "";
}

/** The plain text beside a picture says what is on it, unless it is too long to be read out. */
function label(data: MimeBundle): string {
  const text = textForm(data).trim();
  return text.length > 600 ? "" : text;
}
