/** How an exported notebook looks: a quiet column of text, light and dark, on screen and on paper. */
export const exportStyle = `
:root {
  color-scheme: light dark;
  --page: light-dark(#fdfdfc, #16181b);
  --ink: light-dark(#1d2024, #e4e5e7);
  --muted: light-dark(#5b626b, #a3a9b1);
  --line: light-dark(#dcdfe3, #343940);
  --sunken: light-dark(#f3f4f5, #1f2226);
  --accent: light-dark(#0b5cad, #7db7f0);
  --bad: light-dark(#a3200d, #ff9c8a);
  --string: light-dark(#2c6e2f, #9fd39a);
  --number: light-dark(#8a4b00, #e6b673);
}
* { box-sizing: border-box; }
html { font: 17px/1.55 system-ui, sans-serif; scroll-padding-top: 1rem; }
body { margin: 0; background: var(--page); color: var(--ink); }
main { max-width: 72ch; margin: 0 auto; padding: 2rem 1.25rem 4rem; overflow-wrap: break-word; }
nav { max-width: 72ch; margin: 1.5rem auto 0; padding: 0 1.25rem; }
nav ul { font-size: 0.94rem; margin: 0; padding: 0; list-style: none; display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; }
a { color: var(--accent); text-underline-offset: 0.15em; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 0.5rem; top: 0.5rem; background: var(--page); padding: 0.25rem 0.5rem; }
h1, h2, h3, h4 { line-height: 1.25; margin: 2rem 0 0.75rem; text-wrap: balance; }
h1 { font-size: 1.9rem; margin-top: 0.5rem; }
h2 { font-size: 1.4rem; }
h3 { font-size: 1.15rem; }
.cell { margin: 1rem 0; }
pre, code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-variant-numeric: tabular-nums; }
code { font-size: 0.9em; }
.prose :not(pre) > code { background: var(--sunken); border-radius: 4px; padding: 0.1em 0.3em; }
pre { font-size: 0.84rem; line-height: 1.5; overflow-x: auto; margin: 0.5rem 0; }
pre code { font-size: inherit; }
.source, .prose pre { background: var(--sunken); border-radius: 6px; padding: 0.75rem 1rem; }
.source { border-left: 3px solid var(--line); }
.text { white-space: pre-wrap; }
.stderr, .notice { color: var(--muted); }
.error { border-left: 3px solid var(--bad); padding-left: 1rem; }
.error strong { color: var(--bad); }
.outputs > * { margin: 0.5rem 0; }
.outputs img, .prose img { max-width: 100%; }
.plot { margin: 0.75rem 0; }
.plot > svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: var(--muted); }
.plot .grid { stroke: var(--line); } .plot .axis { stroke: var(--muted); }
.plot-title { font-weight: 600; margin: 0; }
.plot-legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0.25rem 0; font-size: 0.9rem; }
figcaption { color: var(--muted); font-size: 0.9rem; }
.drawing { background: #fff; border-radius: 6px; }
iframe { width: 100%; height: 10rem; border: 0; }
summary { cursor: pointer; color: var(--muted); }
.table-scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 0.94rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 1.25rem 0.35rem 0; border-bottom: 1px solid var(--line); }
blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 3px solid var(--line); color: var(--muted); }
.block { margin: 1rem 0; padding: 0.25rem 1rem; border: 1px solid var(--line); border-radius: 6px; }
.block-title { font-weight: 600; }
.block .block { border-width: 1px 0 0; border-radius: 0; padding: 0.5rem 0 0; }
.tok-comment { color: var(--muted); font-style: italic; }
.tok-string { color: var(--string); }
.tok-number { color: var(--number); }
.tok-keyword { color: var(--accent); }
@media print {
  html { font-size: 10.5pt; }
  :root { color-scheme: light; }
  nav, .skip { display: none; }
  main { max-width: none; padding: 0; }
  h1, h2, h3 { break-after: avoid; }
  pre, table, figure, img, .block, highwater-replay { break-inside: avoid; }
  pre { white-space: pre-wrap; }
  .prose a[href^="http"]::after { content: " (" attr(href) ")"; color: var(--muted); font-size: 0.85em; }
}
`;
