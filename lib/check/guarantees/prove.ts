import { invariant } from "../../core/assert.js";
import type { Scenario } from "../../sim/scenario/ast.js";
import type { Statistics } from "../statistics.js";
import type { FaultBudget } from "../world/faults.js";
import { type AvailabilityFinding, sweepAvailability } from "./availability.js";
import type { Configuration } from "./configuration.js";
import { headOf } from "./configuration.js";
import { counterexample } from "./counterexample.js";
import { type SafetyPromiseId, safetyPromises } from "./safety-promises.js";
import { searchSafety } from "./search-safety.js";

export type PromiseId = SafetyPromiseId | AvailabilityFinding["id"];

/** What is said of one promise. */
export interface Guarantee {
  readonly id: PromiseId;
  readonly claim: string;
  readonly outcome: "holds" | "violated" | "inconclusive";
  /** Choices of the shortest way to break it; null unless the search has found it. */
  readonly steps: number | null;
  /** Replayable; null unless violated. */
  readonly scenario: Scenario | null;
}

export interface Proof {
  readonly guarantees: readonly Guarantee[];
  /** Of the searches, the one with most records last. */
  readonly searches: readonly { readonly records: number; readonly statistics: Statistics }[];
  /** Timed runs of the availability sweep. */
  readonly runs: number;
}

export interface ProveBounds {
  /** Records that are sent in the largest search; each number from 1 up is searched in turn. */
  readonly records: number;
  readonly maxStates: number;
  readonly maxMs?: number;
  readonly nowMs?: () => number;
  readonly interrupted?: () => boolean;
  readonly progress?: (statistics: Statistics) => void;
}

const availabilityClaims = {
  "writes-accepted": "writes stay accepted",
  "reads-available": "reads stay available",
} as const;

/**
 * Says of each promise whether a configuration keeps it under every placement of the faults within the bounds. A promise
 * that no finished search has broken, while a larger one was cut, is inconclusive.
 *
 * @throws InvariantError for a configuration that `headOf` refuses: ask it first
 */
export function prove(configuration: Configuration, faults: FaultBudget, bounds: ProveBounds): Proof {
  const { maxStates, records: most, nowMs, maxMs, interrupted, progress } = bounds;
  const producers = (faults["isolate-controller"] ?? 0) > 0 ? ["p", "q"] : ["p"];
  const head = headIn(configuration, producers, "for-search");
  const startMs = nowMs?.() ?? 0;
  const found = new Map<SafetyPromiseId, Guarantee>();
  const searches: { records: number; statistics: Statistics }[] = [];
  for (let records = 1; records <= most; records++) {
    const open = safetyPromises.filter(({ id }) => found.get(id)?.outcome !== "violated");
    if (open.length === 0) break;
    const leftMs = maxMs === undefined ? undefined : maxMs - ((nowMs?.() ?? 0) - startMs);
    if (leftMs !== undefined && leftMs <= 0) {
      for (const { id, claim } of open)
        found.set(id, { id, claim, outcome: "inconclusive", steps: null, scenario: null });
      break;
    }
    const { findings, statistics } = searchSafety(
      { head, producers, records, faults, promises: open },
      {
        maxStates,
        ...(leftMs === undefined || nowMs === undefined ? {} : { maxMs: leftMs, nowMs }),
        ...(interrupted === undefined ? {} : { interrupted }),
        ...(progress === undefined ? {} : { progress }),
      },
    );
    searches.push({ records, statistics });
    for (const { id, outcome, path } of findings) {
      const promise = safetyPromises.find((candidate) => candidate.id === id);
      invariant(promise !== undefined, () => `there is no promise ${id}`);
      const scenario = path === null ? null : counterexample(head, path.actions, promise.broken);
      found.set(id, { id, claim: promise.claim, outcome, steps: path?.moves.length ?? null, scenario });
    }
    if (statistics.endedBy !== "complete" && statistics.endedBy !== "decided") break;
  }
  const available = sweepAvailability(headIn(configuration, ["p"], "timed"), faults);
  return {
    searches,
    runs: Math.max(0, ...available.map(({ runs }) => runs)),
    guarantees: [
      ...found.values(),
      ...available.map(({ id, outcome, scenario }) => ({
        id,
        claim: availabilityClaims[id],
        outcome,
        steps: null,
        scenario,
      })),
    ],
  };
}

function headIn(configuration: Configuration, producers: readonly string[], how: "for-search" | "timed"): Scenario {
  const result = headOf(configuration, producers, how);
  invariant(result.ok, () => (result.ok ? "" : `the configuration is refused: ${result.diagnostic.message}`));
  return result.head;
}
