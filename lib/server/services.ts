import type { Proof } from "../check/guarantees/proof.js";
import type { ExerciseKind, Verdict, VerdictResult } from "../exercise/verdict.js";
import type { JsonObject } from "../notebook/json.js";

/**
 * What the server asks of the exercises, the grader and the model. The command line passes it in, so the server depends
 * on none of them. Everything here may take seconds and must not hold the event loop while it does: work of more than a
 * few milliseconds belongs in a worker thread, or the page's other tabs wait for it.
 */
export interface CourseServices {
  exercises(): Promise<readonly ExerciseSummary[]>;
  exercise(id: string): Promise<ExerciseDetail | undefined>;
  /** Grades and records the attempt. Never rejects over a bad answer: that is an `ungradable` verdict. */
  grade(id: string, answerText: string, signal: AbortSignal): Promise<GradeReport>;
  /** The hint of one rung (from 1) for this answer; `undefined` after the last. Taking one is recorded. */
  hint(id: string, answerText: string, rung: number): Promise<Hint | undefined>;
  /** After a pass only; `undefined` before. */
  solution(id: string): Promise<Solution | undefined>;
  /** What the learner typed and has not handed in; kept across restarts. */
  saveDraft(id: string, answerText: string): Promise<void>;
  /** A configuration key in plain words: default, range, since when, what it decides. */
  explainKey(key: string): Promise<KeyExplanation | undefined>;
  runScenario(text: string, signal: AbortSignal): Promise<ScenarioReport>;
  /** Two scenarios, the second being the first with something changed. */
  compareScenarios(before: string, after: string, signal: AbortSignal): Promise<ScenarioReport>;
  /** What the configuration in a scenario's head guarantees. Ends soon after `signal` says so. */
  prove(question: ProofQuestion, signal: AbortSignal, progress: (so: ProofProgress) => void): Promise<ProofReport>;
  /** The cluster that runs on the first page, with and without the fault its button causes. */
  firstCluster(): Promise<FirstCluster | undefined>;
  /** Named starting points for the sandbox. */
  examples(): Promise<readonly ScenarioExample[]>;
}

export interface ExerciseSummary {
  readonly id: string;
  readonly title: string;
  readonly kind: ExerciseKind;
  readonly minutes: number;
  /** 1 easy, 2, 3 hard. */
  readonly difficulty: 1 | 2 | 3;
  /** The slug of the lesson it belongs to. */
  readonly lesson?: string;
  readonly objective: string;
  readonly progress: ExerciseProgress;
}

export interface ExerciseProgress {
  readonly state: "untouched" | "tried" | "passed";
  readonly attempts: number;
  readonly bestPoints: number;
  readonly possiblePoints: number;
}

export interface ExerciseDetail extends ExerciseSummary {
  /** The task, as markdown. */
  readonly readme: string;
  /** The starter, as `answer.yaml` text. */
  readonly starter: string;
  /** The learner's own text if there is one. */
  readonly draft?: string;
  readonly form: readonly AnswerSection[];
  readonly attempts: readonly Attempt[];
  readonly hints: number;
  /** A picture of the situation for `predict` and `diagnose`, as a trace. */
  readonly trace?: JsonObject;
}

export interface Attempt {
  readonly number: number;
  readonly atMs: number;
  readonly result: VerdictResult;
  readonly points: Points;
  readonly answerText: string;
}

export interface AnswerSection {
  readonly title: string;
  readonly fields: readonly AnswerField[];
}

/** One input of the form, and where its value stands in `answer.yaml`. */
export interface AnswerField {
  readonly path: readonly string[];
  readonly label: string;
  readonly input: AnswerInput;
  /** What holds when the key is left out, as Kafka would show it. */
  readonly defaultText?: string;
  readonly help?: string;
}

export type AnswerInput =
  | { readonly type: "integer"; readonly minimum?: number; readonly maximum?: number; readonly unit?: string }
  | { readonly type: "boolean" }
  | { readonly type: "one-of"; readonly options: readonly AnswerOption[] }
  | { readonly type: "some-of"; readonly options: readonly AnswerOption[] }
  | { readonly type: "text"; readonly placeholder?: string }
  /** Steps put into an order; the value is the list of chosen values. */
  | { readonly type: "order"; readonly options: readonly AnswerOption[] }
  /** Scenario text, several lines. */
  | { readonly type: "scenario" };

export interface AnswerOption {
  readonly value: string | number | boolean;
  readonly label: string;
}

export interface Points {
  readonly earned: number;
  readonly possible: number;
}

/** A verdict and how long it took; the time is no part of the verdict, which is the same on every machine. */
export interface GradeReport {
  readonly verdict: Verdict;
  readonly elapsedMs: number;
}

export interface Hint {
  readonly rung: number;
  readonly rungs: number;
  /** As markdown. */
  readonly text: string;
}

export interface Solution {
  readonly answerText: string;
  /** The argument, as markdown. */
  readonly argument: string;
}

export interface KeyExplanation {
  readonly key: string;
  readonly where: string;
  readonly defaultText: string;
  readonly range?: string;
  readonly since?: string;
  readonly decides: string;
}

/** What is wrong with a text, with its place counted from 1. */
export interface TextProblem {
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
}

export type ScenarioReport =
  | {
      readonly ok: true;
      readonly trace: JsonObject;
      /** The run as a table or lines of text: the picture's twin. */
      readonly text: string;
      /** One sentence about how it ended. */
      readonly summary: string;
    }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

export interface ProofQuestion {
  /** A scenario; its head is the configuration that is asked about. */
  readonly text: string;
  /** Such as `crash 1, slow 1`. */
  readonly faults: string;
  /** How many records are sent at most. */
  readonly records: number;
}

/** How far a search has come. */
export interface ProofProgress {
  readonly states: number;
  readonly depth: number;
  readonly waiting: number;
}

/** What a configuration guarantees, promise by promise, or why the question cannot be answered. */
export type ProofReport =
  | { readonly ok: true; readonly proof: Proof; readonly elapsedMs: number }
  | { readonly ok: false; readonly problems: readonly TextProblem[] };

/** What the answer to a proof consists of: lines of JSON, any number of the first kind, then one of the second. */
export type ProofLine =
  | { readonly type: "progress"; readonly progress: ProofProgress }
  | { readonly type: "report"; readonly report: ProofReport };

export interface FirstCluster {
  /** What one sees, in one sentence. */
  readonly sentence: string;
  readonly calm: ClusterRun;
  readonly faulted: ClusterRun;
  /** What the button says: "Crash the leader". */
  readonly button: string;
}

export interface ClusterRun {
  readonly scenario: string;
  readonly trace: JsonObject;
  readonly text: string;
  readonly sentence: string;
}

export interface ScenarioExample {
  readonly name: string;
  readonly sentence: string;
  readonly scenario: string;
}
