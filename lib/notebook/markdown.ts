import MarkdownIt, { type Env, type Token } from "markdown-it";
import { isJsonObject, type JsonObject } from "./json.js";
import { lessonBlocks } from "./markdown-blocks.js";

export interface MarkdownOptions {
  /** Where `[text](exercise:01-…)` leads; by default to a heading of that name on the same page. */
  readonly exerciseHref?: (exercise: string) => string;
  /** Where a link to another notebook, `02-….ipynb`, leads; by default to the file. */
  readonly notebookHref?: (file: string) => string;
}

export interface MarkdownContext {
  /** The cell's `attachments`: pictures named `attachment:…` come from here. */
  readonly attachments?: JsonObject;
  /** Anchors used so far on the page, so that two equal headings in two cells get two. */
  readonly anchors?: Set<string>;
}

export interface Heading {
  readonly level: number;
  readonly text: string;
  /** The element's id: `#` and this is a link to it. */
  readonly anchor: string;
}

export interface MarkdownRenderer {
  /** HTML that holds no script and none of the text's own HTML, whatever the text. */
  render(text: string, context?: MarkdownContext): string;
  /** The headings, with the anchors that `render` gives them. */
  headings(text: string, context?: MarkdownContext): readonly Heading[];
}

export function markdownRenderer(options: MarkdownOptions = {}): MarkdownRenderer {
  const markdown = new MarkdownIt({ html: false, linkify: true });
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }); // `index.ts` and `a@b` are words here
  markdown.validateLink = isSafeLink;
  markdown.use(lessonBlocks);
  markdown.core.ruler.push("anchors", (state) => addAnchors(state.tokens, state.env));
  markdown.core.ruler.push("links", (state) => eachToken(state.tokens, (token) => resolve(token, state.env, options)));
  const scroll = '<div class="table-scroll" tabindex="0" role="region" aria-label="Table">';
  markdown.renderer.rules.table_open = () => `${scroll}\n<table>\n`;
  markdown.renderer.rules.table_close = () => "</table>\n</div>\n";
  return {
    render: (text, context = {}) => markdown.render(text, { ...context }),
    headings(text, context = {}) {
      const tokens = markdown.parse(text, { ...context });
      return tokens.flatMap((token, index) => {
        if (token.type !== "heading_open") return [];
        const anchor = String(token.attrGet("id"));
        return [{ level: Number(token.tag.slice(1)), text: plainText(tokens[index + 1]), anchor }];
      });
    },
  };
}

/** Schemes that only lead somewhere. Everything else that has a scheme, known or not yet invented, is refused. */
function isSafeLink(href: string): boolean {
  const scheme = /^\s*([a-z][a-z0-9+.-]*):/i.exec(href)?.[1]?.toLowerCase();
  if (scheme === undefined) return true;
  if (scheme === "data") return /^\s*data:image\/(png|jpeg|gif|webp);base64,/i.test(href);
  return ["http", "https", "mailto", "exercise", "attachment"].includes(scheme);
}

function eachToken(tokens: readonly Token[], visit: (token: Token) => void): void {
  for (const token of tokens) {
    visit(token);
    if (token.children !== null) eachToken(token.children, visit);
  }
}

/** Prefixed, so that a heading cannot take the id of something the page looks up. */
function anchorOf(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return `h-${words.join("-") || "section"}`;
}

function addAnchors(tokens: readonly Token[], env: Env): void {
  const anchors = env.anchors instanceof Set ? env.anchors : new Set<string>();
  for (const [index, token] of tokens.entries()) {
    if (token.type !== "heading_open") continue;
    const wanted = anchorOf(plainText(tokens[index + 1]));
    let anchor = wanted;
    for (let copy = 2; anchors.has(anchor); copy++) anchor = `${wanted}-${copy}`;
    anchors.add(anchor);
    token.attrSet("id", anchor);
  }
}

function plainText(inline: Token | undefined): string {
  const parts = (inline?.children ?? []).map(({ type, content }) => {
    if (type === "softbreak" || type === "hardbreak") return " ";
    return type === "text" || type === "code_inline" || type === "image" ? content : "";
  });
  return parts.join("");
}

function resolve(token: Token, env: Env, options: MarkdownOptions): void {
  if (token.type === "image") {
    const name = /^attachment:(.+)$/.exec(String(token.attrGet("src")))?.[1];
    if (name !== undefined) token.attrSet("src", attachment(env.attachments, safeDecode(name)) ?? "");
    token.attrSet("loading", "lazy");
  }
  if (token.type !== "link_open") return;
  const href = String(token.attrGet("href"));
  const exercise = /^exercise:(.+)$/.exec(href)?.[1];
  const notebook = /^(?:\.\/)?([\w.-]+\.ipynb)(#.*)?$/.exec(href);
  if (exercise !== undefined) {
    token.attrSet("class", "exercise-link");
    token.attrSet("data-exercise", exercise);
    token.attrSet("href", options.exerciseHref?.(exercise) ?? `#${anchorOf(exercise)}`);
  } else if (notebook !== null) {
    const file = notebook[1] ?? "";
    token.attrSet("href", `${options.notebookHref?.(file) ?? file}${notebook[2] ?? ""}`);
  } else if (href.startsWith("#")) {
    token.attrSet("href", `#${anchorOf(safeDecode(href.slice(1)).replace(/^h-/, ""))}`);
  } else if (/^(https?:)?\/\//i.test(href)) {
    token.attrSet("target", "_blank");
    token.attrSet("rel", "noopener noreferrer");
  }
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A picture that the cell carries, as a data address. */
function attachment(attachments: unknown, name: string): string | undefined {
  const bundle = isJsonObject(attachments as JsonObject) ? (attachments as JsonObject)[name] : undefined; // from a cell
  if (!isJsonObject(bundle)) return undefined;
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const base64 = bundle[type];
    if (typeof base64 === "string") return `data:${type};base64,${base64.replaceAll(/\s/g, "")}`;
  }
  return undefined;
}
