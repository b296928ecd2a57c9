import { itemsOf } from "../core/append-list.js";
import { unreachable } from "../core/assert.js";
import type { Broker, Replica } from "../protocol/broker/state.js";
import { type BrokerId, noLeader, type TopicPartition } from "../protocol/ids.js";
import { partitionOf } from "../protocol/metadata/image.js";
import type { ConsumedNote, SendNote } from "./history.js";
import { currentMetadata, type World } from "./world.js";

/** How a record that was sent ended: exactly one of these. */
export type Fate =
  | "acked-kept"
  | "acked-lost"
  /** Definitely not written. */
  | "refused"
  /** The producer was told that it failed, yet it is in the log: the duplicate trap. */
  | "unknown-kept"
  | "unknown-gone"
  /** The application has not been told yet. */
  | "pending";

export interface LedgerEntry {
  readonly send: SendNote;
  readonly fate: Fate;
  /** Copies in the log that counts, from this send and from others of the same value. 2 is one duplicate. */
  readonly copies: number;
  /** A consumer was given it and it is in no log that counts any more. */
  readonly readThenGone: boolean;
}

/**
 * The fate of each record sent, as the world stands. The log that counts is the leader's; while nobody leads (the
 * election is still to come, or has not reached the one elected) a record counts as kept if any replica that may lead
 * without loss holds it.
 */
export function ledger(world: World): readonly LedgerEntry[] {
  const counted = new Map<TopicPartition, ReadonlyMap<string, number>>();
  const consumed = new Set(itemsOf(world.history.consumed).map(consumedKey));
  return itemsOf(world.history.sends).map((send) => {
    let counts = counted.get(send.partition);
    if (counts === undefined) {
      counts = countValues(countingReplicas(world, send.partition));
      counted.set(send.partition, counts);
    }
    const copies = counts.get(send.value) ?? 0;
    const readThenGone = copies === 0 && consumed.has(`${send.partition} ${send.value}`);
    return { send, fate: fateOf(send, copies), copies, readThenGone };
  });
}

function fateOf(send: SendNote, copies: number): Fate {
  const { outcome } = send;
  if (outcome === null) return "pending";
  switch (outcome.result) {
    case "acked":
      return copies > 0 ? "acked-kept" : "acked-lost";
    case "failed":
      if (copies > 0) return "unknown-kept";
      return outcome.written === "no" ? "refused" : "unknown-gone";
    default:
      return unreachable(outcome);
  }
}

/**
 * The replicas whose logs count: the leader alone once it leads; else every one that may be elected, which is the ISR and
 * the ELR, and where both are empty the last known leader.
 */
export function countingReplicas(world: World, partition: TopicPartition): readonly Replica[] {
  const registration = partitionOf(currentMetadata(world), partition);
  if (registration === undefined) return [];
  const { leader, leaderEpoch, isr, eligibleLeaderReplicas, lastKnownElr } = registration;
  const leading = leader === noLeader ? undefined : replicaOn(world, leader, partition);
  if (leading?.role === "leader" && leading.leaderEpoch === leaderEpoch) return [leading];
  const electable = [...isr, ...eligibleLeaderReplicas];
  const candidates = electable.length > 0 ? electable : lastKnownElr;
  return candidates.flatMap((brokerId) => replicaOn(world, brokerId, partition) ?? []);
}

/** The copy of a partition that a broker holds, running or not. */
export function replicaOn(world: World, brokerId: BrokerId, partition: TopicPartition): Replica | undefined {
  const broker: Broker | undefined = world.brokers.find((candidate) => candidate.brokerId === brokerId);
  return broker?.replicas.find((replica) => replica.partition === partition);
}

/** The most copies of each value that one of these replicas holds. */
function countValues(replicas: readonly Replica[]): ReadonlyMap<string, number> {
  const most = new Map<string, number>();
  for (const { log } of replicas) {
    const counts = new Map<string, number>();
    for (const chunk of log.chunks)
      for (const { kind, value } of chunk)
        if (kind === "data" || kind === "transactional") counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) most.set(value, Math.max(count, most.get(value) ?? 0));
  }
  return most;
}

function consumedKey(note: ConsumedNote): string {
  return `${note.partition} ${note.value}`;
}
