import { connect, createServer, type Server, type Socket } from "node:net";
import type { Cut } from "../lib/sim/network.js";
import { Complaint } from "./complaint.js";

/** What waits in one direction of a connection: bytes, or its end. */
type Held = Buffer | "end";

/**
 * All connections of the cluster pass here, so that any direction between two nodes can be held, slowed or closed while
 * both processes are well. A held direction is TCP without acknowledgements: what a server writes waits, and so does the
 * end of its connection.
 */
export class Relay {
  readonly #doors: Door[] = [];
  readonly #connections = new Set<Connection>();
  readonly #cuts = new Map<string, Cut>();
  readonly #delays = new Map<string, number>();

  /** Opens a door to `server` and returns its port. Who comes in is told by the client id of its first request. */
  async open(server: string, targetPort: number): Promise<number> {
    const door: Door = { to: server, port: 0, listener: createServer() };
    door.listener.on("connection", (socket) => {
      const connection = new Connection(socket, connect(targetPort, "127.0.0.1"), server, this);
      this.#connections.add(connection);
      connection.onClosed = () => this.#connections.delete(connection);
    });
    this.#doors.push(door);
    door.port = await listen(door.listener, 0);
    return door.port;
  }

  /** Nobody is behind these doors any more: connections are refused, as by a machine without the process. */
  shut(server: string): void {
    for (const { to, listener } of this.#doors) if (to === server && listener.listening) listener.close();
  }

  async reopen(server: string): Promise<void> {
    for (const { to, listener, port } of this.#doors)
      if (to === server && !listener.listening) await listen(listener, port);
  }

  cut(from: string, to: string): void {
    this.#cuts.set(link(from, to), { from, to });
  }

  heal(from: string, to: string): void {
    this.#cuts.delete(link(from, to));
    for (const connection of this.#connections) connection.flush();
  }

  isCut(from: string, to: string): boolean {
    return this.#cuts.has(link(from, to));
  }

  get cuts(): readonly Cut[] {
    return [...this.#cuts.values()];
  }

  /** `null`: as fast as the rest again. */
  slow(from: string, to: string, delayMs: number | null): void {
    if (delayMs === null) this.#delays.delete(link(from, to));
    else this.#delays.set(link(from, to), delayMs);
  }

  delayMs(from: string, to: string): number {
    return this.#delays.get(link(from, to)) ?? 0;
  }

  /** Closes what is open between two nodes; what was held is gone. */
  drop(a: string, b: string): void {
    for (const connection of this.#connections) if (connection.isBetween(a, b)) connection.destroy();
  }

  async close(): Promise<void> {
    for (const connection of this.#connections) connection.destroy();
    for (const { to } of this.#doors) this.shut(to);
  }
}

interface Door {
  readonly to: string;
  readonly listener: Server;
  port: number;
}

/** @returns the port; 0 asks for any that is free */
async function listen(listener: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    listener.once("error", (error) => reject(new Complaint(`the relay cannot listen: ${error.message}`)));
    listener.listen(port, "127.0.0.1", () => resolve());
  });
  const address = listener.address();
  if (address === null || typeof address === "string") throw new Complaint("the relay has no port");
  return address.port;
}

class Connection {
  onClosed: () => void = () => {};
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #server: string;
  readonly #relay: Relay;
  #caller: string | null = null;
  #first: Buffer = Buffer.alloc(0);
  readonly #toServer: Held[] = [];
  readonly #toClient: Held[] = [];

  constructor(client: Socket, upstream: Socket, server: string, relay: Relay) {
    this.#client = client;
    this.#upstream = upstream;
    this.#server = server;
    this.#relay = relay;
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on("error", () => {});
    }
    client.on("data", (data) => this.#fromClient(data));
    upstream.on("data", (data) => this.#pass(this.#toClient, data));
    client.on("close", () => this.#clientGone());
    upstream.on("close", () => this.#pass(this.#toClient, "end"));
  }

  isBetween(a: string, b: string): boolean {
    return (this.#caller === a && this.#server === b) || (this.#caller === b && this.#server === a);
  }

  destroy(): void {
    this.#client.destroy();
    this.#upstream.destroy();
    this.onClosed();
  }

  /** Sends on what is not held any more. */
  flush(): void {
    this.#drain(this.#toServer, this.#upstream, this.#caller ?? "", this.#server);
    this.#drain(this.#toClient, this.#client, this.#server, this.#caller ?? "");
  }

  #fromClient(data: Buffer): void {
    if (this.#caller === null) {
      this.#first = Buffer.concat([this.#first, data]);
      const clientId = clientIdOf(this.#first);
      if (clientId === null) return;
      this.#caller = nodeOf(clientId);
      this.#pass(this.#toServer, this.#first);
      return;
    }
    this.#pass(this.#toServer, data);
  }

  /** A client that gives up takes along what did not get through: the model's clients do, TCP may or may not. */
  #clientGone(): void {
    this.#toServer.length = 0;
    this.#upstream.end();
    this.onClosed();
  }

  #pass(queue: Held[], what: Held): void {
    const [from, to] =
      queue === this.#toServer ? [this.#caller ?? "", this.#server] : [this.#server, this.#caller ?? ""];
    const delayMs = this.#relay.delayMs(from, to);
    const put = (): void => {
      queue.push(what);
      this.flush();
    };
    if (delayMs === 0) put();
    else setTimeout(put, delayMs).unref();
  }

  #drain(queue: Held[], target: Socket, from: string, to: string): void {
    if (this.#relay.isCut(from, to)) return;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      if (next === "end") {
        target.end();
        this.onClosed();
      } else if (target.writable) target.write(next);
    }
  }
}

/** The client id in the header of a first request; null while it has not arrived. */
function clientIdOf(bytes: Buffer): string | null {
  // Size, API key, API version and correlation id, then the length of the client id.
  if (bytes.length < 14) return null;
  const length = bytes.readInt16BE(12);
  if (bytes.length < 14 + length) return null;
  return bytes.toString("utf8", 14, 14 + Math.max(0, length));
}

/**
 * Brokers call themselves `broker-2-fetcher-0` to each other, `raft-client-2` where they read the metadata log and `2` in
 * heartbeats; a client calls itself by its name in the scenario.
 */
function nodeOf(clientId: string): string {
  return /^(?:broker|raft-client)-(\d+)(?:-|$)/.exec(clientId)?.[1] ?? clientId;
}

function link(from: string, to: string): string {
  return `${from}>${to}`;
}
