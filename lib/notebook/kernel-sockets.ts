import { randomBytes, randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dealer } from "zeromq";
import type { JsonObject } from "./json.js";
import { decodeMessage, encodeMessage, type Message } from "./kernel-wire.js";

/** Where a kernel listens, in the form of a Jupyter connection file. */
export interface Connection {
  /** The file to hand to the kernel, alone in a folder that only we may read. */
  readonly file: string;
  readonly directory: string;
  readonly key: string;
  readonly endpoint: Readonly<Record<Channel, string>>;
}

type Channel = "shell" | "iopub" | "stdin" | "control" | "hb";
const channels: readonly Channel[] = ["shell", "iopub", "stdin", "control", "hb"];

/**
 * Makes a connection file. Sockets are files in our folder: nobody else can connect, and no port can be taken between
 * choosing and using it. On Windows, and where the folder's path is too long for a socket, they are loopback ports.
 */
export async function createConnection(): Promise<Connection> {
  const directory = mkdtempSync(join(tmpdir(), "highwater-"));
  const path = join(directory, "s");
  const useFiles = process.platform !== "win32" && path.length < 90;
  const [transport, ip] = useFiles ? ["ipc", path] : ["tcp", "127.0.0.1"];
  const ports = useFiles ? [1, 2, 3, 4, 5] : await freePorts(channels.length);
  const key = randomBytes(32).toString("hex");
  const portOf = (channel: Channel): number => ports[channels.indexOf(channel)] ?? 0;
  const content = {
    transport,
    ip,
    key,
    signature_scheme: "hmac-sha256",
    ...Object.fromEntries(channels.map((channel) => [`${channel}_port`, portOf(channel)])),
  };
  const file = join(directory, "connection.json");
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  const address = (channel: Channel): string => `${transport}://${ip}:${portOf(channel)}`;
  const endpoint = {
    shell: address("shell"),
    iopub: address("iopub"),
    stdin: address("stdin"),
    control: address("control"),
    hb: address("hb"),
  };
  return { file, directory, key, endpoint };
}

/** Once both ends are connected, neither the file nor the socket names are needed. */
export function removeConnection(connection: Connection): void {
  rmSync(connection.directory, { recursive: true, force: true });
}

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, "127.0.0.1", () => resolve(server));
    server.on("error", reject);
  });
}

/** The client's end of a kernel's sockets. */
export interface Sockets {
  /** Sends a request on the shell socket and returns its id. */
  request(type: string, content: JsonObject): string;
  /** Asks for a sign of life; `onBeat` is called when it comes. */
  beat(): void;
  close(): void;
}

export interface SocketListeners {
  readonly onReply: (message: Message) => void;
  readonly onPublished: (message: Message) => void;
  readonly onBeat: () => void;
}

/** Connects; the kernel need not listen yet. Messages with a wrong signature are dropped. */
export async function connectSockets(connection: Connection, listeners: SocketListeners): Promise<Sockets> {
  const { Dealer, Subscriber } = await import("zeromq"); // native code: loaded by those who run cells only
  const session = randomUUID();
  const options = { linger: 0, reconnectInterval: 10, receiveHighWaterMark: 0 };
  const shell = new Dealer(options);
  const control = new Dealer(options);
  const stdin = new Dealer(options);
  const heartbeat = new Dealer(options);
  const iopub = new Subscriber(options);
  const sockets = [shell, control, stdin, heartbeat, iopub];
  shell.connect(connection.endpoint.shell);
  control.connect(connection.endpoint.control);
  stdin.connect(connection.endpoint.stdin);
  heartbeat.connect(connection.endpoint.hb);
  iopub.connect(connection.endpoint.iopub);
  iopub.subscribe();

  const read = async (socket: AsyncIterable<Uint8Array[]>, onFrames: (frames: Uint8Array[]) => void): Promise<void> => {
    try {
      for await (const frames of socket) onFrames(frames);
    } catch {
      // The socket was closed while we waited on it.
    }
  };
  const decoded = (onMessage: (message: Message) => void) => (frames: Uint8Array[]) => {
    const message = decodeMessage(connection.key, frames);
    if (message !== undefined) onMessage(message);
  };
  void read(shell, decoded(listeners.onReply));
  void read(control, decoded(listeners.onReply));
  void read(iopub, decoded(listeners.onPublished));
  void read(heartbeat, listeners.onBeat);

  const sendShell = queuedSender(shell);
  const sendHeartbeat = queuedSender(heartbeat);
  return {
    request(type, content) {
      const id = randomUUID();
      sendShell(encodeMessage(connection.key, session, { type, id, content }));
      return id;
    },
    beat: () => sendHeartbeat(["", "beat"]),
    close: () => {
      for (const socket of sockets) socket.close();
    },
  };
}

/** zeromq refuses a second send while one is under way. */
function queuedSender(socket: Dealer): (frames: readonly string[]) => void {
  let last: Promise<void> = Promise.resolve();
  return (frames) => {
    last = last.then(() => socket.send([...frames])).catch(() => {}); // closed: nobody waits for the answer any more
  };
}
