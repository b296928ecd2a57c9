import { nearest } from "../../core/nearest.js";

/** What is wrong with a scenario's text, and where. Lines and columns count from 1, columns in UTF-16 units. */
export interface Diagnostic {
  readonly line: number;
  readonly column: number;
  /** Units from `column` on that are to blame; at least 1. */
  readonly length: number;
  /** One sentence without a full stop: what was expected and what was found. */
  readonly message: string;
  /** What to do about it, or null. */
  readonly hint: string | null;
}

/** Ends the reading of one line. Never leaves `parseScenario`. */
export class ParseFailure extends Error {
  constructor(
    readonly column: number,
    readonly length: number,
    message: string,
    readonly hint: string | null = null,
  ) {
    super(message);
  }
}

/** `did you mean "crash"?` where a known word is near, else the list of what would do, if that is short. */
export function hintFor(word: string, known: readonly string[]): string | null {
  const meant = nearest(word, known);
  if (meant !== null) return `did you mean "${meant}"?`;
  return known.length > 0 && known.length <= 12 ? `known here: ${known.join(", ")}` : null;
}

/**
 * A diagnostic for people: `file:line:column`, the sentence, the line, and a caret under what is to blame.
 *
 * @param source the text of the whole scenario
 */
export function formatDiagnostic(file: string, source: string, diagnostic: Diagnostic): string {
  const { line, column, length, message, hint } = diagnostic;
  const text = source.split(/\r?\n/)[line - 1] ?? "";
  const gutter = `  ${line} | `;
  // A tab before the caret stays a tab, so that the caret stands right however wide a tab is.
  const before = text.slice(0, column - 1).replace(/[^\t]/g, " ");
  const caret = `${" ".repeat(gutter.length - 2)}| ${before}${"^".repeat(Math.max(1, length))}`;
  return `${file}:${line}:${column}: ${message}\n${gutter}${text}\n${caret}${hint === null ? "" : ` ${hint}`}`;
}
