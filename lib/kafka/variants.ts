import { brokenRuleIds, brokenRules, type SteadyRules } from "./broken-rules.js";
import type { RuleValues } from "./rule-table.js";

/** A historical bug, or a rule broken on purpose, that can be switched on, on top of any release. */
export interface Variant {
  readonly id: VariantId;
  /** Releases that had it, in words. */
  readonly versions: string;
  /** What happened, in one sentence. */
  readonly story: string;
  /** What a user loses by it. */
  readonly loses: string;
  /** The proposal or ticket that ended it. */
  readonly fix: string;
  /** What kind of harm a checker should find. */
  readonly harm:
    | "acknowledged-record-lost"
    | "logs-diverge"
    | "unavailable"
    | "seen-going-backwards"
    | "duplicates"
    | "latency";
  readonly rules: Partial<RuleValues & SteadyRules>;
  /** Configuration defaults of that time, by key. */
  readonly defaults?: { readonly [key: string]: string };
}

export const historicalBugIds = [
  "truncate-to-high-watermark",
  "kip-101",
  "kip-279",
  "no-fetch-epoch",
  "isr-shrunk-before-stored",
  "high-watermark-ignores-proposed",
  "fenced-replica-joins",
  "no-broker-epoch",
  "last-replica-standing",
  "high-watermark-under-min-isr",
  "isr-shrink-bumps-leader-epoch",
  "every-restart-unclean",
  "dead-last-known-leader",
  "unclean-by-default",
  "offsets-go-backwards",
  "empty-epoch-not-cached",
  "idempotence-not-on",
] as const;

export const variantIds = [...historicalBugIds, ...brokenRuleIds] as const;

export type VariantId = (typeof variantIds)[number];

