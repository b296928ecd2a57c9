import type { WebManifest } from "./assets.js";
import { escapeHtml } from "./plain-page.js";

export interface PageHtmlOptions {
  readonly manifest: WebManifest;
  readonly nonce: string;
  /** The value of the cookie in which the page keeps how it should look: `scheme.contrast`. */
  readonly looks: string | undefined;
  readonly title: string;
  /** Which kind of page it is: its parts are fetched early. */
  readonly kind: string;
  /** What the page needs for its first screen, so that it asks for nothing before showing it. */
  readonly boot: unknown;
}

/** The one HTML document of the page; everything in it but the boot data is the same for every visitor. */
export function pageHtml({ manifest, nonce, looks, title, kind, boot }: PageHtmlOptions): string {
  const [, scheme = "auto", contrast = "auto"] = /^(auto|light|dark)\.(auto|more)$/.exec(looks ?? "") ?? [];
  const parts = [...manifest.preload, ...(manifest.pages[kind] ?? [])];
  return `<!doctype html>
<html lang="en" data-nonce="${nonce}" data-scheme="${scheme}" data-contrast="${contrast}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="/assets/${manifest.icon}" type="image/svg+xml">
<link rel="stylesheet" href="/assets/${manifest.style}">
${parts.map((part) => `<link rel="modulepreload" href="/assets/${part}">`).join("\n")}
<script type="module" src="/assets/${manifest.script}"></script>
</head>
<body>
<div id="page"></div>
<noscript><p>This page runs TypeScript and so needs scripts switched on. The lessons are plain notebooks too: open the files in <code>notebooks/</code> with any program that reads them.</p></noscript>
<script type="application/json" id="boot">${embedJson(boot)}</script>
</body>
</html>
`;
}

/** JSON that stays inside its script element whatever is in it. */
function embedJson(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll("<", "\\u003c")
    .replaceAll("\u2028", "\\u2028")
    .replaceAll("\u2029", "\\u2029");
}
