import type { Calibration } from "./calibration.js";

/** What the grader says of an answer. This is the JSON that `--json` prints and that pages and reports render. */
export interface Verdict {
  readonly format: "highwater-verdict";
  readonly version: 1;
  readonly exercise: { readonly id: string; readonly title: string; readonly kind: ExerciseKind };
  readonly result: VerdictResult;
  /** Points gained and to be had; visible requirements only, unless `hidden` says that hidden ones were run. */
  readonly points: number;
  readonly outOf: number;
  readonly requirements: readonly RequirementVerdict[];
  /** Beliefs that the answer suggests, most telling first. Named, never guessed without a detector. */
  readonly misconceptions: readonly NamedMisconception[];
  /** One question to think about; null after a pass. */
  readonly question: string | null;
  /** Why an answer cannot be graded: empty unless `result` is `ungradable`. */
  readonly problems: readonly Problem[];
  /** Of predictions that came with a confidence: how well the learner knows what they know. No points hang on it. */
  readonly calibration?: Calibration | undefined;
  readonly hidden: { readonly run: boolean; readonly passed: number; readonly of: number };
  /** What the verdict is a function of; `highwater verify` computes it again. */
  readonly hash: string;
}

export type ExerciseKind = "configure" | "predict" | "choose" | "break" | "operate" | "diagnose";

export type VerdictResult =
  | "pass"
  | "fail"
  /** The answer itself is malformed; costs no attempt. */
  | "ungradable"
  /** A budget was reached before an answer was found; never a pass. */
  | "inconclusive";

export interface RequirementVerdict {
  readonly id: string;
  /** What is asked, as a claim about the learner's cluster: "Acknowledged writes survive the loss of any one broker". */
  readonly sentence: string;
  /** Safety gates: without it nothing else counts. */
  readonly concern: "safety" | "availability" | "latency" | "cost" | "understanding";
  readonly result: "pass" | "fail" | "inconclusive";
  readonly points: number;
  readonly outOf: number;
  /** What was searched or played, with its bounds: "41,208 states, all schedules with ≤ 2 faults and ≤ 3 records". */
  readonly searched: string;
  /** A pass says what would break it next ("a third fault would"), where that is known. */
  readonly next: string | null;
  readonly counterexample: Counterexample | null;
  /** For understanding: field by field what was asked, answered and right. */
  readonly fields: readonly FieldVerdict[];
}

/** The shortest run of the learner's own answer that breaks a requirement. */
export interface Counterexample {
  /** "With your configuration, two faults are enough, and no fewer:" */
  readonly introduction: string;
  /** The steps that matter, as sentences, each with its reason. */
  readonly steps: readonly { readonly sentence: string; readonly because: string | null }[];
  /** What went wrong: "x was acknowledged and is gone." */
  readonly conclusion: string;
  /** Plays the same thing with `highwater run`; a scenario text. */
  readonly scenario: string;
  /** Step of that run at which the requirement breaks. */
  readonly failsAtStep: number;
  /** From what broke back to the key in the answer, one sentence a link. */
  readonly causeChain: readonly string[];
  /** Group and key of the answer to look at, such as `topic.min.insync.replicas`; null where none stands out. */
  readonly key: string | null;
}

export interface FieldVerdict {
  readonly field: string;
  readonly answered: string | null;
  readonly expected: string;
  readonly right: boolean;
  /** Why the expected value is what it is. */
  readonly because: string | null;
}

export interface NamedMisconception {
  readonly id: string;
  /** What the learner may believe, in quotation-ready words: "acks=all alone is enough." */
  readonly belief: string;
  readonly explanation: string;
  /** A two-minute scenario that shows otherwise; text of the scenario language. */
  readonly scenario: string | null;
}

/** What is wrong with a file that somebody wrote, where, and what to do. */
export interface Problem {
  readonly file: string;
  /** 1-based; null where the whole file is meant. */
  readonly line: number | null;
  readonly column: number | null;
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}
