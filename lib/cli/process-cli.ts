import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import pico from "picocolors";
import type { Cli } from "./cli.js";

/** The real process. */
export function processCli(): Cli {
  const { stdout, stderr, stdin, env } = process;
  // `highwater run … | head` closes our output early: that is no error.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
    throw error;
  });
  const isTerminal = stdout.isTTY === true;
  // https://no-color.org: present and not empty. FORCE_COLOR asks for colours in a pipe.
  const refused = (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  const forced = (env.FORCE_COLOR ?? "") !== "" && env.FORCE_COLOR !== "0";
  return {
    folder: process.cwd(),
    colors: pico.createColors(!refused && (isTerminal || forced)),
    isTerminal,
    columns: stdout.columns ?? 80,
    out: (said) => void stdout.write(said),
    err: (said) => void stderr.write(said),
    readInput: () => text(stdin),
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined),
    readKey: keyReader(stdin),
    finish: (code) => {
      process.exitCode = code;
    },
  };
}

/** Keys one by one, without Enter; what is pressed between two calls waits for the next. */
function keyReader(stdin: NodeJS.ReadStream): Cli["readKey"] {
  const pressed: string[] = [];
  let wake = (): void => undefined;
  let isListening = false;
  const listen = (): void => {
    isListening = true;
    stdin.setRawMode(true);
    process.once("exit", () => stdin.setRawMode(false));
    stdin.setEncoding("utf8");
    stdin.on("data", (keys: string) => {
      // Raw mode hands Ctrl-C over as a character.
      if (keys.includes("\u0003")) process.exit(process.exitCode ?? 0);
      pressed.push(...keys);
      wake();
    });
    // Waiting for a key alone does not keep the program alive.
    stdin.unref();
  };
  return async (waitMs) => {
    if (stdin.isTTY && !isListening) listen();
    if (pressed.length === 0)
      await new Promise<void>((done) => {
        const timer = setTimeout(done, waitMs);
        wake = () => {
          clearTimeout(timer);
          done();
        };
      });
    return pressed.shift() ?? null;
  };
}
