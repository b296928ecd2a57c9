import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type Calibration, calibrationOf, type SureAnswer } from "./calibration.js";
import type { Verdict } from "./verdict.js";

const attemptSchema = z.object({
  type: z.literal("attempt"),
  exercise: z.string(),
  atMs: z.number(),
  result: z.enum(["pass", "fail", "ungradable", "inconclusive"]),
  points: z.number(),
  outOf: z.number(),
  answer: z.string(),
  hash: z.string(),
  /** How sure the learner was of each value, where they said so, and whether it was right. */
  sure: z.array(z.object({ field: z.string(), percent: z.number(), right: z.boolean() })).optional(),
});

const hintSchema = z.object({
  type: z.literal("hint"),
  exercise: z.string(),
  atMs: z.number(),
  rung: z.number(),
  /** Which requirement it was about; absent in what older versions wrote. */
  requirement: z.string().optional(),
});

const entrySchema = z.discriminatedUnion("type", [attemptSchema, hintSchema]);

export type AttemptEntry = z.infer<typeof attemptSchema>;
export type StoreEntry = z.infer<typeof entrySchema>;

/** What is noted of an attempt. */
export function attemptOf(id: string, answer: string, verdict: Verdict, atMs: number): AttemptEntry {
  const { result, points, outOf, hash, calibration } = verdict;
  const sure = calibration === undefined ? {} : { sure: [...calibration.answers] };
  return { type: "attempt", exercise: id, atMs, result, points, outOf, answer, hash, ...sure };
}

/**
 * How well a learner knows what they know, over all exercises. Of each exercise the first attempt with a confidence
 * counts: after it the right values are known. Null where nobody has said how sure they were.
 */
export function calibrationIn(entries: readonly StoreEntry[]): Calibration | null {
  const first = new Map<string, readonly SureAnswer[]>();
  for (const entry of entries)
    if (entry.type === "attempt" && entry.sure !== undefined && !first.has(entry.exercise))
      first.set(
        entry.exercise,
        entry.sure.map((answer) => ({ ...answer, field: `${entry.exercise}/${answer.field}` })),
      );
  return calibrationOf([...first.values()].flat());
}

/** What a learner has done so far, and how many lines of the file were not whole. */
export interface Attempts {
  readonly entries: readonly StoreEntry[];
  readonly tornLines: number;
}

/** How far a learner has come with one exercise. */
export interface ExerciseStanding {
  readonly state: "untouched" | "tried" | "passed";
  readonly attempts: number;
  readonly bestPoints: number;
}

/** Where a learner's attempts are kept. */
export function attemptsFile(learnerFolder: string): string {
  return join(learnerFolder, "attempts.jsonl");
}

/**
 * Adds one entry at the end of the learner's file and waits for the disk. One write for a whole line: two processes
 * that add at the same time both get theirs in. A line that a kill left torn is closed first, so that it costs itself only.
 *
 * @throws when the disk is full or the folder cannot be written to; what was there before stays
 */
export function addEntry(learnerFolder: string, entry: StoreEntry): void {
  mkdirSync(learnerFolder, { recursive: true });
  const file = openSync(attemptsFile(learnerFolder), "a+", 0o600);
  try {
    const { size } = fstatSync(file);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(file, last, 0, 1, size - 1);
    const torn = size > 0 && last[0] !== 0x0a;
    const bytes = Buffer.from(`${torn ? "\n" : ""}${JSON.stringify(entry)}\n`);
    // A disk that fills up takes a part without a word; asked for the rest, it says why. The next entry closes the torn line.
    for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Everything that was noted; lines that are not whole or not ours are counted and passed over. */
export function readAttempts(learnerFolder: string): Attempts {
  let text: string;
  try {
    text = readFileSync(attemptsFile(learnerFolder), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { entries: [], tornLines: 0 };
    throw error;
  }
  return parseEntries(text);
}

/** Entries from JSON lines; what is not whole or not ours is counted. */
export function parseEntries(text: string): Attempts {
  let tornLines = 0;
  const entries = text.split("\n").flatMap((line): StoreEntry[] => {
    if (line === "") return [];
    const entry = entryOf(line);
    if (entry !== null) return [entry];
    tornLines++;
    return [];
  });
  return { entries, tornLines };
}

function entryOf(line: string): StoreEntry | null {
  try {
    const parsed = entrySchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** The graded attempts at one exercise, in order; ungradable answers cost none. */
export function attemptsAt(entries: readonly StoreEntry[], exercise: string): readonly AttemptEntry[] {
  return entries.filter(
    (entry): entry is AttemptEntry =>
      entry.type === "attempt" && entry.exercise === exercise && entry.result !== "ungradable",
  );
}

export function standingOf(entries: readonly StoreEntry[], exercise: string): ExerciseStanding {
  const attempts = attemptsAt(entries, exercise);
  const passed = attempts.some(({ result }) => result === "pass");
  return {
    state: passed ? "passed" : attempts.length > 0 ? "tried" : "untouched",
    attempts: attempts.length,
    bestPoints: Math.max(0, ...attempts.map(({ points }) => points)),
  };
}
