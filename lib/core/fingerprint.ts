import { invariant } from "./assert.js";

/**
 * Sixty-four bits that stand for a value, as two signed 32-bit halves (a BigInt would cost an allocation per state).
 *
 * Equal values have equal fingerprints on every machine. Different values have different ones except by accident: among
 * n values the chance of any accident is at most n² / 2⁶⁵, which is 3 in a million for ten million states. Good against
 * accident, not against an adversary: a hash that people compare or publish is SHA-256's work.
 */
export interface Fingerprint {
  readonly high: number;
  readonly low: number;
}

/** Deeper than any honest value; a cycle gets here. */
const DEPTH_MAX = 200;

// One tag a kind of value, so that 1, "1", [1] and true differ.
const NULL = 1;
const FALSE = 2;
const TRUE = 3;
const INTEGER = 4;
const WIDE_INTEGER = 5;
const TEXT = 6;
const ARRAY = 7;
const OBJECT = 8;

/**
 * Folds values into a {@link Fingerprint}. One is made once and used for millions of states: `reset`, absorb, `finish`,
 * read `high` and `low`.
 *
 * The mixing is that of MurmurHash3 (the x86 128-bit form) on two lanes: each step is a bijection of the 64 bits for a
 * given word, so nothing is forgotten between words.
 */
export class Fingerprinter implements Fingerprint {
  high = 0;
  low = 0;
  private words = 0;
  private readonly parts = new WeakMap<object, Fingerprint>();

  /** Forgets what was absorbed. */
  reset(): void {
    this.high = 0;
    this.low = 0;
    this.words = 0;
  }

  /** Absorbs one whole number, between -(2⁵³ - 1) and 2⁵³ - 1; -0 counts as 0. */
  integer(value: number): void {
    const word = value | 0;
    if (word !== value) {
      invariant(Number.isSafeInteger(value), () => `a fingerprint takes whole numbers only, not ${value}`);
      this.word(WIDE_INTEGER);
      this.word(Math.floor(value / 0x1_0000_0000) | 0);
    }
    this.word(word);
  }

  /** Absorbs a string, with its length, so that "ab" then "c" is not "a" then "bc". */
  text(value: string): void {
    const length = value.length;
    this.word(length);
    let at = 0;
    for (; at + 1 < length; at += 2) this.word(value.charCodeAt(at) | (value.charCodeAt(at + 1) << 16));
    if (at < length) this.word(value.charCodeAt(at));
  }

  /**
   * Absorbs a plain value: null, booleans, whole numbers, strings, arrays and plain objects of these, whatever the order
   * in which an object's keys were set.
   *
   * Throws on anything else (undefined, NaN, fractions, functions, Map, Set, Date, class instances, cycles) and names the place:
   * such a thing has no one canonical form, and a state that holds one would compare differently from one run to the next.
   */
  value(value: unknown): void {
    if (!this.plain(value, 0)) invariant(false, () => refusal(value));
  }

  /**
   * Absorbs a part that many values share and that never changes: its own fingerprint is taken once and remembered for as
   * long as the object lives. Three times faster than {@link value} for a world of which one step changes one node; slower
   * for small parts, since looking an object up costs about as much as absorbing ten numbers.
   */
  part(value: object): void {
    let known = this.parts.get(value);
    if (known === undefined) {
      const { high, low, words } = this;
      this.reset();
      this.value(value);
      this.finish();
      known = { high: this.high, low: this.low };
      this.parts.set(value, known);
      this.high = high;
      this.low = low;
      this.words = words;
    }
    this.word(known.high);
    this.word(known.low);
  }

  /** Ends the fold; afterwards `high` and `low` are the fingerprint, until `reset`. */
  finish(): void {
    let low = this.low ^ this.words;
    let high = (this.high ^ this.words) + low;
    low += high;
    high = avalanche(high);
    low = avalanche(low);
    high = (high + low) | 0;
    this.high = high;
    this.low = (low + high) | 0;
  }

