import type { CellText } from "../../notebook/check/cell-files.js";
import type { CellDiagnostic, Completions, Definition, Hover, SignatureHelp } from "../../notebook/check/checker.js";
import type { CellNames } from "../../notebook/dependencies.js";

/** What the server asks the thread that knows types. Only questions with an `ask` number are answered. */
export type TypeRequest =
  | { readonly kind: "update"; readonly slug: string; readonly revision: number; readonly cells: readonly CellText[] }
  | { readonly kind: "close"; readonly slug: string }
  | { readonly kind: "names"; readonly ask: number; readonly sources: readonly string[] }
  | { readonly kind: "question"; readonly ask: number; readonly slug: string; readonly question: TypeQuestion };

/** A question about a place in a cell, as of the last update. */
export interface TypeQuestion {
  readonly about: "hover" | "completions" | "completionDetail" | "signatureHelp" | "definition";
  readonly cell: string;
  /** In UTF-16 units from the beginning of the cell. */
  readonly offset: number;
  /** Which completion, for `completionDetail`. */
  readonly name?: string;
}

export interface TypeAnswers {
  readonly hover: Hover | null;
  readonly completions: Completions | null;
  readonly completionDetail: Omit<Hover, "from" | "to"> | null;
  readonly signatureHelp: SignatureHelp | null;
  readonly definition: readonly Definition[];
}

export type TypeReply =
  | { readonly kind: "names"; readonly ask: number; readonly names: readonly CellNames[] }
  | { readonly kind: "answer"; readonly ask: number; readonly answer: TypeAnswers[keyof TypeAnswers] }
  /** The checker failed on this question; the page goes on without an answer. */
  | { readonly kind: "failed"; readonly ask: number; readonly message: string }
  | {
      readonly kind: "diagnostics";
      readonly slug: string;
      readonly revision: number;
      readonly cell: string;
      readonly found: readonly CellDiagnostic[];
    };
