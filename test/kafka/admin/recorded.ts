import { readFileSync } from "node:fs";

/** One command as it was run against Kafka 4.3.1, with what it printed (frames of stack traces left out). */
export interface RecordedCommand {
  /** Name of the cluster's scenario, where the file has several. */
  readonly scenario: string;
  readonly line: string;
  readonly text: string;
  readonly exitStatus: number;
}

/**
 * Recordings of the real tools: `clusters` against one controller and three brokers, `two-brokers` against two, and
 * `command-lines` without any cluster, since the tool refuses the command line itself.
 */
export function recorded(name: "clusters" | "two-brokers" | "command-lines"): readonly RecordedCommand[] {
  const lines = readFileSync(new URL(`recorded/${name}.txt`, import.meta.url), "utf8").split("\n");
  const commands: RecordedCommand[] = [];
  let scenario = "";
  let line: string | undefined;
  let output: string[] = [];
  for (const text of lines) {
    if (text.startsWith("## ")) scenario = text.slice(3);
    else if (text.startsWith("$ ")) {
      line = text;
      output = [];
    } else if (/^exit [01]$/.test(text) && line !== undefined) {
      const printed = output.map((one) =>
        one.endsWith("<no newline>") ? one.slice(0, -"<no newline>".length) : `${one}\n`,
      );
      commands.push({ scenario, line, text: printed.join(""), exitStatus: Number(text.slice(5)) });
      line = undefined;
    } else if (line !== undefined) output.push(text);
  }
  return commands;
}
