/**
 * Kafka's replication as the published TLA+ specifications see it: KafkaReplication.tla of
 * github.com/hachikuji/kafka-specification, commit d68782b, written again for the explorer. One partition, three replicas,
 * and a controller that acts directly on the quorum's state; no brokers fail, they merely stop taking part.
 *
 * What stands here are the parts that all its variants share. A variant is a list of rules (`truncate-to-high-watermark.ts`,
 * `kip-101.ts`, `kip-320.ts`), and each rule a function that returns the next state, or `undefined` where it is not enabled.
 *
 * A state is four packed integers, so that a search makes one small object a state.
 */
import type { Model } from "../../../lib/check/model.js";
import type { Always } from "../../../lib/check/properties.js";

/** Bounds of the search; each fits its bits up to the value named. */
export interface Constants {
  /** Records a log can hold, at most 3. */
  readonly logSize: number;
  /** Records that are ever written, at most 3. */
  readonly maxRecords: number;
  /** Epochs run from 0 to this, at most 3. */
  readonly maxLeaderEpoch: number;
}

/** The bounds for which the counts and depths were published. */
export const published: Constants = { logSize: 2, maxRecords: 2, maxLeaderEpoch: 2 };

export const REPLICAS = [0, 1, 2] as const;
const ALL = 0b111;
export const NONE = -1;

/**
 * `r0`, `r1`, `r2`: each replica's log and what it believes of leader and ISR; see the readers below for the bits.
 * `quorum`: the truth about leader and ISR, the next record id, and every LeaderAndIsr request ever sent: one an epoch,
 * none ever lost, delivered in any order or never.
 */
export interface State {
  readonly r0: number;
  readonly r1: number;
  readonly r2: number;
  readonly quorum: number;
}

/** Enabled with these arguments: the next state. Not enabled: undefined. */
export type Rule = (state: State, first: number, second: number, constants: Constants) => State | undefined;

/** What the two numbers of an action stand for; a rule is tried with all values of its kind. */
export type Arguments = "replica" | "epoch" | "leader, follower" | "replica, epoch";

/** One of the alternatives of the specification's Next. */
export interface NamedRule {
  readonly name: string;
  readonly takes: Arguments;
  readonly rule: Rule;
}

export interface Action {
  readonly rule: NamedRule;
  readonly first: number;
  readonly second: number;
}

/** A model that may do anything its rules allow. */
export function specification(
  rules: readonly NamedRule[],
  invariant: Always<State>,
  constants: Constants,
): Model<State, Action> {
  const actions = rules.flatMap((rule) =>
    argumentsOf(rule.takes, constants).map(([first, second]): Action => ({ rule, first, second })),
  );
  return {
    init: () => [{ r0: 0, r1: 0, r2: 0, quorum: ALL << 2 }],
    actions: () => actions,
    next: (state, { rule, first, second }) => rule.rule(state, first, second, constants),
    invariants: [invariant],
    key(state, into) {
      into.integer(state.r0);
      into.integer(state.r1);
      into.integer(state.r2);
      into.integer(state.quorum);
    },
  };
}

/** `LeaderWrite(0)`, as the specification would write it. */
export function describeAction({ rule, first, second }: Action): string {
  const isSingle = rule.takes === "replica" || rule.takes === "epoch";
  return isSingle ? `${rule.name}(${first})` : `${rule.name}(${first}, ${second})`;
}

function argumentsOf(takes: Arguments, { maxLeaderEpoch }: Constants): (readonly [number, number])[] {
  const epochs = Array.from({ length: maxLeaderEpoch + 1 }, (_, epoch) => epoch);
  switch (takes) {
    case "replica":
      return REPLICAS.map((replica) => [replica, 0]);
    case "epoch":
      return epochs.map((epoch) => [epoch, 0]);
    case "leader, follower":
      return REPLICAS.flatMap((leader) => REPLICAS.map((follower) => [leader, follower] as const));
    case "replica, epoch":
      return REPLICAS.flatMap((replica) => epochs.map((epoch) => [replica, epoch] as const));
  }
}

// A replica: high watermark, leader epoch + 1, leader + 1, ISR as bits, log end offset, and 4 bits an entry (id, epoch).
export const highWatermark = (replica: number): number => replica & 0b11;
export const leaderEpoch = (replica: number): number => ((replica >> 2) & 0b111) - 1;
export const leaderOf = (replica: number): number => ((replica >> 5) & 0b11) - 1;
export const isrOf = (replica: number): number => (replica >> 7) & 0b111;
export const endOffset = (replica: number): number => (replica >> 10) & 0b11;
export const entryAt = (replica: number, offset: number): number => (replica >> (12 + 4 * offset)) & 0b1111;
export const epochAt = (replica: number, offset: number): number => entryAt(replica, offset) >> 2;
export const hasOffset = (replica: number, offset: number): boolean => offset < endOffset(replica);

