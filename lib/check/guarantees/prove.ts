import { invariant } from "../../core/assert.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import { formatScenario } from "../../sim/scenario/format.js";
import type { SearchOptions } from "../budget.js";
import { type FaultBudget, formatFaults } from "../world/faults.js";
import type { SearchState } from "../world/state.js";
import { type AvailabilityFinding, sweepAvailability } from "./availability.js";
import { acceptedHead, type Configuration } from "./configuration.js";
import { counterexample } from "./counterexample.js";
import { notesOn } from "./notes.js";
import { type Guarantee, type Outcome, type Proof, proofVersion } from "./proof.js";
import { type AskedConfiguration, configurationOf, faultsOf } from "./question.js";
import { type SafetyPromise, type SafetyPromiseId, safetyPromises } from "./safety-promises.js";
import { type SafetyFinding, type SafetyQuestion, type SafetyResult, searchSafety } from "./search-safety.js";
import { countSurvivals } from "./survival.js";
import { timedCounterexample } from "./timed-scenario.js";

/** How much is asked. */
export interface ProofBounds {
  /** What may go wrong, such as `crash 1, slow 1`. Default: one crash. */
  readonly faults?: string | FaultBudget;
  /** Records that are sent in the largest search; each number from 1 up is searched in turn. Default: 2. */
  readonly records?: number;
  /** Most failures of one kind, when it is counted how many each promise survives; 0 leaves the counting out. Default: 1. */
  readonly failures?: number;
}

/** How long a search may go on, and whom it tells; nothing here changes what is found, only how much of it. */
export type ProofLimits = Pick<
  SearchOptions<SearchState>,
  "maxStates" | "maxMs" | "nowMs" | "interrupted" | "progress" | "usedBytes" | "maxBytes"
>;

const maxStatesDefault = 1_000_000;

/**
 * Says of each promise whether a configuration keeps it under every placement of the faults within the bounds: it holds, or
 * here is the shortest scenario that breaks it, or the search was cut and nobody knows.
 *
 * Pure and synchronous: seconds for a large question, so a page calls it in a worker.
 *
 * @throws ConfigurationError for a configuration that Kafka refuses, and for faults that there are not
 */
export function prove(asked: AskedConfiguration, bounds: ProofBounds = {}, limits: ProofLimits = {}): Proof {
  const { maxMs, nowMs } = limits;
  const startMs = nowMs?.() ?? 0;
  const { faults = "crash 1", records = 2, failures = 1 } = bounds;
  const steps = proving(configurationOf(asked), { faults: faultsOf(faults), records, failures });
  let step = steps.next();
  while (step.done !== true) {
    const left = maxMs === undefined ? {} : { maxMs: Math.max(1, maxMs - ((nowMs?.() ?? 0) - startMs)) };
    step = steps.next(searchSafety(step.value, { maxStates: maxStatesDefault, ...limits, ...left }));
  }
  return step.value;
}

/** What is asked of a configuration, with nothing left to a default. */
export interface ProofQuestion {
  readonly faults: FaultBudget;
  readonly records: number;
  readonly failures: number;
}

/**
 * The proof, one search at a time: yields what is to be searched, and is given what was found. Whoever drives it decides on
 * which threads, and when to stop.
 *
 * @throws ConfigurationError for a configuration that Kafka refuses
 */
export function* proving(
  configuration: Configuration,
  { faults, records, failures }: ProofQuestion,
): Generator<SafetyQuestion, Proof, SafetyResult> {
  const producers = (faults["isolate-controller"] ?? 0) > 0 ? ["p", "q"] : ["p"];
  const head = acceptedHead(configuration, producers, "for-search");
  const timedHead = acceptedHead(configuration, producers, "timed");
  const found = new Map<SafetyPromiseId, Guarantee>();
  const searches: Proof["searches"][number][] = [];
  for (let sent = 1; sent <= records; sent++) {
    const open = safetyPromises.filter(({ id }) => found.get(id)?.outcome !== "violated");
    if (open.length === 0) break;
    const question: SafetyQuestion = { head, producers, records: sent, faults, promises: open };
    const { findings, statistics } = yield question;
    searches.push({ records: sent, statistics });
    for (const promise of open) {
      const finding = findings.find(({ id }) => id === promise.id);
      invariant(finding !== undefined, "a search says something of each promise it was asked about");
      found.set(promise.id, safetyGuarantee(question, timedHead, promise, finding));
    }
    if (statistics.endedBy !== "complete" && statistics.endedBy !== "decided") break;
  }
  const sweep = sweepOf(acceptedHead(configuration, ["p"], "timed"));
  const available = sweep(faults);
  const survivals = yield* countSurvivals({ head, producers }, sweep, failures);
  const guarantees = [...found.values(), ...available.map(availabilityGuarantee)].map((guarantee) => ({
    ...guarantee,
    survives: survivals.get(guarantee.id) ?? [],
  }));
  return {
    format: "highwater-proof",
    version: proofVersion,
    configuration,
    faults,
    outcome: worst(guarantees.map(({ outcome }) => outcome)),
    guarantees,
    notes: notesOn(configuration, faults),
    searches,
    runs: Math.max(0, ...available.map(({ runs }) => runs)),
  };
}

/** Each sweep is made once: the faults of the question are often the first that are counted too. */
function sweepOf(head: Scenario): (faults: FaultBudget) => readonly AvailabilityFinding[] {
  const made = new Map<string, readonly AvailabilityFinding[]>();
  return (faults) => {
    const key = formatFaults(faults);
    const findings = made.get(key) ?? sweepAvailability(head, faults);
    made.set(key, findings);
    return findings;
  };
}

function safetyGuarantee(
  { head }: SafetyQuestion,
  timedHead: Scenario,
  { id, claim, broken }: SafetyPromise,
  { outcome, path }: SafetyFinding,
): Guarantee {
  const found = path === null ? null : counterexample(head, path.actions, broken);
  const timed = found === null ? null : timedCounterexample(head, timedHead, found.actions, broken);
  return {
    id,
    claim,
    outcome,
    steps: path?.moves.length ?? null,
    scenario: found === null ? null : formatScenario(found.scenario),
    timedScenario: timed === null ? null : formatScenario(timed),
    survives: [],
  };
}

const availabilityClaims = {
  "writes-accepted": "writes stay accepted",
  "reads-available": "reads stay available",
} as const;

function availabilityGuarantee({ id, outcome, scenario }: AvailabilityFinding): Guarantee {
  const text = scenario === null ? null : formatScenario(scenario);
  return {
    id,
    claim: availabilityClaims[id],
    outcome,
    steps: null,
    scenario: text,
    timedScenario: text,
    survives: [],
  };
}

function worst(outcomes: readonly Outcome[]): Proof["outcome"] {
  if (outcomes.includes("violated")) return "violated";
  return outcomes.includes("inconclusive") ? "inconclusive" : "holds";
}
