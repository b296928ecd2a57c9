import { unreachable } from "../core/assert.js";
import type { Broker, Replica } from "../protocol/broker/state.js";
import { type BrokerId, noLeader, type TopicPartition } from "../protocol/ids.js";
import { logEndOffset } from "../protocol/log/log.js";
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
 * The fate of each record sent, as the world stands. The log that counts is the leader's; without a leader it is the
 * longest among replicas that may lead without loss (ISR and ELR), because one of them will.
 */
export function ledger(world: World): readonly LedgerEntry[] {
  const logs = new Map<TopicPartition, ReadonlyMap<string, number>>();
  const consumed = new Set(world.history.consumed.map(consumedKey));
  return world.history.sends.map((send) => {
    let counts = logs.get(send.partition);
    if (counts === undefined) {
      counts = countValues(authoritativeReplica(world, send.partition));
      logs.set(send.partition, counts);
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

/** The replica whose log counts for this partition; undefined while no electable replica is known. */
export function authoritativeReplica(world: World, partition: TopicPartition): Replica | undefined {
  const registration = partitionOf(currentMetadata(world), partition);
  if (registration === undefined) return undefined;
  if (registration.leader !== noLeader) return replicaOn(world, registration.leader, partition);
  const candidates = [...registration.isr, ...registration.eligibleLeaderReplicas, ...registration.lastKnownElr];
  let longest: Replica | undefined;
  for (const brokerId of candidates) {
    const replica = replicaOn(world, brokerId, partition);
    if (replica === undefined) continue;
    if (longest === undefined || logEndOffset(replica.log) > logEndOffset(longest.log)) longest = replica;
  }
  return longest;
}

/** The copy of a partition that a broker holds, running or not. */
export function replicaOn(world: World, brokerId: BrokerId, partition: TopicPartition): Replica | undefined {
  const broker: Broker | undefined = world.brokers.find((candidate) => candidate.brokerId === brokerId);
  return broker?.replicas.find((replica) => replica.partition === partition);
}

function countValues(replica: Replica | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const chunk of replica?.log.chunks ?? [])
    for (const { kind, value } of chunk)
      if (kind === "data" || kind === "transactional") counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function consumedKey(note: ConsumedNote): string {
  return `${note.partition} ${note.value}`;
}
