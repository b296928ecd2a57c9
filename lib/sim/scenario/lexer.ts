import { ParseFailure } from "./diagnostic.js";

/** A word of a line: what stands between blanks, quotes taken away. */
export interface Word {
  readonly text: string;
  /** Where it starts; counts from 1. */
  readonly column: number;
  /** Units it takes in the line, quotes included. */
  readonly length: number;
  /** It began with a quote: never a key word, a range or a time. */
  readonly quoted: boolean;
}

export type LexedLine =
  | { readonly type: "blank" }
  | { readonly type: "comment"; readonly text: string }
  | { readonly type: "output"; readonly text: string }
  | { readonly type: "words"; readonly words: readonly Word[]; readonly comment: string | null; readonly end: number };

/**
 * Splits one line. A `#` that begins a word starts a comment; `"…"` keeps blanks and `#` in a word, with `\"`, `\\`,
 * `\n`, `\t` and `\u0041` as in JSON. A word `$` takes the rest of the line, up to a comment, as one raw word: a command
 * line with its own quoting.
 *
 * @throws ParseFailure on a quote that is not closed
 */
export function lexLine(line: string): LexedLine {
  const trimmed = line.trimStart();
  if (trimmed === "") return { type: "blank" };
  if (trimmed.startsWith("#")) return { type: "comment", text: commentText(trimmed) };
  if (trimmed.startsWith("|")) return { type: "output", text: trimmed.slice(1).replace(/^ /, "").trimEnd() };
  const words: Word[] = [];
  let at = 0;
  while (true) {
    while (at < line.length && isBlank(line.charAt(at))) at++;
    if (at >= line.length) return { type: "words", words, comment: null, end: line.trimEnd().length + 1 };
    if (line.charAt(at) === "#") {
      const end = line.slice(0, at).trimEnd().length + 1;
      return { type: "words", words, comment: commentText(line.slice(at)), end };
    }
    const word = line.charAt(at) === "$" ? rawWord(line, at) : lexWord(line, at);
    words.push(word);
    at += word.length;
  }
}

/** A word as it has to be written to be read back: quoted where that is needed. */
export function quoteWord(text: string): string {
  return /^[^\s"#$|]\S*$/.test(text) && !text.includes('"') ? text : JSON.stringify(text);
}

function commentText(text: string): string {
  return text.slice(1).replace(/^ /, "").trimEnd();
}

function lexWord(line: string, start: number): Word {
  let text = "";
  let at = start;
  while (at < line.length && !isBlank(line.charAt(at))) {
    if (line.charAt(at) !== '"') {
      text += line.charAt(at++);
      continue;
    }
    const close = closingQuote(line, at);
    if (close < 0)
      throw new ParseFailure(at + 1, line.length - at, "expected a closing quote before the end of the line");
    text += unquote(line, at, close);
    at = close + 1;
  }
  return { text, column: start + 1, length: at - start, quoted: line.charAt(start) === '"' };
}

function closingQuote(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    if (line.charAt(at) === "\\") at++;
    else if (line.charAt(at) === '"') return at;
  }
  return -1;
}

function unquote(line: string, open: number, close: number): string {
  // A tab is the one control character a line can carry; JSON wants it escaped.
  const quoted = line.slice(open, close + 1).replace(/\t/g, "\\t");
  try {
    // JSON.parse of a text that begins and ends with a quote gives a string or throws.
    return JSON.parse(quoted) as string;
  } catch {
    throw new ParseFailure(open + 1, close + 1 - open, "this quoted word has an escape that is not one of JSON's");
  }
}

/** `$` and all that follows, up to a `#` outside the command's own quotes. */
function rawWord(line: string, start: number): Word {
  let quote = "";
  let at = start;
  for (; at < line.length; at++) {
    const character = line.charAt(at);
    if (quote !== "") {
      if (character === quote) quote = "";
    } else if (character === '"' || character === "'") quote = character;
    else if (character === "#" && isBlank(line.charAt(at - 1))) break;
  }
  const text = line.slice(start, at).trimEnd();
  return { text, column: start + 1, length: text.length, quoted: false };
}

function isBlank(character: string): boolean {
  return /\s/.test(character);
}
