import type { Fingerprint } from "../core/fingerprint.js";

/** Words a slot: the claim (0: empty), and the fingerprint. */
const WORDS = 3;
const EMPTY = 0;
/** Somebody is writing the fingerprint: it will be there in a moment. */
const BUSY = -1;

/**
 * Fingerprints met so far, for several threads at once. Each carries a claim: a number that says which expansion made the
 * state first, in the order of a search without threads. Whoever has the lowest claim when all are done keeps the state, so
 * the outcome does not depend on who was faster.
 *
 * It cannot grow while threads use it: whoever fills it keeps within {@link room}.
 */
export class SharedFingerprintTable {
  private readonly words: Int32Array;
  private readonly mask: number;
  /** Slots that this thread filled. */
  filled = 0;

  constructor(readonly buffer: SharedArrayBuffer) {
    this.words = new Int32Array(buffer);
    this.mask = this.words.length / WORDS - 1;
  }

  /** An empty table with room for so many states. */
  static withRoomFor(states: number): SharedFingerprintTable {
    let slots = 1 << 12;
    while (roomIn(slots) < states) slots *= 2;
    return new SharedFingerprintTable(new SharedArrayBuffer(slots * WORDS * 4));
  }

  get bytes(): number {
    return this.buffer.byteLength;
  }

  /** States that fit before the slots get too crowded. */
  get room(): number {
    return roomIn(this.mask + 1);
  }

  /**
   * Claims a state. Returns its slot if no lower or equal claim was there, and -1 otherwise. A claim is above 0.
   */
  claim({ high, low }: Fingerprint, claim: number): number {
    const { words, mask } = this;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      let held = Atomics.load(words, at);
      if (held === EMPTY) {
        held = Atomics.compareExchange(words, at, EMPTY, BUSY);
        if (held === EMPTY) {
          words[at + 1] = high;
          words[at + 2] = low;
          Atomics.store(words, at, claim);
          this.filled++;
          return slot;
        }
      }
      while (held === BUSY) held = Atomics.load(words, at);
      if (words[at + 2] !== low || words[at + 1] !== high) continue;
      while (claim < held) {
        const before = Atomics.compareExchange(words, at, held, claim);
        if (before === held) return slot;
        held = before;
      }
      return -1;
    }
  }

  /** The lowest claim on a slot. */
  claimOn(slot: number): number {
    return Atomics.load(this.words, slot * WORDS);
  }

  /** The lowest claim on a state; 0 if there is none. */
  find({ high, low }: Fingerprint): number {
    const { words, mask } = this;
    for (let slot = low & mask; ; slot = (slot + 1) & mask) {
      const at = slot * WORDS;
      const held = Atomics.load(words, at);
      if (held === EMPTY || (words[at + 2] === low && words[at + 1] === high)) return held;
    }
  }

  /** A larger table with those of the entries whose claim is below `claims`. No other thread may be using this one. */
  grown(states: number, claims: number): SharedFingerprintTable {
    const grown = SharedFingerprintTable.withRoomFor(states);
    const { words } = this;
    for (let at = 0; at < words.length; at += WORDS) {
      const held = words[at] ?? EMPTY;
      if (held !== EMPTY && held < claims) grown.claim({ high: words[at + 1] ?? 0, low: words[at + 2] ?? 0 }, held);
    }
    return grown;
  }
}

function roomIn(slots: number): number {
  return Math.floor((slots * 5) / 8);
}
