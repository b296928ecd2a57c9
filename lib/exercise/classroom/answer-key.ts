import { libraryVersion } from "../library-version.js";
import { hashOf } from "../verdict-hash.js";
import { type PathPart, type Plain, readYaml, type YamlText } from "../yaml-text.js";

/** What two answers must have in common to have one verdict. */
export interface AnswerKeys {
  /** The same values in the same lines, whatever the comments: a verdict may name the line of a key. */
  readonly byValue: string;
  /** The same text: an answer that cannot be graded is told where, and that is a matter of layout. */
  readonly byText: string;
}

/** What a verdict depends on beside the answer: exercise with its hidden checks, seed, version of this library. */
export interface KeyContext {
  readonly exerciseHash: string;
  readonly seed: number;
}

/** @param exerciseTexts everything that grades: `exercise.yaml`, and hidden checks where there are any */
export function keyContext(exerciseTexts: readonly string[], seed: number): KeyContext {
  return { exerciseHash: hashOf(JSON.stringify(exerciseTexts)), seed };
}

export function answerKeys(context: KeyContext, answerText: string): AnswerKeys {
  const byText = keyOf(context, "text", answerText);
  const read = readYaml("answer.yaml", answerText);
  if (!read.ok) return { byValue: byText, byText };
  return { byValue: keyOf(context, "value", valueText(read.text)), byText };
}

function keyOf({ exerciseHash, seed }: KeyContext, kind: string, answer: string): string {
  return hashOf(JSON.stringify([libraryVersion, exerciseHash, seed, kind, answer]));
}

/** Values as they were typed (`1e1` is not `10`), each with its line, keys in one order. */
export function valueText(text: YamlText): string {
  return JSON.stringify(typed(text, text.value, []));
}

function typed(text: YamlText, value: Plain, path: readonly PathPart[]): Plain {
  if (Array.isArray(value)) return value.map((part, index) => typed(text, part, [...path, index]));
  if (typeof value === "object" && value !== null)
    return Object.entries(value)
      .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
      .map(([key, part]) => [key, typed(text, part, [...path, key])]);
  // A text and a number that are typed alike are still two values.
  return [typeof value, text.sourceAt(path) ?? String(value), text.placeOf(path).line];
}
