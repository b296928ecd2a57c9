import { type HandedIn, handedInLast, type SubmittedFile } from "./submission.js";

/** What the name of a file inside a submission says that it is. */
export type FileRole =
  | { readonly role: "answer"; readonly exercise: string; readonly order: number }
  | { readonly role: "notebook"; readonly order: number }
  | { readonly role: "attempts" };

/** Folders of tools and systems, in which no answer stands. */
const passedOver = new Set(["__MACOSX", "node_modules", ".git", ".ipynb_checkpoints", "wrong", "accepted"]);

/**
 * Says what a file is by its path: `01-name/answer.yaml`, `01-name.yaml` or `01.yaml` is an answer, in whatever folder; below a
 * folder `attempt-2` or `attempts/2` it is the second one. Names that a learning platform put in front or behind are seen through:
 * `lovelaceada_4711_815_01-name-1.yaml`. Null: not for the grader.
 */
export function roleOf(path: string, exercises: readonly string[]): FileRole | null {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  if (parts.some((part) => passedOver.has(part)) || name.startsWith("._")) return null;
  if (name === "attempts.jsonl") return { role: "attempts" };
  const order = orderOf(parts);
  if (name.endsWith(".ipynb")) return { role: "notebook", order };
  const stem = /^(.*)\.ya?ml$/.exec(name)?.[1];
  if (stem === undefined) return null;
  const called = stem === "answer" ? (parts.at(-2) ?? "") : stem;
  const exercise =
    exerciseCalled(called, exercises) ?? (stem === "answer" && exercises.length === 1 ? (exercises[0] ?? null) : null);
  return exercise === null ? null : { role: "answer", exercise, order };
}

function orderOf(folders: readonly string[]): number {
  for (const [at, folder] of folders.entries()) {
    const number =
      /^attempt[-_ ]?(\d{1,6})$/.exec(folder)?.[1] ??
      (folder === "attempts" ? /^(\d{1,6})$/.exec(folders[at + 1] ?? "")?.[1] : undefined);
    if (number !== undefined) return Number(number);
  }
  return handedInLast;
}

function exerciseCalled(name: string, exercises: readonly string[]): string | null {
  const exact = exercises.find((id) => id === name);
  if (exact !== undefined) return exact;
  if (/^\d+$/.test(name)) {
    const numbered = exercises.filter((id) => id.startsWith(`${name.padStart(2, "0")}-`));
    return numbered.length === 1 ? (numbered[0] ?? null) : null;
  }
  const platform = exercises.filter((id) => name.endsWith(`_${id}`) || new RegExp(`_${id}-\\d{1,3}$`).test(name));
  return platform.length === 1 ? (platform[0] ?? null) : null;
}

/** Answers that stand in files of their own. */
export function answersInFiles(files: readonly SubmittedFile[], exercises: readonly string[]): readonly HandedIn[] {
  return files.flatMap(({ path, content }): HandedIn[] => {
    const role = roleOf(path, exercises);
    return role?.role === "answer" ? [{ exercise: role.exercise, file: path, content, order: role.order }] : [];
  });
}
