import type { Command } from "commander";
import type pico from "picocolors";

/** How a command ends. The numbers are part of the interface; every command means the same by them. */
export const exitCodes = {
  /** It holds, it passed, or it did what it was asked to. */
  ok: 0,
  /** It does not hold, or it did not pass. */
  broken: 1,
  /** The input or the usage is wrong: nothing was judged. */
  badInput: 2,
  /** A budget was reached before there was an answer. */
  inconclusive: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export type Colors = ReturnType<typeof pico.createColors>;

/** All that a command may touch of the process it runs in. */
export interface Cli {
  /** Where relative paths begin. */
  readonly folder: string;
  /** Colours, or functions that do nothing where there is no terminal to show them. */
  readonly colors: Colors;
  readonly isTerminal: boolean;
  /** Columns of the terminal; 80 where nobody knows. */
  readonly columns: number;
  /** Results: with `--json` exactly one document. */
  out(text: string): void;
  /** Problems and progress. */
  err(text: string): void;
  /** Everything on standard input. */
  readInput(): Promise<string>;
  /** Ends early, without an error, when the signal says so. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /**
   * A key that was pressed, waited for so long; null when none was, and always where nobody can press any. Ctrl-C is not
   * among them: it ends the program.
   */
  readKey(waitMs: number): Promise<string | null>;
  /** Decides the exit code; the last one said counts. */
  finish(code: ExitCode): void;
}

/** One row of the table in `main.ts`. */
export interface CommandRow {
  readonly name: string;
  /** What follows the name, for help: `<file>`. */
  readonly takes: string;
  readonly summary: string;
  /** The command's own file, read only when it is called. */
  readonly load: () => Promise<CommandFile>;
}

/** What a command's file exports. */
export interface CommandFile {
  /** Adds arguments, options, examples and the action; the name and the summary are there already. */
  readonly define: (command: Command, cli: Cli) => void;
}

/** Something the user can put right. Shown as it is, without a stack, and the exit code is `badInput`. */
export class UserError extends Error {
  override readonly name = "UserError";
}

/** Adds examples below a command's help, each with what it does. */
export function addExamples(command: Command, examples: readonly (readonly [line: string, does: string])[]): void {
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, does]) => `  ${line.padEnd(width)}  ${does}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
}
