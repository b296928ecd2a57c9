import { noLeader } from "../../protocol/ids.js";
import { partitionOf, registrationOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import type { World } from "../world.js";
import type { Breach, WorldInvariant } from "./invariant.js";

export const metadataShape: WorldInvariant = {
  name: "MetadataShape",
  claim:
    "ISR ⊆ replicas, ELR ∩ ISR = ∅, the leader is in the ISR or there is none, a fenced broker is in no ISR except as the last member kept, and without ELR no ISR is empty.",
  source: "PartitionRegistration; Vanlightly/kafka-tlaplus ValidControllerIsrAndElr",
  breach: (before, after) => {
    const { image } = after.controller;
    if (before !== null && before.controller.image === image) return null;
    for (const partition of image.partitions) {
      const sentence = misshape(partition, after);
      if (sentence !== null)
        return { invariant: "MetadataShape", partition: partition.partition, brokers: partition.isr, sentence };
    }
    return null;
  },
};

function misshape(partition: PartitionRegistration, world: World): string | null {
  const { isr, replicas, eligibleLeaderReplicas, leader } = partition;
  const { rules } = world;
  if (isr.some((member) => !replicas.includes(member))) return `ISR ${isr} is not part of the replicas ${replicas}`;
  if (eligibleLeaderReplicas.some((member) => isr.includes(member)))
    return `ELR ${eligibleLeaderReplicas} and ISR ${isr} share a member`;
  if (leader !== noLeader && !isr.includes(leader)) return `leader ${leader} is not in the ISR ${isr}`;
  if (!rules.eligibleLeaderReplicas && isr.length === 0) return "the ISR is empty although ELR is off";
  const fenced = isr.filter((member) => registrationOf(world.controller.image, member)?.fenced !== false);
  if (fenced.length === 0) return null;
  const lastKept = !rules.eligibleLeaderReplicas && leader === noLeader && isr.length === 1;
  return lastKept ? null : `fenced broker ${fenced} is in the ISR ${isr}`;
}

export const epochsNeverDecrease: WorldInvariant = {
  name: "EpochsNeverDecrease",
  claim: "Leader epoch and partition epoch never decrease, and the first never moves without the second.",
  source: "PartitionRegistration.merge",
  breach: (before, after) => {
    if (before === null || before.controller.image === after.controller.image) return null;
    for (const was of before.controller.image.partitions) {
      const now = partitionOf(after.controller.image, was.partition);
      if (now === undefined || now === was) continue;
      const forward = now.leaderEpoch >= was.leaderEpoch && now.partitionEpoch >= was.partitionEpoch;
      const together = now.leaderEpoch === was.leaderEpoch || now.partitionEpoch > was.partitionEpoch;
      if (forward && together) continue;
      return {
        invariant: "EpochsNeverDecrease",
        partition: was.partition,
        brokers: [],
        sentence: `leader epoch ${was.leaderEpoch} → ${now.leaderEpoch}, partition epoch ${was.partitionEpoch} → ${now.partitionEpoch}`,
      };
    }
    return null;
  },
};

export const oneLeaderPerEpoch: WorldInvariant = {
  name: "OneLeaderPerEpoch",
  claim: "No two brokers lead one partition in the same leader epoch.",
  source: "Vanlightly/kafka-tlaplus; Raft's election safety",
  breach: (_before, after) => {
    const leaders = new Map<string, number>();
    for (const { brokerId, replicas } of after.brokers)
      for (const { role, partition, leaderEpoch } of replicas) {
        if (role !== "leader") continue;
        const key = `${partition}/${leaderEpoch}`;
        const other = leaders.get(key);
        if (other !== undefined) return twoLeaders(partition, leaderEpoch, other, brokerId);
        leaders.set(key, brokerId);
      }
    return null;
  },
};

function twoLeaders(partition: string, epoch: number, a: number, b: number): Breach {
  return {
    invariant: "OneLeaderPerEpoch",
    partition,
    brokers: [a, b],
    sentence: `brokers ${a} and ${b} both lead in epoch ${epoch}`,
  };
}
