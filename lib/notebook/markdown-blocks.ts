import type { MarkdownIt, StateBlock, StateInline, Token } from "markdown-it";

/**
 * Blocks of a lesson, between a line `::: name title` and a line `:::`. They may hold any markdown, each other included.
 * Front ends that do not know them show the two lines as text and lose nothing.
 *
 * - `predict key`: a question to answer before the cells below run. Inside it `[[leader]]` is a field to fill in,
 *   `[[outcome: kept | lost]]` one to choose in, and `[[leader = 2]]` says what is right.
 * - `reveal`: the explanation, to open after answering.
 * - `hint`: folded away until wanted.
 * - `aside`: a side remark.
 */
export function lessonBlocks(markdown: MarkdownIt): void {
  markdown.block.ruler.before("fence", "lesson-block", readBlock, {
    alt: ["paragraph", "reference", "blockquote", "list"],
  });
  markdown.inline.ruler.before("link", "blank", readBlank);
  const { rules } = markdown.renderer;
  rules.lesson_block_open = (tokens, index) => openBlock(tokens[index], quote);
  rules.lesson_block_close = (tokens, index) => closeBlock(tokens[index]);
  rules.blank = (tokens, index) => blank(tokens[index], quote);

  function quote(text: string): string {
    return markdown.utils.escapeHtml(text);
  }
}

const names = ["predict", "reveal", "hint", "aside"] as const;
type BlockName = (typeof names)[number];

const opening = /^:{3,}\s*([a-z]+)\b\s*(.*?)\s*:*$/;
const closing = /^:{3,}$/;

function lineText(state: StateBlock, line: number): string {
  const start = (state.bMarks[line] ?? 0) + (state.tShift[line] ?? 0);
  return state.src.slice(start, state.eMarks[line]).trimEnd();
}

function blockName(text: string): BlockName | undefined {
  const word = opening.exec(text)?.[1];
  return names.find((name) => name === word);
}

function readBlock(state: StateBlock, startLine: number, endLine: number, silent: boolean): boolean {
  const first = lineText(state, startLine);
  const name = blockName(first);
  if (name === undefined || state.sCount[startLine] !== state.blkIndent) return false;
  if (silent) return true;
  let depth = 1;
  let fence: string | undefined;
  let line = startLine + 1;
  for (; line < endLine; line++) {
    const text = lineText(state, line);
    // Colons inside a code fence are code.
    const mark = /^(`{3,}|~{3,})/.exec(text)?.[1];
    if (fence === undefined) fence = mark;
    else if (mark?.startsWith(fence)) fence = undefined;
    if (fence !== undefined) continue;
    if (blockName(text) !== undefined) depth++;
    else if (closing.test(text)) depth--;
    if (depth === 0) break;
  }
  const number = Number(state.env.blocks ?? 0) + 1;
  state.env.blocks = number;
  const meta: BlockMeta = { name, title: opening.exec(first)?.[2] ?? "", number };
  const open = state.push("lesson_block_open", "", 1);
  open.block = true;
  open.meta = meta;
  open.map = [startLine, line];
  const { parentType, lineMax } = state;
  state.parentType = "blockquote";
  state.lineMax = line;
  state.md.block.tokenize(state, startLine + 1, line);
  state.parentType = parentType;
  state.lineMax = lineMax;
  const close = state.push("lesson_block_close", "", -1);
  close.block = true;
  close.meta = meta;
  state.line = Math.min(line + 1, endLine);
  return true;
}

const blankForm = /^\[\[([^[\]\n]+)\]\]/;
const blankName = /^[\p{L}\p{N}][\p{L}\p{N}_ .-]*$/u;

/** `[[name]]`, `[[name: a | b]]`, `[[name = answer]]`, or both. Configuration keys hold `=`, so the answer's stands alone. */
function readBlank(state: StateInline, silent: boolean): boolean {
  const match = blankForm.exec(state.src.slice(state.pos, state.posMax));
  const meta = match === null ? null : blankOf(match[1] ?? "");
  if (match === null || meta === null) return false;
  if (!silent) state.push("blank", "", 0).meta = meta;
  state.pos += match[0].length;
  return true;
}

function blankOf(inside: string): NonNullable<BlankMeta> | null {
  const equals = inside.lastIndexOf(" = ");
  const [asked, answer] =
    equals < 0 ? [inside, undefined] : [inside.slice(0, equals), inside.slice(equals + " = ".length).trim()];
  const colon = asked.indexOf(":");
  const name = (colon < 0 ? asked : asked.slice(0, colon)).trim();
  const choices =
    colon < 0
      ? undefined
      : asked
          .slice(colon + 1)
          .split("|")
          .map((choice) => choice.trim());
  // A bare number is more likely a list of lists than a question.
  const isNamed = blankName.test(name) && (/\p{L}/u.test(name) || choices !== undefined || answer !== undefined);
  return isNamed ? { name, choices, answer } : null;
}

type Quote = (text: string) => string;

/** What `readBlock` and `readBlank` leave on their tokens. */
type BlockMeta = { readonly name: BlockName; readonly title: string; readonly number: number } | undefined;
type BlankMeta =
  | { readonly name: string; readonly choices: readonly string[] | undefined; readonly answer: string | undefined }
  | undefined;

function openBlock(token: Token | undefined, quote: Quote): string {
  const meta = token?.meta as BlockMeta; // as readBlock left it
  const title = meta?.title ?? "";
  switch (meta?.name) {
    case "predict": {
      const key = title === "" ? `question-${meta.number}` : title.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
      return `<section class="block predict" data-predict="${quote(key)}" aria-label="Prediction">\n`;
    }
    case "reveal":
      return `<details class="block reveal"><summary>${quote(title || "Answer")}</summary>\n`;
    case "hint":
      return `<details class="block hint"><summary>${quote(title || "Hint")}</summary>\n`;
    case "aside": {
      const heading = title === "" ? "" : `<p class="block-title">${quote(title)}</p>\n`;
      return `<aside class="block aside" aria-label="${quote(title || "Aside")}">\n${heading}`;
    }
    case undefined:
      return "";
  }
}

function closeBlock(token: Token | undefined): string {
  switch ((token?.meta as BlockMeta)?.name /* as readBlock left it */) {
    case "predict":
      return "</section>\n";
    case "reveal":
    case "hint":
      return "</details>\n";
    case "aside":
      return "</aside>\n";
    case undefined:
      return "";
  }
}

function blank(token: Token | undefined, quote: Quote): string {
  const meta = token?.meta as BlankMeta; // as readBlank left it
  const choices = meta?.choices === undefined ? "" : ` data-choices="${quote(JSON.stringify(meta.choices))}"`;
  const answer = meta?.answer === undefined ? "" : ` data-answer="${quote(meta.answer)}"`;
  return `<span class="blank" data-blank="${quote(meta?.name ?? "")}"${choices}${answer}>____</span>`;
}
