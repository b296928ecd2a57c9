import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkPattern, matchingTopics } from "../../../lib/kafka/admin/topic-pattern.js";

describe("topic patterns", () => {
  test.each([
    ["orders", ["orders"]],
    ["o.*", ["orders", "orders.v1", "ordersxv1", "o"]],
    ["orders.v1", ["orders.v1", "ordersxv1"]],
    ["orders\\.v1", ["orders.v1"]],
    ["orders|plain", ["orders", "plain"]],
    ["orders,plain", ["orders", "plain"]],
    ["o+", ["o"]],
    ["'orders'", ["orders"]],
    ["", []],
    [".*", ["orders", "orders.v1", "ordersxv1", "plain", "o"]],
  ])("%s", (pattern, expected) => {
    const names = ["orders", "orders.v1", "ordersxv1", "plain", "o"];
    expect([...matchingTopics(pattern, names)].sort()).toEqual([...expected].sort());
  });

  test("agree with regular expressions", () => {
    const piece = fc.tuple(fc.constantFrom("a", "b", ".", "\\."), fc.constantFrom("", "*", "+", "?"));
    const pattern = fc
      .array(
        piece.map(([character, sign]) => character + sign),
        { maxLength: 6 },
      )
      .map((all) => all.join(""));
    const alternatives = fc.array(pattern, { minLength: 1, maxLength: 3 }).map((all) => all.join("|"));
    const name = fc.string({ unit: fc.constantFrom("a", "b", "."), maxLength: 6 });
    fc.assert(
      fc.property(alternatives, name, (text, topic) => {
        expect(matchingTopics(text, [topic]).length === 1).toBe(new RegExp(`^(?:${text})$`).test(topic));
      }),
      { numRuns: 2000 },
    );
  });

  test("patterns that make other matchers run for ever", () => {
    const name = `${"a".repeat(240)}!`;
    expect(matchingTopics(`${"a*".repeat(100)}b`, [name])).toEqual([]);
  });

  test("what is a pattern", () => {
    expect(checkPattern("on[e")).toBe("invalid");
    expect(checkPattern("orders(1|2)")).toBe("unsupported");
    expect(checkPattern("orders\\d")).toBe("unsupported");
    expect(checkPattern("orders\\.v1")).toBe("fine");
  });
});
