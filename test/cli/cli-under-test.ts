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

/** Runs a command line in a folder, without a process, a terminal or real time. */
export async function run(
  argv: readonly string[],
  { folder = ".", input = "", colors = false }: { folder?: string; input?: string; colors?: boolean } = {},
): Promise<Ran> {
  let out = "";
  let err = "";
  let exitCode = 0;
  const sleptMs: number[] = [];
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
    finish: (code) => {
      exitCode = code;
    },
  };
  await main(argv, cli);
  return { out, err, exitCode, sleptMs };
}
