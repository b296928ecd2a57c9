import type { Fingerprint } from "../core/fingerprint.js";

const SLOTS_AT_FIRST = 1 << 12;
/** Three words a slot: the number of the state plus one (0: empty), and its fingerprint. */
const WORDS = 3;

/**
 * Which states were met before: a set of fingerprints with open addressing, each with the number of its state, in one
 * typed array of twelve bytes a slot. Kept at most five eighths full, so between 19 and 39 bytes a state.
 */
export class FingerprintTable {
  private words = new Int32Array(SLOTS_AT_FIRST * WORDS);
  private mask = SLOTS_AT_FIRST - 1;
  private used = 0;

  get size(): number {
    return this.used;
  }

  get bytes(): number {
    return this.words.byteLength;
  }

  /** The number under which this fingerprint is known, or -1 after adding it with `number`. */
  add({ high, low }: Fingerprint, number: number): number {
    const at = this.slot(high, low);
    const known = (this.words[at] ?? 0) - 1;
    if (known >= 0) return known;
    this.words[at] = number + 1;
    this.words[at + 1] = high;
    this.words[at + 2] = low;
    this.used++;
    if (this.used * 8 > (this.mask + 1) * 5) this.grow();
    return -1;
  }

  /** The number under which this fingerprint is known, or -1. */
  find({ high, low }: Fingerprint): number {
    return (this.words[this.slot(high, low)] ?? 0) - 1;
  }

  /** Calls back for every entry, in no meaningful order. */
  forEach(visit: (high: number, low: number, number: number) => void): void {
    const { words } = this;
    for (let at = 0; at < words.length; at += WORDS) {
      const number = (words[at] ?? 0) - 1;
      if (number >= 0) visit(words[at + 1] ?? 0, words[at + 2] ?? 0, number);
    }
  }

  /** Where the fingerprint is, or the empty slot where it would go; there always is one. */
  private slot(high: number, low: number): number {
    const { words, mask } = this;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      if (words[at] === 0 || (words[at + 2] === low && words[at + 1] === high)) return at;
    }
  }

  private grow(): void {
    const old = this.words;
    this.words = new Int32Array(old.length * 2);
    this.mask = this.mask * 2 + 1;
    for (let from = 0; from < old.length; from += WORDS) {
      if (old[from] === 0) continue;
      const to = this.slot(old[from + 1] ?? 0, old[from + 2] ?? 0);
      this.words[to] = old[from] ?? 0;
      this.words[to + 1] = old[from + 1] ?? 0;
      this.words[to + 2] = old[from + 2] ?? 0;
    }
  }
}

/**
 * An upper bound on the chance that a search of so many distinct states took two of them for one and so missed something:
 * n(n-1)/2 pairs, each with chance 2⁻⁶⁴.
 */
export function collisionProbability(distinct: number): number {
  return (distinct * (distinct - 1)) / 2 ** 65;
}
