import { emptyList, itemsOf } from "../../core/append-list.js";
import { invariant, unreachable } from "../../core/assert.js";
import type { Broker } from "../../protocol/broker/state.js";
import { brokerName, type NodeName, noLeader, type TopicPartition } from "../../protocol/ids.js";
import { logEndOffset, recordsBetween } from "../../protocol/log/log.js";
import { formatEpochEntries } from "../../protocol/log/text.js";
import { lastStableOffset } from "../../protocol/log/transactions.js";
import { type MetadataImage, partitionOf, registrationOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import type { SendNote } from "../history.js";
import { ledger, replicaOn } from "../ledger.js";
import { metricAt } from "../operator/metrics.js";
import { brokerOf, consumerOf, currentMetadata, isPaused, type World } from "../world.js";
import type { SubjectName } from "./subjects.js";

/** What stands for nothing: no leader, an empty list. */
const nothing = "-";

/**
 * What a subject is worth in this world, written as a claim writes it.
 *
 * @param partition the partition that partition subjects speak of
 */
export function actualOf(
  world: World,
  subject: SubjectName,
  argument: string | null,
  partition: TopicPartition | null,
): string {
  switch (subject) {
    case "leader":
    case "epoch":
    case "partition-epoch":
    case "isr":
    case "elr":
    case "last-known-elr":
    case "replicas":
    case "recovery":
      return decided(partitionOf(imageOf(world, argument), named(partition)), subject);
    case "maximal-isr":
      return list(maximalIsr(world, named(partition)));
    case "hw":
    case "lso":
    case "leo":
    case "log-start":
    case "log":
    case "epochs":
    case "role":
      return ofReplica(
        world,
        argument === null ? leaderOf(world, named(partition)) : Number(argument),
        named(partition),
        subject,
      );
    case "process":
      return processOf(world, brokerOf(world, Number(argument)));
    case "broker":
      return standingOf(world, Number(argument));
    case "outcome":
    case "error":
    case "exception":
    case "offset":
      return list(
        itemsOf(world.history.sends)
          .filter((send) => send.value === argument)
          .map((send) => ofSend(send, subject)),
      );
    case "read": {
      const read = itemsOf(world.history.consumed).filter(
        (note) => note.consumer === argument && note.partition === partition,
      );
      return list(read.map(({ value }) => value));
    }
    case "position":
    case "reading":
      return ofReading(world, argument ?? "", named(partition), subject);
    case "metric": {
      const [node = "", name = ""] = (argument ?? "").split("/");
      return String(metricAt(world, node, name, partition) ?? nothing);
    }
    case "committed":
      return list(
        itemsOf(world.history.committed.find((log) => log.partition === partition)?.records ?? emptyList).map(
          ({ value }) => value,
        ),
      );
    case "ledger":
      return list(
        ledger(world)
          .filter(({ send }) => send.value === argument)
          .map(({ fate }) => fate),
      );
    default:
      return unreachable(subject);
  }
}

function named(partition: TopicPartition | null): TopicPartition {
  invariant(partition !== null, "the reader of a scenario asks for a partition where one is needed");
  return partition;
}

/** The controller's metadata, or what a broker has read of it. */
function imageOf(world: World, broker: string | null): MetadataImage {
  return broker === null ? currentMetadata(world) : brokerOf(world, Number(broker)).metadata;
}

function decided(
  registration: PartitionRegistration | undefined,
  subject: "leader" | "epoch" | "partition-epoch" | "isr" | "elr" | "last-known-elr" | "replicas" | "recovery",
): string {
  if (registration === undefined) return nothing;
  switch (subject) {
    case "leader":
      return registration.leader === noLeader ? nothing : String(registration.leader);
    case "epoch":
      return String(registration.leaderEpoch);
    case "partition-epoch":
      return String(registration.partitionEpoch);
    case "isr":
      return list(registration.isr);
    case "elr":
      return list(registration.eligibleLeaderReplicas);
    case "last-known-elr":
      return list(registration.lastKnownElr);
    case "replicas":
      return list(registration.replicas);
    case "recovery":
      return registration.leaderRecoveryState;
    default:
      return unreachable(subject);
  }
}

function leaderOf(world: World, partition: TopicPartition): number {
  return partitionOf(currentMetadata(world), partition)?.leader ?? noLeader;
}

function maximalIsr(world: World, partition: TopicPartition): readonly number[] {
  const replica = replicaOn(world, leaderOf(world, partition), partition);
  if (replica?.role !== "leader") return [];
  const { isrState } = replica;
  if (isrState.state !== "pendingExpand") return isrState.isr;
  return [...new Set([...isrState.isr, isrState.newInSyncReplica])].sort((a, b) => a - b);
}

function ofReplica(
  world: World,
  brokerId: number,
  partition: TopicPartition,
  subject: "hw" | "lso" | "leo" | "log-start" | "log" | "epochs" | "role",
): string {
  const replica = replicaOn(world, brokerId, partition);
  if (replica === undefined) return nothing;
  switch (subject) {
    case "hw":
      return String(replica.highWatermark);
    case "lso":
      return String(lastStableOffset(replica.log, replica.highWatermark));
    case "leo":
      return String(logEndOffset(replica.log));
    case "log-start":
      return String(replica.log.logStartOffset);
    case "log": {
      const records = recordsBetween(replica.log, replica.log.logStartOffset, logEndOffset(replica.log));
      return list(records.map(({ kind, value }) => (kind === "commit" || kind === "abort" ? `${kind}!` : value)));
    }
    case "epochs":
      return formatEpochEntries(replica.log.epochEntries) || nothing;
    case "role":
      return replica.role;
    default:
      return unreachable(subject);
  }
}

function processOf(world: World, broker: Broker): string {
  return isPaused(world, brokerName(broker.brokerId)) ? "paused" : broker.process;
}

function standingOf(world: World, brokerId: number): string {
  const registration = registrationOf(currentMetadata(world), brokerId);
  if (registration === undefined) return "unregistered";
  if (registration.fenced) return "fenced";
  return registration.inControlledShutdown ? "shutting-down" : "active";
}

function ofReading(world: World, name: NodeName, partition: TopicPartition, subject: "position" | "reading"): string {
  const reading = consumerOf(world, name).partitions.find((consumed) => consumed.partition === partition)?.reading;
  if (reading === undefined) return nothing;
  if (subject === "reading") return reading.state;
  return reading.state === "resetting" || reading.position === null ? nothing : String(reading.position.offset);
}

function ofSend({ outcome }: SendNote, subject: "outcome" | "error" | "exception" | "offset"): string {
  if (outcome === null) return subject === "outcome" ? "pending" : nothing;
  const failed = outcome.result === "failed";
  switch (subject) {
    case "outcome":
      return failed ? (outcome.written === "no" ? "refused" : "unknown") : "acked";
    case "error":
      return failed ? outcome.error : nothing;
    case "exception":
      return failed ? outcome.exception : nothing;
    case "offset":
      return failed ? nothing : String(outcome.offset);
    default:
      return unreachable(subject);
  }
}

function list(items: readonly (NodeName | number)[]): string {
  return items.length === 0 ? nothing : items.join(",");
}
