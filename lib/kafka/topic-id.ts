import { fingerprintOf } from "../core/fingerprint.js";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * The id Kafka would print for a topic: a version 4 UUID as 22 characters of base64url. Kafka draws it at random; here
 * it follows from the name (and `generation`, for a topic that was deleted and made again), so that the same scenario
 * prints the same bytes.
 */
export function topicIdOf(name: string, generation = 0): string {
  for (let salt = 0; ; salt++) {
    const id = base64Url(uuidBytes(name, generation, salt));
    // Kafka draws again when an id could be taken for an option (Uuid.randomUuid).
    if (!id.startsWith("-")) return id;
  }
}

function uuidBytes(name: string, generation: number, salt: number): readonly number[] {
  const bytes: number[] = [];
  for (let half = 0; half < 2; half++) {
    const { high, low } = fingerprintOf([name, generation, salt, half]);
    for (const word of [high, low]) {
      for (let shift = 24; shift >= 0; shift -= 8) bytes.push((word >>> shift) & 0xff);
    }
  }
  // The version and variant bits of RFC 9562.
  return bytes.map((byte, index) => (index === 6 ? (byte & 0x0f) | 0x40 : index === 8 ? (byte & 0x3f) | 0x80 : byte));
}

/** Base64 with the alphabet for addresses, without padding (RFC 4648, section 5). */
function base64Url(bytes: readonly number[]): string {
  let text = "";
  for (let index = 0; index < bytes.length; index += 3) {
    const [first = 0, second = 0, third = 0] = bytes.slice(index, index + 3);
    const bits = (first << 16) | (second << 8) | third;
    for (let shift = 18; shift >= 0; shift -= 6) text += alphabet.charAt((bits >>> shift) & 63);
  }
  return text.slice(0, Math.ceil((bytes.length * 8) / 6));
}
