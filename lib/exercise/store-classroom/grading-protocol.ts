import type { Verdict } from "../verdict.js";

/** What a grading process is asked: one answer at a time. */
export interface GradingQuestion {
  readonly ask: number;
  readonly exercise: string;
  /** Which of its variations, from 0. */
  readonly variation: number;
  readonly answerText: string;
}

/** Said once, when a process is up. */
export const gradingReady = "ready";

export interface GradingReply {
  readonly ask: number;
  readonly outcome:
    | { readonly kind: "verdict"; readonly verdict: Verdict }
    /** The grader itself failed on this answer. */
    | { readonly kind: "error"; readonly message: string };
  /** Most memory that the process has held so far, in kilobytes. */
  readonly peakKb: number;
}
