import type { NodeName } from "../protocol/ids.js";
import type { Response } from "../protocol/message.js";
import { type Connection, connectionWith, type Envelope, isCut, type Network, withConnections } from "./network.js";

/*
 * What becomes of messages that a cut or a throttle holds back, when that changes.
 */

/** Nothing from one node to another arrives before `dueMs`: a cut was healed, and TCP sends again what was held. */
export function notBefore(network: Network, from: NodeName, to: NodeName, dueMs: number): Network {
  const later = <Body>(envelope: Envelope<Body>): Envelope<Body> =>
    envelope.dueMs >= dueMs ? envelope : { ...envelope, dueMs };
  return each(network, (connection) => {
    const { client, server, requests, returning } = connection;
    if (client === from && server === to && requests.length > 0)
      return connectionWith(connection, { requests: requests.map(later) });
    if (server === from && client === to && returning.length > 0)
      return connectionWith(connection, { returning: returning.map(later) });
    return connection;
  });
}

/** No answer to a client arrives later than `dueMsOf` says: a throttle lets through what it has held back. */
export function notAfter(
  network: Network,
  client: NodeName,
  dueMsOf: (response: Response, server: NodeName) => number,
): Network {
  return each(network, (connection) => {
    if (connection.client !== client || connection.returning.length === 0) return connection;
    const returning = connection.returning.map((envelope) => {
      if (envelope.body.type !== "response") return envelope;
      const dueMs = dueMsOf(envelope.body.response, connection.server);
      return dueMs < envelope.dueMs ? { ...envelope, dueMs } : envelope;
    });
    return connectionWith(connection, { returning });
  });
}

/** What a node has sent into a cut waits to be sent again; from one that is dead nothing is. */
export function withoutUndelivered(network: Network, node: NodeName): Network {
  return each(network, (connection) => {
    if (connection.server !== node || !isCut(network, node, connection.client)) return connection;
    return connectionWith(connection, { returning: connection.returning.filter(({ body }) => body.type === "close") });
  });
}

function each(network: Network, change: (connection: Connection) => Connection): Network {
  return withConnections(network, network.connections.map(change));
}
