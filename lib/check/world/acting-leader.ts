import type { Broker, FollowerReplica, LeaderReplica, Replica } from "../../protocol/broker/state.js";
import type { BrokerId, TopicPartition } from "../../protocol/ids.js";
import { brokerName } from "../../protocol/ids.js";
import { isPaused, type World } from "../../sim/world.js";

/** The copy of a partition on a broker that leads it and can answer; null where it does not or cannot. */
export function actingLeaderOn(world: World, brokerId: BrokerId, partition: TopicPartition): LeaderReplica | null {
  for (const broker of world.brokers) {
    if (broker.brokerId !== brokerId) continue;
    if (broker.process === "down" || isStarting(broker) || isPaused(world, brokerName(brokerId))) return null;
    const replica: Replica | undefined = broker.replicas.find((candidate) => candidate.partition === partition);
    return replica?.role === "leader" ? replica : null;
  }
  return null;
}

/** The leader that would answer this follower's fetch with something else than an error; null where none would. */
export function servingLeader(world: World, follower: FollowerReplica): LeaderReplica | null {
  const leader = actingLeaderOn(world, follower.leader, follower.partition);
  if (leader === null) return null;
  return world.rules.fetchEpochFencing && leader.leaderEpoch !== follower.leaderEpoch ? null : leader;
}

/** Registered or registering, and not yet serving for the first time. */
export function isStarting(broker: Broker): boolean {
  const { state } = broker.lifecycle;
  return broker.process === "running" && (state === "registering" || state === "starting" || state === "fenced");
}
