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
  readonly #servers: Server[] = [];
  readonly #connections = new Set<Connection>();
  readonly #cuts = new Map<string, Cut>();
  readonly #delays = new Map<string, number>();

  /**
   * Opens a door to `server` and returns its port.
   *
   * @param caller who uses this door; null: its first request tells, by its client id
   */
  async open(server: string, targetPort: number, caller: string | null): Promise<number> {
    const door = createServer((socket) => {
      const connection = new Connection(socket, connect(targetPort, "127.0.0.1"), server, caller, this);
      this.#connections.add(connection);
      connection.onClosed = () => this.#connections.delete(connection);
    });
    this.#servers.push(door);
    await new Promise<void>((resolve, reject) => {
      door.once("error", (error) => reject(new Complaint(`no port for the relay: ${error.message}`)));
      door.listen(0, "127.0.0.1", () => resolve());
    });
    const address = door.address();
    if (address === null || typeof address === "string") throw new Complaint("the relay has no port");
    return address.port;
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
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}

class Connection {
  onClosed: () => void = () => {};
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #server: string;
  readonly #relay: Relay;
  #caller: string | null;
  #first: Buffer = Buffer.alloc(0);
  readonly #toServer: Held[] = [];
  readonly #toClient: Held[] = [];

  constructor(client: Socket, upstream: Socket, server: string, caller: string | null, relay: Relay) {
    this.#client = client;
    this.#upstream = upstream;
    this.#server = server;
    this.#caller = caller;
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

/** Brokers call themselves `broker-2-fetcher-0` and the like; a client calls itself by its name in the scenario. */
function nodeOf(clientId: string): string {
  return /^broker-(\d+)-/.exec(clientId)?.[1] ?? clientId;
}

function link(from: string, to: string): string {
  return `${from}>${to}`;
}
