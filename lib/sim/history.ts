import { type AppendList, append, emptyList, itemAt, withItem } from "../core/append-list.js";
import type { Broker } from "../protocol/broker/state.js";
import type { ControllerMetrics } from "../protocol/controller/state.js";
import type { Acks, BrokerId, NodeName, TopicPartition } from "../protocol/ids.js";
import { logEndOffset, type ReplicaLog, recordAt, recordsBetween } from "../protocol/log/log.js";
import type { SendOutcome } from "../protocol/step.js";

/**
 * What watchers outside the cluster have written down. Invariants, the ledger and grades read it; no node ever does,
 * because no node could know it.
 */
export interface History {
  /** Every record that an application has sent, in order. */
  readonly sends: AppendList<SendNote>;
  /** Every send before this index has its outcome. */
  readonly firstUnanswered: number;
  /** Per partition: what has once been below a leader's high watermark. Sorted by partition. */
  readonly committed: readonly CommittedLog[];
  /** What consumers have handed to applications, in order. */
  readonly consumed: AppendList<ConsumedNote>;
  /** Brokers that have lost records of their log in a power failure or with their disk. Ascending. */
  readonly lossyBrokers: readonly BrokerId[];
  /** A leader was once elected uncleanly. The controller counts these too, but a new controller begins at 0. */
  readonly hadUncleanElection: boolean;
}

export interface SendNote {
  readonly producer: NodeName;
  readonly partition: TopicPartition;
  readonly value: string;
  readonly acks: Acks;
  readonly sentAtMs: number;
  /** Null until the application has been told. */
  readonly outcome: SendOutcome | null;
  readonly endedAtMs: number | null;
}

export interface CommittedRecord {
  readonly value: string;
  readonly leaderEpoch: number;
}

/** The true committed log of a partition: the first record ever committed at each offset. */
export interface CommittedLog {
  readonly partition: TopicPartition;
  readonly records: AppendList<CommittedRecord>;
  /** Offsets at which a leader later committed something else: a consumer could have read both. Ascending. */
  readonly replacedOffsets: readonly number[];
}

export interface ConsumedNote {
  readonly consumer: NodeName;
  readonly partition: TopicPartition;
  readonly offset: number;
  readonly value: string;
  readonly leaderEpoch: number;
}

export const emptyHistory: History = {
  sends: emptyList,
  firstUnanswered: 0,
  committed: [],
  consumed: emptyList,
  lossyBrokers: [],
  hadUncleanElection: false,
};

export function noteSends(history: History, notes: readonly SendNote[]): History {
  return { ...history, sends: append(history.sends, notes) };
}

/** Writes down how the oldest send of this value that has no outcome yet has ended. */
export function noteOutcome(
  history: History,
  producer: NodeName,
  partition: TopicPartition,
  value: string,
  outcome: SendOutcome,
  nowMs: number,
): History {
  const { sends } = history;
  let { firstUnanswered } = history;
  for (let index = firstUnanswered; index < sends.length; index++) {
    const send = itemAt(sends, index);
    if (send === undefined || send.outcome !== null) continue;
    if (send.value !== value || send.producer !== producer || send.partition !== partition) continue;
    const noted = withItem(sends, index, { ...send, outcome, endedAtMs: nowMs });
    while (firstUnanswered < noted.length && itemAt(noted, firstUnanswered)?.outcome !== null) firstUnanswered++;
    return { ...history, sends: noted, firstUnanswered };
  }
  return history;
}

export function noteConsumed(history: History, notes: readonly ConsumedNote[]): History {
  return notes.length === 0 ? history : { ...history, consumed: append(history.consumed, notes) };
}

/** Writes down what `after` has committed that `before`, the same broker one step earlier, had not. */
export function noteCommits(history: History, before: Broker | undefined, after: Broker): History {
  if (before !== undefined && before.replicas === after.replicas) return history;
  let noted = history;
  for (const replica of after.replicas) {
    if (replica.role !== "leader") continue;
    const earlier = before?.replicas.find((candidate) => candidate.partition === replica.partition);
    if (earlier === replica) continue;
    const sameTerm = earlier?.role === "leader" && earlier.leaderEpoch === replica.leaderEpoch;
    if (sameTerm && earlier.highWatermark === replica.highWatermark) continue;
    const { logStartOffset } = replica.log;
    const from = sameTerm ? Math.max(earlier.highWatermark, logStartOffset) : logStartOffset;
    const slice = recordsBetween(replica.log, from, replica.highWatermark);
    if (slice.length > 0) noted = withCommitted(noted, replica.partition, from, slice);
  }
  return noted;
}

function withCommitted(
  history: History,
  partition: TopicPartition,
  from: number,
  slice: readonly CommittedRecord[],
): History {
  const index = history.committed.findIndex((log) => log.partition === partition);
  const log = history.committed[index] ?? { partition, records: emptyList, replacedOffsets: [] };
  const fresh: CommittedRecord[] = [];
  const replaced = new Set(log.replacedOffsets);
  slice.forEach((record, position) => {
    const offset = from + position;
    const known = itemAt(log.records, offset);
    if (known === undefined) {
      if (offset === log.records.length + fresh.length)
        fresh.push({ value: record.value, leaderEpoch: record.leaderEpoch });
    } else if (known.value !== record.value || known.leaderEpoch !== record.leaderEpoch) replaced.add(offset);
  });
  if (fresh.length === 0 && replaced.size === log.replacedOffsets.length) return history;
  const noted: CommittedLog = {
    partition,
    records: append(log.records, fresh),
    replacedOffsets: [...replaced].sort((a, b) => a - b),
  };
  const committed =
    index < 0
      ? [...history.committed, noted].sort((a, b) => (a.partition < b.partition ? -1 : 1))
      : history.committed.map((candidate, position) => (position === index ? noted : candidate));
  return { ...history, committed };
}

/** Writes down that a leader was elected uncleanly, if `after` has counted one that `before` had not. */
export function noteUncleanElection(history: History, before: ControllerMetrics, after: ControllerMetrics): History {
  const isNews = after.uncleanLeaderElections > before.uncleanLeaderElections && !history.hadUncleanElection;
  return isNews ? { ...history, hadUncleanElection: true } : history;
}

/** Writes down that a broker has lost records, if `after` has fewer than `before`. */
export function noteLoss(history: History, before: Broker, after: Broker): History {
  if (history.lossyBrokers.includes(after.brokerId)) return history;
  const lost = before.replicas.some((replica) => {
    const now = after.replicas.find((candidate) => candidate.partition === replica.partition);
    return logEndOffset(replica.log) > (now === undefined ? 0 : logEndOffset(now.log));
  });
  if (!lost) return history;
  return { ...history, lossyBrokers: [...history.lossyBrokers, after.brokerId].sort((a, b) => a - b) };
}

/** Whether a log holds, at its place, every record that was ever committed; the first offset at which it does not. */
export function firstMissingCommitted(committed: CommittedLog | undefined, log: ReplicaLog): number | null {
  if (committed === undefined) return null;
  const { records } = committed;
  for (let offset = log.logStartOffset; offset < records.length; offset++) {
    const held = recordAt(log, offset);
    const known = itemAt(records, offset);
    if (held === undefined || held.value !== known?.value || held.leaderEpoch !== known.leaderEpoch) return offset;
  }
  return null;
}

/** Exclusive end of everything that was ever committed in this partition. */
export function trueHighWatermark(history: History, partition: TopicPartition): number {
  return history.committed.find((log) => log.partition === partition)?.records.length ?? 0;
}
