import { formatScenario } from "../../sim/scenario/format.js";
import type { FaultBudget } from "../world/faults.js";
import { sweepAvailability } from "./availability.js";
import { acceptedHead } from "./configuration.js";
import { counterexample } from "./counterexample.js";
import type { PromiseId } from "./proof.js";
import { type AskedConfiguration, configurationOf } from "./question.js";
import { safetyPromises } from "./safety-promises.js";
import { searchSafety } from "./search-safety.js";

/** What tables and rules of thumb say, as a question that can be answered. */
export interface PublishedClaim {
  readonly claim: string;
  readonly configuration: AskedConfiguration;
  readonly faults: FaultBudget;
  readonly records: number;
  /** The promise that the claim makes. */
  readonly promise: PromiseId;
  /** What is asked, in words. */
  readonly asks: string;
}

export interface AnsweredClaim extends PublishedClaim {
  readonly outcome: "holds" | "violated" | "inconclusive";
  /** The text of a scenario in which the claim does not hold. */
  readonly scenario: string | null;
}

/** Often said of acks and min.insync.replicas. Whether it is so is computed; nothing here says the answer. */
export const publishedClaims: readonly PublishedClaim[] = [
  {
    claim: "With three replicas, acks=all and min.insync.replicas=3 tolerate one failed broker.",
    configuration: { topic: { "min.insync.replicas": 3 }, producer: { acks: "all" } },
    faults: { crash: 1 },
    records: 1,
    promise: "writes-accepted",
    asks: "are writes accepted after one crash?",
  },
  {
    claim: "acks=all alone is enough: an acknowledged write is on every replica.",
    configuration: { topic: { "min.insync.replicas": 1 }, producer: { acks: "all" } },
    faults: { slow: 2, "disk-loss": 1 },
    records: 1,
    promise: "acked-survive",
    asks: "does it survive one lost disk, while followers are slow?",
  },
  {
    claim: "acks=1 loses nothing as long as only one broker fails.",
    configuration: { producer: { acks: 1 } },
    faults: { crash: 1 },
    records: 1,
    promise: "acked-survive",
    asks: "does it survive one crash?",
  },
  {
    claim: "min.insync.replicas=2 protects acks=1 as well.",
    configuration: { topic: { "min.insync.replicas": 2 }, producer: { acks: 1 } },
    faults: { crash: 1 },
    records: 1,
    promise: "acked-survive",
    asks: "does it survive one crash?",
  },
  {
    claim: "With acks=all a retry stores nothing twice.",
    configuration: { topic: { "min.insync.replicas": 2 }, producer: { acks: "all", "enable.idempotence": false } },
    faults: { crash: 1 },
    records: 1,
    promise: "no-duplicate",
    asks: "is a record stored once, without idempotence, when the leader crashes?",
  },
  {
    claim: "With three replicas, acks=all and min.insync.replicas=2 an acknowledged write survives one failed broker.",
    configuration: { topic: { "min.insync.replicas": 2 }, producer: { acks: "all" } },
    faults: { "power-loss": 1, slow: 1 },
    records: 1,
    promise: "acked-survive",
    asks: "does it survive one power failure, while a follower is slow?",
  },
];

const maxStates = 200_000;

export function answerClaim(claim: PublishedClaim): AnsweredClaim {
  const configuration = configurationOf(claim.configuration);
  const promise = safetyPromises.find(({ id }) => id === claim.promise);
  if (promise === undefined) {
    const findings = sweepAvailability(acceptedHead(configuration, ["p"], "timed"), claim.faults);
    const finding = findings.find(({ id }) => id === claim.promise);
    const outcome = finding === undefined || finding.outcome === "not-asked" ? "inconclusive" : finding.outcome;
    const scenario = finding?.scenario ?? null;
    return { ...claim, outcome, scenario: scenario === null ? null : formatScenario(scenario) };
  }
  const head = acceptedHead(configuration, ["p"], "for-search");
  const { faults, records } = claim;
  const { findings } = searchSafety({ head, producers: ["p"], records, faults, promises: [promise] }, { maxStates });
  const path = findings[0]?.path ?? null;
  const found = path === null ? null : counterexample(head, path.actions, promise.broken);
  return {
    ...claim,
    outcome: findings[0]?.outcome ?? "inconclusive",
    scenario: found === null ? null : formatScenario(found.scenario),
  };
}
