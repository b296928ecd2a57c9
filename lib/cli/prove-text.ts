import type { Configuration } from "../check/guarantees/configuration.js";
import type { Guarantee, Proof } from "../check/guarantees/proof.js";
import { type FaultBudget, faultKinds, faultSentences, formatFaults } from "../check/world/faults.js";
import type { Cli } from "./cli.js";

/** A proof for people. */
export function proofText(proof: Proof, { colors }: Cli): string {
  const { configuration, faults, guarantees, notes } = proof;
  const lines = [describe(configuration), `Faults: ${faultsText(faults)}`, ""];
  const width = Math.max(...guarantees.map(({ claim }) => claim.length));
  for (const guarantee of guarantees) lines.push(`  ${guarantee.claim.padEnd(width)}  ${verdict(guarantee, colors)}`);
  lines.push("", boundsText(proof));
  for (const note of notes) lines.push(`Note: ${note}`);
  // One scenario often breaks several promises; it is shown once.
  for (const text of new Set(guarantees.flatMap(({ scenario }) => scenario ?? []))) lines.push("", text.trimEnd());
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
    case "not-asked":
      return colors.dim("not asked");
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
