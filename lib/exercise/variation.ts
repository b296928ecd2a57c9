import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Values of one variation of an exercise, by name: `$name$` in its files stands for them. */
export type Variation = Readonly<Record<string, string>>;

/**
 * Which variation of an exercise a learner has: a function of the course's secret, the learner and the exercise, so that
 * whoever holds the secret can compute it again and nobody else can foresee it.
 *
 * @param count how many variations the exercise has, at least 1
 */
export function variationIndex(secret: string, learnerId: string, exerciseId: string, count: number): number {
  const digest = hmac(sha256, utf8ToBytes(secret), utf8ToBytes(JSON.stringify([exerciseId, learnerId])));
  // 48 bits, taken modulo a count that is far smaller: no variation is noticeably likelier than another.
  const number = digest.slice(0, 6).reduce((sum, byte) => sum * 256 + byte, 0);
  return number % Math.max(1, count);
}

/** A file's text with the values of a variation in it. */
export function withVariation(text: string, variation: Variation): string {
  return text.replace(placeholder, (whole, name: string) => variation[name] ?? whole);
}

/** Names that a text has between dollar signs. */
export function placeholdersIn(text: string): readonly string[] {
  return [...new Set([...text.matchAll(placeholder)].map(([, name = ""]) => name))];
}

const placeholder = /\$([a-z][a-z0-9-]*)\$/g;

/**
 * An `exercise.yaml` as one learner gets it: its values filled in, the list of variations taken out. What is graded is
 * this text, so that the learner and the grader compute the same hash.
 */
export function plainExercise(source: string, variation: Variation): string {
  const lines = source.split("\n");
  const from = lines.findIndex((line) => /^variations:/.test(line));
  if (from < 0) return withVariation(source, variation);
  const after = lines.findIndex((line, index) => index > from && /^[^\s#-]/.test(line));
  const kept = [...lines.slice(0, from), ...(after < 0 ? [] : lines.slice(after))];
  return withVariation(kept.join("\n"), variation);
}
