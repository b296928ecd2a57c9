import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { Publication } from "../classroom/publication.js";
import type { ExerciseResult, LearnerResult } from "../classroom/results.js";
import { hashOf } from "../verdict-hash.js";

const exerciseResultSchema: z.ZodType<ExerciseResult> = z.strictObject({
  exercise: z.string(),
  result: z.enum(["pass", "fail", "ungradable", "inconclusive", "missing"]),
  points: z.number(),
  outOf: z.number(),
  attempts: z.number(),
  passedAt: z.number().nullable(),
  isUntouched: z.boolean(),
  key: z.string().nullable(),
  hash: z.string().nullable(),
  misconceptions: z.array(z.string()),
  problems: z.array(
    z.strictObject({
      file: z.string(),
      line: z.number().nullable(),
      column: z.number().nullable(),
      what: z.string(),
      why: z.string(),
      remedy: z.string(),
    }),
  ),
  handedIn: z.string(),
});

const learnerResultSchema: z.ZodType<LearnerResult> = z.strictObject({
  format: z.literal("highwater-result"),
  version: z.literal(1),
  learner: z.string(),
  points: z.number(),
  outOf: z.number(),
  exercises: z.array(exerciseResultSchema),
  notes: z.array(z.string()),
});

const resultsName = "results.jsonl";
const feedbackName = "feedback";

/** The results that were published here last; null where there are none, or none that this version can read. */
export function publishedResults(folder: string): readonly LearnerResult[] | null {
  let text: string;
  try {
    text = readFileSync(join(folder, resultsName), "utf8");
  } catch {
    return null;
  }
  try {
    const lines = text.split("\n").filter((line) => line !== "");
    return lines.map((line) => learnerResultSchema.parse(JSON.parse(line)));
  } catch {
    return null;
  }
}

/** Writes everything; `results.jsonl` last, since it says what is published. Feedback of learners who are gone is removed. */
export function publish(
  folder: string,
  { files, feedback, results }: Pick<Publication, "files" | "feedback" | "results">,
): void {
  const feedbackFolder = join(folder, feedbackName);
  mkdirSync(feedbackFolder, { recursive: true });
  const written = new Set<string>();
  for (const { learner, html } of feedback) {
    const name = feedbackFile(learner);
    written.add(name);
    replaceFile(join(feedbackFolder, name), html);
  }
  for (const name of readdirSync(feedbackFolder))
    if (name.endsWith(".html") && !written.has(name)) rmSync(join(feedbackFolder, name));
  for (const [name, text] of Object.entries(files)) replaceFile(join(folder, name), text);
  replaceFile(join(folder, resultsName), results.map((result) => `${JSON.stringify(result)}\n`).join(""));
}

/** A file name that every system takes and that no other learner has: what is not plain is told apart by a hash. */
export function feedbackFile(learner: string): string {
  const plain = learner.replaceAll(/[^A-Za-z0-9 ._-]/g, "_").slice(0, 80);
  const isPlain = plain === learner && plain === plain.toLowerCase() && /^[a-z0-9]/.test(plain) && !/[ .]$/.test(plain);
  return isPlain ? `${plain}.html` : `${plain.replace(/^[^A-Za-z0-9]+/, "")}-${hashOf(learner).slice(0, 8)}.html`;
}

/** A reader sees the old file or the new one, never half of either. */
export function replaceFile(path: string, text: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text, { mode: 0o600 });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