export const withHighWatermark = (replica: number, offset: number): number => (replica & ~0b11) | offset;
const withIsr = (replica: number, isr: number): number => (replica & ~(0b111 << 7)) | (isr << 7);

function append(replica: number, entry: number): number {
  const end = endOffset(replica);
  return (replica & ~(0b11 << 10)) | ((end + 1) << 10) | (entry << (12 + 4 * end));
}

/** Callers see to it that the offset is not above the log end. */
export function truncateTo(replica: number, offset: number): number {
  const kept = replica & ((1 << (12 + 4 * offset)) - 1);
  return (kept & ~(0b11 << 10)) | (offset << 10);
}

// The quorum: leader + 1, ISR, next record id, number of epochs used, and 5 bits an epoch (leader + 1, ISR of the request).
const quorumLeader = (quorum: number): number => (quorum & 0b11) - 1;
const quorumIsr = (quorum: number): number => (quorum >> 2) & 0b111;
const nextRecordId = (quorum: number): number => (quorum >> 5) & 0b11;
const nextLeaderEpoch = (quorum: number): number => (quorum >> 7) & 0b111;
const requestLeader = (quorum: number, epoch: number): number => ((quorum >> (10 + 5 * epoch)) & 0b11) - 1;
const requestIsr = (quorum: number, epoch: number): number => (quorum >> (12 + 5 * epoch)) & 0b111;
const withQuorumIsr = (quorum: number, isr: number): number => (quorum & ~(0b111 << 2)) | (isr << 2);

const isIn = (isr: number, replica: number): boolean => (isr & (1 << replica)) !== 0;

export function replicaOf(state: State, replica: number): number {
  return replica === 0 ? state.r0 : replica === 1 ? state.r1 : state.r2;
}

export function withReplica(state: State, replica: number, word: number): State {
  const { r0, r1, r2, quorum } = state;
  if (replica === 0) return { r0: word, r1, r2, quorum };
  return replica === 1 ? { r0, r1: word, r2, quorum } : { r0, r1, r2: word, quorum };
}

/** A replica that believes itself the leader takes writes, rightly or not. */
export function presumesLeadership(state: State, replica: number): boolean {
  return leaderOf(replicaOf(state, replica)) === replica;
}

export function isFollowing(state: State, leader: number, follower: number): boolean {
  return leaderOf(replicaOf(state, follower)) === leader;
}

/** As {@link isFollowing}, with both in the same epoch and the leader agreeing. */
export function isFollowingLeaderEpoch(state: State, leader: number, follower: number): boolean {
  return (
    presumesLeadership(state, leader) &&
    isFollowing(state, leader, follower) &&
    leaderEpoch(replicaOf(state, follower)) === leaderEpoch(replicaOf(state, leader))
  );
}

/** Whether all members of a replica's ISR satisfy the test. */
export function allInIsr(isr: number, holds: (member: number) => boolean): boolean {
  for (const replica of REPLICAS) if (isIn(isr, replica) && !holds(replica)) return false;
  return true;
}

// --- The rules that all variants share

/** The controller bumps the epoch, notes the new leader and ISR, and sends a LeaderAndIsr request. */
function updateQuorum(state: State, leader: number, isr: number, { maxLeaderEpoch }: Constants): State | undefined {
  const { quorum } = state;
  const epoch = nextLeaderEpoch(quorum);
  if (epoch > maxLeaderEpoch) return undefined;
  const request = (leader + 1) | (isr << 2);
  const others = quorum & ~(0b11111 | (0b111 << 7));
  return { ...state, quorum: others | request | ((epoch + 1) << 7) | (request << (10 + 5 * epoch)) };
}

const controllerShrinkIsr: Rule = (state, replica, _, constants) => {
  const isr = quorumIsr(state.quorum);
  const leader = quorumLeader(state.quorum);
  if (leader === replica) {
    // The last member stays in the ISR, so that a leader can still be found.
    return updateQuorum(state, NONE, isr === 1 << replica ? isr : isr & ~(1 << replica), constants);
  }
  return isIn(isr, replica) ? updateQuorum(state, leader, isr & ~(1 << replica), constants) : undefined;
};

const controllerElectLeader: Rule = (state, replica, _, constants) => {
  const isr = quorumIsr(state.quorum);
  if (!isIn(isr, replica) || quorumLeader(state.quorum) === replica) return undefined;
  return updateQuorum(state, replica, isr, constants);
};

/** Takes up what the request of an epoch says. */
export function followRequest(state: State, replica: number, epoch: number, log: number): State {
  const leader = requestLeader(state.quorum, epoch);
  const log0 = log & ~(0b11111111 << 2);
  return withReplica(
    state,
    replica,
    log0 | ((epoch + 1) << 2) | ((leader + 1) << 5) | (requestIsr(state.quorum, epoch) << 7),
  );
}

