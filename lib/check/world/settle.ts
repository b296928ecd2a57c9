import { invariant } from "../../core/assert.js";
import type { Rules } from "../../kafka/versions.js";
import type { Broker } from "../../protocol/broker/state.js";
import { brokerName, controllerName } from "../../protocol/ids.js";
import type { FetchResponse } from "../../protocol/message.js";
import { registrationOf } from "../../protocol/metadata/image.js";
import type { Action, ProtocolAction } from "../../sim/action.js";
import { metadataBatchFor } from "../../sim/metadata-delivery.js";
import { type Connection, isCut } from "../../sim/network.js";
import { isPaused, type World } from "../../sim/world.js";
import { isStarting } from "./acting-leader.js";
import { isOfNoConcern } from "./metadata-concern.js";
import { quickTimer } from "./quick-clients.js";
import { plainStep, type WorldStep } from "./remembered-steps.js";

/**
 * Which choices a search leaves out because another one stands for them. Each is argued here and checked by running small
 * questions with and without it (`test/check/world/reductions.test.ts`): the verdict must stay the same.
 */
export interface Reductions {
  /**
   * A request arrives as soon as it is sent. A server learns from a request only what was true of its sender when it sent
   * it; a later arrival has the effect of sending later, or, where the server has changed meanwhile, is refused.
   */
  readonly requestsArriveAtOnce: boolean;
  /**
   * A follower has the answer to its fetch as soon as the leader has given it. An answer that stays under way leaves a
   * follower as one that has not fetched yet, but for what the leader has learnt of it: that it holds what it held, which
   * an earlier round could have told as well.
   */
  readonly roundsAreWhole: boolean;
  /** A fetch round that could teach neither side anything is not offered: it would lead back to the same state. */
  readonly onlyRoundsThatMatter: boolean;
  /**
   * Registration, heartbeats and unfencing of a broker that has started are one step: between them it serves nobody, and
   * what others do meanwhile can be done before or after.
   */
  readonly startsAreWhole: boolean;
  /** The answer to an AlterPartition says what the metadata log says: the leader learns both together. */
  readonly alterPartitionAnswersWithMetadata: boolean;
  /**
   * The controller decides on a proposed ISR as soon as it is made. That the leader does not know the decision yet stays a
   * choice; a decision the other way round (somebody was fenced first) is the same fetch round after the fencing.
   */
  readonly proposalsArriveAtOnce: boolean;
  /**
   * A broker reads metadata at once where it cannot matter when: a follower reads of ISR changes, or of a new leader once
   * its own can no longer serve it; anybody reads of registrations (not knowing of a returned broker is the same as its
   * not having fetched yet).
   */
  readonly metadataOfNoConcern: boolean;
  /**
   * A client asks again, and sends again, as soon as that gets it further. A pause before it is the same as sending later,
   * and of sends the search tries every time.
   */
  readonly clientsAreQuick: boolean;
  /**
   * Nothing is explored beyond a state in which no promise about records can break any more (see calm.ts). Only for
   * questions about promises: a search for a state of some kind, or for a broken invariant, goes on.
   */
  readonly calmIsTheEnd: boolean;
}

export const allReductions: Reductions = {
  requestsArriveAtOnce: true,
  roundsAreWhole: true,
  onlyRoundsThatMatter: true,
  startsAreWhole: true,
  alterPartitionAnswersWithMetadata: true,
  proposalsArriveAtOnce: true,
  metadataOfNoConcern: true,
  clientsAreQuick: true,
  calmIsTheEnd: true,
};

/**
 * The reductions that suit a set of rules. A historical bug may live in exactly the gap that a reduction closes: a
 * proposal under way, metadata that comes late, an old leader that is still believed.
 */
export function reductionsFor(rules: Rules): Reductions {
  if (rules.variant === undefined) return allReductions;
  return {
    ...allReductions,
    calmIsTheEnd: false,
    proposalsArriveAtOnce:
      rules.isrTakesEffect === "when-committed" &&
      rules.highWatermarkWaitsForMaximalIsr &&
      rules.replicaBrokerEpochChecked,
    metadataOfNoConcern:
      rules.fetchEpochFencing && rules.truncation === "epoch-and-end-offset" && rules.leaderCachesEmptyEpoch,
  };
}

/** More urgent actions than this in a row mean that two of them feed each other for ever. */
const mostInARow = 500;

export interface Settled {
  readonly world: World;
  /** What was done, in order. */
  readonly actions: readonly Action[];
}

/** Does whatever is urgent until nothing is. */
export function settle(
  world: World,
  reductions: Reductions,
  step: WorldStep = plainStep,
  onStep?: (before: World, after: World) => void,
): Settled {
  let current = world;
  const actions: Action[] = [];
  for (;;) {
    const action = firstUrgent(current, reductions);
    if (action === null) return { world: current, actions };
    const after = step(current, action);
    onStep?.(current, after);
    current = after;
    actions.push(action);
    invariant(actions.length < mostInARow, () => `urgent actions go on for ever: ${JSON.stringify(actions.slice(-4))}`);
  }
}

