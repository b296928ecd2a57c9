import { isrOf } from "../../protocol/broker/isr-state.js";
import type { Broker, LeaderReplica } from "../../protocol/broker/state.js";
import { knownLeader } from "../../protocol/client/metadata-cache.js";
import type { Producer } from "../../protocol/client/producer.js";
import {
  type BrokerId,
  brokerName,
  controllerName,
  longAgoMs,
  noLeader,
  type TopicPartition,
} from "../../protocol/ids.js";
import { logEndOffset } from "../../protocol/log/log.js";
import { partitionOf, registrationOf } from "../../protocol/metadata/image.js";
import type { Action } from "../../sim/action.js";
import { metadataBatchFor } from "../../sim/metadata-delivery.js";
import { isCut } from "../../sim/network.js";
import { isPaused, type World } from "../../sim/world.js";
import { actingLeaderOn, isStarting, servingLeader } from "./acting-leader.js";
import { type FaultKind, spend } from "./faults.js";
import { roundMatters } from "./fetch-round.js";
import { hasEnoughReplicas, wouldBeTaken } from "./quick-clients.js";
import {
  canDeliverRequest,
  canDeliverResponse,
  canReachController,
  hasReadAllMetadata,
  type Reductions,
} from "./settle.js";
import type { Move, SearchState } from "./state.js";

export type SendAction = Extract<Action, { readonly type: "send" }>;

/** What a search sends, and how. */
export interface Workload {
  /** One list a record, in order: the ways to send it (by one producer or by another). */
  readonly sends: readonly (readonly SendAction[])[];
}

/** Everything that may be chosen in this state, in a fixed order. */
export function movesOf(state: SearchState, workload: Workload, reductions: Reductions): readonly Move[] {
  if (state.breach !== null) return [];
  const moves: Move[] = [];
  const { world } = state;
  for (const send of workload.sends[state.sent] ?? []) if (maySend(world, send)) moves.push(one(send));
  addDeliveries(world, moves);
  addBrokers(world, reductions, moves);
  if (!reductions.clientsAreQuick) addClientTimers(world, moves);
  addSlowness(state, moves);
  addFaults(state, moves);
  addRepairs(world, moves);
  return moves;
}

/**
 * A send that nobody would take now is not tried: the producer would only wait and send it later, as the search does.
 */
function maySend(world: World, { producer: name, partition }: SendAction): boolean {
  const producer = world.producers.find((candidate) => candidate.name === name);
  if (producer === undefined || producer.blocked.length > 0) return false;
  if (producer.partitions.some(({ queue }) => queue.length > 0)) return false;
  if (knownLeader(producer.metadata, partition) === null) {
    const { leader } = partitionOf(world.controller.image, partition) ?? { leader: noLeader };
    return leader !== noLeader && actingLeaderOn(world, leader, partition) !== null;
  }
  return wouldBeTaken(world, producer, partition) || believesInTheDead(world, producer, partition);
}

/** A producer learns of a new leader only by trying the old one; once there is a new one, trying gets it further. */
function believesInTheDead(world: World, producer: Producer, partition: TopicPartition): boolean {
  const believed = knownLeader(producer.metadata, partition);
  const { leader } = partitionOf(world.controller.image, partition) ?? { leader: noLeader };
  if (believed === null || leader === noLeader || leader === believed) return false;
  const acting = actingLeaderOn(world, leader, partition);
  if (acting === null || actingLeaderOn(world, believed, partition) !== null) return false;
  return producer.settings.acks !== "all" || hasEnoughReplicas(world, acting);
}

function one(action: Action): Move {
  return { actions: [action] };
}

function addDeliveries(world: World, moves: Move[]): void {
  for (const connection of world.network.connections) {
    const { client, server, channel } = connection;
    if (canDeliverRequest(world, connection)) moves.push(one({ type: "deliverRequest", client, server, channel }));
    // The answer to an ISR change waits until the leader has read the same in the metadata log; then it is urgent.
    const waits = channel === "alter-partition" && !hasReadAllMetadata(world, Number(client));
    if (!waits && canDeliverResponse(world, connection))
      moves.push(one({ type: "deliverResponse", client, server, channel }));
  }
}

