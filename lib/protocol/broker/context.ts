import type { Rules } from "../../kafka/versions.js";
import type { Outbox } from "../step.js";

/** What every handler of one step is given beside the state and the event. */
export interface StepContext {
  readonly nowMs: number;
  readonly rules: Rules;
  /** Where effects go. */
  readonly outbox: Outbox;
}
