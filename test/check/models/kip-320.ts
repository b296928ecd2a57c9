/**
 * Kip320.tla, the algorithm in use since Kafka 2.1: follower and leader must be in the same epoch when the follower
 * truncates, when it fetches, when the high watermark moves and when the ISR grows.
 */
import {
  allInIsr,
  type Constants,
  controllerRules,
  endOffset,
  entryAt,
  epochAt,
  fetch,
  followRequest,
  hasOffset,
  highWatermark,
  incrementHighWatermark,
  isFollowingLeaderEpoch,
  isrOf,
  leaderAdds,
  leaderEpoch,
  leaderInEpoch,
  leaderRemoves,
  type NamedRule,
  NONE,
  presumesLeadership,
  published,
  type Rule,
  replicaOf,
  specification,
  strongIsr,
  truncateTo,
  withHighWatermark,
} from "./kafka-replication.js";

const expandIsr: Rule = (state, leader, follower) => {
  if (!isFollowingLeaderEpoch(state, leader, follower)) return undefined;
  const replica = replicaOf(state, leader);
  const offset = highWatermark(replica);
  const followerIsThere = offset === 0 || hasOffset(replicaOf(state, follower), offset - 1);
  // A new leader does not know how far the last one had committed; past the start of its own epoch it has it all.
  const epochIsThere =
    offset === endOffset(replica) || (hasOffset(replica, offset) && epochAt(replica, offset) === leaderEpoch(replica));
  return followerIsThere && epochIsThere ? leaderAdds(state, leader, follower) : undefined;
};

// One action in the specification, enabled for two reasons; both may hold, and then TLC generates the state twice.
const shrinkIsrNotFollowing: Rule = (state, leader, follower) =>
  isFollowingLeaderEpoch(state, leader, follower) ? undefined : leaderRemoves(state, leader, follower);

const shrinkIsrLagging: Rule = (state, leader, follower) =>
  endOffset(replicaOf(state, follower)) < endOffset(replicaOf(state, leader))
    ? leaderRemoves(state, leader, follower)
    : undefined;

const incHighWatermark: Rule = (state, leader) => {
  const replica = replicaOf(state, leader);
  const offset = highWatermark(replica);
  if (!hasOffset(replica, offset)) return undefined;
  // With an empty ISR nothing asks whether this replica presumes to lead: so it is specified.
  const isAcknowledged = allInIsr(
    isrOf(replica),
    (member) => isFollowingLeaderEpoch(state, leader, member) && hasOffset(replicaOf(state, member), offset),
  );
  return isAcknowledged ? incrementHighWatermark(state, leader) : undefined;
};

/** KIP-279: one past the last offset at which both logs have the same entry. */
function matchingEnd(follower: number, leader: number): number {
  for (let offset = Math.min(endOffset(follower), endOffset(leader)); offset > 0; offset--) {
    if (entryAt(follower, offset - 1) === entryAt(leader, offset - 1)) return offset;
  }
  return 0;
}

const becomeFollower: Rule = (state, follower, epoch) => {
  const leader = leaderInEpoch(state, epoch);
  const replica = replicaOf(state, follower);
  if (leader === NONE || leader === follower || epoch <= leaderEpoch(replica)) return undefined;
  if (!presumesLeadership(state, leader) || leaderEpoch(replicaOf(state, leader)) !== epoch) return undefined;
  const offset = matchingEnd(replica, replicaOf(state, leader));
  const truncated = withHighWatermark(truncateTo(replica, offset), Math.min(offset, highWatermark(replica)));
  return followRequest(state, follower, epoch, truncated);
};

const followerFetch: Rule = (state, leader, follower) =>
  isFollowingLeaderEpoch(state, leader, follower) ? fetch(state, leader, follower) : undefined;

const rules: readonly NamedRule[] = [
  ...controllerRules,
  { name: "FencedLeaderExpandIsr", takes: "leader, follower", rule: expandIsr },
  { name: "FencedLeaderShrinkIsr, not following", takes: "leader, follower", rule: shrinkIsrNotFollowing },
  { name: "FencedLeaderShrinkIsr, lagging", takes: "leader, follower", rule: shrinkIsrLagging },
  { name: "FencedLeaderIncHighWatermark", takes: "replica", rule: incHighWatermark },
  { name: "FencedBecomeFollowerAndTruncate", takes: "replica, epoch", rule: becomeFollower },
  { name: "FencedFollowerFetch", takes: "leader, follower", rule: followerFetch },
];

export function kip320(constants: Constants = published) {
  return specification(rules, strongIsr, constants);
}
