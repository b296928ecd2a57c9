import type { Command } from "commander";
import type { Configuration } from "../check/guarantees/configuration.js";
import { type Guarantee, type Proof, prove } from "../check/guarantees/prove.js";
import type { Statistics } from "../check/statistics.js";
import { type FaultBudget, faultKinds, faultSentences, formatFaults } from "../check/world/faults.js";
import { formatScenario } from "../sim/scenario/format.js";
import { addExamples, type Cli, type ExitCode, exitCodes } from "./cli.js";
import {
  addConfigurationOptions,
  type ConfigurationOptions,
  readConfiguration,
  readCount,
  readFaults,
} from "./configuration-options.js";

interface ProveOptions extends ConfigurationOptions {
  readonly faults: string;
  readonly records: string;
  readonly maxStates: string;
  readonly maxSeconds: string;
  readonly json?: true;
}

/** Version of the document that `--json` prints. */
const documentVersion = 1;

export function define(command: Command, cli: Cli): void {
  addConfigurationOptions(command)
    .option(
      "--faults <list>",
      `what may go wrong, such as "crash 1, slow 1"; kinds: ${faultKinds.join(", ")}`,
      "crash 1",
    )
    .option("--records <n>", "how many records are sent at most", "2")
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
  const faults = readFaults(options.faults);
  const records = readCount(options.records, "--records", 1, 8);
  const startMs = performance.now();
  const proof = prove(configuration, faults, {
    records,
    maxStates: readCount(options.maxStates, "--max-states", 1, 1e8),
    maxMs: readCount(options.maxSeconds, "--max-seconds", 1, 86_400) * 1000,
    nowMs: () => performance.now(),
    ...(cli.isTerminal ? { progress: progressLine(cli, startMs) } : {}),
  });
  if (cli.isTerminal) cli.err("\r\u001b[K");
  if (options.json === true) cli.out(`${JSON.stringify(proofDocument(configuration, faults, proof))}\n`);
  else cli.out(proofText(configuration, faults, proof, cli));
  cli.finish(exitCodeOf(proof));
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

function exitCodeOf({ guarantees }: Proof): ExitCode {
  if (guarantees.some(({ outcome }) => outcome === "violated")) return exitCodes.broken;
  return guarantees.some(({ outcome }) => outcome === "inconclusive") ? exitCodes.inconclusive : exitCodes.ok;
}

function proofText(configuration: Configuration, faults: FaultBudget, proof: Proof, { colors }: Cli): string {
  const lines = [describe(configuration), `Faults: ${faultsText(faults)}`, ""];
  const width = Math.max(...proof.guarantees.map(({ claim }) => claim.length));
  for (const guarantee of proof.guarantees)
    lines.push(`  ${guarantee.claim.padEnd(width)}  ${verdict(guarantee, colors)}`);
  lines.push("", boundsText(proof));
  const note = minIsrNote(configuration);
  if (note !== null) lines.push(note);
  // One scenario often breaks several promises; it is shown once.
  const shown = new Set<string>();
  for (const { scenario } of proof.guarantees) {
    if (scenario === null) continue;
    const text = formatScenario(scenario);
    if (!shown.has(text)) lines.push("", text.trimEnd());
    shown.add(text);
  }
  return `${lines.join("\n")}\n`;
}

function verdict({ outcome, steps }: Guarantee, colors: Cli["colors"]): string {
  switch (outcome) {
    case "holds":
      return colors.green("holds within these bounds");
    case "violated":
      return colors.red(steps === null ? "broken" : `broken in ${steps} steps`);
    case "inconclusive":
      return colors.yellow("inconclusive: the search was cut");
  }
}

function describe({ replicationFactor, kafka, elr, variant, topic, producer }: Configuration): string {
  const settings = Object.entries({ ...topic, ...producer }).map(([key, value]) => `${key}=${value}`);
  const release = [
    kafka === undefined ? [] : `Kafka ${kafka}`,
    elr === undefined ? [] : `ELR ${elr}`,
    variant ?? [],
  ].flat();
  return [`replication.factor=${replicationFactor}`, ...settings, ...release].join(" · ");
}

function faultsText(faults: FaultBudget): string {
  const kinds = faultKinds.filter((kind) => (faults[kind] ?? 0) > 0);
  if (kinds.length === 0) return "none";
  return `${formatFaults(faults)} (${kinds.map((kind) => faultSentences[kind]).join("; ")})`;
}

/** What was covered, so that nobody takes "holds" for more than it says. */
function boundsText({ searches, runs }: Proof): string {
  const last = searches.at(-1);
  if (last === undefined) return "Nothing was searched.";
  const { records, statistics } = last;
  const how =
    statistics.endedBy === "complete" || statistics.endedBy === "decided" ? "all" : `cut by ${statistics.endedBy}:`;
  return [
    `Bounds: up to ${records} record${records === 1 ? "" : "s"} to one partition;`,
    `${how} ${statistics.distinct} states to depth ${statistics.depth};`,
    `availability by ${runs} timed runs, with nobody coming back.`,
  ].join(" ");
}

/** `min.insync.replicas` above the replication factor is legal, and means something else than one thinks. */
function minIsrNote({ replicationFactor, topic }: Configuration): string | null {
  const minimum = Number(topic["min.insync.replicas"] ?? "1");
  if (minimum <= replicationFactor) return null;
  return `Note: min.insync.replicas=${minimum} is more than there are replicas. Kafka accepts it; since 3.7 it counts as ${replicationFactor}, before that every acks=all write was refused.`;
}

function proofDocument(configuration: Configuration, faults: FaultBudget, proof: Proof): unknown {
  return {
    format: "highwater-proof",
    version: documentVersion,
    configuration,
    faults,
    guarantees: proof.guarantees.map(({ scenario, ...said }) => ({
      ...said,
      scenario: scenario === null ? null : formatScenario(scenario),
    })),
    searches: proof.searches,
    runs: proof.runs,
  };
}
