import { expect, it } from "vitest";
import { type PublishingSocket, publishEverything } from "../../lib/notebook/kernel-child-publisher.js";

/** A socket as zeromq's: after some messages of one turn it takes one that it cannot send yet, and refuses all others. */
function socketThatTakes(perTurn: number) {
  const sent: unknown[] = [];
  const turns: (() => void)[] = [];
  let taken = 0;
  const socket: PublishingSocket = {
    sendHighWaterMark: 1000,
    bind: async () => undefined,
    send(frames) {
      if (taken >= perTurn) throw Object.assign(new Error("Socket is busy writing"), { code: "EBUSY" });
      taken += 1;
      sent.push(frames);
      return Promise.resolve();
    },
  };
  publishEverything(socket, (then) => turns.push(then));
  const turn = () => {
    taken = 0;
    for (const then of turns.splice(0)) then();
  };
  return { socket, sent, turn };
}

it("a busy socket loses nothing, keeps the order and throws at nobody", async () => {
  const { socket, sent, turn } = socketThatTakes(3);
  for (let message = 0; message < 8; message++) await socket.send(message);
  expect(sent).toEqual([0, 1, 2]);
  turn();
  await socket.send(8);
  expect(sent).toEqual([0, 1, 2, 3, 4, 5]);
  turn();
  expect(sent).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  turn();
  await socket.send(9);
  expect(sent.at(-1)).toBe(9);
});

it("reaches sockets whose own class cannot be written to, as the native one", async () => {
  const sent: unknown[] = [];
  const native = Object.freeze({
    sendHighWaterMark: 1000,
    bind: async () => undefined,
    send: async (frames: unknown) => void sent.push(frames),
  });
  const socket: PublishingSocket = Object.create(native);
  publishEverything(socket);
  await socket.send("x");
  expect(sent).toEqual(["x"]);
});

it("keeps any number of messages for a reader that is slow", async () => {
  const { socket } = socketThatTakes(1);
  await socket.bind("ipc://x");
  expect(socket.sendHighWaterMark).toBe(0);
});

it("other errors are the sender's to know", async () => {
  const socket: PublishingSocket = {
    sendHighWaterMark: 0,
    bind: async () => undefined,
    send: () => {
      throw new Error("Socket is closed");
    },
  };
  publishEverything(socket);
  await expect(socket.send("x")).rejects.toThrow("closed");
});