export const variants: { readonly [I in VariantId]: Variant & { readonly id: I } } = {
  ...brokenRules,
  "truncate-to-high-watermark": {
    id: "truncate-to-high-watermark",
    versions: "before 0.11",
    story:
      "A restarted follower cuts its log to its own high watermark, which is one round late, and is elected before it has fetched again.",
    loses: "A committed record that only the dead leader still had.",
    fix: "KIP-101",
    harm: "acknowledged-record-lost",
    rules: { truncation: "to-high-watermark", fetchEpochFencing: false, consumerValidatesPosition: false },
  },
  "kip-101": {
    id: "kip-101",
    versions: "0.11 to 1.1",
    story:
      "After a fast double failover a follower holds an epoch the leader never saw, and the answer is an end offset without its epoch.",
    loses: "Agreement: the follower keeps a wrong suffix.",
    fix: "KIP-279",
    harm: "logs-diverge",
    rules: { truncation: "epoch-end-offset-only", fetchEpochFencing: false, consumerValidatesPosition: false },
  },
  "kip-279": {
    id: "kip-279",
    versions: "2.0",
    story:
      "Truncation is right, but a fetch says nothing of the epoch its sender believes in, so a leader of the past is still followed.",
    loses: "Agreement, when a follower fetches from a leader that was replaced meanwhile.",
    fix: "KIP-320",
    harm: "logs-diverge",
    rules: { truncation: "epoch-and-end-offset", fetchEpochFencing: false, consumerValidatesPosition: false },
  },
  "no-fetch-epoch": {
    id: "no-fetch-epoch",
    versions: "brokers before 2.1, consumers before 2.3",
    story: "A follower or consumer with old metadata talks to a replaced leader, and neither side can tell.",
    loses: "Agreement of logs, or records that a consumer silently skips after a truncation.",
    fix: "KIP-320",
    harm: "logs-diverge",
    rules: { fetchEpochFencing: false, consumerValidatesPosition: false },
  },
  "isr-shrunk-before-stored": {
    id: "isr-shrunk-before-stored",
    versions: "before 2.7",
    story:
      "A leader counts with the smaller ISR before it is stored, commits alone, and then a replica of the stored ISR is elected.",
    loses: "Records acknowledged by the shrunken ISR.",
    fix: "KIP-497",
    harm: "acknowledged-record-lost",
    rules: { isrTakesEffect: "when-proposed" },
  },
  "high-watermark-ignores-proposed": {
    id: "high-watermark-ignores-proposed",
    versions: "never released; what the maximal ISR of 2.7 prevents",
    story:
      "A proposed member is already in the stored ISR, but the leader does not know yet and commits without it; then that member is elected.",
    loses: "Records acknowledged between proposal and answer.",
    fix: "KIP-497 (maximal ISR)",
    harm: "acknowledged-record-lost",
    rules: { highWatermarkWaitsForMaximalIsr: false, highWatermarkWaitsForOutsiders: "never" },
  },
  "fenced-replica-joins": {
    id: "fenced-replica-joins",
    versions: "before 3.3",
    story: "A leader that does not know yet adds a fenced or shutting-down broker back to the ISR.",
    loses: "The leader: the ISR holds a broker that is about to die or already dead.",
    fix: "KIP-841",
    harm: "unavailable",
    rules: { fencedReplicaRefusedInIsr: false },
  },
  "no-broker-epoch": {
    id: "no-broker-epoch",
    versions: "before 3.5",
    story:
      "A broker loses its disk and restarts quickly, and the leader adds it to the ISR on the word of a fetch from its previous life.",
    loses: "Everything: an empty replica is elected cleanly.",
    fix: "KIP-903, KAFKA-14139",
    harm: "acknowledged-record-lost",
    rules: { replicaBrokerEpochChecked: false },
  },
  "last-replica-standing": {
    id: "last-replica-standing",
    versions: "all before 4.0, and 4.0 by default",
    story:
      "The ISR shrinks to one broker, that broker loses its unflushed tail, and it is still the only member allowed to lead.",
    loses: "The committed tail, although other replicas had it.",
    fix: "KIP-966 (eligible leader replicas)",
    harm: "acknowledged-record-lost",
    rules: { eligibleLeaderReplicas: false },
  },
  "high-watermark-under-min-isr": {
    id: "high-watermark-under-min-isr",
    versions: "before 3.7",
    story: "The high watermark moves on although the ISR is below its minimum.",
    loses: "Copies: records count as committed with fewer than min.insync.replicas.",
    fix: "KAFKA-15583 (KIP-966)",
    harm: "acknowledged-record-lost",
    rules: { highWatermarkFrozenUnderMinIsr: false },
  },
  "isr-shrink-bumps-leader-epoch": {
    id: "isr-shrink-bumps-leader-epoch",
    versions: "KRaft before 3.6",
    story: "Every ISR shrink begins a new leader epoch, so that waiting produce requests fail and are sent again.",
    loses: "Only time.",
    fix: "KAFKA-15021",
    harm: "latency",
    rules: { leaderEpochBumpedOnIsrShrink: "always", highWatermarkWaitsForOutsiders: "caught-up" },
  },
  "every-restart-unclean": {
    id: "every-restart-unclean",
    versions: "3.7 to 3.9, with ELR on",
    story: "A broker that was shut down cleanly is taken for one that lost its tail and is dropped from the ELR.",
    loses: "The leader: nobody is left who may lead.",
    fix: "KAFKA-18106, KAFKA-18635",
    harm: "unavailable",
    rules: { uncleanShutdownDetection: "every-restart" },
  },
  "dead-last-known-leader": {
    id: "dead-last-known-leader",
    versions: "3.7 to 4.0, with ELR on",
    story: "The last known leader is named leader although it is fenced.",
    loses: "The leader: clients are sent to a broker that is not there.",
    fix: "KAFKA-19522",
    harm: "unavailable",
    rules: { lastKnownLeaderElection: true, lastKnownLeaderMustBeAlive: false },
  },
  "unclean-by-default": {
    id: "unclean-by-default",
    versions: "before 0.11",
    story: "Unclean election is allowed unless someone forbids it, so a replica that lags may lead.",
    loses: "Committed records above the end of the elected log, silently.",
    fix: "KIP-106",
    harm: "acknowledged-record-lost",
    rules: {},
    defaults: { "unclean.leader.election.enable": "true" },
  },
  "offsets-go-backwards": {
    id: "offsets-go-backwards",
    versions: "before 2.2",
    story: "A fresh leader tells its late high watermark as the end of the log.",
    loses: "A monotonic end offset: lag becomes negative and consumers reset.",
    fix: "KIP-207",
    harm: "seen-going-backwards",
    rules: { offsetNotAvailableAfterElection: false },
  },
  "empty-epoch-not-cached": {
    id: "empty-epoch-not-cached",
    versions: "before 2.1",
    story:
      "Two elections follow each other without a write between them, and the leader does not know its own empty epoch.",
    loses: "Committed records: the follower gets no answer to go by, and cuts at its own high watermark.",
    fix: "KAFKA-7164, KAFKA-7415",
    harm: "acknowledged-record-lost",
    // Of the same time: a follower asked where its epoch ends. Today a fetch tells it, and it would only be stuck.
    rules: { leaderCachesEmptyEpoch: false, fetchEpochFencing: false, consumerValidatesPosition: false },
  },
  "idempotence-not-on": {
    id: "idempotence-not-on",
    versions: "3.0.0 and 3.1.0",
    story: "Idempotence is documented as the default and is not on.",
    loses: "Order and uniqueness of retried records.",
    fix: "KAFKA-13598",
    harm: "duplicates",
    rules: {},
    defaults: { "enable.idempotence": "false" },
  },
};

export function isVariantId(text: string): text is VariantId {
  return variantIds.some((id) => id === text);
}
