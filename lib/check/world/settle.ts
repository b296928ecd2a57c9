import { invariant } from "../../core/assert.js";
import type { Broker } from "../../protocol/broker/state.js";
import { brokerName, controllerName } from "../../protocol/ids.js";
import type { FetchResponse } from "../../protocol/message.js";
import type { Action, ProtocolAction } from "../../sim/action.js";
import { metadataBatchFor } from "../../sim/metadata-delivery.js";
import { type Connection, isCut } from "../../sim/network.js";
import { next } from "../../sim/next.js";
import { isPaused, type World } from "../../sim/world.js";

/** Which reductions a search uses. Each is sound for what is asked, argued where it is applied; tests compare. */
export interface Reductions {
  /**
   * A fetch request arrives at once. What the leader notes when it arrives depends on the request alone, and a later
   * arrival differs only if the leader has changed meanwhile, when the request is refused without effect: so every
   * later arrival has the effect of an earlier one or none. The same holds for requests of clients.
   */
  readonly requestsArriveAtOnce: boolean;
  /** An answer to a fetch that brings neither records nor a new high watermark changes nothing, so it arrives at once. */
  readonly emptyAnswersArriveAtOnce: boolean;
  /**
   * Registration, heartbeats and unfencing of a broker that has started are one step: between them it serves nobody, and
   * what others do meanwhile can be done before or after.
   */
  readonly startsAreWhole: boolean;
  /** The answer to an accepted AlterPartition says what the metadata log says: the leader learns both together. */
  readonly alterPartitionAnswersWithMetadata: boolean;
}

export const allReductions: Reductions = {
  requestsArriveAtOnce: true,
  emptyAnswersArriveAtOnce: true,
  startsAreWhole: true,
  alterPartitionAnswersWithMetadata: true,
};

/** More urgent actions than this in a row mean that two of them feed each other for ever. */
const mostInARow = 500;

export interface Settled {
  readonly world: World;
  /** What was done, in order. */
  readonly actions: readonly Action[];
}

/** Does whatever is urgent until nothing is. */
export function settle(world: World, reductions: Reductions, onStep?: (before: World, after: World) => void): Settled {
  let current = world;
  const actions: Action[] = [];
  for (;;) {
    const action = firstUrgent(current, reductions);
    if (action === null) return { world: current, actions };
    const after = next(current, action).world;
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
  if (reductions.startsAreWhole)
    for (const broker of world.brokers) {
      const action = startingAction(world, broker);
      if (action !== null) return action;
    }
  return null;
}

/** What a broker that is not running yet does next to become so. */
function startingAction(world: World, broker: Broker): ProtocolAction | null {
  if (!isStarting(broker) || !canReachController(world, broker)) return null;
  const { brokerId } = broker;
  if (metadataBatchFor(world, broker) !== null && broker.lifecycle.state !== "registering")
    return { type: "readMetadata", brokerId };
  if (broker.controllerChannel.awaitingAnswer) return null;
  const name = broker.lifecycle.state === "registering" ? "registration" : "heartbeat";
  return { type: "brokerTimer", brokerId, timer: { name } };
}

/** Registered or registering, and not yet serving for the first time. */
export function isStarting(broker: Broker): boolean {
  const { state } = broker.lifecycle;
  return broker.process === "running" && (state === "registering" || state === "starting" || state === "fenced");
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
  if (channel === "alter-partition") return false;
  return reductions.requestsArriveAtOnce;
}

function isUrgentResponse(world: World, connection: Connection, reductions: Reductions): boolean {
  const { client, channel } = connection;
  const returning = connection.returning[0]?.body;
  if (returning === undefined) return false;
  if (channel === "heartbeat") return reductions.startsAreWhole;
  // A closed connection only says that nothing will come.
  if (returning.type === "close") return reductions.emptyAnswersArriveAtOnce;
  const { response } = returning;
  if (response.type === "FetchResponse" && channel.startsWith("fetch:"))
    return reductions.emptyAnswersArriveAtOnce && isEmptyAnswer(world, Number(client), response);
  if (response.type === "AlterPartitionResponse")
    return reductions.alterPartitionAnswersWithMetadata && hasReadAllMetadata(world, Number(client));
  return reductions.requestsArriveAtOnce;
}

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
