import { invariant } from "../../core/assert.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { clusterPlanOf } from "../../sim/scenario/setup.js";
import type { FaultBudget } from "../world/faults.js";
import { sweepAvailability } from "./availability.js";
import { acceptedHead, type Configuration } from "./configuration.js";
import { counterexample } from "./counterexample.js";
import { safetyPromises } from "./safety-promises.js";
import { searchSafety } from "./search-safety.js";

/** How many failures of one kind something survives. */
export interface Survives {
  /** This many were shown to be survived, in every placement. */
  readonly failures: number;
  /** `broken`: one more is too many, as the scenario shows. `cut`: one more was not searched to the end. `all`: no more were asked. */
  readonly next: "broken" | "cut" | "all";
  readonly scenario: Scenario | null;
}

export interface TableCell {
  readonly acks: string;
  readonly minInsyncReplicas: number;
  /** Brokers that may be down for good with this producer's writes still accepted. */
  readonly writes: Survives;
  /** Acknowledged records against brokers that crash and come back, or not: their logs survive. */
  readonly crashes: Survives;
  /** Acknowledged records against power failures, with as many followers slow as leave writes accepted. */
  readonly powerLosses: Survives;
  /** States of all searches of the cell. */
  readonly states: number;
}

export interface TableQuestion {
  readonly replicationFactor: number;
  readonly acks: readonly string[];
  readonly minInsyncReplicas: readonly number[];
  /** Beyond acks and `min.insync.replicas`. */
  readonly base: Omit<Configuration, "replicationFactor">;
  /** Most failures of a kind that are asked about. */
  readonly mostFailures: number;
  readonly maxStates: number;
}

/** Computes each cell by itself: nothing in the table is known beforehand. */
export function* computeTable(question: TableQuestion): Generator<TableCell> {
  for (const acks of question.acks)
    for (const minInsyncReplicas of question.minInsyncReplicas) yield computeCell(question, acks, minInsyncReplicas);
}

export function computeCell(question: TableQuestion, acks: string, minInsyncReplicas: number): TableCell {
  const { replicationFactor, base, mostFailures, maxStates } = question;
  const configuration: Configuration = {
    ...base,
    replicationFactor,
    topic: { ...base.topic, "min.insync.replicas": String(minInsyncReplicas) },
    producer: { ...base.producer, acks },
  };
  let states = 0;
  const dataSurvives = (faultsOf: (failures: number) => FaultBudget): Survives =>
    survives(mostFailures, (failures) => {
      const asked = askAcked(configuration, faultsOf(failures), maxStates);
      states += asked.states;
      return asked;
    });
  const writes = survives(replicationFactor, (failures) => {
    const [finding] = sweepAvailability(acceptedHead(configuration, ["p"], "timed"), { crash: failures });
    invariant(finding !== undefined, "writes are the first thing a sweep speaks of");
    const { outcome, scenario } = finding;
    invariant(outcome !== "not-asked", "a crash takes a broker down");
    return { outcome, scenario };
  });
  const crashes = dataSurvives((crash) => ({ crash }));
  const slow = slowFollowers(configuration, minInsyncReplicas);
  const powerLosses = dataSurvives((failures) => ({ "power-loss": failures, slow }));
  return { acks, minInsyncReplicas, writes, crashes, powerLosses, states };
}

/**
 * How many followers may be slow: as many as leave writes accepted. Without ELR one more step matters: the ISR shrinks
 * below its minimum, down to the leader, which is then the only one that may lead. KIP-966.
 */
function slowFollowers(configuration: Configuration, minInsyncReplicas: number): number {
  const { replicationFactor } = configuration;
  const { eligibleLeaderReplicas } = clusterPlanOf(acceptedHead(configuration, ["p"], "for-search")).rules;
  return eligibleLeaderReplicas ? Math.max(0, replicationFactor - minInsyncReplicas) : replicationFactor - 1;
}

interface Asked {
  readonly outcome: "holds" | "violated" | "inconclusive";
  readonly scenario: Scenario | null;
}

/** Asks about one failure more each time, until one is too many. */
function survives(most: number, ask: (failures: number) => Asked): Survives {
  for (let failures = 1; failures <= most; failures++) {
    const { outcome, scenario } = ask(failures);
    if (outcome === "violated") return { failures: failures - 1, next: "broken", scenario };
    if (outcome === "inconclusive") return { failures: failures - 1, next: "cut", scenario: null };
  }
  return { failures: most, next: "all", scenario: null };
}

function askAcked(
  configuration: Configuration,
  faults: FaultBudget,
  maxStates: number,
): Asked & { readonly states: number } {
  const head = acceptedHead(configuration, ["p"], "for-search");
  const promises = safetyPromises.filter(({ id }) => id === "acked-survive");
  const [promise] = promises;
  const { findings, statistics } = searchSafety(
    { head, producers: ["p"], records: 1, faults, promises },
    { maxStates },
  );
  const [finding] = findings;
  invariant(promise !== undefined && finding !== undefined, "one promise was asked about");
  const found = finding.path === null ? null : counterexample(head, finding.path.actions, promise.broken);
  const scenario = found?.scenario ?? null;
  return { outcome: finding.outcome, scenario, states: statistics.distinct };
}
