import { parseScenario } from "../sim/scenario/parse.js";
import { type Exercise, exerciseSchema } from "./exercise-format.js";
import { checkShape } from "./shape.js";
import type { Problem } from "./verdict.js";
import { readYaml, type YamlText } from "./yaml-text.js";

/** An exercise that can be graded, and the text it came from: part of each verdict's hash. */
export interface LoadedExercise {
  readonly exercise: Exercise;
  readonly text: string;
}

export type LoadResult =
  | { readonly ok: true; readonly loaded: LoadedExercise }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads an `exercise.yaml`; everything that its author can have got wrong is told with its place. */
export function loadExercise(file: string, source: string): LoadResult {
  const read = readYaml(file, source);
  if (!read.ok) return read;
  const shape = checkShape(read.text, exerciseSchema, "an exercise");
  if (!shape.ok) return shape;
  const problems = scenarioProblems(shape.value, read.text);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, loaded: { exercise: shape.value, text: source } };
}

/** Scenario texts inside the file, read with the head in front of them. */
function scenarioProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  const given = "given" in exercise ? exercise.given : "";
  const headLines = given.split("\n").length - (given.endsWith("\n") ? 1 : 0);
  const parts: { readonly path: readonly string[]; readonly source: string }[] = [{ path: ["given"], source: given }];
  if (exercise.kind === "configure")
    for (const [name, { steps }] of Object.entries(exercise.situations))
      parts.push({ path: ["situations", name, "steps"], source: withHead(given, steps) });
  return parts.flatMap(({ path, source }) => {
    const parsed = parseScenario(source);
    if (parsed.ok) return [];
    return parsed.diagnostics.map(({ line, message, hint }) => {
      const inHead = line <= headLines;
      return {
        file: text.file,
        ...text.placeOf(inHead ? ["given"] : path),
        what: message,
        why: `line ${inHead ? line : line - headLines} of ${inHead ? "given" : path.join(".")} is not a scenario line`,
        remedy: hint ?? "see the scenario language",
      };
    });
  });
}

/** A whole scenario text. */
export function withHead(head: string, steps: string): string {
  return head.endsWith("\n") ? head + steps : `${head}\n${steps}`;
}
