import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { decodeMessage, encodeMessage } from "../../lib/notebook/kernel-wire.js";

const key = "a-key";
const frames = (parts: readonly string[]) => parts.map((part) => Buffer.from(part));
const sign = (parts: readonly string[]) => {
  const hmac = createHmac("sha256", key);
  for (const part of parts) hmac.update(part);
  return hmac.digest("hex");
};

describe("the Jupyter wire protocol", () => {
  it("sends delimiter, signature, header, parent, metadata, content", () => {
    const sent = encodeMessage(key, "session", { type: "execute_request", id: "m1", content: { code: "1" } });
    expect(sent).toHaveLength(6);
    expect(sent[0]).toBe("<IDS|MSG>");
    expect(sent[1]).toBe(sign(sent.slice(2)));
    expect(JSON.parse(sent[2] ?? "")).toMatchObject({
      msg_id: "m1",
      msg_type: "execute_request",
      session: "session",
      version: "5.3",
    });
    expect(sent.slice(3)).toEqual(["{}", "{}", '{"code":"1"}']);
  });

  it("reads a reply behind routing identities and before extra buffers", () => {
    const body = ['{"msg_id":"r","msg_type":"execute_reply"}', '{"msg_id":"m1"}', "{}", '{"status":"ok"}'];
    const received = frames(["identity", "another", "<IDS|MSG>", sign([...body, "buffer"]), ...body, "buffer"]);
    expect(decodeMessage(key, received)).toEqual({
      type: "execute_reply",
      id: "r",
      parentId: "m1",
      content: { status: "ok" },
    });
  });

  it("drops a message whose signature or shape is wrong", () => {
    const body = ['{"msg_type":"status"}', "{}", "{}", "{}"];
    expect(decodeMessage(key, frames(["<IDS|MSG>", sign(body), ...body]))).toBeDefined();
    expect(decodeMessage("other key", frames(["<IDS|MSG>", sign(body), ...body]))).toBeUndefined();
    expect(decodeMessage(key, frames(["<IDS|MSG>", "00", ...body]))).toBeUndefined();
    expect(decodeMessage(key, frames([sign(body), ...body]))).toBeUndefined();
    expect(decodeMessage(key, frames(["<IDS|MSG>", sign(body.slice(0, 3)), ...body.slice(0, 3)]))).toBeUndefined();
    const notJson = ["{", "{}", "{}", "{}"];
    expect(decodeMessage(key, frames(["<IDS|MSG>", sign(notJson), ...notJson]))).toBeUndefined();
  });
});
