import { expect, test } from "vitest";
import { Random } from "../../lib/core/random.js";

test("the numbers of xoshiro128** as published for the state 1, 2, 3, 4", () => {
  const random = Random.withState([1, 2, 3, 4]);
  expect(Array.from({ length: 10 }, () => random.next())).toEqual([
    11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804,
  ]);
});

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number): number[] => {
    const random = new Random(seed);
    return Array.from({ length: 20 }, () => random.below(1000));
  };
  expect(draw(7)).toEqual(draw(7));
  const all = [0, 1, 2, 7, 8, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1].map((seed) => draw(seed).join());
  expect(new Set(all).size).toBe(all.length);
});

test("every number below the count comes up, none beyond, and none is favoured", () => {
  const random = new Random(1);
  const seen = new Map<number, number>();
  for (let draw = 0; draw < 60_000; draw++) {
    const number = random.below(6);
    seen.set(number, (seen.get(number) ?? 0) + 1);
  }
  expect([...seen.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5]);
  // Five standard deviations of a fair die.
  for (const count of seen.values()) expect(Math.abs(count - 10_000)).toBeLessThan(457);
  expect(new Random(3).below(1)).toBe(0);
});

test("what is not a seed or a count is refused", () => {
  for (const seed of [-1, 0.5, Number.NaN]) expect(() => new Random(seed)).toThrow("a seed is a whole number");
  for (const count of [0, -1, 1.5, 2 ** 32 + 1]) expect(() => new Random(1).below(count)).toThrow("draws are from");
});
