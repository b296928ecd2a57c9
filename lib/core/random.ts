import { invariant } from "./assert.js";

/**
 * Whole numbers drawn from a seed: the same seed gives the same numbers on every machine. Integers only, so that no
 * floating point comes into anything that is compared or hashed. Not for secrets.
 *
 * The generator is xoshiro128** 1.1 (Blackman and Vigna), its state filled from the seed by splitmix32.
 */
export class Random {
  #state: readonly [number, number, number, number];

  constructor(seed: number) {
    invariant(Number.isSafeInteger(seed) && seed >= 0, () => `a seed is a whole number, not ${seed}`);
    let mixed = (seed >>> 0) ^ Math.imul(Math.floor(seed / 0x1_0000_0000), 0x9e3779b9);
    const word = (): number => {
      mixed = (mixed + 0x9e3779b9) | 0;
      let out = mixed ^ (mixed >>> 16);
      out = Math.imul(out, 0x21f0aaad);
      out ^= out >>> 15;
      out = Math.imul(out, 0x735a2d97);
      return out ^ (out >>> 15);
    };
    this.#state = [word(), word(), word(), word()];
  }

  /** A generator in a given state, not all zero: for checks against published numbers. */
  static withState(state: readonly [number, number, number, number]): Random {
    const random = new Random(0);
    random.#state = state;
    return random;
  }

  /** The next 32 bits, from 0 to 2³² - 1. */
  next(): number {
    let [a, b, c, d] = this.#state;
    const out = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotated(d, 11);
    this.#state = [a, b, c, d];
    return out;
  }

  /** From 0 to `count` - 1, each as likely as the others. */
  below(count: number): number {
    invariant(
      Number.isInteger(count) && count >= 1 && count <= 0x1_0000_0000,
      () => `draws are from 1 to 2³² numbers, not ${count}`,
    );
    // Numbers beyond the last whole multiple of `count` would favour the small ones.
    const fair = 0x1_0000_0000 - (0x1_0000_0000 % count);
    for (;;) {
      const drawn = this.next();
      if (drawn < fair) return drawn % count;
    }
  }
}

function rotated(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