/** The leader that the request of this epoch names, if it was sent; NONE otherwise. */
export function leaderInEpoch(state: State, epoch: number): number {
  return epoch < nextLeaderEpoch(state.quorum) ? requestLeader(state.quorum, epoch) : NONE;
}

const becomeLeader: Rule = (state, epoch) => {
  const leader = leaderInEpoch(state, epoch);
  if (leader === NONE) return undefined;
  const replica = replicaOf(state, leader);
  return epoch > leaderEpoch(replica) ? followRequest(state, leader, epoch, replica) : undefined;
};

const leaderWrite: Rule = (state, leader, _, { logSize, maxRecords }) => {
  const id = nextRecordId(state.quorum);
  const replica = replicaOf(state, leader);
  if (!presumesLeadership(state, leader) || id >= maxRecords || endOffset(replica) >= logSize) return undefined;
  const written = withReplica(state, leader, append(replica, id | (leaderEpoch(replica) << 2)));
  return { ...written, quorum: (state.quorum & ~(0b11 << 5)) | ((id + 1) << 5) };
};

/** Only the leader that the quorum knows, in the quorum's epoch, may change the ISR. */
export function leaderUpdatesIsr(state: State, leader: number, isr: number): State | undefined {
  const { quorum } = state;
  const replica = replicaOf(state, leader);
  const isTrueLeader =
    quorumLeader(quorum) === leader &&
    presumesLeadership(state, leader) &&
    leaderEpoch(replica) === nextLeaderEpoch(quorum) - 1;
  if (!isTrueLeader) return undefined;
  return { ...withReplica(state, leader, withIsr(replica, isr)), quorum: withQuorumIsr(quorum, isr) };
}

export function leaderRemoves(state: State, leader: number, follower: number): State | undefined {
  const isr = isrOf(replicaOf(state, leader));
  if (follower === leader || !isIn(isr, follower)) return undefined;
  return leaderUpdatesIsr(state, leader, isr & ~(1 << follower));
}

export function leaderAdds(state: State, leader: number, follower: number): State | undefined {
  const isr = isrOf(replicaOf(state, leader));
  return isIn(isr, follower) ? undefined : leaderUpdatesIsr(state, leader, isr | (1 << follower));
}

/** The follower takes the leader's entry at its own end, and the leader's high watermark as far as its log reaches. */
export function fetch(state: State, leader: number, follower: number): State | undefined {
  const from = replicaOf(state, leader);
  const to = replicaOf(state, follower);
  const offset = endOffset(to);
  if (!hasOffset(from, offset)) return undefined;
  const longer = append(to, entryAt(from, offset));
  return withReplica(state, follower, withHighWatermark(longer, Math.min(highWatermark(from), offset + 1)));
}

export function incrementHighWatermark(state: State, leader: number): State {
  const replica = replicaOf(state, leader);
  return withReplica(state, leader, withHighWatermark(replica, highWatermark(replica) + 1));
}

/** In every variant, first in the order of its Next. */
export const controllerRules: readonly NamedRule[] = [
  { name: "ControllerElectLeader", takes: "replica", rule: controllerElectLeader },
  { name: "ControllerShrinkIsr", takes: "replica", rule: controllerShrinkIsr },
  { name: "BecomeLeader", takes: "epoch", rule: becomeLeader },
  { name: "LeaderWrite", takes: "replica", rule: leaderWrite },
];

// --- What must hold

/** Below its high watermark a presumed leader agrees with the members of an ISR. */
function agreesBelowHighWatermark(state: State, leader: number, isr: number): boolean {
  const replica = replicaOf(state, leader);
  return allInIsr(isr, (member) => {
    const other = replicaOf(state, member);
    for (let offset = 0; offset < highWatermark(replica); offset++) {
      if (!hasOffset(replica, offset) || !hasOffset(other, offset)) return false;
      if (entryAt(replica, offset) !== entryAt(other, offset)) return false;
    }
    return true;
  });
}

/** Each presumed leader agrees with the ISR it believes in. Leaders come from another one, so this alone is not enough. */
export const weakIsr: Always<State> = {
  kind: "always",
  name: "WeakIsr",
  holds: (state) =>
    REPLICAS.every(
      (leader) =>
        !presumesLeadership(state, leader) || agreesBelowHighWatermark(state, leader, isrOf(replicaOf(state, leader))),
    ),
};

/** Each presumed leader agrees with the ISR of the quorum: whoever is elected has all that a consumer was shown. */
export const strongIsr: Always<State> = {
  kind: "always",
  name: "StrongIsr",
  holds: (state) =>
    REPLICAS.every(
      (leader) =>
        !presumesLeadership(state, leader) || agreesBelowHighWatermark(state, leader, quorumIsr(state.quorum)),
    ),
};
