import type { Replica } from "../../protocol/broker/state.js";
import type { World } from "../world.js";
import {
  ackedIsCommitted,
  consistentRead,
  leaderCandidateCompleteness,
  leaderCompleteness,
  noCommittedRecordLost,
} from "./committed.js";
import type { Breach, WorldInvariant } from "./invariant.js";
import { leaderHighWatermarkMonotonic, replicationQuorumSuperset, validHighWatermark } from "./leader.js";
import { logMatching, offsetsInOrder, sameEpochSameRecord } from "./logs.js";
import { epochsNeverDecrease, metadataShape, oneLeaderPerEpoch } from "./metadata.js";

export type { Breach, InvariantName, WorldInvariant } from "./invariant.js";

/** Every invariant, cheapest first. */
export const invariants: readonly WorldInvariant[] = [
  epochsNeverDecrease,
  metadataShape,
  oneLeaderPerEpoch,
  offsetsInOrder,
  leaderHighWatermarkMonotonic,
  validHighWatermark,
  replicationQuorumSuperset,
  ackedIsCommitted,
  consistentRead,
  leaderCompleteness,
  leaderCandidateCompleteness,
  noCommittedRecordLost,
  logMatching,
  sameEpochSameRecord,
];

/** The first of the `checked` that the step from `before` to `after` breaks, or null. */
export function firstBreach(
  before: World | null,
  after: World,
  checked: readonly WorldInvariant[] = invariants,
): Breach | null {
  if (before !== null && looksTheSame(before, after)) return null;
  for (const { breach } of checked) {
    const found = breach(before, after);
    if (found !== null) return found;
  }
  return null;
}

/**
 * Whether nothing has changed that an invariant looks at: heartbeats, empty fetches and the like, which most steps are.
 * Whom a leader waits for changes with time and with every fetch; that matters once its high watermark moves, which is seen.
 */
function looksTheSame(before: World, after: World): boolean {
  if (before.history !== after.history) return false;
  if (before.controller.image !== after.controller.image) return false;
  if (before.brokers === after.brokers) return true;
  return after.brokers.every((broker, index) => {
    const was = before.brokers[index];
    if (was === broker) return true;
    if (was?.process !== broker.process || was.replicas.length !== broker.replicas.length) return false;
    return broker.replicas.every((replica, place) => hasSameCopy(was.replicas[place], replica));
  });
}

function hasSameCopy(was: Replica | undefined, is: Replica): boolean {
  if (was === is) return true;
  return (
    was?.partition === is.partition &&
    was.role === is.role &&
    was.log === is.log &&
    was.highWatermark === is.highWatermark &&
    was.leaderEpoch === is.leaderEpoch &&
    (was.role === "leader" && is.role === "leader" ? was.isrState === is.isrState : true)
  );
}
