import type { Server } from "node:http";

/** Every port that was tried is taken. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
}

/** The server was asked to listen beyond this machine without saying so twice. */
export class RemoteRefusedError extends Error {
  override readonly name = "RemoteRefusedError";
}

const portsToTry = 20;

/**
 * Listens on `port`, or, when the learner has not insisted on it, on the next free one.
 *
 * @returns the port
 * @throws PortInUseError
 */
export async function listen(server: Server, host: string, port: number, insist: boolean): Promise<number> {
  const last = insist || port === 0 ? port : port + portsToTry - 1;
  for (let candidate = port; candidate <= last; candidate++) {
    const bound = await tryListen(server, host, candidate);
    if (bound !== undefined) return bound;
  }
  throw new PortInUseError(
    insist
      ? `Port ${port} is in use by another program. Choose another one with --port, or leave it out to have a free one found.`
      : `Ports ${port} to ${last} are all in use. Name a free one with --port.`,
  );
}

function tryListen(server: Server, host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException): void => {
      if (error.code === "EADDRINUSE" || error.code === "EACCES") resolve(undefined);
      else reject(error);
    };
    server.once("error", onError);
    server.listen(port, host, () => {
      server.off("error", onError);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

const loopbackNames = new Set(["127.0.0.1", "::1", "localhost"]);

/**
 * The address to listen on.
 *
 * @throws RemoteRefusedError unless a host beyond loopback comes with the explicit flag and a password worth the name
 */
export function checkedHost(host: string, allowRemote: boolean, password: string | undefined): string {
  if (loopbackNames.has(host)) return host;
  if (!allowRemote) {
    throw new RemoteRefusedError(
      `Listening on ${host} would let other machines run code here. If that is what you want, add --allow-remote and set a password.`,
    );
  }
  if (password === undefined || password.length < 12) {
    throw new RemoteRefusedError(
      "Listening beyond this machine needs a password of at least 12 characters: everyone who has it can run code here.",
    );
  }
  return host;
}
