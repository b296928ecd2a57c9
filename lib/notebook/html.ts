/** Text as HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** A value as the content of a `<script type="application/json">`, which nothing in it can close. */
export function jsonForScript(value: unknown): string {
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}

/** A built script as the content of a `<script>`: what ends or hides the element is written another way. */
export function inScript(script: string): string {
  return script.replaceAll(/<\/(script)/gi, "<\\/$1").replaceAll("<!--", "\\x3c!--");
}

/** Terminal text without its escape sequences: colours, cursor movements, titles. */
export function withoutAnsi(text: string): string {
  return text.replaceAll(escapeSequence, "");
}
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what this is about
const escapeSequence = /\u001b(?:\[[0-9;:?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** TypeScript source with spans around comments, strings, numbers and keywords: `tok-comment`, `tok-string` … */
export function highlightCode(source: string): string {
  let html = "";
  let at = 0;
  for (const match of source.matchAll(tokens)) {
    const kind = Object.entries(match.groups ?? {}).find(([, text]) => text !== undefined)?.[0] ?? "";
    html += `${escapeHtml(source.slice(at, match.index))}<span class="tok-${kind}">${escapeHtml(match[0])}</span>`;
    at = match.index + match[0].length;
  }
  return html + escapeHtml(source.slice(at));
}

const keywords =
  "abstract any as async await boolean break case catch class const continue declare default delete do else enum export extends false finally for from function if implements import in infer instanceof interface keyof let never new null number object of private protected public readonly return satisfies static string super switch symbol this throw true try type typeof undefined unknown var void while yield";

const tokens = new RegExp(
  [
    "(?<comment>//[^\\n]*|/\\*[^]*?(?:\\*/|$))",
    "(?<string>\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?|`(?:\\\\[^]|[^`\\\\])*`?)",
    "(?<number>\\b\\d[\\w.]*)",
    `(?<keyword>(?<![\\w$.])(?:${keywords.replaceAll(" ", "|")})(?![\\w$]))`,
  ].join("|"),
  "g",
);
