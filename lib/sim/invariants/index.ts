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
  for (const { breach } of checked) {
    const found = breach(before, after);
    if (found !== null) return found;
  }
  return null;
}
