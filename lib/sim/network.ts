import { invariant } from "../core/assert.js";
import type { NodeName } from "../protocol/ids.js";
import type { Request, Response } from "../protocol/message.js";
import type { Channel } from "../protocol/step.js";

/** A message on its way. `sequence` orders messages that are due at the same time. */
export interface Envelope<Body> {
  readonly body: Body;
  readonly sequence: number;
  readonly dueMs: number;
  /** The step of the world that sent it: the cause of what its delivery will do. */
  readonly sentAtStep: number;
}

/** What travels back: an answer, or the end of the connection; `refused`: nobody was there to take anything. */
export type Returning =
  | { readonly type: "response"; readonly response: Response }
  | { readonly type: "close"; readonly refused?: true };

/**
 * One TCP connection: `client` asks, `server` answers. Messages of one connection keep their order, connections do not
 * wait for each other, nothing is duplicated.
 *
 * Invariants: `serving` means that the server has taken a request that it has not answered, and it takes no other
 * meanwhile; nothing follows a `close` in `returning`.
 */
export interface Connection {
  readonly client: NodeName;
  readonly server: NodeName;
  readonly channel: Channel;
  readonly requests: readonly Envelope<Request>[];
  readonly returning: readonly Envelope<Returning>[];
  readonly serving: boolean;
}

/** One direction between two nodes that carries nothing: what is under way waits, as TCP would retransmit it. */
export interface Cut {
  readonly from: NodeName;
  readonly to: NodeName;
}

/** A direction between two nodes that is slower than the rest. */
export interface SlowLink extends Cut {
  readonly delayMs: number;
}

export interface Network {
  /** One way, for every link without a delay of its own. */
  readonly delayMs: number;
  readonly slowLinks: readonly SlowLink[];
  readonly cuts: readonly Cut[];
  readonly connections: readonly Connection[];
}

export function newNetwork(delayMs: number): Network {
  return { delayMs, slowLinks: [], cuts: [], connections: [] };
}

/** One-way delay from one node to another, in virtual milliseconds. */
export function linkDelayMs(network: Network, from: NodeName, to: NodeName): number {
  for (const link of network.slowLinks) if (link.from === from && link.to === to) return link.delayMs;
  return network.delayMs;
}

export function isCut(network: Network, from: NodeName, to: NodeName): boolean {
  for (const cut of network.cuts) if (cut.from === from && cut.to === to) return true;
  return false;
}

export function withCuts(network: Network, cuts: readonly Cut[]): Network {
  const added = cuts.filter((cut) => !isCut(network, cut.from, cut.to));
  return added.length === 0 ? network : { ...network, cuts: [...network.cuts, ...added].sort(byEnds) };
}

export function withoutCuts(network: Network, healed: (cut: Cut) => boolean): Network {
  const cuts = network.cuts.filter((cut) => !healed(cut));
  return cuts.length === network.cuts.length ? network : { ...network, cuts };
}

/** `delayMs: null` takes the link's own delay away again. */
export function withLinkDelay(network: Network, from: NodeName, to: NodeName, delayMs: number | null): Network {
  const others = network.slowLinks.filter((link) => link.from !== from || link.to !== to);
  const slowLinks = delayMs === null ? others : [...others, { from, to, delayMs }].sort(byEnds);
  return { ...network, slowLinks };
}

export function indexOfConnection(network: Network, client: NodeName, server: NodeName, channel: Channel): number {
  const { connections } = network;
  for (let index = 0; index < connections.length; index++) {
    const connection = connections[index];
    // Channels last: their names are the longest.
    if (
      connection !== undefined &&
      connection.client === client &&
      connection.server === server &&
      connection.channel === channel
    )
      return index;
  }
  return -1;
}

export function connectionAt(network: Network, index: number): Connection {
  const connection = network.connections[index];
  invariant(connection !== undefined, () => `no connection ${index} of ${network.connections.length}`);
  return connection;
}

/** Replaces the connection at `index`; `null` removes it. */
export function withConnection(network: Network, index: number, connection: Connection | null): Network {
  const connections = network.connections.slice();
  if (connection === null) connections.splice(index, 1);
  else connections[index] = connection;
  return withConnections(network, connections);
}

/* Copies written out, because a step makes several of them: see lib/protocol/broker/copy.ts. */

export function withConnections(network: Network, connections: readonly Connection[]): Network {
  return { delayMs: network.delayMs, slowLinks: network.slowLinks, cuts: network.cuts, connections };
}

export function connectionWith(
  connection: Connection,
  change: Partial<Pick<Connection, "requests" | "returning" | "serving">>,
): Connection {
  return {
    client: connection.client,
    server: connection.server,
    channel: connection.channel,
    requests: change.requests ?? connection.requests,
    returning: change.returning ?? connection.returning,
    serving: change.serving ?? connection.serving,
  };
}

/** Sends a request, opening the connection if there is none. On a connection that is closing it is lost with it. */
export function sendRequest(
  network: Network,
  client: NodeName,
  server: NodeName,
  channel: Channel,
  envelope: Envelope<Request>,
): Network {
  const index = indexOfConnection(network, client, server, channel);
  if (index < 0) {
    const opened: Connection = { client, server, channel, requests: [envelope], returning: [], serving: false };
    return withConnections(network, [...network.connections, opened]);
  }
  const connection = connectionAt(network, index);
  if (isClosing(connection)) return network;
  return withConnection(network, index, connectionWith(connection, { requests: [...connection.requests, envelope] }));
}

/** True once the server's end is gone; the client has yet to learn it. */
export function isClosing(connection: Connection): boolean {
  return connection.returning.at(-1)?.body.type === "close";
}

/** A connection that carries nothing is not kept: the next request opens it again. */
export function isIdle(connection: Connection): boolean {
  return connection.requests.length === 0 && connection.returning.length === 0 && !connection.serving;
}

/** Ends the request that the server was handling; `envelope` is its answer, if there is one. */
export function sendResponse(network: Network, index: number, envelope: Envelope<Returning> | null): Network {
  const connection = connectionAt(network, index);
  invariant(
    connection.serving,
    () => `${connection.server} answers ${connection.client} on ${connection.channel} unasked`,
  );
  const returning = envelope === null ? connection.returning : [...connection.returning, envelope];
  return withConnection(network, index, connectionWith(connection, { serving: false, returning }));
}

/** The server's end goes: requests under way are lost, answers already sent still arrive, then the client learns it. */
export function closeFromServer(network: Network, index: number, envelope: Envelope<Returning>): Network {
  const connection = connectionAt(network, index);
  if (isClosing(connection)) return network;
  const returning = [...connection.returning, envelope];
  return withConnection(network, index, connectionWith(connection, { requests: [], serving: false, returning }));
}

function byEnds(a: Cut, b: Cut): number {
  return compare(a.from, b.from) || compare(a.to, b.to);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
