import { describe, expect, test } from "vitest";
import { topicIdOf } from "../../lib/kafka/topic-id.js";

/** Version and variant of a UUID in base64url: 4 and the two bits 10 for a random one. */
function shape(id: string): readonly number[] {
  const bytes = Buffer.from(id, "base64url");
  return [bytes.length, (bytes[6] ?? 0) >> 4, (bytes[8] ?? 0) >> 6];
}

describe("topic ids", () => {
  test("have the shape of the recorded ones", () => {
    for (const recorded of ["aEMMJ2hSSmuHvB3b0QCApg", "U-40ULHMQ96ZzQKOUZNDzw", "7cJSr6NmQs6zhJOpqFUbXQ"]) {
      expect(shape(recorded)).toEqual([16, 4, 2]);
    }
    for (let index = 0; index < 500; index++) {
      const id = topicIdOf(`topic-${index}`);
      expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
      expect(shape(id)).toEqual([16, 4, 2]);
    }
  });

  test("follow from name and generation, and differ", () => {
    expect(topicIdOf("orders")).toBe(topicIdOf("orders"));
    expect(topicIdOf("orders")).not.toBe(topicIdOf("orders", 1));
    expect(new Set(Array.from({ length: 1000 }, (_, index) => topicIdOf(`t${index}`))).size).toBe(1000);
  });
});
