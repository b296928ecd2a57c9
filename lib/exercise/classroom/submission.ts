import type { Problem } from "../verdict.js";

/** A file that a learner handed in, with its path inside the submission; `/` between folders on every system. */
export interface SubmittedFile {
  readonly path: string;
  readonly content: SubmittedText;
}

/** What was in it, or why it was not read. */
export type SubmittedText =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "unreadable"; readonly problem: Problem };

/** One answer to one exercise, as it was handed in. */
export interface HandedIn {
  readonly exercise: string;
  /** How problems call it: a path, or a notebook and its cell. */
  readonly file: string;
  readonly content: SubmittedText;
  /** Where among the learner's attempts it stands; what carries no number was handed in last. */
  readonly order: number;
}

/** Everything of one learner. */
export interface Submission {
  readonly learner: string;
  readonly answers: readonly HandedIn[];
  /** What was put right or passed over while reading, as sentences for learner and instructor. */
  readonly notes: readonly string[];
}

/** What is not numbered was handed in last. */
export const handedInLast = Number.MAX_SAFE_INTEGER;

export function unreadable(file: string, what: string, why: string, remedy: string): SubmittedText {
  return { kind: "unreadable", problem: { file, line: null, column: null, what, why, remedy } };
}

/** A name that anybody may have chosen, on one line and without control characters. */
export function printable(name: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach a terminal
  return name.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, (character) =>
    character === "\n" ? "\\n" : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`,
  );
}
