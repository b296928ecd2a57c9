import type { FaultBudget, FaultKind } from "../world/faults.js";
import type { AvailabilityFinding } from "./availability.js";
import type { PromiseId, Survival } from "./proof.js";
import { safetyPromises } from "./safety-promises.js";
import type { SafetyQuestion, SafetyResult } from "./search-safety.js";

/** Failures of brokers of which it is said how many a promise survives. */
export const countedFailures: readonly FaultKind[] = ["crash", "power-loss", "disk-loss"];

type Outcome = "holds" | "violated" | "inconclusive";

/**
 * How many failures of each kind each promise survives, alone, in every placement, with one record: one more is asked about
 * until it is too many, at most `most`. Availability is asked about brokers that stay away, where the kind makes no difference.
 *
 * @param sweep what the faults do to availability
 */
export function* countSurvivals(
  question: Pick<SafetyQuestion, "head" | "producers">,
  sweep: (faults: FaultBudget) => readonly AvailabilityFinding[],
  most: number,
): Generator<SafetyQuestion, ReadonlyMap<PromiseId, readonly Survival[]>, SafetyResult> {
  const counts = new Map<PromiseId, Survival[]>();
  const note = (id: PromiseId, fault: FaultKind, failures: number, outcome: Outcome): void => {
    const others = (counts.get(id) ?? []).filter((survival) => survival.fault !== fault);
    counts.set(id, [...others, survivalAfter(fault, failures, outcome)]);
  };
  for (const fault of countedFailures) {
    let open = safetyPromises;
    for (let failures = 1; failures <= most && open.length > 0; failures++) {
      const { findings } = yield { ...question, records: 1, faults: { [fault]: failures }, promises: open };
      for (const { id, outcome } of findings) note(id, fault, failures, outcome);
      open = open.filter(({ id }) => findings.some((finding) => finding.id === id && finding.outcome === "holds"));
    }
  }
  for (let failures = 1; failures <= most; failures++)
    for (const { id, outcome } of sweep({ crash: failures })) {
      const known = counts.get(id)?.[0];
      if (outcome !== "not-asked" && known?.next !== "broken") note(id, "crash", failures, outcome);
    }
  return counts;
}

function survivalAfter(fault: FaultKind, failures: number, outcome: Outcome): Survival {
  if (outcome === "holds") return { fault, failures, next: "all" };
  return { fault, failures: failures - 1, next: outcome === "violated" ? "broken" : "cut" };
}
