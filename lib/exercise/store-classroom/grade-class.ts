import { join } from "node:path";
import { type AnswerKeys, answerKeys, type KeyContext, keyContext } from "../classroom/answer-key.js";
import {
  type AttemptsPolicy,
  type ExerciseResult,
  exerciseResult,
  type GradedAttempt,
  handedInHash,
  type LearnerResult,
  learnerResult,
} from "../classroom/results.js";
import type { HandedIn, Submission } from "../classroom/submission.js";
import { ungraded } from "../classroom/ungraded.js";
import { type CourseExercise, readTextFile } from "../store-course.js";
import type { Problem, Verdict } from "../verdict.js";
import { hashOf } from "../verdict-hash.js";
import { type Graded, GradingPool } from "./grading-pool.js";
import { inOrder, readSubmission, type SubmissionSource } from "./read-submissions.js";
import type { VerdictJournal } from "./verdict-journal.js";

export interface GradeClassOptions {
  readonly sources: readonly SubmissionSource[];
  readonly exercises: readonly CourseExercise[];
  readonly exercisesFolder: string;
  readonly journal: VerdictJournal;
  readonly policy: AttemptsPolicy;
  readonly seed: number;
  /** This run's part of the work, 1-based; null: all of it. Verdicts are dealt out, not learners: none is computed twice. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly processes: number;
  readonly timeMaxMs: number;
  readonly memoryMaxMb: number;
  readonly onProgress: (progress: Progress) => void;
  /** A result that stands as it was published, by what was handed in; undefined: grade it. */
  readonly standing: (learner: string, exercise: string, handedIn: string) => ExerciseResult | undefined;
}

export interface Progress {
  readonly stage: "reading" | "grading";
  readonly done: number;
  readonly of: number;
}

export interface GradedClass {
  readonly learners: readonly LearnerResult[];
  /** Verdicts by key, for feedback. */
  readonly verdictOf: (key: string) => Verdict | undefined;
  /** The answer behind a verdict's key, as one of those who gave it wrote it. */
  readonly textOf: (key: string) => string | undefined;
  readonly statistics: GradingStatistics;
}

export interface GradingStatistics {
  readonly learners: number;
  /** Attempts with a text, of all learners at all exercises. */
  readonly answers: number;
  /** Different ones among them. */
  readonly distinct: number;
  /** Computed in this run. */
  readonly graded: number;
  /** Found in the journal. */
  readonly remembered: number;
  /** Cut by time or memory, or failed in the grader: tried again by the next run. */
  readonly unfinished: number;
  /** Of any one grading process. */
  readonly peakKb: number;
}

/** An answer's text with what stands for it. */
interface Asked extends AnswerKeys {
  readonly exercise: CourseExercise;
  readonly text: string;
}

/**
 * Grades every submission. A verdict that is in the journal is not computed again; the rest is dealt out to processes, each
 * different answer once, and kept as soon as it is there. What comes out depends on the submissions alone: not on the order in which verdicts came,
 * nor on how often a run was killed before.
 */
export async function gradeClass(options: GradeClassOptions): Promise<GradedClass> {
  const { exercises, journal, policy } = options;
  const contexts = new Map(exercises.map((exercise) => [exercise.id, keyContext([exercise.text], options.seed)]));
  const starters = new Map(exercises.map((exercise) => [exercise.id, starterOf(exercise)]));
  const { submissions, asked } = await readAll(options, contexts, starters);

  const notKept = new Map<string, Verdict>();
  const known = ({ byText, byValue }: AnswerKeys): { key: string; verdict: Verdict } | undefined => {
    for (const key of [byText, byValue]) {
      const verdict = journal.get(key) ?? notKept.get(key);
      if (verdict !== undefined) return { key, verdict };
    }
    return undefined;
  };
  const remembered = [...asked.values()].filter((each) => known(each) !== undefined).length;
  const missing = [...asked.values()].filter(
    (each) => known(each) === undefined && isOurs(each.byValue, options.shard),
  );
  const { graded, unfinished, peakKb } = await gradeAll(missing, options, known, notKept);

  const learners = submissions.map((submission) => {
    const results = exercises.map((exercise): ExerciseResult => {
      const own = answersTo(submission, exercise.id);
      const standing = options.standing(submission.learner, exercise.id, handedInHash(own));
      if (standing !== undefined) return standing;
      const attempts = own.map((handedIn): GradedAttempt => {
        const isUntouched = handedIn.content.kind === "text" && isStarter(handedIn.content.text, starters, exercise.id);
        return { handedIn, isUntouched, ...verdictOn(handedIn, exercise) };
      });
      const outOf = exercise.exercise.requirements.reduce((sum, { points }) => sum + points, 0);
      return exerciseResult(exercise.id, outOf, attempts, policy);
    });
    return learnerResult(submission.learner, results, submission.notes);
  });
  const answers = submissions.flatMap((submission) => submission.answers);
  const texts = new Map<string, string>();
  for (const { byText, byValue, text } of asked.values()) {
    texts.set(byText, text);
    if (!texts.has(byValue)) texts.set(byValue, text);
  }
  return {
    learners,
    textOf: (key) => texts.get(key),
    verdictOf: (key) => journal.get(key) ?? notKept.get(key),
    statistics: {
      learners: submissions.length,
      answers: answers.filter(({ content }) => content.kind === "text").length,
      distinct: asked.size,
      ...{ graded, remembered, unfinished, peakKb },
    },
  };

  function verdictOn({ content }: HandedIn, exercise: CourseExercise): { verdict: Verdict; key: string } {
    if (content.kind === "text") {
      const found = asked.get(askedKey(exercise.id, content.text));
      const answer = found === undefined ? undefined : known(found);
      if (answer !== undefined) return answer;
    }
    const problem = content.kind === "unreadable" ? content.problem : otherShard;
    const verdict = ungraded(exercise.exercise, content.kind === "unreadable" ? "ungradable" : "inconclusive", problem);
    if (verdict.result === "inconclusive") notKept.set(verdict.hash, verdict);
    else if (journal.get(verdict.hash) === undefined) journal.add(verdict.hash, verdict);
    return { verdict, key: verdict.hash };
  }
}

