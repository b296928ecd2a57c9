import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatScenario } from "../../../lib/sim/scenario/format.js";
import { parseScenario } from "../../../lib/sim/scenario/parse.js";
import { scenario } from "./arbitraries.js";

describe("the layout of a scenario", () => {
  test("times, steps and comments stand in columns, prose stays as it is", () => {
    const text = [
      "#   The last replica standing",
      "cluster   brokers=3    kafka=4.3",
      'topic orders   "min.insync.replicas=2"',
      "producer p acks=1 #fire and hope",
      "",
      "   # nobody has noticed",
      "at 0 p send a   b",
      "at 50 isolate 2 3 from 1 # followers stop fetching",
      "at 20000ms $ kafka-topics --describe   --topic orders # as typed",
      "|  output as it was",
      "at 120s expect   leader=2 isr=2,3",
      "end 3m",
    ].join("\r\n");
    const result = parseScenario(text);
    expect(result.ok && formatScenario(result.scenario)).toBe(
      [
        "#   The last replica standing",
        "cluster brokers=3 kafka=4.3",
        "topic orders min.insync.replicas=2",
        "producer p acks=1                   # fire and hope",
        "",
        "# nobody has noticed",
        "at 0     p send a b",
        "at 50ms  isolate 2 3 from 1                          # followers stop fetching",
        "at 20s   $ kafka-topics --describe   --topic orders  # as typed",
        "    |  output as it was",
        "at 2m    expect leader=2 isr=2,3",
        "end 3m",
        "",
      ].join("\n"),
    );
  });

  test("reading what was formatted gives the same scenario, and formatting is idempotent", () => {
    fc.assert(
      fc.property(scenario, (one) => {
        const text = formatScenario(one);
        const again = parseScenario(text);
        expect(again).toEqual({ ok: true, scenario: one });
        expect(again.ok && formatScenario(again.scenario)).toBe(text);
      }),
      { numRuns: 500 },
    );
  });

  test("no text whatever makes the reader throw, and what it accepts survives formatting", () => {
    const word = fc.constantFrom(
      ...'at 0 5ms end stepwise cluster topic producer consumer p orders orders-0 1 2 > < from to send expect leader=1 isr= hw(1)=2 ledger a=pending crash keeping deliver fire heal isolate # | $ " \\ = ( ) brokers=2 acks=1 replicas=1,2 kafka=4.0 every m1..m9'.split(
        " ",
      ),
    );
    const line = fc.oneof(
      fc.array(word, { maxLength: 7 }).map((parts) => parts.join(" ")),
      fc.string({ unit: "binary" }),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = `topic orders\nproducer p\n${lines.join("\n")}`;
        const result = parseScenario(text);
        if (!result.ok) {
          for (const { line: at, column, length } of result.diagnostics) {
            const blamed = text.split(/\r?\n/)[at - 1] ?? "";
            expect(column).toBeGreaterThanOrEqual(1);
            expect(column).toBeLessThanOrEqual(blamed.length + 1);
            expect(length).toBeGreaterThanOrEqual(1);
          }
          return;
        }
        const formatted = formatScenario(result.scenario);
        expect(parseScenario(formatted)).toEqual(result);
      }),
      { numRuns: 3000 },
    );
  });
});
