import { createHmac, timingSafeEqual } from "node:crypto";
import type { JsonObject } from "./json.js";

/**
 * The Jupyter wire protocol, version 5.3: one message as frames, signed with HMAC-SHA256
 * (https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol).
 */

export interface Message {
  readonly type: string;
  readonly id: string;
  /** The id of the request this answers or reports on; empty when it does neither. */
  readonly parentId: string;
  readonly content: JsonObject;
}

const delimiter = "<IDS|MSG>";

/** The frames of a request, ready to send on a shell or control socket. */
export function encodeMessage(
  key: string,
  session: string,
  message: Pick<Message, "type" | "id" | "content">,
): readonly string[] {
  const header = JSON.stringify({
    msg_id: message.id,
    msg_type: message.type,
    session,
    username: "",
    date: "1970-01-01T00:00:00.000Z", // required by the protocol, read by no kernel
    version: "5.3",
  });
  const body = [header, "{}", "{}", JSON.stringify(message.content)];
  return [delimiter, signature(key, body), ...body];
}

/**
 * Reads what a socket received, whatever routing identities stand in front.
 *
 * @returns undefined when frames are missing, a part is not a JSON object, or the signature is not ours: such a
 * message is dropped, as the protocol asks.
 */
export function decodeMessage(key: string, frames: readonly Uint8Array[]): Message | undefined {
  const parts = frames.map((frame) => Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength));
  const start = parts.findIndex((part) => part.equals(Buffer.from(delimiter)));
  const signed = parts[start + 1];
  const body = parts.slice(start + 2);
  if (start < 0 || signed === undefined || body.length < 4) return undefined;
  const expected = Buffer.from(signature(key, body));
  if (signed.length !== expected.length || !timingSafeEqual(signed, expected)) return undefined;
  const [header, parent, , content] = body.map((part) => parseObject(part.toString("utf8")));
  if (header === undefined || parent === undefined || content === undefined) return undefined;
  return { type: text(header.msg_type), id: text(header.msg_id), parentId: text(parent.msg_id), content };
}

function signature(key: string, body: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", key);
  for (const part of body) hmac.update(part);
  return hmac.digest("hex");
}

function parseObject(json: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(json);
    // JSON.parse gives nothing but JSON
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
