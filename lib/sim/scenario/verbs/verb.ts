import type { Step } from "../ast.js";
import type { LineReader } from "../line-reader.js";
import type { Names } from "../names.js";

/** One way to say what happens. The word itself is the key of its table and has been read already. */
export interface Verb {
  /** Complete steps, for help and hints; a test reads each of them. */
  readonly examples: readonly [string, ...string[]];
  readonly read: (reader: LineReader, names: Names) => Step;
}

export type VerbTable = Readonly<Record<string, Verb>>;
