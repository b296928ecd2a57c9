import { nearest } from "../core/nearest.js";
import { parseScenario } from "../sim/scenario/parse.js";
import { searchedProducer, searchedTopic } from "./configure/explore.js";
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
  const problems = [...scenarioProblems(shape.value, read.text), ...referenceProblems(shape.value, read.text)];
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

/** Names that one part of the file uses and another has to define. */
function referenceProblems(exercise: Exercise, text: YamlText): readonly Problem[] {
  if (exercise.kind !== "configure") return [];
  return exercise.requirements.flatMap(({ check }, index): Problem[] => {
    const place = (...path: readonly string[]) => ({
      file: text.file,
      ...text.placeOf(["requirements", index, "check", ...path]),
    });
    if ("explore" in check) {
      const words = exercise.given.split(/\s+/);
      const names = (type: string, name: string): boolean =>
        words.some((word, at) => word === type && words[at + 1] === name);
      if (names("topic", searchedTopic) && names("producer", searchedProducer)) return [];
      return [
        {
          ...place("explore"),
          what: "there is nothing to explore",
          why: `a search is about the topic ${searchedTopic} and the producer ${searchedProducer}, and given has not both`,
          remedy: `name them \`topic ${searchedTopic}\` and \`producer ${searchedProducer}\` in given`,
        },
      ];
    }
    const [how, asked] =
      "sweep" in check ? ["sweep", check.sweep] : "play" in check ? ["play", check.play] : ["limit", check.limit];
    return asked.situations.flatMap((name) => {
      if (exercise.situations[name] !== undefined) return [];
      const known = Object.keys(exercise.situations);
      const meant = nearest(name, known);
      return [
        {
          ...place(how, "situations"),
          what: `there is no situation "${name}"`,
          why: "a check runs what stands below `situations` under this name",
          remedy: meant === null ? `the names are ${known.join(", ") || "none yet"}` : `did you mean "${meant}"?`,
        },
      ];
    });
  });
}

/** A whole scenario text. */
export function withHead(head: string, steps: string): string {
  return head.endsWith("\n") ? head + steps : `${head}\n${steps}`;
}
