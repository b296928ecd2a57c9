import type { Command } from "commander";
import { headOf } from "../check/guarantees/configuration.js";
import { findShortest } from "../check/guarantees/find.js";
import { parsePredicate } from "../check/predicate/parse.js";
import { formatScenario } from "../sim/scenario/format.js";
import { addExamples, type Cli, exitCodes, UserError } from "./cli.js";
import {
  addConfigurationOptions,
  type ConfigurationOptions,
  readConfiguration,
  readCount,
  readFaults,
} from "./configuration-options.js";

interface FindOptions extends ConfigurationOptions {
  readonly faults: string;
  readonly records: string;
  readonly maxStates: string;
  readonly json?: true;
}

export function define(command: Command, cli: Cli): void {
  addConfigurationOptions(command.argument("<predicate>", "what must be true, in the words of an expect"))
    .option("--faults <list>", "what may go wrong on the way", "crash 1, slow 1")
    .option("--records <n>", "how many records may be sent", "1")
    .option("--max-states <n>", "end the search after so many states", "200000")
    .option("--json", "print one JSON document")
    .action((text: string, options: FindOptions) => run(text, options, cli));
  addExamples(command, [
    ['highwater find "isr == {leader} and acked(acks=all)"', "an acks=all write that only one broker holds"],
    ['highwater find "leader == - and elr != -" --faults "crash 3"', "nobody leads, yet somebody may"],
    ["highwater find acked-lost --acks 1", "an acknowledged record that is gone"],
  ]);
}

async function run(text: string, options: FindOptions, cli: Cli): Promise<void> {
  const parsed = parsePredicate(text);
  if (!parsed.ok) throw new UserError(`${parsed.message}\n  ${text}\n  ${" ".repeat(parsed.column - 1)}^`);
  const configuration = await readConfiguration(options, cli);
  const faults = readFaults(options.faults);
  const records = readCount(options.records, "--records", 0, 8);
  const head = headOf(configuration, ["p"], "for-search");
  if (!head.ok) throw new UserError(head.diagnostic.message);
  const maxStates = readCount(options.maxStates, "--max-states", 1, 1e8);
  const found = findShortest(head.head, { text, predicate: parsed.predicate }, { faults, records }, { maxStates });
  const scenario = found.scenario === null ? null : formatScenario(found.scenario);
  if (options.json === true)
    cli.out(`${JSON.stringify({ format: "highwater-find", version: 1, ...found, scenario })}\n`);
  else if (scenario !== null) cli.out(scenario);
  else {
    const { distinct, depth } = found.statistics;
    const how =
      found.outcome === "nowhere"
        ? "no state is like this within these bounds"
        : "the search was cut before one was found";
    cli.out(`${how}: ${distinct} states to depth ${depth}, ${options.records} records, faults ${options.faults}\n`);
  }
  cli.finish({ found: exitCodes.ok, nowhere: exitCodes.broken, inconclusive: exitCodes.inconclusive }[found.outcome]);
}
