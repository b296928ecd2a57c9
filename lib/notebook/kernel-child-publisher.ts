/** What is used of zeromq's publishing socket. */
export interface PublishingSocket {
  /** Messages that may wait for a reader; 0 for any number. */
  sendHighWaterMark: number;
  bind(address: string): Promise<void>;
  send(frames: unknown): Promise<void>;
}

/**
 * Makes publishing sockets keep every message until it is read. As they come they drop what goes beyond a thousand unread
 * messages, and on a busy machine they refuse a message by throwing while an earlier one is still on its way: in the middle
 * of a cell's `console.log`, which fails the cell, and in the middle of saying why it failed.
 *
 * @param prototype of all such sockets of this process
 */
export function publishEverything(
  prototype: PublishingSocket,
  nextTurn: (then: () => void) => void = (then) => void setImmediate(then),
): void {
  const { bind, send } = prototype;
  const queues = new WeakMap<PublishingSocket, unknown[]>();

  // Defined, not assigned: what the prototype inherits from the native socket is read-only.
  const replace = <K extends "bind" | "send">(name: K, value: PublishingSocket[K]): void => {
    Object.defineProperty(prototype, name, { value, writable: true, configurable: true });
  };

  replace("bind", function (this: PublishingSocket, address) {
    this.sendHighWaterMark = 0;
    return bind.call(this, address);
  });

  replace("send", async function (this: PublishingSocket, frames) {
    const queue = queues.get(this) ?? [];
    queues.set(this, queue);
    queue.push(frames);
    if (queue.length === 1) sendAll(this, queue);
  });

  /** In order, and in this turn as far as the socket takes them. */
  function sendAll(socket: PublishingSocket, queue: unknown[]): void {
    while (queue.length > 0) {
      let sent: Promise<void>;
      try {
        sent = send.call(socket, queue[0]);
      } catch (error) {
        if (!isBusy(error)) {
          queue.length = 0; // closed: nothing that waits can be sent any more
          throw error;
        }
        nextTurn(() => sendAll(socket, queue));
        return;
      }
      queue.shift();
      sent.catch(() => undefined); // closed: nobody reads any more
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "EBUSY";
}