const otherShard: Problem = {
  ...{ file: "answer.yaml", line: null, column: null },
  what: "this answer belongs to another shard",
  why: "its verdict is not here yet",
  remedy: "run the other shards, then once more without --shard",
};

async function readAll(
  { sources, exercises, onProgress, standing }: GradeClassOptions,
  contexts: ReadonlyMap<string, KeyContext>,
  starters: ReadonlyMap<string, string | null>,
): Promise<{ submissions: readonly Submission[]; asked: ReadonlyMap<string, Asked> }> {
  const expected = exercises.map(({ id }) => ({ exercise: id, starter: starters.get(id) ?? null }));
  const submissions: Submission[] = [];
  const asked = new Map<string, Asked>();
  const byLearner = new Map<string, SubmissionSource[]>();
  for (const source of sources) byLearner.set(source.learner, [...(byLearner.get(source.learner) ?? []), source]);
  for (const own of byLearner.values()) {
    const submission = await readSubmission(own, expected);
    submissions.push(submission);
    for (const exercise of exercises) {
      const context = contexts.get(exercise.id);
      const answers = answersTo(submission, exercise.id);
      if (context === undefined || standing(submission.learner, exercise.id, handedInHash(answers)) !== undefined)
        continue;
      for (const { content } of answers) {
        if (content.kind !== "text") continue;
        const key = askedKey(exercise.id, content.text);
        if (!asked.has(key)) asked.set(key, { exercise, text: content.text, ...answerKeys(context, content.text) });
      }
    }
    onProgress({ stage: "reading", done: submissions.length, of: byLearner.size });
  }
  return { submissions, asked };
}

function answersTo({ answers }: Submission, exercise: string): readonly HandedIn[] {
  return inOrder(answers.filter((answer) => answer.exercise === exercise));
}

function askedKey(exercise: string, text: string): string {
  return hashOf(JSON.stringify([exercise, text]));
}

async function gradeAll(
  missing: readonly Asked[],
  { exercisesFolder, seed, processes, timeMaxMs, memoryMaxMb, journal, onProgress }: GradeClassOptions,
  known: (keys: AnswerKeys) => unknown,
  notKept: Map<string, Verdict>,
): Promise<{ graded: number; unfinished: number; peakKb: number }> {
  let graded = 0;
  let unfinished = 0;
  let done = 0;
  if (missing.length === 0) return { graded, unfinished, peakKb: 0 };
  const pool = new GradingPool({ exercisesFolder, seed, processes, timeMaxMs, memoryMaxMb });
  const grade = async (each: Asked): Promise<void> => {
    const outcome = await pool.grade(each.exercise.id, each.text);
    onProgress({ stage: "grading", done: ++done, of: missing.length });
    if (outcome.kind === "verdict") {
      graded++;
      // What cannot be graded is told by line and column: only the same text shares it.
      journal.add(outcome.verdict.result === "ungradable" ? each.byText : each.byValue, outcome.verdict);
    } else {
      unfinished++;
      notKept.set(each.byText, ungraded(each.exercise.exercise, "inconclusive", boundReached(outcome, timeMaxMs)));
    }
  };
  try {
    // One of each value first; what it leaves open is what differs in layout and cannot be graded. Keys are hashes: in their
    // order slow and quick exercises come mixed, so that the time left can be told.
    const byValue = new Map<string, Asked>();
    for (const each of missing) if (!byValue.has(each.byValue)) byValue.set(each.byValue, each);
    const first = [...byValue.values()].sort((one, other) => (one.byValue < other.byValue ? -1 : 1));
    await Promise.all(first.map(grade));
    const rest = missing.filter((each) => known(each) === undefined);
    done = missing.length - rest.length;
    await Promise.all(rest.map(grade));
  } finally {
    pool.close();
  }
  return { graded, unfinished, peakKb: pool.peakKb };
}

function boundReached(outcome: Exclude<Graded, { kind: "verdict" }>, timeMaxMs: number): Problem {
  const place = { file: "answer.yaml", line: null, column: null };
  const remedy = "look at the answer by hand, or grade again with a higher bound";
  switch (outcome.kind) {
    case "time":
      return { ...place, what: `grading took longer than ${timeMaxMs / 1000} s`, why: "its time is bounded", remedy };
    case "ended":
      return { ...place, what: `the grading process ended (${outcome.why})`, why: "its memory is bounded", remedy };
    case "error":
      return { ...place, what: `the grader failed: ${outcome.message}`, why: "this is a fault of the grader", remedy };
  }
}

function isOurs(key: string, shard: GradeClassOptions["shard"]): boolean {
  return shard === null || Number.parseInt(key.slice(0, 8), 16) % shard.of === shard.index - 1;
}

function starterOf({ folder }: CourseExercise): string | null {
  const read = readTextFile(join(folder, "answer.yaml"), "answer.yaml");
  return read.ok ? read.text : null;
}

function isStarter(text: string, starters: ReadonlyMap<string, string | null>, exercise: string): boolean {
  return text.trim() === starters.get(exercise)?.trim();
}