function addBrokers(world: World, reductions: Reductions, moves: Move[]): void {
  for (const broker of world.brokers) {
    if (broker.process === "down" || isPaused(world, brokerName(broker.brokerId))) {
      if (canBeFenced(world, broker))
        moves.push(one({ type: "controllerTimer", timer: { name: "session", brokerId: broker.brokerId } }));
      continue;
    }
    const { brokerId } = broker;
    if (canReachController(world, broker)) {
      if (metadataBatchFor(world, broker) !== null) moves.push(one({ type: "readMetadata", brokerId }));
      // A broker that was fenced although it ran comes back with its next heartbeat.
      const registration = registrationOf(world.controller.image, brokerId);
      const { state } = broker.lifecycle;
      const heartbeats =
        registration?.fenced === true || state === "controlled-shutdown" || isWaitedFor(world, brokerId);
      const isUrgent = isStarting(broker) && reductions.startsAreWhole;
      if (heartbeats && !isUrgent && !broker.controllerChannel.awaitingAnswer)
        moves.push(
          one({
            type: "brokerTimer",
            brokerId,
            timer: { name: state === "registering" ? "registration" : "heartbeat" },
          }),
        );
    } else if (canBeFenced(world, broker))
      moves.push(one({ type: "controllerTimer", timer: { name: "session", brokerId } }));
    for (const replica of broker.replicas) {
      if (replica.role !== "follower") continue;
      const { state } = replica.fetcher;
      if (state === "idle" && reductions.onlyRoundsThatMatter && !roundMatters(world, broker, replica)) continue;
      if (state === "idle" || (state === "truncating" && servingLeader(world, replica) !== null))
        moves.push(one({ type: "brokerTimer", brokerId, timer: { name: "fetch", partition: replica.partition } }));
    }
  }
}

/** Somebody may only leave once this broker has said that it has read of it. */
function isWaitedFor({ controller: { sessions } }: World, brokerId: BrokerId): boolean {
  const own = sessions.find((session) => session.brokerId === brokerId);
  return sessions.some(
    ({ controlledShutdownOffset }) =>
      controlledShutdownOffset !== null && own !== undefined && own.metadataOffset < controlledShutdownOffset,
  );
}

/** Only a session that nothing keeps alive may end: a fault is behind every fencing. */
function canBeFenced(world: World, broker: Broker): boolean {
  const { image, sessions } = world.controller;
  const registration = registrationOf(image, broker.brokerId);
  const session = sessions.find(({ brokerId }) => brokerId === broker.brokerId);
  // An orderly shutdown fences the broker and leaves its session, which must end before it can come back.
  const matters = registration?.fenced === false || broker.process === "down";
  return matters && session !== undefined && session.lastContactTimeMs !== null;
}

/** A client's pause before it asks or sends again ends some time. */
function addClientTimers(world: World, moves: Move[]): void {
  for (const { name, metadata, partitions } of world.producers) {
    if (metadata.refresh.wanted && metadata.refresh.request === null && metadata.refresh.notBeforeMs !== null)
      moves.push(one({ type: "producerTimer", producer: name, timer: { name: "metadata" } }));
    for (const { partition, queue } of partitions)
      if (queue[0]?.notBeforeMs !== null && queue[0] !== undefined)
        moves.push(one({ type: "producerTimer", producer: name, timer: { name: "batch", partition } }));
  }
}

/**
 * `replica.lag.time.max.ms` passes without a follower having caught up: because it cannot reach its leader, or, as a
 * fault, because it is slow. The leader notices at its next check, which is part of the move.
 */
function addSlowness({ world, faults }: SearchState, moves: Move[]): void {
  for (const broker of world.brokers)
    for (const replica of broker.replicas)
      if (broker.process === "running" && replica.role === "leader")
        for (const { replicaId, logEndOffset: known, lastCaughtUpTimeMs } of replica.remoteReplicas) {
          if (known === logEndOffset(replica.log) || lastCaughtUpTimeMs === longAgoMs) continue;
          const excuse = excuseOf(world, broker.brokerId, replicaId);
          if (excuse === "none" && spend(faults, "slow") === null) continue;
          if (excuse === "dead") continue;
          moves.push({ actions: lapse(world, broker.brokerId, replica, replicaId) });
        }
}

