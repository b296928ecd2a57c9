import type { Run } from "../../sim/scenario/run-scenario.js";
import type { SubjectName } from "../../sim/scenario/subjects.js";
import type { AnswerGroup } from "../configure/answer.js";
import type { Violation } from "../configure/require.js";
import type { RequirementVerdict } from "../verdict.js";
import type { Foretold } from "./foretold.js";

/** What a detector may look at. */
export interface Evidence {
  /** The value in force of a key, default included; null where the answer is not a configuration. */
  value(group: AnswerGroup, key: string): string | null;
  /** Whether the answer itself sets the key. */
  isSet(group: AnswerGroup, key: string): boolean;
  readonly failed: readonly FailedRequirement[];
  /** Beliefs that the learner's own choices name: wrong options and wrong predictions. */
  readonly named: readonly string[];
  /** What was predicted, right or wrong. */
  readonly predictions: readonly Prediction[];
}

/** One value that the learner foretold. */
export interface Prediction {
  /** What was asked for, as in `expect`: `isr`, and for `hw(2)` the argument `2`. */
  readonly subject: SubjectName;
  readonly argument: string | null;
  readonly answered: string;
  readonly expected: string;
  readonly right: boolean;
  readonly run: Run;
}

export interface FailedRequirement {
  readonly id: string;
  readonly concern: RequirementVerdict["concern"];
  readonly violation: Violation | null;
  readonly run: Run | null;
}

export interface Misconception {
  readonly id: string;
  /** In quotation-ready words, as somebody would say it. */
  readonly belief: string;
  readonly explanation: string;
  /** Two minutes with a scenario that shows otherwise. */
  readonly scenario: string;
  /** Whether this answer and how it failed suggest the belief. Absent where only a choice can name it. */
  readonly suggests?: (evidence: Evidence) => boolean;
  /** Whether this wrong prediction shows the belief. */
  readonly foretold?: Foretold;
}

export function failedFor(evidence: Evidence, concern: RequirementVerdict["concern"]): boolean {
  return evidence.failed.some((failure) => failure.concern === concern);
}
