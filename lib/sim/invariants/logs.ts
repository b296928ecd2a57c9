import type { Replica } from "../../protocol/broker/state.js";
import type { BrokerId, TopicPartition } from "../../protocol/ids.js";
import { logEndOffset, recordAt } from "../../protocol/log/log.js";
import type { LogRecord } from "../../protocol/log/record.js";
import { partitionOf } from "../../protocol/metadata/image.js";
import type { World } from "../world.js";
import type { Breach, WorldInvariant } from "./invariant.js";
import { isPromised } from "./promise.js";

interface Copy {
  readonly brokerId: BrokerId;
  readonly replica: Replica;
}

/** The copies of each partition, running or not. */
export function copiesOf(world: World): ReadonlyMap<TopicPartition, readonly Copy[]> {
  const copies = new Map<TopicPartition, Copy[]>();
  for (const { brokerId, replicas } of world.brokers)
    for (const replica of replicas) {
      const known = copies.get(replica.partition);
      if (known === undefined) copies.set(replica.partition, [{ brokerId, replica }]);
      else known.push({ brokerId, replica });
    }
  return copies;
}

/** The first breach that `look` finds in any pair of copies of one partition. */
function inPairs(world: World, look: (a: Copy, b: Copy) => Breach | null): Breach | null {
  for (const copies of copiesOf(world).values())
    for (const [index, a] of copies.entries())
      for (const b of copies.slice(index + 1)) {
        const breach = look(a, b);
        if (breach !== null) return breach;
      }
  return null;
}

function sameRecord(a: LogRecord, b: LogRecord): boolean {
  return a === b || (a.value === b.value && a.leaderEpoch === b.leaderEpoch && a.kind === b.kind);
}

export const logMatching: WorldInvariant = {
  name: "LogMatching",
  claim: "Two replicas agree on every offset below both of their high watermarks.",
  source: "Vanlightly/kafka-tlaplus LogMatching",
  breach: (_before, after) =>
    inPairs(after, (a, b) => {
      // A process that is down knows nothing; its old high watermark says nothing of what was lost meanwhile.
      if (a.replica.role === "offline" || b.replica.role === "offline") return null;
      const registration = partitionOf(after.controller.image, a.replica.partition);
      if (registration !== undefined && !isPromised(after, registration)) return null;
      const from = Math.max(a.replica.log.logStartOffset, b.replica.log.logStartOffset);
      const to = Math.min(a.replica.highWatermark, b.replica.highWatermark);
      for (let offset = from; offset < to; offset++) {
        const ofA = recordAt(a.replica.log, offset);
        const ofB = recordAt(b.replica.log, offset);
        if (ofA === undefined || ofB === undefined || sameRecord(ofA, ofB)) continue;
        return {
          invariant: "LogMatching",
          partition: a.replica.partition,
          brokers: [a.brokerId, b.brokerId],
          sentence: `offset ${offset} is ${show(ofA)} on broker ${a.brokerId} and ${show(ofB)} on broker ${b.brokerId}, below both high watermarks`,
        };
      }
      return null;
    }),
};

export const sameEpochSameRecord: WorldInvariant = {
  name: "SameEpochSameRecord",
  claim: "Records with the same offset and leader epoch are the same record on every replica.",
  source: "one leader an epoch; Vanlightly/kafka-tlaplus LogMatching, stronger form",
  breach: (_before, after) =>
    inPairs(after, (a, b) => {
      const from = Math.max(a.replica.log.logStartOffset, b.replica.log.logStartOffset);
      const to = Math.min(logEndOffset(a.replica.log), logEndOffset(b.replica.log));
      for (let offset = from; offset < to; offset++) {
        const ofA = recordAt(a.replica.log, offset);
        const ofB = recordAt(b.replica.log, offset);
        if (ofA === undefined || ofB === undefined) continue;
        if (ofA.leaderEpoch !== ofB.leaderEpoch || sameRecord(ofA, ofB)) continue;
        return {
          invariant: "SameEpochSameRecord",
          partition: a.replica.partition,
          brokers: [a.brokerId, b.brokerId],
          sentence: `offset ${offset} of epoch ${ofA.leaderEpoch} is ${ofA.value} on broker ${a.brokerId} and ${ofB.value} on broker ${b.brokerId}`,
        };
      }
      return null;
    }),
};

export const offsetsInOrder: WorldInvariant = {
  name: "OffsetsInOrder",
  claim: "On every replica: log start ≤ high watermark ≤ log end.",
  source: "UnifiedLog.maybeUpdateHighWatermark",
  breach: (_before, after) => {
    for (const { brokerId, process, replicas } of after.brokers) {
      if (process === "down") continue;
      for (const { partition, log, highWatermark } of replicas) {
        const end = logEndOffset(log);
        if (log.logStartOffset <= highWatermark && highWatermark <= end) continue;
        return {
          invariant: "OffsetsInOrder",
          partition,
          brokers: [brokerId],
          sentence: `broker ${brokerId} has log start ${log.logStartOffset}, high watermark ${highWatermark} and log end ${end}`,
        };
      }
    }
    return null;
  },
};

function show(record: LogRecord): string {
  return `${record.value} (epoch ${record.leaderEpoch})`;
}
