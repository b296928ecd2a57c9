import { type Exercise, exerciseSchema } from "./exercise-format.js";
import { contentProblems } from "./exercise-problems.js";
import { checkShape } from "./shape.js";
import { placeholdersIn, plainExercise, type Variation, withVariation } from "./variation.js";
import type { Problem } from "./verdict.js";
import { isMap, type PathPart, type Plain, readYaml, type YamlText } from "./yaml-text.js";

/** An exercise that can be graded, and the text it came from: part of each verdict's hash. */
export interface LoadedExercise {
  readonly exercise: Exercise;
  readonly text: string;
  /** The values that this learner's files have; of an exercise without variations there are none. */
  readonly variation?: Variation;
  /** How many variations there are. */
  readonly variations?: number;
}

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedExercise }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Reads an `exercise.yaml`; everything that its author can have got wrong is told with its place.
 *
 * @param index which of its variations, from 0; the first is the one that everybody sees. `variationIndex` says whose is which
 */
export function loadExercise(file: string, source: string, index = 0): LoadResult {
  const written = readYaml(file, source);
  if (!written.ok) return written;
  const variation = variationAt(written.text.value, index);
  const read = variation === null ? written : readYaml(file, withVariation(source, variation));
  if (!read.ok) return read;
  const shape = checkShape(read.text, exerciseSchema, "an exercise");
  if (!shape.ok) return shape;
  const problems = [...variationProblems(shape.value, source, read.text), ...contentProblems(shape.value, read.text)];
  if (problems.length > 0) return { ok: false, problems };
  if (variation === null) return { ok: true, loaded: { exercise: shape.value, text: source } };
  const variations = shape.value.variations?.length ?? 1;
  return {
    ok: true,
    loaded: { exercise: shape.value, text: plainExercise(source, variation), variation, variations },
  };
}

/** The values as they stand in the file, before anything of it is known to be right. */
function variationAt(root: Plain, index: number): Variation | null {
  const list = isMap(root) ? root.variations : undefined;
  const found = Array.isArray(list) ? list[index % Math.max(1, list.length)] : undefined;
  if (found === undefined || !isMap(found)) return null;
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : [],
    ),
  );
}

function variationProblems({ variations }: Exercise, source: string, text: YamlText): readonly Problem[] {
  const names = Object.keys(variations?.[0] ?? {});
  const problem = (path: readonly PathPart[], what: string, remedy: string): Problem => ({
    file: text.file,
    ...text.placeOf(path),
    what,
    why: "every variation gives a value to the same names, and each name is used",
    remedy,
  });
  const uneven = (variations ?? []).flatMap((variation, index) => {
    const missing = names.filter((name) => variation[name] === undefined);
    const more = Object.keys(variation).filter((name) => !names.includes(name));
    if (missing.length + more.length === 0) return [];
    const said = [...missing.map((name) => `${name} is missing`), ...more.map((name) => `${name} is one too many`)];
    return [problem(["variations", index], said.join(", "), `give values to ${names.join(", ")}`)];
  });
  const unknown = placeholdersIn(source).filter((name) => !names.includes(name));
  return [
    ...uneven,
    ...unknown.map((name) => problem([], `$${name}$ stands for nothing`, `add ${name} to each of the variations`)),
  ];
}
