import type { Command } from "commander";
import { type ProofQuestion, proving } from "../check/guarantees/prove.js";
import type { Statistics } from "../check/statistics.js";
import { faultKinds } from "../check/world/faults.js";
import { addExamples, type Cli, exitCodes } from "./cli.js";
import {
  addConfigurationOptions,
  type ConfigurationOptions,
  readConfiguration,
  readCount,
  readFaults,
} from "./configuration-options.js";
import { proofText } from "./prove-text.js";
import { drive } from "./search-driver.js";

interface ProveOptions extends ConfigurationOptions {
  readonly faults: string;
  readonly records: string;
  readonly failures: string;
  readonly maxStates: string;
  readonly maxSeconds: string;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  addConfigurationOptions(command)
    .option(
      "--faults <list>",
      `what may go wrong, such as "crash 1, slow 1"; kinds: ${faultKinds.join(", ")}`,
      "crash 1",
    )
    .option("--records <n>", "how many records are sent at most", "2")
    .option("--failures <n>", "count how many failures each promise survives, up to so many; 0: none", "1")
    .option("--max-states <n>", "end the search after so many states", "1000000")
    .option("--max-seconds <n>", "end the search after so many seconds", "30")
    .option("--json", "print one JSON document")
    .action((options: ProveOptions) => run(options, cli));
  addExamples(command, [
    ["highwater prove --rf 3 --min-isr 2 --acks all", "what one crash can do to this configuration"],
    ['highwater prove --acks 1 --faults "crash 1"', "the shortest way to lose an acknowledged write"],
    ["highwater prove --answer answer.yaml --json", "the same as one JSON document"],
  ]);
}

async function run(options: ProveOptions, cli: Cli): Promise<void> {
  const configuration = await readConfiguration(options, cli);
  const question: ProofQuestion = {
    faults: readFaults(options.faults),
    records: readCount(options.records, "--records", 1, 8),
    failures: readCount(options.failures, "--failures", 0, 5),
  };
  const startMs = performance.now();
  const limits = {
    maxStates: readCount(options.maxStates, "--max-states", 1, 1e8),
    endMs: startMs + readCount(options.maxSeconds, "--max-seconds", 1, 86_400) * 1000,
    ...(cli.isTerminal ? { progress: progressLine(cli, startMs) } : {}),
  };
  const proof = await drive(proving(configuration, question), limits);
  if (cli.isTerminal) cli.err("\r\u001b[K");
  cli.out(options.json === true ? `${JSON.stringify(proof)}\n` : proofText(proof, cli));
  cli.finish({ holds: exitCodes.ok, violated: exitCodes.broken, inconclusive: exitCodes.inconclusive }[proof.outcome]);
}

/** A line of progress past half a second, a few times a second. */
function progressLine(cli: Cli, startMs: number): (statistics: Statistics) => void {
  let shownMs = startMs + 300;
  return ({ distinct, depth, frontier }) => {
    const nowMs = performance.now();
    if (nowMs - shownMs < 200) return;
    shownMs = nowMs;
    cli.err(`\r\u001b[K${distinct} states, depth ${depth}, ${frontier} waiting`);
  };
}
