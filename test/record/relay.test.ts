import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Relay } from "../../record/relay.js";

/** The first request of a Kafka client: size, API key and version, correlation id, client id. */
function firstRequest(clientId: string): Buffer {
  const name = Buffer.from(clientId);
  const header = Buffer.alloc(14);
  header.writeInt32BE(10 + name.length, 0);
  header.writeInt16BE(name.length, 12);
  return Buffer.concat([header, name]);
}

describe("the relay", () => {
  const relay = new Relay();
  let server: Server;
  let arrived = Buffer.alloc(0);
  let served: Socket[] = [];
  let port = 0;
  const clients: Socket[] = [];

  beforeEach(async () => {
    server = createServer((socket) => {
      served.push(socket);
      socket.on("data", (data) => {
        arrived = Buffer.concat([arrived, data]);
      });
      socket.on("error", () => {});
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
    const address = server.address();
    port = await relay.open("1", typeof address === "object" && address !== null ? address.port : 0);
    arrived = Buffer.alloc(0);
    served = [];
  });

  afterEach(async () => {
    for (const { from, to } of relay.cuts) relay.heal(from, to);
    for (const client of clients) client.destroy();
    await relay.close();
    server.close();
  });

  /** A client that has introduced itself. */
  function client(id: string): Socket & { heard: string; ended: boolean } {
    const socket = Object.assign(connect(port, "127.0.0.1"), { heard: "", ended: false });
    socket.on("data", (data) => {
      socket.heard += data.toString();
    });
    socket.on("close", () => {
      socket.ended = true;
    });
    socket.on("error", () => {});
    socket.write(firstRequest(id));
    clients.push(socket);
    return socket;
  }

  it("passes on what is not held, in both directions", async () => {
    const p = client("p");
    await expect.poll(() => arrived.length).toBe(15);
    served[0]?.write("answer");
    await expect.poll(() => p.heard).toBe("answer");
  });

  it.each([
    ["broker-2-fetcher-0", "2"],
    ["raft-client-2", "2"],
    ["2", "2"],
    ["p", "p"],
  ])("holds the requests of %s when %s is cut off, and delivers them later", async (clientId, node) => {
    relay.cut(node, "1");
    client(clientId);
    const other = client("other");
    // The other's request has arrived, so the first one's would have, too.
    await expect.poll(() => arrived.length).toBe(firstRequest("other").length);
    relay.heal(node, "1");
    await expect.poll(() => arrived.length).toBe(firstRequest("other").length + firstRequest(clientId).length);
    expect(other.ended).toBe(false);
  });

  it("holds answers alone, and the end of the connection with them", async () => {
    relay.cut("1", "p");
    const p = client("p");
    await expect.poll(() => arrived.length).toBe(15);
    served[0]?.end("answer");
    const q = client("q");
    await expect.poll(() => served.length).toBe(2);
    served[1]?.write("other");
    await expect.poll(() => q.heard).toBe("other");
    expect([p.heard, p.ended]).toEqual(["", false]);
    relay.heal("1", "p");
    await expect.poll(() => [p.heard, p.ended]).toEqual(["answer", true]);
  });

  it("a client that gives up takes along what was held", async () => {
    relay.cut("p", "1");
    const p = client("p");
    await expect.poll(() => served.length).toBe(1);
    p.destroy();
    client("q");
    await expect.poll(() => arrived.length).toBe(15);
    relay.heal("p", "1");
    client("q");
    await expect.poll(() => arrived.length).toBe(30);
    expect(arrived.toString()).not.toContain("p");
  });

  it("drops connections between two nodes and no others", async () => {
    const [p, q] = [client("p"), client("q")];
    await expect.poll(() => arrived.length).toBe(30);
    relay.drop("1", "p");
    await expect.poll(() => p.ended).toBe(true);
    expect(q.ended).toBe(false);
  });

  it("a shut door refuses, and opens again at the same port", async () => {
    relay.shut("1");
    const refused = client("p");
    await expect.poll(() => refused.ended).toBe(true);
    expect(arrived.length).toBe(0);
    await relay.reopen("1");
    client("p");
    await expect.poll(() => arrived.length).toBe(15);
  });
});
