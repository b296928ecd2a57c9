import type { Configuration } from "../check/guarantees/configuration.js";
import type { Guarantee, Proof } from "../check/guarantees/proof.js";
import { type FaultBudget, type FaultKind, faultKinds, faultSentences, formatFaults } from "../check/world/faults.js";
import type { Cli } from "./cli.js";

/** A proof for people. */
export function proofText(proof: Proof, { colors }: Cli): string {
  const { configuration, faults, guarantees, notes } = proof;
  const lines = [describe(configuration), `Faults: ${faultsText(faults)}`, ""];
  const width = Math.max(...guarantees.map(({ claim }) => claim.length));
  for (const guarantee of guarantees) lines.push(`  ${guarantee.claim.padEnd(width)}  ${verdict(guarantee, colors)}`);
  lines.push("", ...survivalLines(guarantees, width), "", boundsText(proof));
  for (const note of notes) lines.push(`Note: ${note}`);
  // One scenario often breaks several promises; it is shown once.
  for (const text of new Set(guarantees.flatMap(({ scenario }) => scenario ?? []))) lines.push("", text.trimEnd());
  const timed = new Set(
    guarantees.flatMap(({ scenario, timedScenario }) => (timedScenario === scenario ? [] : (timedScenario ?? []))),
  );
  for (const text of timed)
    lines.push("", "# The same with times, in which the cluster does the rest by itself.", "", text.trimEnd());
  return `${lines.join("\n")}\n`;
}

/** A table: which promise survives how many failures, kind by kind. */
function survivalLines(guarantees: readonly Guarantee[], width: number): readonly string[] {
  const kinds = faultKinds.filter((kind) =>
    guarantees.some(({ survives }) => survives.some(({ fault }) => fault === kind)),
  );
  if (kinds.length === 0) return [];
  const row = (first: string, cells: readonly string[]): string =>
    `  ${first.padEnd(width)}  ${cells.map((cell, index) => cell.padEnd(kinds[index]?.length ?? 0)).join("  ")}`.trimEnd();
  return [
    row("survives so many failures", kinds),
    ...guarantees.map(({ claim, survives }) =>
      row(
        claim,
        kinds.map((kind) => survivalText(survives, kind)),
      ),
    ),
  ];
}

/** `1`: a second one is too many. `≥ 1`: a second one was not asked about, or not to the end. */
function survivalText(survives: Guarantee["survives"], kind: FaultKind): string {
  const survival = survives.find(({ fault }) => fault === kind);
  if (survival === undefined) return "";
  return survival.next === "broken" ? String(survival.failures) : `≥ ${survival.failures}`;
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
    ...(how === "all" ? [] : ["Allow more with --max-states and --max-seconds, or ask less."]),
  ].join(" ");
}
