/**
 * Two-phase commit after TwoPhase.tla (Gray and Lamport, "Consensus on Transaction Commit"), as immutable objects: what a
 * model looks like whose states are not packed.
 */
import type { Model } from "../../../lib/check/model.js";
import { always } from "../../../lib/check/properties.js";

export type Participant = "working" | "prepared" | "committed" | "aborted";

export interface TwoPhase {
  readonly participants: readonly Participant[];
  readonly decision: "none" | "committed" | "aborted";
  /** By participant: the coordinator knows it to be prepared. */
  readonly known: readonly boolean[];
  /** By participant: it has sent "prepared". */
  readonly sent: readonly boolean[];
}

export type TwoPhaseAction =
  | { readonly type: "commit" | "abort" }
  | { readonly type: "hear" | "prepare" | "choose abort" | "obey commit" | "obey abort"; readonly of: number };

export const consistent = always<TwoPhase>(
  "no one commits what another aborts",
  ({ participants }) => !(participants.includes("committed") && participants.includes("aborted")),
);

export function twoPhaseCommit(count: number): Model<TwoPhase, TwoPhaseAction> {
  const everyone = Array.from({ length: count }, (_, of) => of);
  return {
    init: () => [
      {
        participants: everyone.map(() => "working" as const),
        decision: "none",
        known: everyone.map(() => false),
        sent: everyone.map(() => false),
      },
    ],
    actions({ participants, decision, known, sent }) {
      const actions: TwoPhaseAction[] = [];
      if (decision === "none") {
        if (known.every((isKnown) => isKnown)) actions.push({ type: "commit" });
        actions.push({ type: "abort" });
      }
      for (const of of everyone) {
        if (decision === "none" && sent[of] === true) actions.push({ type: "hear", of });
        if (participants[of] === "working") actions.push({ type: "prepare", of }, { type: "choose abort", of });
        if (decision === "committed") actions.push({ type: "obey commit", of });
        if (decision === "aborted") actions.push({ type: "obey abort", of });
      }
      return actions;
    },
    next(state, action) {
      switch (action.type) {
        case "commit":
          return { ...state, decision: "committed" };
        case "abort":
          return { ...state, decision: "aborted" };
        case "hear":
          return { ...state, known: state.known.with(action.of, true) };
        case "prepare":
          return { ...become(state, action.of, "prepared"), sent: state.sent.with(action.of, true) };
        case "choose abort":
        case "obey abort":
          return become(state, action.of, "aborted");
        case "obey commit":
          return become(state, action.of, "committed");
      }
    },
    invariants: [consistent],
    key: (state, into) => into.value(state),
  };
}

/** The same, taking participants for interchangeable. */
export function twoPhaseCommitBySymmetry(count: number): Model<TwoPhase, TwoPhaseAction> {
  return { ...twoPhaseCommit(count), symmetry: sortedByFate };
}

/** Participants put in the order of all that is known of each. */
export function sortedByFate({ participants, decision, known, sent }: TwoPhase): TwoPhase {
  const fates = participants.map((is, of) => ({ is, known: known[of] === true, sent: sent[of] === true }));
  const rank = ({ is, known, sent }: (typeof fates)[number]): string => `${is} ${known} ${sent}`;
  fates.sort((one, other) => (rank(one) < rank(other) ? -1 : rank(one) > rank(other) ? 1 : 0));
  return {
    participants: fates.map(({ is }) => is),
    decision,
    known: fates.map(({ known }) => known),
    sent: fates.map(({ sent }) => sent),
  };
}

function become(state: TwoPhase, of: number, is: Participant): TwoPhase {
  return { ...state, participants: state.participants.with(of, is) };
}