  private word(word: number): void {
    let mixed = Math.imul(word, 0x239b961b);
    mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0xab0e9789);
    let lane = this.high ^ mixed;
    lane = ((lane << 19) | (lane >>> 13)) + this.low;
    const high = (Math.imul(lane, 5) + 0x561ccd1b) | 0;
    mixed = Math.imul(word, 0x38b34ae5);
    mixed = Math.imul((mixed << 16) | (mixed >>> 16), 0xa1e38b93);
    lane = this.low ^ mixed;
    lane = ((lane << 17) | (lane >>> 15)) + high;
    this.low = (Math.imul(lane, 5) + 0x0bcaa747) | 0;
    this.high = high;
    this.words++;
  }

  private plain(value: unknown, depth: number): boolean {
    switch (typeof value) {
      case "number":
        if (!Number.isSafeInteger(value)) return false;
        this.word(INTEGER);
        this.integer(value);
        return true;
      case "string":
        this.word(TEXT);
        this.text(value);
        return true;
      case "boolean":
        this.word(value ? TRUE : FALSE);
        return true;
      case "object":
        if (value === null) {
          this.word(NULL);
          return true;
        }
        if (depth >= DEPTH_MAX) return false;
        return Array.isArray(value) ? this.array(value, depth) : this.object(value, depth);
      default:
        return false;
    }
  }

  private array(values: readonly unknown[], depth: number): boolean {
    this.word(ARRAY);
    this.word(values.length);
    for (let at = 0; at < values.length; at++) if (!this.plain(values[at], depth + 1)) return false;
    return true;
  }

  private object(value: object, depth: number): boolean {
    if (!isPlainObject(value)) return false;
    const keys = sortedKeys(value);
    this.word(OBJECT);
    this.word(keys.length);
    for (const key of keys) {
      this.text(key);
      // A plain object was checked above: reading any own key of it is safe, and `unknown` promises nothing.
      if (!this.plain((value as Record<string, unknown>)[key], depth + 1)) return false;
    }
    return true;
  }
}

/** The fingerprint of one plain value; see {@link Fingerprinter.value} for what is plain. */
export function fingerprintOf(value: unknown): Fingerprint {
  const fold = new Fingerprinter();
  fold.value(value);
  fold.finish();
  return { high: fold.high, low: fold.low };
}

/** Sixteen hexadecimal digits, for people and for keys of a Map. */
export function fingerprintText({ high, low }: Fingerprint): string {
  return hex(high) + hex(low);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}

function avalanche(half: number): number {
  let mixed = half;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Sorted by UTF-16 code unit, which no locale changes. By insertion: the lists are short and most come nearly sorted. */
function sortedKeys(value: object): string[] {
  const keys = Object.keys(value);
  if (keys.length > 16) return keys.sort();
  for (let at = 1; at < keys.length; at++) {
    const key = keys[at] ?? "";
    let to = at;
    for (; to > 0 && (keys[to - 1] ?? "") > key; to--) keys[to] = keys[to - 1] ?? "";
    keys[to] = key;
  }
  return keys;
}

/** Only walked when a value was refused, so that the fast path carries no names. */
function refusal(value: unknown): string {
  const found = firstRefused(value, "the value", 0);
  return `a fingerprint takes null, booleans, whole numbers, strings, arrays and plain objects; ${found ?? "something else was given"}`;
}

function firstRefused(value: unknown, place: string, depth: number): string | undefined {
  if (value === null || typeof value === "boolean" || typeof value === "string") return undefined;
  if (typeof value === "number") return Number.isSafeInteger(value) ? undefined : `${place} is the number ${value}`;
  if (value === undefined) return `${place} is undefined: leave the key out, or use null`;
  if (typeof value !== "object") return `${place} is a ${typeof value}`;
  if (depth >= DEPTH_MAX) return `${place} is nested more than ${DEPTH_MAX} deep: does the value contain itself?`;
  if (Array.isArray(value)) {
    for (let at = 0; at < value.length; at++) {
      const found = firstRefused(value[at], `${place}[${at}]`, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isPlainObject(value)) return `${place} is a ${value.constructor?.name ?? "class instance"}`;
  for (const [key, part] of Object.entries(value)) {
    const found = firstRefused(part, `${place}.${key}`, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
