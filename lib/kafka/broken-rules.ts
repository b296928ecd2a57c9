import type { Variant } from "./variants.js";

/**
 * Rules that are the same in every release. They are values, where others are simply code, so that each can be broken by
 * itself: what breaks then is what the rule is for.
 */
export interface SteadyRules {
  /** Each election begins a leader epoch of its own. */
  readonly electionBumpsLeaderEpoch: boolean;
  /** An election moves the partition epoch, as every other change of a partition does. */
  readonly electionBumpsPartitionEpoch: boolean;
  /** The leader's high watermark waits for the members of the ISR, not for its own log end alone. */
  readonly highWatermarkWaitsForIsr: boolean;
  /** A smaller candidate leaves the leader's high watermark where it is. */
  readonly highWatermarkOnlyRises: boolean;
  /** A follower takes its leader's high watermark only as far as its own log reaches. */
  readonly followerHighWatermarkClipped: boolean;
  /** acks=all is answered when the high watermark has passed the batch. */
  readonly acksAllWaitsForHighWatermark: boolean;
  /** A follower cuts the tail that its leader does not have before it appends. */
  readonly followerTruncates: boolean;
  /** What is not committed is not given to consumers. */
  readonly consumersStopAtHighWatermark: boolean;
  /** A follower is proposed for the ISR only once it holds everything that may be committed. */
  readonly isrJoinWaitsForCommitted: boolean;
}

export const steadyRules: SteadyRules = {
  electionBumpsLeaderEpoch: true,
  electionBumpsPartitionEpoch: true,
  highWatermarkWaitsForIsr: true,
  highWatermarkOnlyRises: true,
  followerHighWatermarkClipped: true,
  acksAllWaitsForHighWatermark: true,
  followerTruncates: true,
  consumersStopAtHighWatermark: true,
  isrJoinWaitsForCommitted: true,
};

export const brokenRuleIds = [
  "leader-epoch-kept",
  "partition-epoch-kept",
  "high-watermark-from-leader-alone",
  "high-watermark-falls",
  "follower-high-watermark-unclipped",
  "ack-before-high-watermark",
  "follower-does-not-truncate",
  "consumer-reads-past-high-watermark",
  "joins-isr-at-first-fetch",
] as const;

export type BrokenRuleId = (typeof brokenRuleIds)[number];

const never = { versions: "never released", fix: "The rule as it is." } as const;

/** One rule of today broken at a time. */
export const brokenRules: { readonly [I in BrokenRuleId]: Variant & { readonly id: I } } = {
  "leader-epoch-kept": {
    ...never,
    id: "leader-epoch-kept",
    story: "An election names another leader and leaves the leader epoch as it was.",
    loses: "The order of leaders: two of them write different records with the same epoch, and no follower can tell.",
    harm: "logs-diverge",
    rules: { electionBumpsLeaderEpoch: false },
  },
  "partition-epoch-kept": {
    ...never,
    id: "partition-epoch-kept",
    story: "Only changes of the ISR move the partition epoch; an election leaves it.",
    loses: "The guard against late ISR changes: the controller no longer sees that a wish is older than an election.",
    harm: "unavailable",
    rules: { electionBumpsPartitionEpoch: false },
  },
  "high-watermark-from-leader-alone": {
    ...never,
    id: "high-watermark-from-leader-alone",
    story: "The leader takes its own log end for the high watermark and waits for nobody.",
    loses: "Acknowledged records, with the leader that alone had them.",
    harm: "acknowledged-record-lost",
    rules: { highWatermarkWaitsForIsr: false },
  },
  "high-watermark-falls": {
    ...never,
    id: "high-watermark-falls",
    story: "The leader's high watermark follows the slowest replica down as well as up.",
    loses: "Sight of records that consumers have already read.",
    harm: "seen-going-backwards",
    rules: { highWatermarkOnlyRises: false },
  },
  "follower-high-watermark-unclipped": {
    ...never,
    id: "follower-high-watermark-unclipped",
    story: "A follower believes its leader's high watermark also where its own log does not reach it yet.",
    loses: "The meaning of its high watermark: elected now, it counts records as committed that it never had.",
    harm: "acknowledged-record-lost",
    rules: { followerHighWatermarkClipped: false },
  },
  "ack-before-high-watermark": {
    ...never,
    id: "ack-before-high-watermark",
    story: "acks=all is answered after the leader's own append, as acks=1 is.",
    loses: "Acknowledged records, with the leader that alone had them.",
    harm: "acknowledged-record-lost",
    rules: { acksAllWaitsForHighWatermark: false },
  },
  "follower-does-not-truncate": {
    ...never,
    id: "follower-does-not-truncate",
    story: "A follower keeps what it has and appends from there on, whoever leads.",
    loses: "Agreement: what a former leader wrote alone stays in the middle of its log.",
    harm: "logs-diverge",
    rules: { followerTruncates: false },
  },
  "consumer-reads-past-high-watermark": {
    ...never,
    id: "consumer-reads-past-high-watermark",
    story: "Consumers are given everything up to the log end.",
    loses: "Repeatable reads: a record that was read is gone after the next election.",
    harm: "seen-going-backwards",
    rules: { consumersStopAtHighWatermark: false },
  },
  "joins-isr-at-first-fetch": {
    ...never,
    id: "joins-isr-at-first-fetch",
    story: "A replica that fetches is proposed for the ISR, however far it is behind.",
    loses: "Acknowledged records above its log end, when it is elected.",
    harm: "acknowledged-record-lost",
    rules: { isrJoinWaitsForCommitted: false },
  },
};
