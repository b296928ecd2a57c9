import { type AnswerKeys, answerKeys } from "../classroom/answer-key.js";
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
import type { Problem, Verdict } from "../verdict.js";
import { hashOf } from "../verdict-hash.js";
import { type ClassExercise, ClassExercises, type ExerciseSource } from "./class-exercises.js";
import { type Graded, GradingPool, type GradingTask } from "./grading-pool.js";
import { inOrder, readSubmission, type SubmissionSource } from "./read-submissions.js";
import type { VerdictJournal } from "./verdict-journal.js";

export interface GradeClassOptions {
  readonly sources: readonly SubmissionSource[];
  /** Ids, in the order of the course. */
  readonly exercises: readonly string[];
  readonly source: ExerciseSource;
  /** Of the course; decides who has which variation. Null: everybody has the first. */
  readonly secret: string | null;
  /** By what a learner's variation is computed. */
  readonly learnerId: (learner: string) => string;
  readonly journal: VerdictJournal;
  readonly policy: AttemptsPolicy;
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
  readonly exercise: ClassExercise;
  readonly text: string;
}

/**
 * Grades every submission. A verdict that is in the journal is not computed again; the rest is dealt out to processes, each
 * different answer once, and kept as soon as it is there. What comes out depends on the submissions alone: not on the order in which verdicts came,
 * nor on how often a run was killed before.
 */
export async function gradeClass(options: GradeClassOptions): Promise<GradedClass> {
  const { exercises, journal, policy } = options;
  const classExercises = new ClassExercises(options.source);
  const exerciseOf = (learner: string, id: string): ClassExercise =>
    classExercises.of(id, options.learnerId(learner), options.secret);
  const { submissions, asked } = await readAll(options, exerciseOf);

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
    const results = exercises.map((id): ExerciseResult => {
      const own = answersTo(submission, id);
      const standing = options.standing(submission.learner, id, handedInHash(own));
      if (standing !== undefined) return standing;
      const exercise = exerciseOf(submission.learner, id);
      const attempts = own.map((handedIn): GradedAttempt => {
        const isUntouched =
          handedIn.content.kind === "text" && handedIn.content.text.trim() === exercise.starter?.trim();
        return { handedIn, isUntouched, ...verdictOn(handedIn, exercise) };
      });
      return exerciseResult(id, exercise.outOf, attempts, policy);
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

  function verdictOn({ content }: HandedIn, exercise: ClassExercise): { verdict: Verdict; key: string } {
    if (content.kind === "text") {
      const found = asked.get(askedKey(exercise, content.text));
      const answer = found === undefined ? undefined : known(found);
      if (answer !== undefined) return answer;
    }
    const problem = content.kind === "unreadable" ? content.problem : otherShard;
    const verdict = ungraded(
      exercise.course.exercise,
      content.kind === "unreadable" ? "ungradable" : "inconclusive",
      problem,
    );
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
  exerciseOf: (learner: string, id: string) => ClassExercise,
): Promise<{ submissions: readonly Submission[]; asked: ReadonlyMap<string, Asked> }> {
  const submissions: Submission[] = [];
  const asked = new Map<string, Asked>();
  const byLearner = new Map<string, SubmissionSource[]>();
  for (const source of sources) byLearner.set(source.learner, [...(byLearner.get(source.learner) ?? []), source]);
  for (const [learner, own] of byLearner) {
    const expected = exercises.map((id) => ({ exercise: id, starter: exerciseOf(learner, id).starter }));
    const submission = await readSubmission(own, expected);
    submissions.push(submission);
    for (const id of exercises) {
      const answers = answersTo(submission, id);
      if (standing(learner, id, handedInHash(answers)) !== undefined) continue;
      const exercise = exerciseOf(learner, id);
      for (const { content } of answers) {
        if (content.kind !== "text") continue;
        const key = askedKey(exercise, content.text);
        if (!asked.has(key))
          asked.set(key, { exercise, text: content.text, ...answerKeys(exercise.keys, content.text) });
      }
    }
    onProgress({ stage: "reading", done: submissions.length, of: byLearner.size });
  }
  return { submissions, asked };
}

function answersTo({ answers }: Submission, exercise: string): readonly HandedIn[] {
  return inOrder(answers.filter((answer) => answer.exercise === exercise));
}

function askedKey({ course, variation }: ClassExercise, text: string): string {
  return hashOf(JSON.stringify([course.id, variation, text]));
}

async function gradeAll(
  missing: readonly Asked[],
  { source, processes, timeMaxMs, memoryMaxMb, journal, onProgress }: GradeClassOptions,
  known: (keys: AnswerKeys) => unknown,
  notKept: Map<string, Verdict>,
): Promise<{ graded: number; unfinished: number; peakKb: number }> {
  let graded = 0;
  let unfinished = 0;
  let done = 0;
  if (missing.length === 0) return { graded, unfinished, peakKb: 0 };
  const pool = new GradingPool({ source, processes, timeMaxMs, memoryMaxMb });
  const grade = async (each: Asked): Promise<void> => {
    const outcome = await pool.grade(taskOf(each));
    onProgress({ stage: "grading", done: ++done, of: missing.length });
    if (outcome.kind === "verdict") {
      graded++;
      // What cannot be graded is told by line and column: only the same text shares it.
      journal.add(outcome.verdict.result === "ungradable" ? each.byText : each.byValue, outcome.verdict);
    } else {
      unfinished++;
      notKept.set(
        each.byText,
        ungraded(each.exercise.course.exercise, "inconclusive", boundReached(outcome, timeMaxMs)),
      );
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

function taskOf({ exercise, text }: Asked): GradingTask {
  return { exercise: exercise.course.id, variation: exercise.variation, answerText: text };
}
