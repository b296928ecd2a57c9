import type { Rules } from "../../kafka/versions.js";
import type { BrokerId } from "../ids.js";
import type { IsrState } from "./state.js";

export function committedIsr(isr: readonly BrokerId[]): IsrState {
  return { state: "committed", isr };
}

/** The ISR the leader counts with: the stored one, before KIP-497 already the one it has only asked for. */
export function isrOf(state: IsrState, rules: Rules): readonly BrokerId[] {
  if (state.state === "committed" || rules.isrTakesEffect === "when-committed") return state.isr;
  return state.proposedIsr;
}

/**
 * The ISR that everything waits for: a proposed member counts at once, a member proposed to leave counts until that is
 * stored. Whatever the controller stored last, it is contained. KIP-497.
 */
export function maximalIsr(state: IsrState, rules: Rules): readonly BrokerId[] {
  if (state.state === "pendingExpand" && rules.highWatermarkWaitsForMaximalIsr) return state.proposedIsr;
  return isrOf(state, rules);
}

/** While a proposal is under way no other is made for the partition. */
export function isInFlight(state: IsrState): boolean {
  return state.state !== "committed";
}

/** `1,2`, or with what is proposed: `1,2 +3`, `1,2,3 -2,3`. */
export function formatIsrState(state: IsrState): string {
  const isr = state.isr.join(",");
  switch (state.state) {
    case "committed":
      return isr;
    case "pendingExpand":
      return `${isr} +${state.newInSyncReplica}`;
    case "pendingShrink":
      return `${isr} -${state.outOfSyncReplicas.join(",")}`;
  }
}
