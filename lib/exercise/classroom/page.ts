/** Text as HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A page that stands alone: no script, nothing fetched, readable in light, dark, high contrast and on paper. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

const style = `
:root {
  color-scheme: light dark;
  --page: light-dark(#fcfcfa, #14171a);
  --raised: light-dark(#ffffff, #1d2125);
  --sunken: light-dark(#f4f4f0, #1a1e22);
  --text: light-dark(#1c1f23, #e3e6e8);
  --muted: light-dark(#5a6169, #9ba5ae);
  --line: light-dark(#e4e4de, #2b3137);
  --accent: light-dark(#0b5394, #7fb7ef);
  --good: light-dark(#1b6e37, #6cc58a);
  --warn: light-dark(#8a5a00, #e0b050);
  --bad: light-dark(#b3261e, #f28b82);
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
* { box-sizing: border-box; }
html { font-size: 17px; -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--page);
  color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", Arial, sans-serif;
}
main { max-width: 50rem; margin: 0 auto; padding: 2.5rem 1.25rem 4rem; }
h1, h2, h3 { line-height: 1.22; letter-spacing: -0.012em; text-wrap: balance; }
h1 { margin: 0 0 0.25rem; font-size: 2rem; overflow-wrap: anywhere; }
h2 { margin: 2.75rem 0 0.75rem; font-size: 1.35rem; }
h3 { margin: 0; font-size: 1.1rem; }
p { margin: 0 0 0.75rem; }
a { color: var(--accent); text-underline-offset: 0.18em; text-decoration-thickness: 1px; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.muted { color: var(--muted); }
.number { font-variant-numeric: tabular-nums; text-align: right; white-space: nowrap; }
.scroll { overflow-x: auto; }
table { width: 100%; margin: 1.25rem 0; border-collapse: collapse; }
th, td { padding: 0.4rem 0.75rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
th { color: var(--muted); font-size: 0.85rem; font-weight: 600; }
th.number { text-align: right; }
tfoot td { border-bottom: 0; font-weight: 650; }
.mark { display: inline-block; width: 1.4em; font-weight: 700; }
.pass { color: var(--good); }
.fail { color: var(--bad); }
.ungradable, .inconclusive { color: var(--warn); }
.missing { color: var(--muted); }
.verdict { border: 1px solid var(--line); border-top: 4px solid; border-radius: 8px; background: var(--raised); }
.verdict > * { padding: 0.8rem 1.25rem; color: var(--text); border-top: 1px solid var(--line); }
.verdict > :first-child { border-top: 0; }
.head { display: flex; align-items: baseline; gap: 0.5rem; }
.head .points { margin-left: auto; padding-left: 1rem; color: var(--muted); font-size: 0.85rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.verdict + * { margin-top: 0.6rem; }
.inset { margin: 0.5rem 0 0 1.9rem; }
.steps { margin: 0 0 0.75rem; padding: 0.6rem 1rem 0.6rem 2.5rem; border-radius: 6px; background: var(--sunken); }
.steps li::marker { color: var(--muted); font: 0.85rem var(--mono); }
.steps li { padding: 0.15rem 0 0.15rem 0.4rem; }
.because, .searched { color: var(--muted); font-size: 0.92rem; }
.searched { margin-bottom: 0; }
.conclusion { color: var(--bad); font-weight: 600; }
.causes { margin: 0 0 0.75rem; padding-left: 1.1rem; color: var(--muted); font-size: 0.94rem; }
.fields { margin: 0 0 0.5rem; padding: 0; list-style: none; }
.fields dfn { font-style: normal; color: var(--muted); }
.belief p:last-child { margin-bottom: 0; }
details summary { color: var(--muted); font-size: 0.9rem; cursor: pointer; }
pre { margin: 0.5rem 0; padding: 0.75rem 1rem; overflow-x: auto; border-radius: 6px; background: var(--sunken); font: 0.85rem/1.5 var(--mono); }
footer { margin-top: 3rem; color: var(--muted); font-size: 0.85rem; }
.hash { font-family: var(--mono); }
@media (prefers-contrast: more) {
  :root { --text: light-dark(#000, #fff); --muted: light-dark(#2b2f33, #d6dbe0); --line: light-dark(#6a6f75, #8b939b); }
}
@media (max-width: 36rem) {
  .head { flex-wrap: wrap; }
  .head h3 { flex: 1; min-width: 70%; }
  .head .points { flex-basis: 100%; margin-left: 0; padding-left: 1.9rem; white-space: normal; }
  .inset { margin-left: 0; }
}
@media print {
  html { font-size: 11pt; }
  .verdict, tr { break-inside: avoid; }
}
`;
