import { existsSync, lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { nearest } from "../core/nearest.js";
import { type HiddenResult, loadHidden } from "./hidden.js";
import type { AnswerFile, ExerciseFiles } from "./lint.js";
import { type LoadedExercise, loadExercise } from "./load-exercise.js";
import { withVariation } from "./variation.js";
import type { Problem } from "./verdict.js";

/** Longer files are not read: no answer and no exercise is near this. */
const bytesMax = 1024 * 1024;

/** The course's folder: this one, or the nearest above it that has lessons and exercises; null if there is none. */
export function findCourse(from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "notebooks")) && existsSync(join(folder, "exercises"))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/** The exercises of a course: folders whose names begin with a number, in their order. */
export function exerciseIds(exercisesFolder: string): readonly string[] {
  if (!existsSync(exercisesFolder)) return [];
  return readdirSync(exercisesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(exercisesFolder, entry.name, "exercise.yaml")))
    .map(({ name }) => name)
    .sort();
}

/** The exercise that a learner means by `01`, `survive` or its whole name; or what to say instead. */
export function findExercise(
  exercisesFolder: string,
  asked: string,
): { readonly ok: true; readonly id: string } | { readonly ok: false; readonly message: string } {
  const ids = exerciseIds(exercisesFolder);
  const wanted = asked.replace(/^exercises\//, "").replace(/\/+$/, "");
  const fits = [
    ids.filter((id) => id === wanted),
    ids.filter((id) => id.startsWith(`${wanted.padStart(2, "0")}-`)),
    ids.filter((id) => id.includes(wanted)),
  ].find((found) => found.length > 0);
  if (fits?.length === 1 && fits[0] !== undefined) return { ok: true, id: fits[0] };
  if (fits !== undefined) return { ok: false, message: `"${asked}" may be ${fits.join(" or ")}: write more of it` };
  const meant = nearest(wanted, ids);
  const all =
    ids.length > 6 ? `there are ${ids.length}: highwater list names them` : `there are ${ids.join(", ") || "none yet"}`;
  const hint = meant === null ? all : `did you mean "${meant}"?`;
  return { ok: false, message: `there is no exercise "${asked}": ${hint}` };
}

export type ReadResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: Problem };

/** Reads a text file that anybody may have put there; what cannot be read is told, not thrown. */
export function readTextFile(path: string, shown: string): ReadResult {
  const refuse = (what: string, why: string, remedy: string): ReadResult => ({
    ok: false,
    problem: { file: shown, line: null, column: null, what, why, remedy },
  });
  try {
    if (lstatSync(path).isSymbolicLink() && !statSync(path).isFile())
      return refuse("it is a link to no file", "links to files only are followed", "put the file itself there");
    const { size } = statSync(path);
    if (!statSync(path).isFile())
      return refuse("it is not a file", "a folder or a device stands there", "name the answer file");
    if (size > bytesMax)
      return refuse(
        `the file has ${size} bytes`,
        `more than ${bytesMax} are not read`,
        "keep only the keys that the exercise asks for",
      );
    const bytes = readFileSync(path);
    if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
      return refuse("the file is UTF-16 text", "answers are UTF-8", "save it again with the encoding UTF-8");
    return { ok: true, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOENT")
      return refuse(
        "there is no such file",
        "nothing was handed in under this name",
        "check the name, or begin with `highwater reset`",
      );
    if (code === "EACCES") return refuse("you may not read it", "its permissions forbid it", "change its permissions");
    if (error instanceof TypeError)
      return refuse(
        "the file is not UTF-8 text",
        "some of its bytes are no characters",
        "save it again with the encoding UTF-8",
      );
    throw error;
  }
}

/** An exercise with the files around it. */
export interface CourseExercise extends LoadedExercise {
  readonly id: string;
  readonly folder: string;
}

export type CourseResult =
  | { readonly ok: true; readonly exercise: CourseExercise }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** @param variation which of its variations, from 0; the first is the one that everybody sees */
export function readExercise(exercisesFolder: string, id: string, variation = 0): CourseResult {
  const folder = join(exercisesFolder, id);
  const shown = `exercises/${id}/exercise.yaml`;
  const read = readTextFile(join(folder, "exercise.yaml"), shown);
  if (!read.ok) return { ok: false, problems: [read.problem] };
  const loaded = loadExercise(shown, read.text, variation);
  if (!loaded.ok) return loaded;
  return { ok: true, exercise: { ...loaded.loaded, id, folder } };
}

const exerciseParts: ReadonlySet<string> = new Set([
  "README.md",
  "exercise.yaml",
  "answer.yaml",
  "solution.yaml",
  "wrong",
  "accepted",
  "reasons",
]);

/** Copies that `highwater reset` keeps. */
function isKept(name: string): boolean {
  return /^answer\.kept-\d+\.yaml$/.test(name);
}

/** One file of an exercise's folder, in the learner's variation; null where there is none. */
export function readExerciseFile({ folder, variation = {} }: CourseExercise, name: string): string | null {
  const found = readTextFile(join(folder, name), name);
  return found.ok ? withVariation(found.text, variation) : null;
}

/** Hidden checks of an exercise from the grader's folder: `DIR/<exercise>.yaml`; undefined where it has none. */
export function readHidden(hiddenFolder: string, exercise: CourseExercise): HiddenResult | undefined {
  const name = `${exercise.id}.yaml`;
  const path = join(hiddenFolder, name);
  if (!existsSync(path)) return undefined;
  const read = readTextFile(path, name);
  return read.ok ? loadHidden(name, read.text, exercise) : { ok: false, problems: [read.problem] };
}

/** Everything in an exercise's folder that its author wrote. */
export function readExerciseFiles(exercise: CourseExercise): ExerciseFiles {
  const read = (name: string): string | null => readExerciseFile(exercise, name);
  const answers = (folder: string): AnswerFile[] => {
    const path = join(exercise.folder, folder);
    if (!existsSync(path)) return [];
    const names = readdirSync(path).filter((name) => name.endsWith(".yaml"));
    return names.sort().map((name) => ({ name, text: read(join(folder, name)) ?? "" }));
  };
  return {
    loaded: exercise,
    folderName: exercise.id,
    readme: read("README.md"),
    starter: read("answer.yaml"),
    solution: read("solution.yaml"),
    wrong: answers("wrong"),
    accepted: answers("accepted"),
    strays: readdirSync(exercise.folder).filter((name) => !exerciseParts.has(name) && !isKept(name)),
  };
}
