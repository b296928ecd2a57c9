import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readTextFile } from "./store-course.js";

/**
 * Where a learner's answer is, for the commands and for the page alike: `answer.yaml` beside the task, which an editor
 * opens and the page writes. Only a learner folder that is not the course's own (several learners at one machine) keeps
 * answers in itself.
 */
export function answerFile(exercisesFolder: string, learnerFolder: string, id: string): string {
  const own = resolve(dirname(resolve(exercisesFolder)), ".highwater");
  if (resolve(learnerFolder) === own) return join(exercisesFolder, id, "answer.yaml");
  return join(learnerFolder, "answers", `${id}.yaml`);
}

/** The starter as the course came with it: the first version of `answer.yaml` that its history has; null without history. */
export function starterOf(exerciseFolder: string): string | null {
  const git = (...argv: string[]): string =>
    execFileSync("git", argv, { cwd: exerciseFolder, stdio: ["ignore", "pipe", "ignore"] }).toString();
  try {
    const added = git("log", "--diff-filter=A", "--format=%H", "--", "answer.yaml").trim().split("\n").at(-1) ?? "";
    return git("show", `${added === "" ? "HEAD" : added}:./answer.yaml`);
  } catch {
    return null;
  }
}

/** The answer as it stands; the course's own file where the learner has none yet, null where there is neither. */
export function readAnswerOf(exercisesFolder: string, learnerFolder: string, id: string): string | null {
  const path = answerFile(exercisesFolder, learnerFolder, id);
  const read = readTextFile(existsSync(path) ? path : join(exercisesFolder, id, "answer.yaml"), `${id}/answer.yaml`);
  return read.ok ? read.text : null;
}
