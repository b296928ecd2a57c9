import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { libraryVersion } from "./library-version.js";
import type { Plain } from "./yaml-text.js";

/** SHA-256 of a text, as hexadecimal digits. */
export function hashOf(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)));
}

/**
 * What a verdict is a function of: the exercise's own text, the answer's values (not its comments or layout), the seed
 * and the version of this library. Anybody who has these can compute it again.
 */
export function verdictHash(exerciseText: string, answer: Plain | string, seed: number): string {
  return hashOf(JSON.stringify([libraryVersion, hashOf(exerciseText), canonical(answer), seed]));
}

function canonical(value: Plain): Plain {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(sorted.map(([key, part]) => [key, canonical(part)]));
}
