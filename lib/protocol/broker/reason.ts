import type { Change } from "../fact.js";

/** Why something changes, for traces: the rule, what it looked at, and the facts these came from. */
export type Reason = Pick<Change, "rule" | "numbers" | "because">;
