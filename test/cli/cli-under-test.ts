import pico from "picocolors";
import type { Cli } from "../../lib/cli/cli.js";
import { main } from "../../lib/cli/main.js";

/** What a command line did. */
export interface Ran {
  readonly out: string;
  readonly err: string;
  readonly exitCode: number;
  /** Milliseconds that it waited between lines. */
  readonly sleptMs: readonly number[];
}

export interface RunOptions {
  readonly folder?: string;
  readonly input?: string;
  readonly colors?: boolean;
  /** What is pressed, one after the other; a function does something else first and presses nothing. */
  readonly keys?: readonly (string | ((out: string) => void))[];
}

/** Runs a command line in a folder, without a process, a terminal or real time. */
export async function run(
  argv: readonly string[],
  { folder = ".", input = "", colors = false, keys = [] }: RunOptions = {},
): Promise<Ran> {
  let out = "";
  let err = "";
  let exitCode = 0;
  const sleptMs: number[] = [];
  const waiting = [...keys];
  const cli: Cli = {
    folder,
    colors: pico.createColors(colors),
    isTerminal: colors,
    columns: 80,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readInput: async () => input,
    sleep: async (ms) => {
      sleptMs.push(ms);
    },
    readKey: async () => {
      const next = waiting.shift();
      if (typeof next === "string") return next;
      next?.(out);
      return null;
    },
    finish: (code) => {
      exitCode = code;
    },
  };
  await main(argv, cli);
  return { out, err, exitCode, sleptMs };
}
