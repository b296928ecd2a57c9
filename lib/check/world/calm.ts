import { isrOf } from "../../protocol/broker/isr-state.js";
import type { Broker, LeaderReplica } from "../../protocol/broker/state.js";
import { knownLeader, knownLeaderEpoch } from "../../protocol/client/metadata-cache.js";
import type { Producer } from "../../protocol/client/producer.js";
import type { BrokerId } from "../../protocol/ids.js";
import { registrationOf } from "../../protocol/metadata/image.js";
import type { PartitionRegistration } from "../../protocol/metadata/partition.js";
import type { World } from "../../sim/world.js";
import { actingLeaderOn } from "./acting-leader.js";
import { faultKinds } from "./faults.js";
import { isEnough } from "./quick-clients.js";
import type { SearchState } from "./state.js";

/**
 * Whether nothing that was promised of records can break any more: no fault is left to place, and what the past ones set
 * going has come to its end. The leader of each partition is the one that everybody knows, so none is elected again, and
 * a leader never cuts its own log: what it holds stays, and what is written stands behind it. The ISR can only grow, so
 * where it is large enough no write is appended and then refused; no producer has anything to send again, so nothing is
 * stored twice or late.
 */
export function isCalm({ world, faults }: SearchState): boolean {
  if (faultKinds.some((kind) => (faults[kind] ?? 0) > 0)) return false;
  if (world.network.cuts.length > 0 || world.conditions.paused.length > 0) return false;
  return (
    world.brokers.every((broker) => hasComeToRest(world, broker)) &&
    world.controller.image.partitions.every((registration) => hasItsLeader(world, registration))
  );
}

/** Down and known to be, or running and in no hurry to leave; never a leader of old. */
function hasComeToRest({ controller: { image } }: World, { brokerId, process, lifecycle, replicas }: Broker): boolean {
  const registration = registrationOf(image, brokerId);
  if (process === "down") return registration === undefined || registration.fenced;
  if (lifecycle.state === "controlled-shutdown" || registration?.inControlledShutdown === true) return false;
  return replicas.every(({ partition, role, leaderEpoch }) => {
    if (role !== "leader") return true;
    const now = image.partitions.find((candidate) => candidate.partition === partition);
    return now?.leader === brokerId && now.leaderEpoch === leaderEpoch;
  });
}

function hasItsLeader(world: World, { partition, leader, leaderEpoch, isr }: PartitionRegistration): boolean {
  const registration = registrationOf(world.controller.image, leader);
  const acting = actingLeaderOn(world, leader, partition);
  const broker = world.brokers.find(({ brokerId }) => brokerId === leader);
  if (registration?.fenced !== false || acting === null || acting.leaderEpoch !== leaderEpoch) return false;
  if (broker?.lifecycle.state !== "running" || broker.brokerEpoch !== registration.brokerEpoch) return false;
  const canWrite =
    acting.isrState.state !== "pendingShrink" &&
    isEnough(world, acting, isrOf(acting.isrState, world.rules)) &&
    isEnough(world, acting, isr);
  return world.producers.every((producer) => willRepeatNothing(producer, acting, leader, canWrite));
}

/**
 * Each record goes to the right broker, once: what is out was not sent before, or waits there, stored, for the others. Where
 * the ISR is too small for that, nothing may be out.
 */
function willRepeatNothing(
  { name, blocked, partitions, requests, transaction, metadata, settings }: Producer,
  { partition, leaderEpoch, waitingProduces }: LeaderReplica,
  leader: BrokerId,
  canWrite: boolean,
): boolean {
  if (blocked.length > 0 || transaction.state !== "none") return false;
  if (knownLeader(metadata, partition) !== leader || knownLeaderEpoch(metadata, partition) !== leaderEpoch)
    return false;
  if (partitions.some(({ queue }) => queue.length > 0)) return false;
  if (requests.length === 0) return true;
  const stored = waitingProduces.filter(({ from }) => from === name).length;
  return (
    (canWrite || settings.acks !== "all") &&
    requests.every(({ brokerId }) => brokerId === leader) &&
    partitions.every(({ inFlight }) => inFlight.every(({ attempts }, index) => attempts === 0 || index < stored))
  );
}
