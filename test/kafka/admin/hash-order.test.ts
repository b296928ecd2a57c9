import { describe, expect, test } from "vitest";
import { hashMapOrder, partitionHash, textHash } from "../../../lib/kafka/admin/hash-order.js";

// Printed by java.util.HashSet of Java 17 with Kafka's TopicPartition.
const orders: readonly (readonly [number, string])[] = [
  [3, "2 0 1"],
  [13, "6 7 4 5 2 3 0 1 12 10 11 8 9"],
  [20, "6 7 4 5 2 3 0 1 18 19 16 17 14 15 12 13 10 11 8 9"],
];

describe("the order of Java's hash maps", () => {
  test.each(orders)("%i partitions of foo", (count, expected) => {
    const partitions = Array.from({ length: count }, (_, partition) => ({ topic: "foo", partition }));
    expect(
      hashMapOrder(partitions, partitionHash)
        .map((one) => one.partition)
        .join(" "),
    ).toBe(expected);
  });

  test("integers hash to themselves", () => {
    expect(hashMapOrder([100, 17, 3, 64, 1], (id) => id)).toEqual([64, 17, 1, 3, 100]);
  });

  test("String.hashCode", () => {
    expect(textHash("")).toBe(0);
    expect(textHash("hello")).toBe(99162322);
    expect(textHash("polygenelubricants")).toBe(-2147483648);
  });
});
