import { isrOf } from "../../protocol/broker/isr-state.js";
import type { LeaderReplica } from "../../protocol/broker/state.js";
import { isKnownBroker, knownLeader, knownLeaderEpoch } from "../../protocol/client/metadata-cache.js";
import type { Producer } from "../../protocol/client/producer.js";
import { type BrokerId, noLeader, type TopicPartition } from "../../protocol/ids.js";
import { registrationOf, topicOf } from "../../protocol/metadata/image.js";
import type { ProtocolAction } from "../../sim/action.js";
import type { World } from "../../sim/world.js";
import { actingLeaderOn } from "./acting-leader.js";

/** A producer's pause that ends because what comes after it gets the producer further; null if there is none. */
export function quickTimer(world: World): ProtocolAction | null {
  for (const producer of world.producers) {
    const { name, metadata, partitions } = producer;
    const { refresh } = metadata;
    if (refresh.wanted && refresh.request === null && refresh.notBeforeMs !== null && hasNewsFor(world, producer))
      return { type: "producerTimer", producer: name, timer: { name: "metadata" } };
    for (const { partition, queue } of partitions)
      if (queue[0] !== undefined && queue[0].notBeforeMs !== null && wouldBeTaken(world, producer, partition))
        return { type: "producerTimer", producer: name, timer: { name: "batch", partition } };
  }
  return null;
}

/** Whether some broker that the producer will ask could tell it of a newer leader than the one it believes in. */
function hasNewsFor(world: World, { metadata }: Producer): boolean {
  const asked = askedNext(metadata);
  return world.brokers.some(
    ({ brokerId, process, metadata: image }) =>
      process === "running" &&
      asked.includes(brokerId) &&
      image.partitions.some(
        ({ topic, partition, leader, leaderEpoch }) =>
          metadata.topics.includes(topic) &&
          leader !== noLeader &&
          leaderEpoch > knownLeaderEpoch(metadata, partition) &&
          registrationOf(image, leader)?.fenced === false,
      ),
  );
}

/** Among whom the producer asks, each in its turn. */
function askedNext({ brokers, bootstrap, refresh }: Producer["metadata"]): readonly number[] {
  const known = brokers.map(({ brokerId }) => brokerId);
  const lively = known.filter((brokerId) => !refresh.silent.includes(brokerId));
  if (lively.length > 0) return lively;
  const rest = bootstrap.filter((brokerId) => !refresh.silent.includes(brokerId));
  return rest.length > 0 ? rest : bootstrap;
}

/** Whether the broker that the producer would send to takes the record, or has a newer leader to name. */
export function wouldBeTaken(world: World, producer: Producer, partition: TopicPartition): boolean {
  const believed = knownLeader(producer.metadata, partition);
  if (believed === null) return false;
  const leader = actingLeaderOn(world, believed, partition);
  if (leader !== null) return producer.settings.acks !== "all" || hasEnoughReplicas(world, leader);
  const broker = world.brokers.find(({ brokerId }) => brokerId === believed);
  if (broker?.process !== "running" || !world.rules.answersNameNewLeader) return false;
  const told = broker.replicas.find((replica) => replica.partition === partition);
  return (
    told?.role === "follower" &&
    told.leader !== noLeader &&
    told.leaderEpoch > knownLeaderEpoch(producer.metadata, partition) &&
    isKnownBroker(producer.metadata, told.leader)
  );
}

/** Whether the leader takes an acks=all write now, by the ISR it knows of. */
export function hasEnoughReplicas(world: World, leader: LeaderReplica): boolean {
  return isEnough(world, leader, isrOf(leader.isrState, world.rules));
}

/** Whether so many members of an ISR are the minimum that acks=all asks for. */
export function isEnough(
  { rules, controller }: World,
  { assignment, topic }: LeaderReplica,
  isr: readonly BrokerId[],
): boolean {
  const minimum = topicOf(controller.image, topic)?.minInsyncReplicas ?? 1;
  const effective = rules.effectiveMinIsrClippedToReplicas ? Math.min(minimum, assignment.length) : minimum;
  return isr.length >= effective;
}
