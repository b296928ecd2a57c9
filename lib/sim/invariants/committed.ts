import { itemAt, itemsOf } from "../../core/append-list.js";
import { noLeader, type TopicPartition } from "../../protocol/ids.js";
import { partitionOf } from "../../protocol/metadata/image.js";
import { firstMissingCommitted } from "../history.js";
import { replicaOn } from "../ledger.js";
import type { World } from "../world.js";
import type { WorldInvariant } from "./invariant.js";
import { isPromised } from "./promise.js";

export const leaderCompleteness: WorldInvariant = {
  name: "LeaderCompleteness",
  claim: "A leader that was elected cleanly holds every record that was ever committed.",
  source: "Vanlightly/kafka-tlaplus LeaderCompleteness",
  breach: (_before, after) => {
    for (const registration of after.controller.image.partitions) {
      const { partition, leader } = registration;
      if (leader === noLeader || !isPromised(after, registration)) continue;
      const replica = replicaOn(after, leader, partition);
      // An older term's log is still on its way to the election that the controller has made.
      if (replica === undefined || replica.role !== "leader" || replica.leaderEpoch !== registration.leaderEpoch)
        continue;
      const committed = after.history.committed.find((log) => log.partition === partition);
      const missing = firstMissingCommitted(committed, replica.log);
      if (missing === null) continue;
      return {
        invariant: "LeaderCompleteness",
        partition,
        brokers: [leader],
        sentence: `leader ${leader} of epoch ${registration.leaderEpoch} does not hold the record committed at offset ${missing}`,
      };
    }
    return null;
  },
};

export const leaderCandidateCompleteness: WorldInvariant = {
  name: "LeaderCandidateCompleteness",
  claim: "Every member of the ISR and the ELR whose disk has lost nothing holds every committed record.",
  source: "Vanlightly/kafka-tlaplus LeaderCandidateCompleteness",
  breach: (_before, after) => {
    for (const registration of after.controller.image.partitions) {
      if (!isPromised(after, registration)) continue;
      const { partition, isr, eligibleLeaderReplicas } = registration;
      const committed = after.history.committed.find((log) => log.partition === partition);
      for (const candidate of [...isr, ...eligibleLeaderReplicas]) {
        if (after.history.lossyBrokers.includes(candidate)) continue;
        const replica = replicaOn(after, candidate, partition);
        if (replica === undefined) continue;
        const missing = firstMissingCommitted(committed, replica.log);
        if (missing === null) continue;
        return {
          invariant: "LeaderCandidateCompleteness",
          partition,
          brokers: [candidate],
          sentence: `broker ${candidate} may be elected (ISR ${isr}, ELR ${eligibleLeaderReplicas}) without the record committed at offset ${missing}`,
        };
      }
    }
    return null;
  },
};

export const noCommittedRecordLost: WorldInvariant = {
  name: "NoCommittedRecordLost",
  claim: "Every record that was ever committed is still on some replica.",
  source: "Vanlightly/kafka-tlaplus NoCommittedRecordLostGlobally",
  breach: (_before, after) => {
    for (const registration of after.controller.image.partitions) {
      if (!isPromised(after, registration)) continue;
      const { partition, replicas } = registration;
      const committed = after.history.committed.find((log) => log.partition === partition);
      const count = committed?.records.length ?? 0;
      if (count === 0) continue;
      let reach = 0;
      for (const replicaId of replicas) {
        const replica = replicaOn(after, replicaId, partition);
        if (replica === undefined) continue;
        const missing = firstMissingCommitted(committed, replica.log);
        if (missing === null) {
          reach = count;
          break;
        }
        reach = Math.max(reach, missing);
      }
      if (reach === count) continue;
      return {
        invariant: "NoCommittedRecordLost",
        partition,
        brokers: [...replicas],
        sentence: `no replica holds ${(committed === undefined ? undefined : itemAt(committed.records, reach))?.value ?? "the record"}, committed at offset ${reach}, in its place any more`,
      };
    }
    return null;
  },
};

export const consistentRead: WorldInvariant = {
  name: "ConsistentRead",
  claim: "What was committed at an offset is what stays committed there, and nothing else is given to consumers.",
  source: "Vanlightly/kafka-tlaplus ConsistentRead",
  breach: (before, after) => {
    if (before !== null && before.history === after.history) return null;
    const { committed } = after.history;
    const consumedBefore = before?.history.consumed.length ?? 0;
    for (let index = consumedBefore; index < after.history.consumed.length; index++) {
      const note = itemAt(after.history.consumed, index);
      if (note === undefined || !promisesIn(after, note.partition)) continue;
      const log = committed.find(({ partition }) => partition === note.partition);
      const known = log === undefined ? undefined : itemAt(log.records, note.offset);
      if (known?.value === note.value && known.leaderEpoch === note.leaderEpoch) continue;
      return {
        invariant: "ConsistentRead",
        partition: note.partition,
        brokers: [],
        sentence: `${note.consumer} was given ${note.value} at offset ${note.offset}, where ${known === undefined ? "nothing" : known.value} is committed`,
      };
    }
    for (const { partition, replacedOffsets } of committed) {
      if (!promisesIn(after, partition)) continue;
      const offset = replacedOffsets[0];
      if (offset === undefined) continue;
      return {
        invariant: "ConsistentRead",
        partition,
        brokers: [],
        sentence: `two different records have been committed at offset ${offset}`,
      };
    }
    return null;
  },
};

/** Whether anything is promised of a partition; of one that is gone everything is, as far as it was noted. */
function promisesIn(world: World, partition: TopicPartition): boolean {
  const registration = partitionOf(world.controller.image, partition);
  return registration === undefined || isPromised(world, registration);
}

export const ackedIsCommitted: WorldInvariant = {
  name: "AckedIsCommitted",
  claim: "A record acknowledged with acks=all was below the leader's high watermark.",
  source: "DelayedProduce, Partition.checkEnoughReplicasReachOffset",
  breach: (before, after) => {
    if (before !== null && before.history === after.history) return null;
    for (const { acks, outcome, partition, value } of itemsOf(after.history.sends)) {
      if (acks !== "all" || outcome?.result !== "acked" || outcome.offset < 0) continue;
      const committed = after.history.committed.find((log) => log.partition === partition);
      if ((committed?.records.length ?? 0) > outcome.offset) continue;
      return {
        invariant: "AckedIsCommitted",
        partition,
        brokers: [],
        sentence: `${value} was acknowledged at offset ${outcome.offset}, which was never committed`,
      };
    }
    return null;
  },
};
