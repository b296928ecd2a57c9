import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Fingerprinter, fingerprintOf, fingerprintText } from "../../lib/core/fingerprint.js";

const text = (value: unknown): string => fingerprintText(fingerprintOf(value));

/** Plain values, whole numbers of every size among them. */
const plain = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger(),
    fc.integer({ min: -3, max: 3 }),
    fc.string(),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.string({ maxLength: 4 }), tie("value"), { maxKeys: 20 }),
  ),
})).value;

/** The same value with every object's keys set in the opposite order. */
function rebuilt(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rebuilt);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, part]) => [key, rebuilt(part)]),
  );
}

/** A canonical text made another way, to tell equal values from different ones. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, part]) => `${JSON.stringify(key)}:${canonical(part)}`);
  return `{${entries.sort().join()}}`;
}

describe("fingerprints of plain values", () => {
  it("do not depend on the order of keys", () => {
    fc.assert(fc.property(plain, (value) => text(value) === text(rebuilt(value))));
  });

  it("differ exactly where the values differ", () => {
    fc.assert(
      fc.property(plain, plain, (one, other) => (text(one) === text(other)) === (canonical(one) === canonical(other))),
      { numRuns: 2000 },
    );
  });

  it("tell apart what looks alike", () => {
    const alike = [
      ...[0, 1, -1, "", "0", "1", true, false, null, [], {}, [0], [[]], [null], ["1"], { 0: 0 }, { 1: null }],
      ...[2 ** 32, 2 ** 32 + 1, -(2 ** 32), 2 ** 53 - 1, 1 - 2 ** 53, 2 ** 31, -(2 ** 31)],
      ...[["ab", "c"], ["a", "bc"], ["abc"], [["a"], "b"], ["a", ["b"]], [[], []], [[[]]], "a\u0000", "a"],
      ...[{ a: { b: 1 } }, { a: {}, b: 1 }, { a: { b: 1 }, c: 1 }, { a: [], b: 1 }, { a: [{ b: 1 }] }],
    ];
    expect(new Set(alike.map(text)).size).toBe(alike.length);
  });

  it("are the same on every machine, since other people's answers may be compared with ours", () => {
    // Pinned by hand on purpose: whoever changes the mixing changes every recorded fingerprint and must say so.
    expect(text(-0)).toBe(text(0));
    expect([
      text(null),
      text({ leader: 1, isr: [1, 2], epoch: 2 ** 40 }),
      text("ISR ⊆ replicas"),
    ]).toMatchInlineSnapshot(`
      [
        "a347b2f1a887ff29",
        "65214ed077936d04",
        "10da1b8b371d4758",
      ]
    `);
  });

  it.each([
    [undefined, "the value is undefined: leave the key out, or use null"],
    [{ log: [1, 0.5] }, "the value.log[1] is the number 0.5"],
    [{ highWatermark: Number.NaN }, "the value.highWatermark is the number NaN"],
    [[2 ** 53], "the value[0] is the number 9007199254740992"],
    [{ isr: new Set([1]) }, "the value.isr is a Set"],
    [{ a: { b: undefined } }, "the value.a.b is undefined: leave the key out, or use null"],
    [{ now: new Date(0) }, "the value.now is a Date"],
    [[() => 1], "the value[0] is a function"],
    [[1n], "the value[0] is a bigint"],
  ])("refuse %s and name the place", (value, complaint) => {
    expect(() => fingerprintOf(value)).toThrow(complaint);
  });

  it("refuse a value that contains itself", () => {
    const loop: { self?: unknown } = {};
    loop.self = loop;
    expect(() => fingerprintOf(loop)).toThrow("does the value contain itself?");
  });

  it("refuse a fraction among the numbers of a packed state", () => {
    expect(() => new Fingerprinter().integer(1.5)).toThrow("whole numbers only, not 1.5");
  });
});

describe("the fold", () => {
  it("starts afresh after reset, whatever came before", () => {
    const fold = new Fingerprinter();
    fold.text("something else");
    fold.reset();
    fold.value({ a: 1 });
    fold.finish();
    expect(fingerprintText(fold)).toBe(text({ a: 1 }));
  });

  it("remembers a part by identity and gives it the weight of an equal one", () => {
    const of = (...parts: object[]): string => {
      for (const part of parts) fold.part(part);
      fold.finish();
      const result = fingerprintText(fold);
      fold.reset();
      return result;
    };
    const fold = new Fingerprinter();
    const broker = { brokerId: 1, log: ["a"] };
    expect(of(broker, broker)).toBe(of({ ...broker }, structuredClone(broker)));
    expect(of(broker)).not.toBe(of(broker, broker));
    expect(of(broker, { brokerId: 2 })).not.toBe(of({ brokerId: 2 }, broker));
  });

  it("gives a part all its 64 bits", () => {
    // Half of them would make 8 of so many parts collide.
    const count = 1 << 18;
    const met = new Set<string>();
    const fold = new Fingerprinter();
    for (let brokerId = 0; brokerId < count; brokerId++) {
      fold.reset();
      fold.part({ brokerId });
      fold.finish();
      met.add(fingerprintText(fold));
    }
    expect(met.size).toBe(count);
  });

  it("spreads packed states evenly: each half alone collides about as often as 32 random bits would", () => {
    // 2^17 states that differ in a few low bits of four words, as packed models make them. For a random 32-bit half,
    // n²/2^33 = 2 collisions are expected; 12 or more have a chance below one in a million.
    const highs = new Set<number>();
    const lows = new Set<number>();
    const fold = new Fingerprinter();
    const count = 1 << 17;
    for (let state = 0; state < count; state++) {
      fold.reset();
      fold.integer(state & 31);
      fold.integer(((state >> 5) & 31) << 10);
      fold.integer((state >> 10) & 15);
      fold.integer((state >> 14) << 24);
      fold.finish();
      highs.add(fold.high);
      lows.add(fold.low);
    }
    expect(count - highs.size).toBeLessThan(12);
    expect(count - lows.size).toBeLessThan(12);
  });

  it("lets every input bit change each output bit about half of the time", () => {
    const rounds = 256;
    for (let bit = 0; bit < 32; bit++) {
      const flips = new Array<number>(64).fill(0);
      for (let round = 0; round < rounds; round++) {
        const word = Math.imul(round + 1, 0x9e3779b1);
        const one = fingerprintOf([word, 7]);
        const other = fingerprintOf([word ^ (1 << bit), 7]);
        for (let out = 0; out < 64; out++) {
          const half = out < 32 ? one.low ^ other.low : one.high ^ other.high;
          flips[out] = (flips[out] ?? 0) + ((half >>> (out & 31)) & 1);
        }
      }
      // 128 of 256 expected; beyond 64 or 192 lies eight standard deviations away.
      expect(Math.min(...flips)).toBeGreaterThan(64);
      expect(Math.max(...flips)).toBeLessThan(192);
    }
  });
});
