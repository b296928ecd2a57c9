import type { Rules } from "../../kafka/versions.js";
import type { BrokerId } from "../ids.js";
import type { BrokerRegistration, MetadataImage } from "../metadata/image.js";
import { type Refused, refused } from "./admin-answer.js";

/** Kafka writes at most so many records for one request of a user. Source: QuorumController.MAX_RECORDS_PER_USER_OP. */
const partitionsPerTopicMax = 10_000;

const cordoned = " or some brokers have all their log directories cordoned";

/**
 * Chooses replicas for new partitions: one rack after the other, inside a rack one broker after the other, live brokers
 * before fenced ones, and a live one first of all. Kafka starts at random places; this starts after the partitions there
 * are, so that the same cluster always gets the same assignment and leaders still spread.
 *
 * Source: StripedReplicaPlacer.
 */
export function placeReplicas(
  image: MetadataImage,
  partitionCount: number,
  replicationFactor: number,
  rules: Pick<Rules, "logDirectoriesCanBeCordoned">,
): readonly (readonly BrokerId[])[] | Refused {
  if (replicationFactor <= 0) {
    return refused(
      "INVALID_REPLICATION_FACTOR",
      "Replication factor must be larger than 0, or -1 to use the default value.",
    );
  }
  if (partitionCount <= 0) {
    return refused("INVALID_PARTITIONS", "Number of partitions was set to an invalid non-positive value.");
  }
  if (partitionCount > partitionsPerTopicMax) {
    return refused("POLICY_VIOLATION", "Unable to perform excessively large batch operation.");
  }
  const usable = image.brokers.filter(({ inControlledShutdown }) => !inControlledShutdown);
  const unable = (reason: string): Refused =>
    refused("INVALID_REPLICATION_FACTOR", `Unable to replicate the partition ${replicationFactor} time(s): ${reason}`);
  if (!usable.some(({ fenced }) => !fenced)) return unable("All brokers are currently fenced.");
  if (replicationFactor > usable.length) {
    return unable(
      `The target replication factor of ${replicationFactor} cannot be reached because only ${usable.length} ` +
        `broker(s) are registered${rules.logDirectoriesCanBeCordoned ? cordoned : ""}.`,
    );
  }
  const racks = racksOf(usable, image.partitions.length);
  return Array.from({ length: partitionCount }, (_, index) => placeOne(racks, replicationFactor, index));
}

interface Rack {
  readonly live: readonly BrokerId[];
  readonly fenced: readonly BrokerId[];
}

/** Racks by name, brokers without one together; each list begins `offset` brokers later. */
function racksOf(brokers: readonly BrokerRegistration[], offset: number): readonly Rack[] {
  const names = [...new Set(brokers.map(({ rack }) => rack ?? ""))].sort();
  const racks = names.map((name) => {
    const inRack = brokers.filter(({ rack }) => (rack ?? "") === name);
    return {
      live: rotated(inRack.filter(({ fenced }) => !fenced).map(idOf), offset),
      fenced: rotated(inRack.filter(({ fenced }) => fenced).map(idOf), offset),
    };
  });
  return rotated(racks, offset);
}

/**
 * One partition: the first live broker from the first rack that has one, then the other racks in turn. `round` moves
 * the beginning in every rack, and the rack to begin with.
 */
function placeOne(racks: readonly Rack[], replicationFactor: number, round: number): readonly BrokerId[] {
  const queues = racks.map(({ live, fenced }) => ({ live: rotated(live, round), fenced: rotated(fenced, round) }));
  const take = (rack: number, mayBeFenced: boolean): BrokerId | undefined => {
    const queue = queues[rack % queues.length];
    return queue?.live.shift() ?? (mayBeFenced ? queue?.fenced.shift() : undefined);
  };
  const replicas: BrokerId[] = [];
  let firstRack = round % racks.length;
  for (;;) {
    const leader = take(firstRack, false);
    if (leader !== undefined) {
      replicas.push(leader);
      break;
    }
    firstRack = (firstRack + 1) % racks.length;
  }
  // The rack of the leader is passed over once, then all take part again.
  let skipped = false;
  for (let rack = round % racks.length; replicas.length < replicationFactor; rack = (rack + 1) % racks.length) {
    if (rack === firstRack && !skipped) {
      skipped = true;
      continue;
    }
    const replica = take(rack, true);
    if (replica !== undefined) replicas.push(replica);
  }
  return replicas;
}

function idOf({ brokerId }: BrokerRegistration): BrokerId {
  return brokerId;
}

function rotated<T>(list: readonly T[], by: number): T[] {
  if (list.length === 0) return [];
  const start = by % list.length;
  return [...list.slice(start), ...list.slice(0, start)];
}
