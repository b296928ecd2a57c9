/**
 * The rules of KafkaReplication.tla that stood until KIP-320: nobody compares epochs when a follower fetches or the high
 * watermark moves. The variants of that time differ only in where a new follower truncates its log.
 */
import {
  allInIsr,
  type Constants,
  controllerRules,
  endOffset,
  fetch,
  followRequest,
  hasOffset,
  highWatermark,
  incrementHighWatermark,
  isFollowing,
  isrOf,
  leaderAdds,
  leaderEpoch,
  leaderInEpoch,
  leaderRemoves,
  type NamedRule,
  NONE,
  presumesLeadership,
  type Rule,
  replicaOf,
  type State,
  truncateTo,
  withHighWatermark,
} from "./kafka-replication.js";

/** Where a replica that begins to follow `leader` truncates its log. */
export type TruncationOffset = (state: State, leader: number, follower: number) => number;

function isCaughtUp(state: State, leader: number, follower: number, offset: number): boolean {
  if (!isFollowing(state, leader, follower)) return false;
  return (
    offset === 0 ||
    (hasOffset(replicaOf(state, leader), offset - 1) && hasOffset(replicaOf(state, follower), offset - 1))
  );
}

const leaderExpandIsr: Rule = (state, leader, follower) =>
  isCaughtUp(state, leader, follower, highWatermark(replicaOf(state, leader)))
    ? leaderAdds(state, leader, follower)
    : undefined;

const leaderShrinkIsr: Rule = (state, leader, follower) =>
  isCaughtUp(state, leader, follower, endOffset(replicaOf(state, leader)))
    ? undefined
    : leaderRemoves(state, leader, follower);

const leaderIncHighWatermark: Rule = (state, leader, _, { logSize }: Constants) => {
  const replica = replicaOf(state, leader);
  const offset = highWatermark(replica);
  if (!presumesLeadership(state, leader) || offset >= logSize) return undefined;
  const isAcknowledged = allInIsr(
    isrOf(replica),
    (member) => isFollowing(state, leader, member) && hasOffset(replicaOf(state, member), offset),
  );
  return isAcknowledged ? incrementHighWatermark(state, leader) : undefined;
};

const followerReplicate: Rule = (state, leader, follower) =>
  presumesLeadership(state, leader) && isFollowing(state, leader, follower)
    ? fetch(state, leader, follower)
    : undefined;

function becomeFollower(truncationOffset: TruncationOffset): Rule {
  return (state, follower, epoch) => {
    const leader = leaderInEpoch(state, epoch);
    const replica = replicaOf(state, follower);
    if (leader === NONE || leader === follower || epoch <= leaderEpoch(replica)) return undefined;
    const offset = truncationOffset(state, leader, follower);
    // As specified, a replica whose log ends below the offset found cannot begin to follow at all.
    if (offset > endOffset(replica)) return undefined;
    const truncated = withHighWatermark(truncateTo(replica, offset), Math.min(offset, highWatermark(replica)));
    return followRequest(state, follower, epoch, truncated);
  };
}

/** All rules of a variant from before KIP-320. */
export function unfencedRules(name: string, truncationOffset: TruncationOffset): readonly NamedRule[] {
  return [
    ...controllerRules,
    { name: "LeaderExpandIsr", takes: "leader, follower", rule: leaderExpandIsr },
    { name: "LeaderShrinkIsr", takes: "leader, follower", rule: leaderShrinkIsr },
    { name: "LeaderIncHighWatermark", takes: "replica", rule: leaderIncHighWatermark },
    { name, takes: "replica, epoch", rule: becomeFollower(truncationOffset) },
    { name: "FollowerReplicate", takes: "leader, follower", rule: followerReplicate },
  ];
}