function firstUrgent(world: World, reductions: Reductions): ProtocolAction | null {
  for (const connection of world.network.connections) {
    const { client, server, channel } = connection;
    if (canDeliverRequest(world, connection) && isUrgentRequest(channel, reductions))
      return { type: "deliverRequest", client, server, channel };
    if (canDeliverResponse(world, connection) && isUrgentResponse(world, connection, reductions))
      return { type: "deliverResponse", client, server, channel };
  }
  for (const broker of world.brokers) {
    const action = reductions.startsAreWhole ? startingAction(world, broker) : null;
    if (action !== null) return action;
    if (reductions.metadataOfNoConcern && isOfNoConcern(world, broker) && canReachController(world, broker))
      return { type: "readMetadata", brokerId: broker.brokerId };
  }
  return reductions.clientsAreQuick ? quickTimer(world) : null;
}

/** What a broker that is not running yet, or has not read yet that it is, does next. */
function startingAction(world: World, broker: Broker): ProtocolAction | null {
  if (!canReachController(world, broker)) return null;
  if (!isStarting(broker))
    return hasYetToReadOfItself(world, broker) ? { type: "readMetadata", brokerId: broker.brokerId } : null;
  const { brokerId } = broker;
  if (metadataBatchFor(world, broker) !== null && broker.lifecycle.state !== "registering")
    return { type: "readMetadata", brokerId };
  if (broker.controllerChannel.awaitingAnswer) return null;
  const name = broker.lifecycle.state === "registering" ? "registration" : "heartbeat";
  return { type: "brokerTimer", brokerId, timer: { name } };
}

/** The controller has unfenced it, and that record is still to come. */
function hasYetToReadOfItself(world: World, broker: Broker): boolean {
  const { process, lifecycle, brokerId, metadata } = broker;
  if (process === "down" || lifecycle.state !== "running") return false;
  const { fenced } = registrationOf(world.controller.image, brokerId) ?? { fenced: true };
  return !fenced && registrationOf(metadata, brokerId)?.fenced === true;
}

export function canReachController(world: World, { brokerId }: Broker): boolean {
  const name = brokerName(brokerId);
  return (
    !isCut(world.network, name, controllerName) && !isCut(world.network, controllerName, name) && !isPaused(world, name)
  );
}

export function canDeliverRequest(world: World, { client, server, requests, serving }: Connection): boolean {
  return requests.length > 0 && !serving && !isPaused(world, server) && !isCut(world.network, client, server);
}

export function canDeliverResponse(world: World, { client, server, returning }: Connection): boolean {
  if (returning.length === 0 || isPaused(world, client) || isCut(world.network, server, client)) return false;
  const broker = world.brokers.find((candidate) => brokerName(candidate.brokerId) === client);
  return broker === undefined || broker.process === "running";
}

function isUrgentRequest(channel: string, reductions: Reductions): boolean {
  if (channel === "heartbeat") return reductions.startsAreWhole;
  if (channel === "alter-partition") return reductions.proposalsArriveAtOnce;
  return reductions.requestsArriveAtOnce;
}

function isUrgentResponse(world: World, connection: Connection, reductions: Reductions): boolean {
  const { client, channel } = connection;
  const returning = connection.returning[0]?.body;
  if (returning === undefined) return false;
  if (channel === "heartbeat") return reductions.startsAreWhole;
  // A closed connection only says that nothing will come.
  if (returning.type === "close") return true;
  const { response } = returning;
  if (response.type === "FetchResponse" && channel.startsWith("fetch:"))
    return reductions.roundsAreWhole || isEmptyAnswer(world, Number(client), response);
  if (response.type === "AlterPartitionResponse")
    return reductions.alterPartitionAnswersWithMetadata && hasReadAllMetadata(world, Number(client));
  return reductions.requestsArriveAtOnce;
}

/** An answer that brings neither records nor a new high watermark changes nothing. */
function isEmptyAnswer(world: World, brokerId: number, response: FetchResponse): boolean {
  if (response.error !== "NONE" || response.divergingEpoch !== null || response.records.length > 0) return false;
  const broker = world.brokers.find((candidate) => candidate.brokerId === brokerId);
  const replica = broker?.replicas.find((candidate) => candidate.partition === response.partition);
  return replica?.highWatermark === response.highWatermark;
}

export function hasReadAllMetadata(world: World, brokerId: number): boolean {
  const broker = world.brokers.find((candidate) => candidate.brokerId === brokerId);
  return broker?.metadata.nextOffset === world.controller.image.nextOffset;
}