function lapse(world: World, brokerId: BrokerId, replica: LeaderReplica, replicaId: BrokerId): Action[] {
  const { partition } = replica;
  const actions: Action[] = [{ type: "lapse", brokerId, partition, replicaId }];
  if (isrOf(replica.isrState, world.rules).includes(replicaId))
    actions.push({ type: "brokerTimer", brokerId, timer: { name: "isrExpiration" } });
  return actions;
}

/** A dead follower is fenced long before it lags for so long; one that is cut off from its leader is not. */
function excuseOf(world: World, leader: BrokerId, follower: BrokerId): "cut" | "dead" | "none" {
  const process = world.brokers.find(({ brokerId }) => brokerId === follower)?.process;
  if (process === "down") return "dead";
  const a = brokerName(leader);
  const b = brokerName(follower);
  return isCut(world.network, a, b) || isCut(world.network, b, a) ? "cut" : "none";
}

function addFaults({ world, faults }: SearchState, moves: Move[]): void {
  const may = (kind: FaultKind): boolean => spend(faults, kind) !== null;
  for (const broker of world.brokers) {
    const { brokerId } = broker;
    if (broker.process === "running") {
      if (may("crash")) moves.push(one({ type: "crash", brokerId }));
      if (may("shutdown") && broker.lifecycle.state === "running") moves.push(one({ type: "shutdown", brokerId }));
      if (may("power-loss"))
        for (const keep of tails(broker)) moves.push(one({ type: "crashLosingTail", brokerId, keep }));
      if (may("disk-loss")) moves.push(one({ type: "wipeDisk", brokerId }));
      if (may("isolate-controller") && canReachController(world, broker))
        moves.push({ actions: bothWays("cut", brokerName(brokerId), controllerName) });
    }
  }
  if (may("isolate-brokers"))
    for (const [index, a] of world.brokers.entries())
      for (const b of world.brokers.slice(index + 1)) {
        const [from, to] = [brokerName(a.brokerId), brokerName(b.brokerId)];
        if (!isCut(world.network, from, to)) moves.push({ actions: bothWays("cut", from, to) });
      }
}

/** Every way in which a power failure can shorten a broker's only log that has something to lose; at least one record. */
function tails(broker: Broker): readonly Readonly<Record<string, number>>[] {
  return broker.replicas.flatMap(({ partition, log, flushedEndOffset }) => {
    const end = logEndOffset(log);
    return Array.from({ length: Math.max(0, end - flushedEndOffset) }, (_, lost) => ({ [partition]: end - 1 - lost }));
  });
}

function addRepairs(world: World, moves: Move[]): void {
  for (const broker of world.brokers) {
    const { brokerId, process } = broker;
    // Before its old session has ended a new process is only told to wait, so it starts after that.
    const fenced = registrationOf(world.controller.image, brokerId)?.fenced !== false;
    if (process === "down" && fenced && !canBeFenced(world, broker)) moves.push(one({ type: "start", brokerId }));
  }
  const { cuts } = world.network;
  for (const { from, to } of cuts) {
    const isPair = cuts.some((cut) => cut.from === to && cut.to === from);
    if (!isPair) moves.push(one({ type: "heal", from, to }));
    else if (from < to) moves.push({ actions: bothWays("heal", from, to) });
  }
}

function bothWays(type: "cut" | "heal", a: string, b: string): Action[] {
  return [
    { type, from: a, to: b },
    { type, from: b, to: a },
  ];
}

/** The kind of fault a move spends, or null. A lapse of a follower that is cut off is no fault of its own. */
export function faultOf(world: World, { actions }: Move): FaultKind | null {
  const action = actions[0];
  switch (action?.type) {
    case "crash":
      return "crash";
    case "crashLosingTail":
      return "power-loss";
    case "wipeDisk":
      return "disk-loss";
    case "shutdown":
      return "shutdown";
    case "lapse":
      return excuseOf(world, action.brokerId, action.replicaId) === "none" ? "slow" : null;
    case "cut":
      return action.from === controllerName || action.to === controllerName ? "isolate-controller" : "isolate-brokers";
    default:
      return null;
  }
}
