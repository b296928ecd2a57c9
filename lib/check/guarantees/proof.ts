import type { Statistics } from "../statistics.js";
import type { FaultBudget, FaultKind } from "../world/faults.js";
import type { Configuration } from "./configuration.js";
import type { SafetyPromiseId } from "./safety-promises.js";

/** Version of the document that {@link Proof} is. */
export const proofVersion = 1;

export type AvailabilityPromiseId = "writes-accepted" | "reads-available";
export type PromiseId = SafetyPromiseId | AvailabilityPromiseId;

/**
 * `holds` within the bounds, `violated` with a scenario, `inconclusive` where the search was cut, `not-asked` where the
 * faults of the question are none that the promise is played against.
 */
export type Outcome = "holds" | "violated" | "inconclusive" | "not-asked";

/** What is known of a configuration: plain data, the same for the same question on every machine (but for times). */
export interface Proof {
  readonly format: "highwater-proof";
  readonly version: typeof proofVersion;
  readonly configuration: Configuration;
  readonly faults: FaultBudget;
  /** `violated` if one promise is; else `inconclusive` if one is; else `holds`. */
  readonly outcome: Exclude<Outcome, "not-asked">;
  readonly guarantees: readonly Guarantee[];
  /** What one should know to read the answer right, in sentences. */
  readonly notes: readonly string[];
  /** Of the searches for the question itself, the one with most records last. */
  readonly searches: readonly { readonly records: number; readonly statistics: Statistics }[];
  /** Timed runs behind the availability promises. */
  readonly runs: number;
}

/** What is said of one promise. */
export interface Guarantee {
  readonly id: PromiseId;
  readonly claim: string;
  readonly outcome: Outcome;
  /** Choices of the shortest way to break it; null unless a search has found it. */
  readonly steps: number | null;
  /** The text of a scenario which `highwater run` replays; null unless violated. */
  readonly scenario: string | null;
  /** The same with times instead of steps, where there are times under which it happens by itself. */
  readonly timedScenario: string | null;
  /** How many broker failures it survives, kind by kind, whatever the question's faults were. */
  readonly survives: readonly Survival[];
}

/** How many failures of one kind a promise survives, alone and in every placement. */
export interface Survival {
  readonly fault: FaultKind;
  /** So many were shown to be survived. */
  readonly failures: number;
  /** `broken`: one more is too many. `cut`: one more was not searched to the end. `all`: no more were asked. */
  readonly next: "broken" | "cut" | "all";
}
