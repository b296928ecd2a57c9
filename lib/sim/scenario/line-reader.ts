import { hintFor, ParseFailure } from "./diagnostic.js";
import type { Word } from "./lexer.js";

/** Reads one line word by word. Each method says what it expects, so that what it throws can be shown as it is. */
export class LineReader {
  #at = 0;

  /** @param end the column after the last word, where a missing one is reported */
  constructor(
    readonly words: readonly Word[],
    readonly end: number,
  ) {}

  get done(): boolean {
    return this.#at >= this.words.length;
  }

  peek(ahead = 0): Word | undefined {
    return this.words[this.#at + ahead];
  }

  /** The next word, whatever it is. @param expected what it should be: "a broker id" */
  word(expected: string): Word {
    const word = this.words[this.#at];
    if (word === undefined) throw new ParseFailure(this.end, 1, `expected ${expected}, found the end of the line`);
    this.#at++;
    return word;
  }

  /** Takes `text` if it comes next, unquoted. */
  takes(text: string): boolean {
    const word = this.peek();
    if (word === undefined || word.quoted || word.text !== text) return false;
    this.#at++;
    return true;
  }

  /** The next word, which must be `text`. */
  keyword(text: string): void {
    if (this.takes(text)) return;
    const word = this.word(`"${text}"`);
    throw this.unexpected(word, `"${text}"`, [text]);
  }

  /** One of a few words. */
  oneOf<Choice extends string>(expected: string, choices: readonly Choice[]): Choice {
    const word = this.word(expected);
    const choice = choices.find((candidate) => candidate === word.text);
    if (choice === undefined || word.quoted) throw this.unexpected(word, expected, choices);
    return choice;
  }

  /** A whole number, not negative. */
  integer(expected: string): number {
    const word = this.word(expected);
    return integerOf(word, word.text, expected);
  }

  /** `50`, `50ms`, `5s` or `2m`, in milliseconds. */
  durationMs(expected: string): number {
    const word = this.word(expected);
    const match = /^(\d{1,11})(ms|s|m)?$/.exec(word.text);
    if (match === null || word.quoted)
      throw new ParseFailure(
        word.column,
        word.length,
        `expected ${expected}, found "${word.text}"`,
        "times are whole numbers with ms, s or m: 50ms, 20s, 2m",
      );
    return Number(match[1]) * (match[2] === "s" ? 1000 : match[2] === "m" ? 60_000 : 1);
  }

  /** Nothing may follow. */
  finish(): void {
    const word = this.peek();
    if (word !== undefined)
      throw new ParseFailure(word.column, word.length, `expected the end of the line, found "${word.text}"`);
  }

  unexpected(word: Word, expected: string, known: readonly string[] = []): ParseFailure {
    return new ParseFailure(
      word.column,
      word.length,
      `expected ${expected}, found "${word.text}"`,
      hintFor(word.text, known),
    );
  }
}

/** A whole number inside a word. */
export function integerOf(word: Word, text: string, expected: string): number {
  if (!/^\d{1,15}$/.test(text))
    throw new ParseFailure(word.column, word.length, `expected ${expected}, found "${text}"`);
  return Number(text);
}

/** `50ms`, `20s`, `2m`: the shortest form that is exact. */
export function formatDuration(ms: number): string {
  if (ms === 0) return "0";
  if (ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}
